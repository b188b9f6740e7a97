"""The command line: ``shared-resources serve | worker | migrate | demo | verify | …``."""

from __future__ import annotations

from shared_resources.cli.commands import main

__all__ = ["main"]
