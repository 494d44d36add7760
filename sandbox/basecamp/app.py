"""The API origin: what every request must bring, and the way from its address to a route."""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Match, Route
from starlette.types import Scope

from sandbox.basecamp import oauth
from sandbox.basecamp.payloads import Json, Payloads
from sandbox.basecamp.request import Call, NotFound, origin_of
from sandbox.basecamp.routes import ROUTES, Handler
from sandbox.basecamp.state import State
from sandbox.basecamp.writes import Refused

ADDRESS = re.compile(r"^/(?P<account>\d+)(?:/buckets/(?P<bucket>\d+)(?=/))?(?P<flat>/.*?)(?:\.json)?$")
NOT_FOUND = {"status": 404, "error": "Not Found"}


@dataclass(frozen=True)
class Address:
    """An API address taken apart: its flat route without suffix, and the bucket it came under."""

    account: int
    bucket: int | None
    flat: str


def address_of(path: str) -> Address | None:
    """None for an address outside the account, such as those of OAuth."""
    found = ADDRESS.match(path)
    if found is None:
        return None
    flat = found["flat"]
    if "/blobs/" in path:  # the file's own name may end in anything
        flat = path[path.index("/blobs/") :]
    return Address(int(found["account"]), int(found["bucket"]) if found["bucket"] else None, flat)


class Api:
    """Answers every request of the API origin; ``template`` names a request's route for the log and the faults."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._routes: list[tuple[Route, Handler]] = [
            (Route(path, _unused, methods=[method]), handler) for method, path, handler in ROUTES
        ]
        self._oauth = oauth.routes(state)
        self._people: dict[tuple[str, bool], dict[int, Json]] = {}
        self.app = Starlette(
            routes=[
                *self._oauth,
                Route("/{path:path}", self._answer, methods=["GET", "POST", "PUT", "DELETE", "PATCH"]),
            ]
        )

    def template(self, scope: Scope) -> str:
        address = address_of(scope["path"])
        if address is None:
            return str(scope["path"])
        return self._find(scope["method"], address.flat)[1]

    def _find(self, method: str, flat: str) -> tuple[Handler | None, str, dict[str, object]]:
        scope = {"type": "http", "method": method, "path": flat, "root_path": "", "headers": []}
        template = flat
        for route, handler in self._routes:
            match, child = route.matches(scope)
            if match is not Match.NONE:
                template = route.path.replace(":int", "")
            if match is Match.FULL:
                return handler, template, child["path_params"]
        return None, template, {}

    async def _answer(self, request: Request) -> Response:
        body = await request.body()
        with self.state.lock:
            refusal, person_id = self._door(request, body)
            if refusal is not None:
                return refusal
            response = self._routed(request, body, person_id)
            return self._cached(request, response)

    def _door(self, request: Request, body: bytes) -> tuple[Response | None, int]:
        """What is asked of every request, in this order: User-Agent, rate, token, account, content type."""
        state = self.state
        if not request.headers.get("user-agent", "").strip():
            text = "You must specify a User-Agent header with your app name and a way to contact you."
            return PlainTextResponse(text, 400), 0
        wait = state.over_rate(request.client.host if request.client else "")
        if wait is not None:
            headers = {"Retry-After": str(max(1, math.ceil(wait)))}
            return JSONResponse({"error": "Rate limit exceeded"}, 429, headers=headers), 0
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        person_id = state.grants.person_of(token) if scheme.lower() == "bearer" else None
        if person_id is None:
            return JSONResponse({"error": oauth.OLD_AGE}, 401), 0
        if state.switches.account_inactive:
            return JSONResponse(NOT_FOUND, 404, headers={"Reason": "Account Inactive"}), 0
        address = address_of(request.url.path)
        if address is None or address.account != state.account.id:
            return JSONResponse(NOT_FOUND, 404), 0
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if request.method in {"POST", "PUT"} and body and kind != "application/json":
            return JSONResponse({"error": "Content-Type must be application/json"}, 415), 0
        return None, person_id

    def _routed(self, request: Request, body: bytes, person_id: int) -> Response:
        address = address_of(request.url.path)
        if address is None:
            return JSONResponse(NOT_FOUND, 404)
        handler, _, params = self._find(request.method, address.flat)
        if handler is None or (address.bucket is not None and not self._open(address.bucket, person_id)):
            return JSONResponse(NOT_FOUND, 404)
        request.scope["path_params"] = params
        payloads = Payloads(
            self.state.account,
            origin_of(request),
            self.state.storage_url,
            sees_emails=self.state.account.users[person_id].admin,
            thin=self.state.switches.thin_recordings,
            people=self._people,
        )
        call = Call(self.state, request, person_id, address.bucket, request.url.path, body, payloads)
        try:
            return handler(call)
        except NotFound:
            return JSONResponse(NOT_FOUND, 404)
        except Refused as refused:
            return JSONResponse({"error": str(refused)}, 422)
        except ValueError as bad:
            return JSONResponse({"error": f"the request cannot be read: {bad}"}, 400)

    def _open(self, project_id: int, person_id: int) -> bool:
        project = self.state.account.projects.get(project_id)
        return project is not None and person_id not in project.hidden_from

    def _cached(self, request: Request, response: Response) -> Response:
        """ETag on what a GET found, 304 when the caller holds the same."""
        if request.method != "GET" or response.status_code != 200 or not self.state.switches.etags:
            return response
        page = request.query_params.get("page", "1")
        etag = f'W/"{hashlib.md5(bytes(response.body) + page.encode(), usedforsecurity=False).hexdigest()}"'
        response.headers["ETag"] = etag
        response.headers["Cache-Control"] = "max-age=0, private, must-revalidate"
        known = [part.strip() for part in request.headers.get("if-none-match", "").split(",")]
        if etag in known:
            kept = {name: value for name, value in response.headers.items() if name in {"etag", "cache-control"}}
            return Response(status_code=304, headers=kept)
        return response


async def _unused(request: Request) -> Response:
    raise AssertionError("routes are matched here, never dispatched by Starlette")
