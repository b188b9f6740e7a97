"""Regulated parties and inspection plans (JE-1b, JE-1c): nobody is inspected twice where once would do."""
