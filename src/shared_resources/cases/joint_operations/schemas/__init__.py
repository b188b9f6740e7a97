"""What joint operations and their tasks ask of people."""
