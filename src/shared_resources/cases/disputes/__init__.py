"""Disputes on duties (DS): negotiation, then the legal office, then the municipal government."""
