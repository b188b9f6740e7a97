"""The stream from a real broker into a real database."""
