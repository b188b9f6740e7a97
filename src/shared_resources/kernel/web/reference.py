"""An OpenAPI document as a reader needs it: operations in groups, fields by name, a call to try. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

METHODS = ("get", "post", "put", "patch", "delete")
DEEPEST = 4


@dataclass(frozen=True)
class Field:
    """A parameter, or a field of a body or of an answer."""

    name: str
    kind: str
    place: str
    required: bool
    text: str


@dataclass(frozen=True)
class Operation:
    """One operation: what it is for, what it takes, what it gives, and a call."""

    id: str
    method: str
    path: str
    summary: str
    text: str
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    answer: tuple[Field, ...]
    answers: tuple[tuple[str, str], ...]
    curl: str


@dataclass
class Group:
    """Operations about one thing."""

    name: str
    text: str
    operations: list[Operation] = field(default_factory=list)


def reference(document: Mapping[str, Any], address: str) -> list[Group]:
    """The operations of a document by their first tag, groups in the order of the document's tags."""
    groups = {tag["name"]: Group(tag["name"], tag.get("description", "")) for tag in document.get("tags", ())}
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                tag = next(iter(item[method].get("tags", ())), "")
                group = groups.setdefault(tag, Group(tag, ""))
                group.operations.append(_operation(document, method, path, item[method], address))
    return [group for group in groups.values() if group.operations]


def _operation(
    document: Mapping[str, Any], method: str, path: str, found: Mapping[str, Any], address: str
) -> Operation:
    body = _json_schema(found.get("requestBody", {}))
    good = next((code for code in sorted(found["responses"]) if code.startswith("2")), "")
    answer = _json_schema(found["responses"][good]) if good else {}
    return Operation(
        id=str(found.get("operationId", f"{method}{path}")),
        method=method.upper(),
        path=path,
        summary=str(found.get("summary", "")),
        text=str(found.get("description", "")),
        parameters=tuple(_parameter(document, parameter) for parameter in found.get("parameters", ())),
        body=tuple(_fields(document, body)),
        answer=tuple(_fields(document, answer)),
        answers=tuple(
            (code, str(told.get("description", ""))) for code, told in found.get("responses", {}).items()
        ),
        curl=_curl(document, method, path, body, address),
    )


def _parameter(document: Mapping[str, Any], found: Mapping[str, Any]) -> Field:
    schema = found.get("schema", {})
    text = found.get("description") or schema.get("description") or ""
    return Field(
        found["name"], _kind(document, schema), found.get("in", ""), bool(found.get("required")), str(text)
    )


def _fields(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[Field]:
    """The fields of an object, or of the entries of a list."""
    seen = _resolved(document, schema)
    if seen.get("type") == "array":
        seen = _resolved(document, seen.get("items", {}))
    required = set(seen.get("required", ()))
    for name, inner in seen.get("properties", {}).items():
        text = inner.get("description") or ""
        yield Field(name, _kind(document, inner), "body", name in required, str(text))


def _kind(document: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """A schema in a word or two: ``string (date)``, ``Loan[]``, ``"out" | "back"``."""
    if "$ref" in schema:
        inner = _resolved(document, schema)
        return _choices(inner) if "enum" in inner else str(schema["$ref"]).rsplit("/", 1)[-1]
    if "enum" in schema:
        return _choices(schema)
    if "const" in schema:
        return json.dumps(schema["const"])
    for several in ("oneOf", "anyOf"):
        if several in schema:
            kinds = dict.fromkeys(_kind(document, one) for one in schema[several])
            return " | ".join(kinds)
    kind = schema.get("type", "any")
    if isinstance(kind, list):
        return " | ".join(kind)
    if kind == "array":
        return f"{_kind(document, schema.get('items', {}))}[]"
    return f"{kind} ({schema['format']})" if "format" in schema else str(kind)


def _choices(schema: Mapping[str, Any]) -> str:
    return " | ".join(json.dumps(value, ensure_ascii=False) for value in schema["enum"])


def _resolved(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in schema:
        return schema
    name = str(schema["$ref"]).rsplit("/", 1)[-1]
    found: Mapping[str, Any] = document["components"]["schemas"].get(name, {})
    return found


def _json_schema(holder: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = holder.get("content", {}).get("application/json", {}).get("schema", {})
    return found


def _curl(document: Mapping[str, Any], method: str, path: str, body: Mapping[str, Any], address: str) -> str:
    lines = [f"curl -s {address}{path}", '-H "Authorization: Bearer $TOKEN"']
    if method != "get":
        lines[0] = f"curl -s -X {method.upper()} {address}{path}"
        lines.append('-H "Idempotency-Key: $(uuidgen)"')
    if body:
        example = json.dumps(_example(document, body, 0), ensure_ascii=False)
        lines += ['-H "Content-Type: application/json"', f"-d '{example}'"]
    return " \\\n  ".join(lines)


def _example(document: Mapping[str, Any], schema: Mapping[str, Any], depth: int) -> Any:
    """A value of a schema: what its author gave, else the plainest; optional fields only with examples."""
    seen = {**_resolved(document, schema), **{name: value for name, value in schema.items() if name != "$ref"}}
    for name in ("examples", "example", "default", "const"):
        if seen.get(name) is not None:
            value = seen[name]
            return value[0] if name == "examples" and isinstance(value, list) and value else value
    if "enum" in seen:
        return seen["enum"][0]
    for several in ("oneOf", "anyOf"):
        if several in seen:
            real = [one for one in seen[several] if one.get("type") != "null"]
            return _example(document, real[0], depth) if real else None
    if "properties" in seen and depth < DEEPEST:
        required = set(seen.get("required", ()))
        return {
            name: _example(document, inner, depth + 1)
            for name, inner in seen["properties"].items()
            if name in required or inner.get("examples")
        }
    if seen.get("type") == "array":
        return [_example(document, seen.get("items", {}), depth + 1)] if depth < DEEPEST else []
    plain = {"string": _example_text(seen), "integer": 1, "number": 1, "boolean": False, "object": {}}
    kind = seen.get("type")
    return plain.get(kind if isinstance(kind, str) else "")


def _example_text(schema: Mapping[str, Any]) -> str:
    return {
        "date-time": "2026-11-26T01:00:00Z",
        "date": "2026-11-26",
        "uuid": "01939c1e-7b5a-7cc0-8f2e-2a6d7f3a9b10",
    }.get(str(schema.get("format")), "…")
