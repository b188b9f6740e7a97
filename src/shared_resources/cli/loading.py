"""The one place where a part is imported when it is called and not before."""

from __future__ import annotations

import importlib
from typing import Any


def load(name: str) -> Any:
    """The object named ``module:attribute``.

    Commands that need neither pages nor tables (settings, assets, backup) start in a tenth of the time, and they
    still work when the very part that they are to repair cannot be imported.
    """
    module, _, attribute = name.partition(":")
    return getattr(importlib.import_module(module), attribute)
