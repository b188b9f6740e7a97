"""The least body that an operation of our own OpenAPI document takes."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from tests.clients import application

if TYPE_CHECKING:
    from collections.abc import Callable

MADE: dict[str, Any] = {
    "string": "测试",
    "integer": 1,
    "number": 1,
    "boolean": False,
    "object": {},
    "null": None,
}
FORMATS: dict[str, Callable[[], str]] = {
    "uuid": lambda: str(uuid4()),
    "date": lambda: "2027-03-01",
    "date-time": lambda: "2027-03-01T09:00:00+08:00",
}


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document."""
    found: dict[str, Any] = application().app.app.openapi_schema.to_schema()
    return found


def operation(method: str, path: str) -> dict[str, Any]:
    """What the document tells of a route; ``path`` as the application names it."""
    described = document()["paths"].get(re.sub(r":\w+\}", "}", path), {})
    told: dict[str, Any] = described.get(method.lower(), {})  # uploads follow a protocol of their own (tus)
    return told


def body_of(method: str, path: str) -> Any:
    """A body that is right in itself, so that a refusal is about the thing; None where none is taken."""
    content = operation(method, path).get("requestBody", {}).get("content", {})
    return least(content["application/json"]["schema"]) if "application/json" in content else None


def query_of(method: str, path: str) -> dict[str, Any]:
    """The parameters that an operation cannot do without."""
    told = operation(method, path).get("parameters", ())
    return {one["name"]: least(one["schema"]) for one in told if one["in"] == "query" and one.get("required")}


def least(schema: dict[str, Any]) -> Any:
    """The smallest value of a schema."""
    if "$ref" in schema:
        return least(document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    for choice in ("oneOf", "anyOf", "allOf"):
        if choice in schema:
            return least(next(one for one in schema[choice] if one.get("type") != "null"))
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("format") in FORMATS:
        return FORMATS[schema["format"]]()
    if schema.get("examples"):
        found = schema["examples"]
        return found[0] if isinstance(found, list) else next(iter(found.values()))["value"]
    kind = schema.get("type")
    if kind == "array":
        return [least(schema["items"])] * max(1, schema.get("minItems", 1))
    if kind == "object":
        return {name: least(schema["properties"][name]) for name in schema.get("required", ())}
    return MADE[kind if isinstance(kind, str) else "string"]
