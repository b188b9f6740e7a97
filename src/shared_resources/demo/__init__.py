"""A city to try the system in: invented persons and codes, real kinds of agencies and equipment (SAMPLE-DATA)."""
