"""gspread's HTTP client with another origin, for the sandbox. Imports gspread: import it inside functions only."""

from collections.abc import MutableMapping
from typing import Any

import gspread
from google.auth.transport.requests import AuthorizedSession
from requests import Response

from rekap.services.google.refusals import refused

ORIGINS = ("https://sheets.googleapis.com", "https://www.googleapis.com")


class EndpointClient(gspread.HTTPClient):
    """One session per credential. gspread builds its addresses from constants, so the origin is swapped here."""

    def __init__(self, credentials: Any, origin: str | None) -> None:
        super().__init__(auth=credentials, session=_session(credentials))
        self.origin = origin

    def request(
        self, method: str, endpoint: str, params: MutableMapping[str, Any] | None = None, *args: Any, **kwargs: Any
    ) -> Response:
        """Raises Refused: gspread's own error cannot be made from a body that is not in Google's form."""
        kwargs |= dict(zip(("data", "json", "files", "headers"), args, strict=False))
        if self.origin:
            for origin in ORIGINS:
                endpoint = endpoint.replace(origin, self.origin, 1)
        response = self.session.request(method, endpoint, params=params, timeout=self.timeout, **kwargs)
        if not response.ok:
            raise refused(response.status_code, response.headers, response.content)
        return response


def _session(credentials: Any) -> AuthorizedSession:
    return AuthorizedSession(credentials)  # type: ignore[no-untyped-call]  # untyped in google-auth
