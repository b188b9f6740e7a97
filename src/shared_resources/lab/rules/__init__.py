"""The law of laboratories. Pure."""
