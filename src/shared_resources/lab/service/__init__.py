"""What is done with laboratories, samples, results and reports: one transaction each."""
