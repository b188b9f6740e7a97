"""Changing the working-day calendar: notices by two persons, and what they do to open deadlines."""
