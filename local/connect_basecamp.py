"""`make connect-basecamp`: walk a person through Basecamp's consent and write down the connection.

Needs BASECAMP_CLIENT_ID, BASECAMP_CLIENT_SECRET and BASECAMP_CONTACT (an e-mail or address that Basecamp may write to)
from the environment or asks for them. The redirect address to register is the one it prints. Against the twin,
BASECAMP_LAUNCHPAD names the twin's origin.
"""

import argparse
import json
import os
import secrets
import sys
import webbrowser
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlparse

from rekap.errors import RekapError
from rekap.services import consent

PAGE = "<!doctype html><meta charset=utf-8><title>Rekap</title><p style='font:18px sans-serif;margin:3em'>{}</p>"


class _Answer(HTTPServer):
    """Waits on loopback for the browser to come back with the code."""

    state: str
    code: str | None = None
    refusal: str | None = None


class _Handler(BaseHTTPRequestHandler):
    server: _Answer

    def do_GET(self) -> None:
        query = {name: values[0] for name, values in parse_qs(urlparse(self.path).query).items()}
        if not secrets.compare_digest(query.get("state", ""), self.server.state):
            self._say(400, "This answer does not belong to the question Rekap asked. Start again.")
        elif "code" in query:
            self.server.code = query["code"]
            self._say(200, "Rekap is connected. You can close this page and go back to the terminal.")
        else:
            self.server.refusal = query.get("error", "no code came back")
            self._say(400, "Basecamp did not give the consent. The terminal says more.")

    def _say(self, status: int, text: str) -> None:
        body = PAGE.format(text).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """The address holds the code: it must not be printed."""


def connect(application: consent.Application, server: _Answer, *, open_browser: bool) -> dict[str, Any]:
    """Wait for the consent and return the Airflow connection as a mapping. Raises RekapError with what to do."""
    address = application.consent_url(server.state)
    print(f"\nOpen this page, sign in as Rekap's own Basecamp user and allow access:\n\n  {address}\n", flush=True)
    if open_browser:
        webbrowser.open(address)
    while server.code is None and server.refusal is None:
        server.handle_request()
    if server.code is None:
        raise RekapError(f"Basecamp did not give the consent: {server.refusal}. Start make connect-basecamp again.")
    tokens = consent.exchange(application, server.code)
    found = consent.accounts(application, tokens["access_token"])
    if not found:
        raise RekapError("This user belongs to no Basecamp account: sign in as Rekap's own user of the company.")
    account = found[0] if len(found) == 1 else _choose(found)
    print(f"Connected to the account '{account['name']}' ({account['id']}).")
    return {
        "conn_type": "basecamp",
        "host": account["href"],
        "login": application.client_id,
        "password": application.client_secret,
        "extra": {
            "account_id": str(account["id"]),
            "refresh_token": tokens["refresh_token"],
            "user_agent": application.user_agent,
            "token_url": application.token_url,
        },
    }


def _choose(found: list[dict[str, Any]]) -> dict[str, Any]:
    for number, account in enumerate(found, 1):
        print(f"  {number}  {account['name']} ({account['id']})")
    while True:
        answer = input("Which account? ")
        if answer.isdigit() and 1 <= int(answer) <= len(found):
            return found[int(answer) - 1]


def _ask(name: str, question: str) -> str:
    return os.environ.get(name) or input(f"{question}: ").strip()


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="make connect-basecamp", description=__doc__)
    parser.add_argument("--port", type=int, default=8765, help="loopback port that the browser comes back to")
    parser.add_argument("--no-browser", action="store_true", help="only print the page's address")
    given = parser.parse_args(arguments)
    server = _Answer(("127.0.0.1", given.port), _Handler)
    server.state = secrets.token_urlsafe(24)
    redirect = f"http://127.0.0.1:{server.server_port}/callback"
    print(f"Register the application at {consent.LAUNCHPAD}/integrations")
    print(f"with the redirect address {redirect}")
    application = consent.Application(
        client_id=_ask("BASECAMP_CLIENT_ID", "Client id"),
        client_secret=_ask("BASECAMP_CLIENT_SECRET", "Client secret"),
        redirect_uri=redirect,
        user_agent=f"Rekap ({_ask('BASECAMP_CONTACT', 'Contact e-mail for Basecamp')})",
        launchpad=os.environ.get("BASECAMP_LAUNCHPAD", consent.LAUNCHPAD),
    )
    try:
        connection = connect(application, server, open_browser=not given.no_browser)
    except RekapError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        server.server_close()
    print("\nWrite this line into .env (it is a secret), then restart Airflow:\n")
    print(f"AIRFLOW_CONN_BASECAMP_DEFAULT='{json.dumps(connection)}'")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
