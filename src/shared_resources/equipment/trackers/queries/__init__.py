"""What is read about trackers."""
