"""Google's discovery documents as strict JSON Schema, and a middleware that holds the twin's traffic against them."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from googleapiclient.discovery_cache import get_static_doc
from jsonschema import Draft202012Validator
from starlette.types import ASGIApp, Message, Receive, Scope, Send

VERSIONS = {"sheets": "v4", "drive": "v3"}
#: Sent by clients and accepted by Google, though the documents do not list them.
UPLOAD_PARAMETERS = {"uploadType", "upload_id"}


@cache
def document(service: str) -> dict[str, Any]:
    """The discovery document that google-api-python-client ships."""
    found: dict[str, Any] = json.loads(get_static_doc(service, VERSIONS[service]))
    return found


@cache
def validator(service: str, schema: str, request: bool) -> Draft202012Validator:
    """A validator for one schema: no additional properties, enums, int64 as string; requests may carry nulls."""
    definitions = {name: _strict(part, request) for name, part in document(service)["schemas"].items()}
    return Draft202012Validator({"$ref": f"#/$defs/{schema}", "$defs": definitions})


def _strict(part: dict[str, Any], request: bool) -> dict[str, Any]:
    if "$ref" in part:
        strict: dict[str, Any] = {"$ref": f"#/$defs/{part['$ref']}"}
    elif part.get("type") == "object":
        properties = {name: _strict(item, request) for name, item in part.get("properties", {}).items()}
        rest = _strict(part["additionalProperties"], request) if "additionalProperties" in part else False
        strict = {"type": "object", "properties": properties, "additionalProperties": rest}
    elif part.get("type") == "array":
        strict = {"type": "array", "items": _strict(part["items"], request)}
    elif part.get("type") == "any":
        return {}
    elif part.get("format") in ("int64", "uint64"):
        strict = {"type": "string", "pattern": "^-?[0-9]+$"}
    else:
        strict = {"type": part["type"]}
        if "enum" in part:
            strict["enum"] = part["enum"]
    return {"anyOf": [strict, {"type": "null"}]} if request else strict


@cache
def methods(service: str) -> list[tuple[str, re.Pattern[str], dict[str, Any], bool]]:
    """(HTTP method, path pattern, discovery method, is upload) of every method of a service."""
    found: list[tuple[str, re.Pattern[str], dict[str, Any], bool]] = []

    def walk(resources: dict[str, Any]) -> None:
        for resource in resources.values():
            for method in resource.get("methods", {}).values():
                base = "/" if service == "sheets" else "/drive/v3/"
                found.append((method["httpMethod"], _pattern(base + method["path"]), method, False))
                for protocol in method.get("mediaUpload", {}).get("protocols", {}).values():
                    found.append((method["httpMethod"], _pattern(protocol["path"]), method, True))
            walk(resource.get("resources", {}))

    walk(document(service)["resources"])
    return found


def _pattern(path: str) -> re.Pattern[str]:
    pieces = re.split(r"\{\+?\w+\}", path)
    # A range may hold an escaped slash; ids and names may not.
    return re.compile(("(?:.+?)" if "{range}" in path else "[^/:]+").join(re.escape(piece) for piece in pieces) + "$")


def find(service: str, http_method: str, path: str) -> tuple[dict[str, Any], bool]:
    """The discovery method behind a request. Raises LookupError when there is none."""
    matching = [(m, up) for verb, pattern, m, up in methods(service) if verb == http_method and pattern.match(path)]
    if not matching:
        raise LookupError(f"{service} has no method {http_method} {path}")
    return max(matching, key=lambda found: (found[1], len(re.sub(r"\{\+?\w+\}", "", found[0]["path"]))))


class Validated:
    """ASGI wrapper that holds requests and answers against the discovery documents and keeps `problems`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.problems: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] == "/token":
            await self.app(scope, receive, send)
            return
        body, answer, started = bytearray(), bytearray(), {"status": 0, "headers": []}

        async def heard() -> Message:
            message = await receive()
            body.extend(message.get("body", b""))
            return message

        async def said(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.update(message)
            else:
                answer.extend(message.get("body", b""))
            await send(message)

        await self.app(scope, heard, said)
        try:
            self._check(scope, bytes(body), started, bytes(answer))
        except LookupError as unknown:
            self.problems.append(str(unknown))

    def _check(self, scope: Scope, body: bytes, started: dict[str, Any], answer: bytes) -> None:
        headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        http_method, query = scope["method"], scope["query_string"].decode()
        if "x-http-method-override" in headers:
            http_method, query, body = headers["x-http-method-override"], body.decode(), b""
        path = scope["path"]
        service = "sheets" if path.startswith("/v4/") else "drive"
        if http_method == "PUT" and "upload_id=" in query:
            http_method, body = "PATCH" if path.count("/") > 4 else "POST", b""
        method, uploads = find(service, http_method, path)
        where = f"{http_method} {path}"
        known = set(document(service)["parameters"]) | set(method.get("parameters", {}))
        for name, _ in parse_qsl(query, keep_blank_values=True):
            if name not in known and not (uploads and name in UPLOAD_PARAMETERS):
                self.problems.append(f"{where}: unknown parameter {name}")
        succeeded = 200 <= started["status"] < 300
        media = headers.get("content-type", "")
        if body and "request" in method and media.startswith("application/json") and succeeded:
            self._hold(where + " request", service, method["request"]["$ref"], json.loads(body), True)
        kind = dict(started["headers"]).get(b"content-type", b"").decode()
        if succeeded and answer and kind.startswith("application/json") and "response" in method:
            self._hold(where + " answer", service, method["response"]["$ref"], json.loads(answer), False)

    def _hold(self, where: str, service: str, schema: str, value: Any, request: bool) -> None:
        for error in validator(service, schema, request).iter_errors(value):
            self.problems.append(f"{where}: {'.'.join(map(str, error.absolute_path))}: {error.message[:200]}")
