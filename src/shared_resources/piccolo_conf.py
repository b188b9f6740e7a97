"""Piccolo's configuration: one engine, one migration app for each department."""

from __future__ import annotations

from piccolo.conf.apps import AppRegistry

from shared_resources.kernel.database.engine import DB
from shared_resources.kernel.database.migrate import make_importable

__all__ = ["APP_REGISTRY", "DB"]

make_importable()

APP_REGISTRY = AppRegistry(
    apps=[
        "migrations.kernel.piccolo_app",
        "migrations.equipment.piccolo_app",
        "migrations.cases.piccolo_app",
        "migrations.video.piccolo_app",
        "migrations.lab.piccolo_app",
    ]
)
