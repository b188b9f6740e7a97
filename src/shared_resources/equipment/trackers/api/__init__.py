"""Doors of trackers for programs."""
