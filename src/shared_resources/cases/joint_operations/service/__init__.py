"""What the steps of joint operations and tasks do beyond moving the record."""
