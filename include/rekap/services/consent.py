"""Basecamp's consent: a person allows Rekap's own user in a browser, and gets the refresh token for the connection.

Basecamp has no keys and no personal tokens: an application is registered at the vendor's integrations page (client id,
client secret, redirect address), and Rekap's Basecamp user consents once.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import requests

from rekap.errors import PermanentError, TransientError

LAUNCHPAD = "https://launchpad.37signals.com"
TIMEOUT = (5, 30)  # seconds to connect and to answer


@dataclass(frozen=True)
class Application:
    """What the integrations page gave. `launchpad` is another origin only against the twin."""

    client_id: str
    client_secret: str
    redirect_uri: str
    user_agent: str
    launchpad: str = LAUNCHPAD

    @property
    def token_url(self) -> str:
        return f"{self.launchpad}/authorization/token"

    def consent_url(self, state: str) -> str:
        """Where the person must go; `state` comes back with the answer and must be the same."""
        query = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "state": state,
        }
        return f"{self.launchpad}/authorization/new?{urlencode(query)}"


def exchange(application: Application, code: str) -> dict[str, Any]:
    """The tokens for a code: access_token, refresh_token, expires_in (seconds). Raises PermanentError when refused."""
    form = {
        "grant_type": "authorization_code",
        "client_id": application.client_id,
        "client_secret": application.client_secret,
        "redirect_uri": application.redirect_uri,
        "code": code,
    }
    headers = _agent(application)
    return _answer(lambda: requests.post(application.token_url, data=form, headers=headers, timeout=TIMEOUT))


def accounts(application: Application, access_token: str) -> list[dict[str, Any]]:
    """The Basecamp accounts that the consent covers: id, name, href (the base address of its API)."""
    headers = _agent(application) | {"Authorization": f"Bearer {access_token}"}
    address = f"{application.launchpad}/authorization.json"
    found = _answer(lambda: requests.get(address, headers=headers, timeout=TIMEOUT))
    return [account for account in found.get("accounts", []) if account.get("product") == "bc3"]


def _agent(application: Application) -> dict[str, str]:
    return {"User-Agent": application.user_agent}


def _answer(call: Any) -> dict[str, Any]:
    try:
        response = call()
    except requests.RequestException as error:
        raise TransientError(f"Basecamp's sign-in did not answer ({type(error).__name__}); try again.") from error
    if response.status_code >= 500:
        raise TransientError(f"Basecamp's sign-in answered {response.status_code}; try again in some minutes.")
    if response.status_code >= 400:
        raise PermanentError(
            f"Basecamp's sign-in refused ({response.status_code}: {response.text[:200]}). Look at client id,"
            " client secret and redirect address on the integrations page, then start make connect-basecamp again."
        )
    answer: dict[str, Any] = response.json()
    return answer
