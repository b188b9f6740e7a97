"""What the steps of meetings and resolved items do beyond moving the record."""
