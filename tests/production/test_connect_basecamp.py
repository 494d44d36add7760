"""`make connect-basecamp` against the twin: the test plays the browser and the person in front of it."""

import json
import os
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import pytest
import requests

from local import environment
from rekap.services.basecamp import Basecamp
from sandbox.server import Twin
from tests.production.compose import ROOT


class Terminal:
    """The command as it runs; `page` is the address that it asks a person to open."""

    def __init__(self, twin: Twin, **changed: str) -> None:
        told = twin["basecamp"]
        given = {
            "BASECAMP_CLIENT_ID": told["client_id"],
            "BASECAMP_CLIENT_SECRET": told["client_secret"],
            "BASECAMP_CONTACT": "data@rekap.example",
            "BASECAMP_LAUNCHPAD": told["url"],
        }
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "local.connect_basecamp", "--port", "0", "--no-browser"],
            cwd=ROOT, env=dict(os.environ) | given | changed, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        self.page = ""

    def read_page(self) -> str:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.strip().startswith("http"):
                self.page = line.strip()
                return self.page
        raise AssertionError(f"no page was named: {self.process.communicate()[1]}")

    def end(self, typed: str = "") -> tuple[int, str, str]:
        """Exit status and both outputs, after a person has typed this."""
        out, err = self.process.communicate(typed, timeout=60)
        return self.process.returncode, out, err


@pytest.fixture
def terminal(twin: Twin) -> Iterator[Terminal]:
    started = Terminal(twin)
    yield started
    started.process.kill()
    started.process.communicate()


def browser() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    return session


def allow(page: str) -> requests.Response:
    """Open the page, press its button and follow the way back."""
    session = browser()
    shown = session.get(page)
    assert shown.status_code == 200 and "allow access" in shown.text
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', shown.text))
    target = re.search(r'action="([^"]+)"', shown.text)
    assert target is not None
    return session.post(urljoin(page, target[1]), data={name: unescape(value) for name, value in fields.items()})


def come_back(page: str, **query: str) -> requests.Response:
    """What the browser asks for when Basecamp sends it back with this."""
    asked = parse_qs(urlsplit(page).query)
    state = {"state": asked["state"][0]} if "state" not in query else {}
    return browser().get(f"{asked['redirect_uri'][0]}?{urlencode(state | query)}")


def printed(out: str) -> dict[str, Any]:
    """The connection in the line for .env, read as docker and sh would."""
    line = next(line for line in out.splitlines() if line.startswith("AIRFLOW_CONN_BASECAMP_DEFAULT="))
    return dict(json.loads("".join(shlex.split(line.partition("=")[2]))))


def test_the_printed_connection_works(twin: Twin, terminal: Terminal) -> None:
    answer = allow(terminal.read_page())
    assert answer.status_code == 200 and "Rekap is connected" in answer.text
    status, out, _ = terminal.end()
    assert status == 0
    made = printed(out)
    assert made["conn_type"] == "basecamp"
    assert made["extra"]["refresh_token"] != twin["basecamp"]["refresh_token"]
    profile = Basecamp.from_connection(made).get("/my/profile.json")
    assert profile["id"] == twin.world.staff.robot.basecamp_id


def test_the_code_is_never_printed(terminal: Terminal) -> None:
    answer = allow(terminal.read_page())
    code = parse_qs(urlsplit(answer.url).query)["code"][0]
    status, out, err = terminal.end()
    assert status == 0 and code not in out + err


def test_an_answer_with_another_state_is_refused_and_the_right_one_still_counts(terminal: Terminal) -> None:
    page = terminal.read_page()
    for state in ("guessed", "tebakan-é", ""):
        answer = come_back(page, code="stolen", state=state)
        assert answer.status_code == 400 and "does not belong to the question" in answer.text
    assert allow(page).status_code == 200
    assert terminal.end()[0] == 0


def test_a_refusal_ends_the_command_with_a_sentence(terminal: Terminal) -> None:
    assert come_back(terminal.read_page(), error="access_denied").status_code == 400
    status, _, err = terminal.end()
    assert status == 1
    assert err == "Basecamp did not give the consent (access_denied). Start make connect-basecamp again.\n"


def test_a_code_that_basecamp_does_not_know_says_what_to_look_at(terminal: Terminal) -> None:
    come_back(terminal.read_page(), code="worn-out")
    status, _, err = terminal.end()
    assert status == 1 and "Look at client id, client secret and redirect address" in err and "Traceback" not in err


def test_a_person_with_several_accounts_chooses_one(twin: Twin, terminal: Terminal) -> None:
    twin.basecamp.switches.further_accounts = True
    allow(terminal.read_page())
    status, out, _ = terminal.end("7\n2\n")
    account = twin["basecamp"]["account_id"]
    assert status == 0
    assert f"({account - 1})" not in out, "an account of an older product has no such API"
    assert printed(out)["extra"]["account_id"] == str(account + 1)


def test_a_connection_in_advance_that_says_nothing_does_not_stop_the_answer(terminal: Terminal) -> None:
    page = terminal.read_page()
    callback = urlsplit(parse_qs(urlsplit(page).query)["redirect_uri"][0])
    with socket.create_connection((callback.hostname or "", callback.port or 0)):
        assert allow(page).status_code == 200
        assert terminal.end()[0] == 0


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("BASECAMP_CONTACT", "nobody", "'nobody' is no address"),
        ("BASECAMP_CLIENT_ID", "", "Stopped; nothing was connected."),
    ],
)
def test_what_is_entered_wrongly_or_not_at_all_stops_before_the_browser(
    twin: Twin, name: str, value: str, said: str
) -> None:
    status, _, err = Terminal(twin, **{name: value}).end()
    assert status == 1 and said in err and "Traceback" not in err


def test_a_taken_port_is_named(twin: Twin) -> None:
    taken = str(urlsplit(twin["control"]).port)
    command = [sys.executable, "-m", "local.connect_basecamp", "--port", taken]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment.whole({}))
    assert done.returncode == 1
    assert done.stderr.startswith(f"Port {taken} cannot be used") and "--port" in done.stderr
