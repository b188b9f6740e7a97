"""Payloads of the field, each decoded by a pure function into observations."""
