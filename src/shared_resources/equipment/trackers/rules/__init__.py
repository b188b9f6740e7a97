"""The law of trackers: pure."""
