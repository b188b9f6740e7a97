"""Laboratories for people."""
