"""The verbs of equipment: one function each, one transaction each."""
