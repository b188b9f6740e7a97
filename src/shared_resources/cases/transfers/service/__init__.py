"""What the steps of transfers do beyond moving their own record."""
