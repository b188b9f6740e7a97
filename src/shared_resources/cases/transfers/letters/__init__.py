"""The letters of transfers (FORMS 3 to 6, 19, 22)."""
