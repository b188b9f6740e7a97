"""The equipment department's tables, for Piccolo's migrations."""

from __future__ import annotations

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

NOUNS = ("tables.lending", "tables.register", "trackers.tables.devices", "trackers.tables.observed")

APP_CONFIG = AppConfig(
    app_name="equipment",
    migrations_folder_path=str(Path(__file__).parent),
    table_classes=table_finder(
        [f"shared_resources.equipment.{noun}" for noun in NOUNS],
        exclude_imported=True,
    ),
    migration_dependencies=["migrations.kernel.piccolo_app"],
)
