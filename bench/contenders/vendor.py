"""How the other contenders reach the twin: a bearer for Basecamp, gspread with another origin for Google."""

from __future__ import annotations

from typing import Any

import gspread
import requests
from google.auth.transport.requests import AuthorizedSession
from google.oauth2.service_account import Credentials

from bench.contenders.job import Job

ORIGIN = "https://sheets.googleapis.com"
SCOPES = ("https://www.googleapis.com/auth/spreadsheets.readonly", "https://www.googleapis.com/auth/drive.readonly")
USER_AGENT = "Rekap bench (data@rekap.example)"


def basecamp_base(job: Job) -> str:
    return f"{job.ready['basecamp']['url']}/{job.ready['basecamp']['account_id']}"


def basecamp_token(job: Job) -> str:
    """An access token for the refresh token of the ready line."""
    told = job.ready["basecamp"]
    asked = {name: told[name] for name in ("client_id", "client_secret", "refresh_token")}
    answer = requests.post(told["token_url"], data={"grant_type": "refresh_token", **asked}, timeout=30)
    answer.raise_for_status()
    return str(answer.json()["access_token"])


class Endpoint(gspread.HTTPClient):
    """gspread builds its addresses from constants: the origin is swapped here."""

    def __init__(self, credentials: Credentials, origin: str) -> None:
        super().__init__(auth=credentials, session=AuthorizedSession(credentials))
        self.origin = origin

    def request(self, method: str, endpoint: str, *args: Any, **kwargs: Any) -> requests.Response:
        return super().request(method, endpoint.replace(ORIGIN, self.origin, 1), *args, **kwargs)


def sheets_client(job: Job) -> gspread.Client:
    told = job.ready["google"]
    credentials = Credentials.from_service_account_info(told["service_account"], scopes=SCOPES)
    return gspread.Client(auth=credentials, http_client=lambda auth, session=None: Endpoint(auth, told["sheets_url"]))
