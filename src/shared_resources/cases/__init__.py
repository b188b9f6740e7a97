"""The core coordination records of the decree: one folder for each family of procedures."""
