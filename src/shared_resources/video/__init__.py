"""Footage: what cameras recorded, who asks for it, who holds it, who looked, and the proof of all that (VI)."""
