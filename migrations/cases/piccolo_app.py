"""The tables of the coordination records, for Piccolo's migrations."""

from __future__ import annotations

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

APP_CONFIG = AppConfig(
    app_name="cases",
    migrations_folder_path=str(Path(__file__).parent),
    table_classes=table_finder(
        [f"shared_resources.cases.{family}.tables" for family in ("inspections", "notices")],
        exclude_imported=True,
    ),
    migration_dependencies=["migrations.kernel.piccolo_app"],
)
