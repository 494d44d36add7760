"""Downloads in two hops: the API host sends the bearer to a signed address of the storage origin, which wants none."""

from __future__ import annotations

import secrets
import time
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox.basecamp.request import Call, NotFound
from sandbox.basecamp.state import State
from sandbox.world import photos
from sandbox.world.account import Blob

SIGNED_SECONDS = 300.0


def by_key(state: State, key: str) -> Blob | None:
    return next((blob for blob in state.account.blobs.values() if blob.key == key), None)


def first_hop(call: Call) -> Response:
    """GET /blobs/{key}/download/{file} with the bearer: 302 to a signed address that expires."""
    blob = by_key(call.state, call.request.path_params["key"])
    if blob is None:
        raise NotFound
    signature = secrets.token_urlsafe(32)
    call.state.signed[signature] = (blob.id, time.monotonic() + SIGNED_SECONDS)
    address = f"{call.state.storage_url}/signed/{quote(blob.filename)}?X-Signature={signature}"
    return RedirectResponse(address, 302)


def storage(state: State) -> Starlette:
    """The storage origin: signed addresses serve bytes, the web address of a blob wants a browser's cookie."""

    async def signed(request: Request) -> Response:
        if "authorization" in request.headers:
            text = "<Error><Code>InvalidArgument</Code><Message>Only one auth mechanism allowed</Message></Error>"
            return Response(text, 400, media_type="application/xml")
        with state.lock:
            blob_id, until = state.signed.get(request.query_params.get("X-Signature", ""), (0, 0.0))
            if until <= time.monotonic():
                text = "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"
                return Response(text, 403, media_type="application/xml")
            blob = state.account.blobs[blob_id]
        named = f"attachment; filename*=UTF-8''{quote(blob.filename)}"
        return Response(
            photos.content(blob.source), media_type=blob.content_type, headers={"Content-Disposition": named}
        )

    async def cookie_only(request: Request) -> Response:
        if "authorization" in request.headers:
            return PlainTextResponse("Not found", 404)
        return RedirectResponse("https://launchpad.37signals.com/signin", 302)

    return Starlette(
        routes=[
            Route("/signed/{name}", signed, methods=["GET"]),
            Route("/{account:int}/blobs/{key}/{rest:path}", cookie_only, methods=["GET"]),
        ]
    )
