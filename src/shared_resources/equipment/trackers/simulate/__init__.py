"""Simulated trackers: demo, load test and source of hostile messages. Everything but ``publish`` is pure."""
