"""Measurements of the house. Every figure is a ratio within one run, or answers a stated aim."""
