"""The kernel's tables, for Piccolo's migrations."""

from __future__ import annotations

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

APP_CONFIG = AppConfig(
    app_name="kernel",
    migrations_folder_path=str(Path(__file__).parent),
    table_classes=table_finder(
        [
            f"shared_resources.kernel.tables.{noun}"
            for noun in ("agencies", "calendar", "outgoing", "papers", "records")
        ],
        exclude_imported=True,
    ),
)
