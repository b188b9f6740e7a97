"""Shared Resources: how the agencies of one municipality lend, ask and prove."""

from __future__ import annotations

import os

# Piccolo finds its engine through this name; nobody but us should have to know it.
os.environ.setdefault("PICCOLO_CONF", "shared_resources.piccolo_conf")

__version__ = "0.1.0"
