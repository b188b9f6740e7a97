"""Footage for programs."""
