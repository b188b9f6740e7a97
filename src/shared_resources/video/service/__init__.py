"""The verbs of footage: one transaction each."""
