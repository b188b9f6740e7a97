"""Laboratories: what each is accredited for, delegations, samples from seal to report, opinions (IN-1b)."""
