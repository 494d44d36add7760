"""What passes through every origin: the log of requests, and the faults that are to be shown to clients."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import Callable, MutableMapping
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from typing import Any

from starlette.routing import Match, Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.google.errors import ApiError

#: what Drive names as the reason of a failure of its own
_REASONS = {429: "rateLimitExceeded", 403: "userRateLimitExceeded"}
KINDS = ("status", "html", "timeout", "disconnect", "cut_body", "applied_then_status", "applied_then_disconnect")
HTML_BODY = "<html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"


@dataclass
class Call:
    """One request as it was answered; ``fault`` names the fault that was shown, if any."""

    service: str
    method: str
    route: str
    path: str
    status: int
    fault: str | None = None


class RequestLog:
    """Every call to every origin, in the order of their answers."""

    def __init__(self) -> None:
        self._calls: list[Call] = []
        self._lock = threading.Lock()

    def record(self, service: str, method: str, route: str, path: str, status: int, fault: str | None = None) -> None:
        with self._lock:
            self._calls.append(Call(service, method, route, path, status, fault))

    __call__ = record

    def calls(self, service: str | None = None, route: str | None = None, method: str | None = None) -> list[Call]:
        """The calls so far, narrowed by service, route template and method."""
        with self._lock:
            found = list(self._calls)
        return [
            call
            for call in found
            if (service is None or call.service == service)
            and (route is None or call.route == route)
            and (method is None or call.method == method)
        ]

    def clear(self) -> None:
        with self._lock:
            self._calls.clear()

    def as_json(self) -> list[dict[str, Any]]:
        return [asdict(call) for call in self.calls()]


@dataclass
class Fault:
    """What to show instead of the true answer.

    ``service`` and ``route`` (a template, such as ``/todos/{id}``, with or without a method before it; ``*`` is every
    route) say where; the first ``after`` matching calls pass, the next ``times`` are hit. ``kind`` is one of KINDS:
    the applied_* kinds carry the request out first and lose the answer, ``timeout`` answers nothing for ``seconds``.
    """

    service: str
    route: str = "*"
    kind: str = "status"
    status: int = 503
    times: int = 1
    after: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None
    seconds: float = 3600.0
    seen: int = 0
    shown: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of fault {self.kind!r}: use one of {', '.join(KINDS)}")

    @property
    def applied(self) -> bool:
        """Whether the request is carried out before its answer is lost."""
        return self.kind.startswith("applied_then") or self.kind == "cut_body"

    def fits(self, service: str, method: str, route: str) -> bool:
        return self.service in {service, "*"} and self.route in {"*", route, f"{method} {route}"}


class FaultBook:
    """The faults that wait to be shown."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, **fault: Any) -> Fault:
        """Raises TypeError for an unknown field and ValueError for an unknown kind."""
        made = Fault(**fault)
        with self._lock:
            self._faults.append(made)
        return made

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def take(self, service: str, method: str, route: str) -> Fault | None:
        """The fault for this call, counting it; None when the call goes through."""
        with self._lock:
            for fault in self._faults:
                if not fault.fits(service, method, route) or fault.shown >= fault.times:
                    continue
                fault.seen += 1
                if fault.seen > fault.after:
                    fault.shown += 1
                    return fault
        return None


def template_of(app: ASGIApp, scope: Scope) -> str:
    """The path template of the route that serves the request, its own path when none does."""
    found = _template(getattr(app, "routes", []), scope)
    return found if found is not None else scope["path"]


def _template(routes: list[Any], scope: Scope) -> str | None:
    partial: str | None = None
    for route in routes:
        match, child = route.matches(scope)
        if match is Match.NONE:
            continue
        if isinstance(route, Mount):
            inner = _template(route.routes or [], {**scope, **child})
            return None if inner is None else route.path + inner
        if isinstance(route, Route):
            if match is Match.FULL:
                return _plain(route.path)
            partial = partial or _plain(route.path)
    return partial


def _plain(path: str) -> str:
    """``/todos/{id:int}`` as ``/todos/{id}``."""
    return re.sub(r"\{(\w+):\w+\}", r"{\1}", path)


