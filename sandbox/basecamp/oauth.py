"""Launchpad's part: consent in a browser, codes and refresh tokens for access tokens, who the token speaks for."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime
from html import escape
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox.basecamp.request import origin_of
from sandbox.basecamp.state import State
from sandbox.world.names import COMPANY

OLD_AGE = "OAuth token expired (old age). Refresh your token using the refresh token you were given."
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sign in to {company}</title></head><body>
<h1>Rekap asks for access to your Basecamp account</h1><p>You are signed in to the sandbox as {person}.</p>
<form method="post" action="/authorization/new">{fields}<button type="submit">Yes, I'll allow access</button></form>
</body></html>"""


def routes(state: State) -> list[Route]:
    server = _Server(state)
    return [
        Route("/authorization/new", server.ask, methods=["GET"]),
        Route("/authorization/new", server.consent, methods=["POST"]),
        Route("/authorization/token", server.token, methods=["POST"]),
        Route("/authorization.json", server.who, methods=["GET"]),
    ]


class _Server:
    def __init__(self, state: State) -> None:
        self.state = state

    async def ask(self, request: Request) -> Response:
        """The consent page: a button that sends the browser back with a code."""
        asked = request.query_params
        refused = self._refusal(dict(asked))
        if refused:
            return HTMLResponse(f"<h1>Sorry</h1><p>{escape(refused)}</p>", 400)
        kept = {name: asked[name] for name in ("client_id", "redirect_uri", "state") if name in asked}
        fields = "".join(f'<input type="hidden" name="{escape(n)}" value="{escape(v)}">' for n, v in kept.items())
        robot = self.state.world.staff.robot
        return HTMLResponse(PAGE.format(company=COMPANY, person=escape(robot.name), fields=fields))

    async def consent(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode()))
        refused = self._refusal(form)
        if refused:
            return HTMLResponse(f"<h1>Sorry</h1><p>{escape(refused)}</p>", 400)
        code = secrets.token_hex(16)
        with self.state.lock:
            self.state.grants.codes[code] = (self.state.world.staff.robot.basecamp_id or 0, form["redirect_uri"])
        query = {"code": code} | ({"state": form["state"]} if "state" in form else {})
        joint = "&" if "?" in form["redirect_uri"] else "?"
        return RedirectResponse(f"{form['redirect_uri']}{joint}{urlencode(query)}", 302)

    def _refusal(self, asked: dict[str, str]) -> str | None:
        if asked.get("client_id") != self.state.grants.client_id:
            return "This client_id belongs to no registered application."
        if not asked.get("redirect_uri", "").startswith(("http://", "https://")):
            return "redirect_uri is missing."
        return None

    async def token(self, request: Request) -> Response:
        """Both: ``grant_type=refresh_token`` or ``type=refresh``, ``authorization_code`` or ``web_server``."""
        asked = dict(request.query_params) | dict(parse_qsl((await request.body()).decode()))
        with self.state.lock:
            return self._token(asked)

    def _token(self, asked: dict[str, str]) -> Response:
        grants, switches = self.state.grants, self.state.switches
        if asked.get("client_id") != grants.client_id or asked.get("client_secret") != grants.client_secret:
            return JSONResponse({"error": "invalid_client"}, 401)
        kind = asked.get("grant_type") or asked.get("type")
        if kind in {"refresh_token", "refresh"}:
            if switches.refresh_refusal == "unknown_id":
                return PlainTextResponse("Unknown Basecamp ID.", 401)
            if switches.refresh_refusal is not None:
                return JSONResponse({"error": "authorization_expired"}, 400)
            refresh = asked.get("refresh_token", "")
            person = grants.refresh_tokens.get(refresh)
            if person is None:
                return JSONResponse({"error": "invalid_grant"}, 400)
            if switches.rotate_refresh_tokens:
                del grants.refresh_tokens[refresh]
                refresh = grants.issue_refresh(person)
        elif kind in {"authorization_code", "web_server"}:
            person, redirect = grants.codes.pop(asked.get("code", ""), (None, None))
            if person is None or asked.get("redirect_uri") != redirect:
                return JSONResponse({"error": "invalid_grant"}, 400)
            refresh = grants.issue_refresh(person)
        else:
            return JSONResponse({"error": "unsupported_grant_type"}, 400)
        return JSONResponse(
            {
                "access_token": grants.issue_access(person, switches.token_life_seconds),
                "token_type": "Bearer",
                "expires_in": switches.token_life_seconds,
                "refresh_token": refresh,
            }
        )

    async def who(self, request: Request) -> Response:
        """Identity and accounts of the token; ``href`` is the base URL of the account."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        with self.state.lock:
            person_id = self.state.grants.person_of(token)
            if person_id is None:
                return JSONResponse({"error": OLD_AGE}, 401)
            user = self.state.account.users[person_id]
            expires = self.state.grants.access_tokens[token][1]
        first, _, last = user.name.partition(" ")
        account = self.state.account.id
        covered = [("bc3", account, COMPANY)]
        if self.state.switches.further_accounts:
            covered = [("bcx", account - 1, COMPANY), *covered, ("bc3", account + 1, "Another Company")]
        return JSONResponse(
            {
                "expires_at": datetime.fromtimestamp(max(expires, time.time()), UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
                "identity": {
                    "id": person_id % 10_000_000 + 5_000_000,
                    "first_name": first,
                    "last_name": last,
                    "email_address": user.email,
                },
                "accounts": [
                    {
                        "product": product,
                        "id": number,
                        "name": name,
                        "href": f"{origin_of(request)}/{number}",
                        "app_href": f"https://3.basecamp.com/{number}",
                    }
                    for product, number, name in covered
                ],
            }
        )
