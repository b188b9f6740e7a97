"""What the equipment department remembers: columns and constraints, no behaviour."""
