"""Google's discovery documents, used to refuse unknown names in masks, bodies and parameters as the real API does."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from googleapiclient.discovery_cache import get_static_doc

from sandbox.google import masks
from sandbox.google.errors import ApiError, bad_request

_VERSIONS = {"sheets": "v4", "drive": "v3"}


@cache
def document(service: str) -> dict[str, Any]:
    """The discovery document of "sheets" or "drive"."""
    found: dict[str, Any] = json.loads(get_static_doc(service, _VERSIONS[service]))
    return found


def mask(service: str, schema: str, text: str | None, parameter: str = "fields") -> masks.Tree | None:
    """The mask of a `fields` parameter over a response schema, None when there is none. Raises ApiError 400."""
    if not text:
        return None
    try:
        tree = masks.parse(text)
        schemas = document(service)["schemas"]
        masks.check(tree, schemas[schema], schemas)
    except masks.BadMask as bad:
        if service == "drive":
            raise ApiError(
                400, f"Invalid field selection {bad}", reason="invalidParameter", location=parameter
            ) from bad
        raise bad_request(
            "Request contains an invalid argument.",
            (str(bad), f"Error expanding 'fields' parameter. Cannot find matching fields for path '{bad}'."),
        ) from bad
    return tree


def check_body(service: str, schema: str, body: Any) -> None:
    """Raises ApiError 400 `Invalid JSON payload received` for names, types or enum values the schema does not have."""
    problems: list[tuple[str, str]] = []
    _check({"$ref": schema}, body, "", document(service)["schemas"], problems)
    if problems:
        raise bad_request("\n".join(text for _, text in problems), *problems)


def _check(
    schema: dict[str, Any], value: Any, path: str, schemas: dict[str, Any], problems: list[tuple[str, str]]
) -> None:
    if value is None:
        return
    if "$ref" in schema:
        schema = schemas[schema["$ref"]]
    kind = schema.get("type")
    if kind == "object":
        if not isinstance(value, dict):
            problems.append((path, f"Invalid value at '{path}' (object), {json.dumps(value)[:80]}"))
            return
        known = schema.get("properties", {})
        for name, item in value.items():
            here = f"{path}.{name}" if path else name
            if name in known:
                _check(known[name], item, here, schemas, problems)
            elif "additionalProperties" in schema:
                _check(schema["additionalProperties"], item, here, schemas, problems)
            else:
                where = f" at '{path}'" if path else ""
                problems.append(
                    (path, f'Invalid JSON payload received. Unknown name "{name}"{where}: Cannot find field.')
                )
    elif kind == "array":
        for index, item in enumerate(value if isinstance(value, list) else [value]):
            _check(schema["items"], item, f"{path}[{index}]", schemas, problems)
    elif not _fits(schema, value):
        type_name = schema.get("format") or kind
        problems.append((path, f"Invalid value at '{path}' ({type_name}), {json.dumps(value)[:80]}"))


def _fits(schema: dict[str, Any], value: Any) -> bool:
    kind = schema.get("type")
    if kind == "any":
        return True
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "integer":
        return not isinstance(value, bool) and isinstance(value, int | float) and value == int(value)
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind == "string":
        if schema.get("format") in ("int64", "uint64"):
            return isinstance(value, str | int)
        return isinstance(value, str) and ("enum" not in schema or value in schema["enum"])
    return True


@cache
def parameters(service: str, name: str) -> frozenset[str]:
    """Query parameters of a method such as "spreadsheets.values.get", the ones common to all methods included."""
    found = document(service)
    *path, last = name.split(".")
    holder = found
    for part in path:
        holder = holder["resources"][part]
    own = {n for n, p in holder["methods"][last].get("parameters", {}).items() if p["location"] == "query"}
    return frozenset(own | set(found["parameters"]))
