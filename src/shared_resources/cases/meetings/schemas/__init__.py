"""What meetings and their resolved items ask for."""
