"""What is said about footage: forms, values that come in and go out."""
