"""The bearer token of the connection to Basecamp: renewed when it is refused, once for all threads of a process."""

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
from requests.auth import AuthBase

from rekap.errors import PermanentError, TransientError

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
    """What the connection holds. `conn_id` names it in every message; tokens never reach a log."""

    conn_id: str
    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)
    token_url: str
    user_agent: str
    _token: str = field(default="", repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @classmethod
    def from_connection(cls, mapping: Mapping[str, Any]) -> "Access":
        """Raises PermanentError naming the field that is missing."""
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
        return cls(
            conn_id,
            str(mapping["login"]),
            str(mapping["password"]),
            str(extra["refresh_token"]),
            extra.get("token_url") or TOKEN_URL,
            extra["user_agent"],
        )

    def token(self) -> str:
        """The present token; the first call fetches one."""
        return self._token or self.renew("")

    def renew(self, refused: str) -> str:
        """A token other than `refused`: whoever comes second with the same refused token gets the first one's new one.
        Raises PermanentError when a person must consent again, TransientError when the token server does not answer."""
        with self._lock:
            if self._token and self._token != refused:
                return self._token
            answer = self._ask()
            self._token = str(answer["access_token"])
            if (rotated := answer.get("refresh_token")) and rotated != self.refresh_token:
                log.warning("connection '%s': Basecamp gave a new refresh token; store it there soon.", self.conn_id)
                self.refresh_token = str(rotated)
            return self._token

    def _ask(self) -> dict[str, Any]:
        form = {
            "grant_type": "refresh_token",
            "refresh_token": self.refresh_token,
            "client_id": self.client_id,
            "client_secret": self.client_secret,
        }
        for attempt in (1, 2, 3):
            try:
                response = requests.post(
                    self.token_url, data=form, headers={"User-Agent": self.user_agent}, timeout=TIMEOUT
                )
                if response.status_code == 429 or response.status_code >= 500:
                    problem = f"answered {response.status_code}"
                else:
                    return self._read(response)
            except requests.RequestException as error:
                problem = f"did not answer ({type(error).__name__})"
            if attempt < 3:
                log.info("connection '%s': the token server %s; asking again.", self.conn_id, problem)
        raise TransientError(
            f"connection '{self.conn_id}': Basecamp's token server {problem}; it is tried again later."
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
