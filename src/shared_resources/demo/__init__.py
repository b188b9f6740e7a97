"""A city to try the system in: invented persons and codes, real kinds of agencies and equipment (SAMPLE-DATA)."""

from __future__ import annotations

from shared_resources.demo.loading import load

__all__ = ["load"]
