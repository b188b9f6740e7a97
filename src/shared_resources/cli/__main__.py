"""``python -m shared_resources.cli``."""

from __future__ import annotations

from shared_resources.cli.commands import main

main()
