"""The law of footage: procedures as data, spans and clocks, retention, what may be copied and by whom. Pure."""
