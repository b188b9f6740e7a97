"""Footage of the demo: sources, recordings, requests in every state, what joint use owes."""
