"""The Google twin as one ASGI application: Sheets, Drive, uploads and the token endpoint."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.google import discovery, drive_uploads
from sandbox.google.accounts import Accounts
from sandbox.google.call import Call, Reply
from sandbox.google.errors import ApiError, bad_request
from sandbox.google.quota import Quota
from sandbox.google.routes import ROUTES, GoogleRoute
from sandbox.google.state import State

Log = Callable[[str, str, str, str, int], None]
Faults = Callable[[str, str, str], "tuple[Any, ...] | None"]
JSON = "application/json; charset=UTF-8"
TOKEN_PATH = "/token"
_NOT_FOUND = b"<!DOCTYPE html>\n<html lang=en>\n  <title>Error 404 (Not Found)!!1</title>\n"


def create(
    world: Any, log: Log, clock: Callable[[], datetime], faults: Faults | None = None, quota_per_minute: int | None = 60
) -> Starlette:
    """The application over a world.

    `world` has `spreadsheets` {id: Spreadsheet resource} and `drive_files` [File resource], changed in place;
    optionally `shared_drives` [{id, name, members?}] and `lock`. `log(service, method, route, path, status)` hears of
    every request. `clock()` is asked once for each write. `faults(service, method, route)` may return (status, headers,
    body) to answer with instead, or (status, headers, body, True) to apply the request first and then lose its answer.
    `app.state.google` is the State, `app.state.accounts` the Accounts, `app.state.quota` the Quota and
    `app.state.uploads` the open resumable uploads.
    """
    google = Google(State(world, clock), Accounts(), Quota(quota_per_minute), log, faults)
    routes = [Route(route.path, google.endpoint(route), methods=[route.method]) for route in ROUTES]
    routes.append(Route(TOKEN_PATH, google.token, methods=["POST"]))
    routes.append(Route("/{path:path}", google.unknown, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]))
    app = Starlette(routes=routes)
    app.add_middleware(MethodOverride)
    app.state.google, app.state.accounts = google.state, google.accounts
    app.state.quota, app.state.uploads = google.quota, google.uploads
    return app


class Google:
    """Wraps handlers with tokens, quota, faults, the log and the two dialects of errors."""

    def __init__(self, state: State, accounts: Accounts, quota: Quota, log: Log, faults: Faults | None) -> None:
        self.state, self.accounts, self.quota, self.log, self.faults = state, accounts, quota, log, faults
        self.uploads = drive_uploads.Sessions()

    def endpoint(self, route: GoogleRoute) -> Callable[[Request], Any]:
        """The Starlette endpoint of a route."""

        async def answer(request: Request) -> Response:
            body, complete = await _body(request)
            fault = self.faults(route.service, route.method, route.template) if self.faults else None
            if fault is not None and not (len(fault) > 3 and fault[3]):
                response = _faulty(fault)
            else:
                with self.state.lock:
                    response = self._handled(route, request, body, complete)
                response = _faulty(fault) if fault is not None else response
            self._log(route.service, request, route.template, response.status_code)
            return response

        return answer

    def _handled(self, route: GoogleRoute, request: Request, body: bytes, complete: bool) -> Response:
        try:
            session = route.handler is None and route.method == "PUT"  # the session's address is the key to it
            if session and "authorization" not in request.headers:
                who = None
            else:
                who = self.accounts.principal(request.headers.get("authorization", ""), route.service, route.access)
            if who is not None and route.service == "sheets":
                self.quota.spend(who.email, route.access)
                _check_parameters(route, request)
            origin = f"{request.url.scheme}://{request.headers.get('host', request.url.netloc)}"
            call = Call(self.state, who, dict(request.path_params), request.query_params, request.headers, body, origin)  # type: ignore[arg-type]  # only a session may lack it
            if route.handler is not None:
                return _rendered(route.handler(call))
            if route.method == "PUT":
                return _rendered(drive_uploads.resume(call, self.uploads, complete))
            return _rendered(drive_uploads.upload(call, self.uploads))
        except ApiError as error:
            return Response(json.dumps(error.body(route.service)), error.code, media_type=JSON)

    async def token(self, request: Request) -> Response:
        """POST /token: access tokens for a signed assertion or a refresh token."""
        body, _ = await _body(request)
        fault = self.faults("oauth", "POST", TOKEN_PATH) if self.faults else None
        if fault is not None:
            response = _faulty(fault)
        else:
            with self.state.lock:
                status, answer = self.accounts.token(dict(parse_qsl(body.decode())), TOKEN_PATH)
            response = Response(json.dumps(answer), status, media_type=JSON)
        self._log("oauth", request, TOKEN_PATH, response.status_code)
        return response

    async def unknown(self, request: Request) -> Response:
        """Google answers a path it does not know with a page."""
        self._log("google", request, "unknown", 404)
        return Response(_NOT_FOUND, 404, media_type="text/html")

    def _log(self, service: str, request: Request, route: str, status: int) -> None:
        query = request.url.query
        self.log(service, request.method, route, request.url.path + (f"?{query}" if query else ""), status)


async def _body(request: Request) -> tuple[bytes, bool]:
    """(what arrived, whether it is all)."""
    parts = []
    try:
        async for part in request.stream():
            parts.append(part)
    except ClientDisconnect:
        return b"".join(parts), False
    return b"".join(parts), True


def _rendered(answer: dict[str, Any] | Reply) -> Response:
    if isinstance(answer, Reply):
        return Response(answer.body, answer.status, answer.headers)
    return Response(json.dumps(answer, ensure_ascii=False), media_type=JSON)


def _faulty(fault: tuple[Any, ...]) -> Response:
    status, headers, body = fault[:3]
    if isinstance(body, dict | list):
        return Response(json.dumps(body), status, headers, media_type=JSON)
    return Response(body, status, headers)


def _check_parameters(route: GoogleRoute, request: Request) -> None:
    known = discovery.parameters(route.service, route.name)
    for name in request.query_params:
        if name not in known:
            text = (
                f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter. '
                f"Field '{name}' could not be found in request message."
            )
            raise bad_request(text, ("", text))


class MethodOverride:
    """A GET whose address would be too long arrives as POST with X-HTTP-Method-Override and its query in the body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wanted = dict(scope.get("headers", [])).get(b"x-http-method-override") if scope["type"] == "http" else None
        if wanted is None:
            await self.app(scope, receive, send)
            return
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        changed = {**scope, "method": wanted.decode().upper()}
        if dict(scope["headers"]).get(b"content-type", b"").startswith(b"application/x-www-form-urlencoded"):
            changed["query_string"] = b"&".join(part for part in (scope["query_string"], body) if part)
            body = b""
        sent = False

        async def replay() -> Message:
            nonlocal sent
            if sent:
                return await receive()
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self.app(changed, replay, send)
