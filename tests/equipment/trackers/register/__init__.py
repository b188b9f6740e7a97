"""Register, privacy and reads of trackers."""
