"""The law of shared equipment, pure: procedures as data, checks, decisions, dates."""
