"""The control origin: what is true, what was called, what was mailed, and what shall happen."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.basecamp.writes import Refused
from sandbox.happenings import Unknown, happen
from sandbox.world.truth import tell

if TYPE_CHECKING:
    from sandbox.server import Twin


def create(twin: Twin) -> Starlette:
    """GET truth, requests, mail, ready; POST faults, world (one object or a list); DELETE requests, mail, faults."""

    async def truth(request: Request) -> Response:
        with twin.lock:
            return JSONResponse(tell(twin.world) | {"now": twin.clock.base.isoformat()})

    async def requests(request: Request) -> Response:
        if request.method == "DELETE":
            twin.log.clear()
        return JSONResponse(twin.log.as_json())

    async def mail(request: Request) -> Response:
        if request.method == "DELETE":
            twin.postbox.clear()
        return JSONResponse([found.as_json() for found in twin.postbox.mails])

    async def faults(request: Request) -> Response:
        if request.method == "DELETE":
            twin.faults.clear()
            return JSONResponse({"ok": True})
        asked = await _objects(request)
        try:
            made = [twin.faults.add(**fault) for fault in asked]
        except (TypeError, ValueError) as bad:
            return JSONResponse({"error": str(bad)}, 400)
        return JSONResponse({"ok": True, "faults": len(made)})

    async def world(request: Request) -> Response:
        try:
            return JSONResponse([happen(twin, **told) for told in await _objects(request)])
        except (Unknown, Refused, TypeError, ValueError, KeyError, LookupError) as bad:
            return JSONResponse({"error": f"{type(bad).__name__}: {bad}"}, 400)

    async def ready(request: Request) -> Response:
        return JSONResponse(dict(twin))

    return Starlette(
        routes=[
            Route("/_sandbox/truth", truth, methods=["GET"]),
            Route("/_sandbox/requests", requests, methods=["GET", "DELETE"]),
            Route("/_sandbox/mail", mail, methods=["GET", "DELETE"]),
            Route("/_sandbox/faults", faults, methods=["POST", "DELETE"]),
            Route("/_sandbox/world", world, methods=["POST"]),
            Route("/_sandbox/ready", ready, methods=["GET"]),
        ]
    )


async def _objects(request: Request) -> list[dict[str, Any]]:
    """The body as a list of objects; a single object is a list of one."""
    found = json.loads(await request.body())
    return found if isinstance(found, list) else [found]
