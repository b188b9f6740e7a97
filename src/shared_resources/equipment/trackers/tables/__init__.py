"""What trackers remember."""
