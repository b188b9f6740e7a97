"""Doors that belong to no department: signing in, one's account, agencies, people, notices, language."""
