"""Footage for people."""
