"""Enforcement assistance (AS): one agency asks another for help that is within the other's powers."""
