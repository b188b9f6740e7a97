"""What people see: the running application in a real browser."""
