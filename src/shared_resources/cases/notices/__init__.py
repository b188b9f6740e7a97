"""Situation notices (SN): what agencies in coordination tell each other periodically."""
