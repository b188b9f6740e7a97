"""What two or more departments share."""
