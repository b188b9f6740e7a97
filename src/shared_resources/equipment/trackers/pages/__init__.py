"""Doors of trackers: pages and what they are made of."""
