"""Laboratories for programs."""
