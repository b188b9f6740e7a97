"""Puts the built front end into the wheel; an editable installation uses ``shared-resources assets build``."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = Path("src/shared_resources")


def _assets(root: Path) -> Any:
    """Our own builder, loaded by its path: nothing of ours is installed while we are being built."""
    spec = importlib.util.spec_from_file_location("assets", root / PACKAGE / "cli/assets.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class AssetsHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs ``npm ci`` and ``npm run build`` when the front end is not fresh."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node from PyPI, but only where it will be used: it is large."""
        root = Path(self.root)
        assets = _assets(root)
        if assets.is_fresh(root / PACKAGE / "site") or assets.npm():
            return []
        return [assets.NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build unless this is an editable installation."""
        if version != "editable":
            root = Path(self.root)
            _assets(root).build(root / PACKAGE / "site", may_install_node=False)
