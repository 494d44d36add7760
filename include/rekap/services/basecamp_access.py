"""The bearer token of the connection to Basecamp: renewed when it is refused, once for all who share the connection."""

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
from requests.auth import AuthBase

from rekap.errors import PermanentError, TransientError
from rekap.services.answers import retry_after
from rekap.services.kept_tokens import Kept, Shelf
from rekap.warehouse import Connection

TOKEN_URL = "https://launchpad.37signals.com/authorization/token"
TIMEOUT = (5, 30)  # seconds to connect and to answer
log = logging.getLogger(__name__)


class Bearer(AuthBase):
    """Sets the bearer, or keeps every Authorization away: without it requests would take one from a .netrc."""

    def __init__(self, token: str) -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers.pop("Authorization", None)
        if self.token:
            request.headers["Authorization"] = f"Bearer {self.token}"
        return request


@dataclass
class Access:
    """What the connection holds. `conn_id` names it in every message; tokens never reach a log. With a `shelf` the
    tokens of all processes are one, without it they are this process's."""

    conn_id: str
    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)
    token_url: str
    user_agent: str
    shelf: Shelf | None = field(default=None, repr=False)
    rotated: bool = False
    _token: str = field(default="", repr=False)
    _newest: str = field(default="", repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @classmethod
    def from_connection(cls, mapping: Mapping[str, Any], *, dsn: str | None = None) -> "Access":
        """With a DSN tokens are shared through that warehouse. Raises PermanentError naming the field that is
        missing."""
        extra = mapping.get("extra") or {}
        conn_id = mapping.get("conn_id") or "basecamp_default"
        fields = {
            "login (client id)": mapping.get("login"),
            "password (client secret)": mapping.get("password"),
            "extra.refresh_token": extra.get("refresh_token"),
            "extra.user_agent": extra.get("user_agent"),
        }
        if missing := [name for name, value in fields.items() if not value]:
            raise PermanentError(
                f"connection '{conn_id}' lacks {', '.join(missing)}; run `make connect-basecamp` or fill it in."
            )
        if not any(sign in extra["user_agent"] for sign in "@/"):
            raise PermanentError(
                f"connection '{conn_id}': extra.user_agent must hold an address, as Basecamp demands:"
                " write it like 'Rekap (data@company.example)'."
            )
        held = str(mapping["login"]), str(mapping["password"]), str(extra["refresh_token"])
        return cls(
            conn_id,
            *held,
            extra.get("token_url") or TOKEN_URL,
            extra["user_agent"],
            Shelf(dsn, conn_id, *held) if dsn else None,
        )

    def token(self) -> str:
        """The present token; the first call takes the shared one or fetches one."""
        return self._token or self.renew("")

    def renew(self, refused: str) -> str:
        """A token other than `refused`: whoever comes second with the same refused token gets the first one's new one.
        Raises PermanentError when a person must consent again, TransientError when the token server or the warehouse
        does not answer."""
        with self._lock:
            if self._token and self._token != refused:
                return self._token
            if self.shelf is None:
                self._use(self._renewed(None))
                return self._token
            with self.shelf.turn() as turn:
                if turn.kept is None or turn.kept.access == refused:
                    kept = self._renewed(turn.kept)
                    self._use(kept)
                    turn.keep(kept, rotated=self.rotated)
                else:
                    self._use(turn.kept)
            return self._token

    def trouble(self, connection: Connection) -> str | None:
        """What an engineer must repair although everything works: the connection's refresh token was replaced."""
        if not (self.shelf.rotated(connection) if self.shelf else self.rotated):
            return None
        return (
            f"connection '{self.conn_id}': Basecamp replaced the refresh token that this connection holds. Rekap works"
            " on with the new one, which is kept in the warehouse only: run `make connect-basecamp`, sign in as Rekap's"
            " Basecamp user and store the connection that it prints."
        )

    def _use(self, kept: Kept) -> None:
        self._token = kept.access
        self._newest = kept.refresh
        self.rotated = kept.refresh != self.refresh_token

    def _renewed(self, kept: Kept | None) -> Kept:
        """Ask with the newest refresh token, then with the connection's own, which may be the newer one when the
        warehouse was restored from a copy."""
        used = kept.refresh if kept else self._newest or self.refresh_token
        try:
            answer = self._ask(used)
        except PermanentError:
            if used == self.refresh_token:
                raise
            used = self.refresh_token
            answer = self._ask(used)
        renewed = Kept(str(answer["access_token"]), str(answer.get("refresh_token") or used))
        if renewed.refresh != used:
            log.error(
                "connection '%s': Basecamp gave another refresh token; run `make connect-basecamp` and store the"
                " connection that it prints.",
                self.conn_id,
            )
        return renewed

    def _ask(self, refresh_token: str) -> dict[str, Any]:
        form = {
            "grant_type": "refresh_token",
            "refresh_token": refresh_token,
            "client_id": self.client_id,
            "client_secret": self.client_secret,
        }
        asked: float | None = None
        for attempt in (1, 2, 3):
            try:
                response = requests.post(
                    self.token_url, data=form, headers={"User-Agent": self.user_agent}, timeout=TIMEOUT
                )
                if response.status_code == 429 or response.status_code >= 500:
                    problem, asked = f"answered {response.status_code}", retry_after(response)
                    if response.status_code == 429:
                        break
                else:
                    return self._read(response)
            except requests.RequestException as error:
                problem = f"did not answer ({type(error).__name__})"
            if attempt < 3:
                log.info("connection '%s': the token server %s; asking again.", self.conn_id, problem)
        raise TransientError(
            f"connection '{self.conn_id}': Basecamp's token server {problem}; it is tried again later.",
            retry_after=asked,
        )

    def _read(self, response: requests.Response) -> dict[str, Any]:
        try:
            answer = response.json()
        except ValueError:
            answer = {}
        if response.status_code == 200 and isinstance(answer, dict) and answer.get("access_token"):
            return answer
        told = answer.get("error") if isinstance(answer, dict) else None
        code = str(told or response.text[:80]).strip()
        if "invalid_client" in code:
            raise PermanentError(
                f"connection '{self.conn_id}': Basecamp does not know this client id and secret; copy both from the"
                " integrations page into login and password."
            )
        raise PermanentError(
            f"connection '{self.conn_id}': Basecamp refuses to renew the access ({response.status_code} {code});"
            " Rekap's Basecamp user must consent again: run `make connect-basecamp` and sign in as that user."
        )
