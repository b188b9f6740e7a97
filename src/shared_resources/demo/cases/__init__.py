"""The coordination records of the demo, told through the verbs that people use, in order of time."""

from __future__ import annotations

from shared_resources.demo.cases.telling import load_cases

__all__ = ["load_cases"]
