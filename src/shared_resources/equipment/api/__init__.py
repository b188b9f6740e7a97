"""Doors for programs and for our own TypeScript: JSON, described by OpenAPI."""
