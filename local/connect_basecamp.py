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
import threading
import webbrowser
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlparse

from rekap.errors import RekapError
from rekap.services import consent

PAGE = "<!doctype html><meta charset=utf-8><title>Rekap</title><p style='font:18px sans-serif;margin:3em'>{}</p>"


class Callback(ThreadingHTTPServer):
    """Waits on loopback for the browser to come back: with the code, or with a refusal. Browsers open connections in
    advance that say nothing, so each is served by a thread of its own."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.state = secrets.token_urlsafe(24)
        self.came = threading.Event()
        self.code = ""
        self.refusal = ""
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/callback"

    def wait(self) -> str:
        """The code. Raises RekapError when the person, or Basecamp, refused."""
        while not self.came.wait(0.5):  # in steps, so that Ctrl-C is heard
            pass
        if self.code:
            return self.code
        raise RekapError(f"Basecamp did not give the consent ({self.refusal}). Start make connect-basecamp again.")


class _Handler(BaseHTTPRequestHandler):
    server: Callback
    timeout = 30

    def do_GET(self) -> None:
        query = {name: values[0] for name, values in parse_qs(urlparse(self.path).query).items()}
        if not secrets.compare_digest(query.get("state", "").encode(), self.server.state.encode()):
            self._say(400, "This answer does not belong to the question Rekap asked. Start again.")
        elif "code" in query:
            self._say(200, "Rekap is connected. You can close this page and go back to the terminal.")
            self.server.code = query["code"]
            self.server.came.set()
        else:
            self._say(400, "Basecamp did not give the consent. The terminal says more.")
            self.server.refusal = query.get("error", "no code came back")
            self.server.came.set()

    def _say(self, status: int, text: str) -> None:
        body = PAGE.format(text).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """The address holds the code: it must not be printed."""


def connect(application: consent.Application, callback: Callback, *, open_browser: bool) -> dict[str, Any]:
    """Wait for the consent and return the Airflow connection as a mapping. Raises RekapError with what to do."""
    address = application.consent_url(callback.state)
    print(f"\nOpen this page, sign in as Rekap's own Basecamp user and allow access:\n\n  {address}\n", flush=True)
    if open_browser:
        webbrowser.open(address)
    tokens = consent.exchange(application, callback.wait())
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
    told = os.environ.get(name) or input(f"{question}: ").strip()
    if not told:
        raise RekapError(f"{question} is needed: start again and enter it, or set {name}.")
    return told


def _application(redirect: str) -> consent.Application:
    launchpad = os.environ.get("BASECAMP_LAUNCHPAD") or consent.LAUNCHPAD
    print(f"Register the application at {launchpad}/integrations")
    print(f"with the redirect address {redirect}", flush=True)
    client_id, client_secret = _ask("BASECAMP_CLIENT_ID", "Client id"), _ask("BASECAMP_CLIENT_SECRET", "Client secret")
    contact = _ask("BASECAMP_CONTACT", "Contact e-mail for Basecamp")
    if not any(sign in contact for sign in "@/"):
        raise RekapError(f"'{contact}' is no address: Basecamp demands an e-mail address or a page as contact.")
    return consent.Application(client_id, client_secret, redirect, f"Rekap ({contact})", launchpad)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="make connect-basecamp", description=__doc__)
    parser.add_argument("--port", type=int, default=8765, help="loopback port that the browser comes back to")
    parser.add_argument("--no-browser", action="store_true", help="only print the page's address")
    given = parser.parse_args(arguments)
    try:
        callback = Callback(given.port)
    except OSError as error:
        print(f"Port {given.port} cannot be used ({error.strerror}): name another one with --port.", file=sys.stderr)
        return 1
    try:
        connection = connect(_application(callback.address), callback, open_browser=not given.no_browser)
    except (EOFError, KeyboardInterrupt):
        print("\nStopped; nothing was connected.", file=sys.stderr)
        return 1
    except RekapError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        callback.shutdown()
        callback.server_close()
    told = json.dumps(connection).replace("'", "\\u0027")  # the line stands in single quotes
    print("\nWrite this line into .env (it is a secret), then restart Airflow:\n")
    print(f"AIRFLOW_CONN_BASECAMP_DEFAULT='{told}'")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
