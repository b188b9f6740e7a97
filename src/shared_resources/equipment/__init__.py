"""Shared equipment: register, booking by calendar, loans, hand-over (VI-1a, CO-1, IN-1a)."""
