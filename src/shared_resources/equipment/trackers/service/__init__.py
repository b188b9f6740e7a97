"""Verbs of trackers."""
