"""Casework: what every family of records shares: a procedure's forms, guards, effects, letters, pages and API.

A family is one folder of a department that declares a ``Family``; everything else follows from it.
"""
