"""Doors for people: forms in, HTML out."""
