"""gspread's HTTP client with another origin, for the sandbox. Imports gspread: import it inside functions only."""

from collections.abc import MutableMapping
from typing import Any

import gspread
from google.auth.transport.requests import AuthorizedSession
from requests import Response

ORIGINS = ("https://sheets.googleapis.com", "https://www.googleapis.com")


class EndpointClient(gspread.HTTPClient):
    """One session per credential. gspread builds its addresses from constants, so the origin is swapped here."""

    def __init__(self, credentials: Any, origin: str | None) -> None:
        super().__init__(auth=credentials, session=_session(credentials))
        self.origin = origin

    def request(
        self, method: str, endpoint: str, params: MutableMapping[str, Any] | None = None, *args: Any, **kwargs: Any
    ) -> Response:
        if self.origin:
            for origin in ORIGINS:
                endpoint = endpoint.replace(origin, self.origin, 1)
        return super().request(method, endpoint, params, *args, **kwargs)


def _session(credentials: Any) -> AuthorizedSession:
    return AuthorizedSession(credentials)  # type: ignore[no-untyped-call]  # untyped in google-auth
