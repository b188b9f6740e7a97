"""What the kernel remembers: columns and constraints, no behaviour."""