class Traffic:
    """ASGI middleware around one origin: logs every call with its route template and shows the faults asked for.

    ``app_logs`` says that the app logs what reaches it; then only what a fault kept from it is logged here.
    """

    def __init__(
        self,
        app: ASGIApp,
        service: str | Callable[[Scope], str],
        log: RequestLog,
        faults: FaultBook,
        template: Callable[[Scope], str] | None = None,
        app_logs: bool = False,
    ) -> None:
        self.app = app
        self.service = service if callable(service) else lambda scope: service
        self.app_logs = app_logs
        self.log = log
        self.faults = faults
        self.template = template or (lambda scope: template_of(app, scope))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        service, route, method = self.service(scope), self.template(scope), scope["method"]
        query = scope["query_string"].decode("latin-1")
        path = scope["path"] + (f"?{query}" if query else "")
        fault = self.faults.take(service, method, route)
        noted = self.app_logs and (fault is None or fault.applied)

        def note(status: int) -> None:
            nonlocal noted
            if not noted:
                noted = True
                self.log.record(service, method, route, path, status, fault.kind if fault else None)

        async def noting(message: Message) -> None:
            # Noted before it is sent: who has the answer must find it in the log.
            if message["type"] == "http.response.start":
                note(message["status"])
            await send(message)

        if fault is None:
            await self.app(scope, receive, noting)
            return
        if fault.kind in {"disconnect", "applied_then_disconnect", "timeout"}:
            note(0)
        await self._show(fault, scope, receive, noting, send)

    async def _show(self, fault: Fault, scope: Scope, receive: Receive, noting: Send, raw: Send) -> None:
        if fault.applied:
            answer = await _held(self.app, scope, receive)
            if fault.kind == "cut_body":
                await _cut(answer, noting, raw)
                return
        if fault.kind == "timeout":
            await asyncio.sleep(fault.seconds)
        if fault.kind in {"timeout", "disconnect", "applied_then_disconnect"}:
            await _hang_up(raw)
            return
        html = fault.kind == "html"
        body = fault.body if fault.body is not None else _body(self.service(scope), fault.status, html)
        headers = {
            "content-type": "text/html; charset=utf-8" if html else "application/json; charset=utf-8",
            **fault.headers,
        }
        await _answer(noting, fault.status, headers, body.encode())


def _body(service: str, status: int, html: bool) -> str:
    """The error as that service words it: a page of the gateway before it, Google's dialects, or Basecamp's."""
    words = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Error"
    if html:
        return HTML_BODY.format(f"{status} {words}")
    if service in {"sheets", "drive"}:
        return json.dumps(ApiError(status, words, reason=_REASONS.get(status, "backendError")).body(service))
    return json.dumps({"error": "Rate limit exceeded" if status == 429 else words}, separators=(",", ":"))


async def _answer(send: Send, status: int, headers: MutableMapping[str, str], body: bytes) -> None:
    pairs = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    pairs.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})


async def _held(app: ASGIApp, scope: Scope, receive: Receive) -> list[Message]:
    """Let the app answer, and keep the answer back."""
    answer: list[Message] = []

    async def keep(message: Message) -> None:
        answer.append(message)

    await app(scope, receive, keep)
    return answer


async def _cut(answer: list[Message], send: Send, raw: Send) -> None:
    """Send the headers with the full length and half of the body, then drop the connection."""
    body = b"".join(message.get("body", b"") for message in answer if message["type"] == "http.response.body")
    start = next(message for message in answer if message["type"] == "http.response.start")
    await send(start)
    await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
    await asyncio.sleep(0.05)
    await _hang_up(raw)


async def _hang_up(send: Send) -> None:
    """Close the connection without another byte: uvicorn's send belongs to the object that holds the transport."""
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is None:
        raise RuntimeError("this server gives no way to drop a connection: serve the sandbox with uvicorn")
    transport.abort()
    await asyncio.sleep(0.01)  # lets the server notice, else it complains about an answer that never started
