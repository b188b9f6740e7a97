"""What is said about laboratories, delegations, samples and results."""
