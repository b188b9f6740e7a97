"""The tables of laboratories, for Piccolo's migrations."""

from __future__ import annotations

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

APP_CONFIG = AppConfig(
    app_name="lab",
    migrations_folder_path=str(Path(__file__).parent),
    table_classes=table_finder(["shared_resources.lab.tables"], exclude_imported=True),
    migration_dependencies=["migrations.kernel.piccolo_app"],
)
