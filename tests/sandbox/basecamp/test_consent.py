"""OAuth as Basecamp keeps it: refreshing, rotating, a grant that is gone, consent through the browser."""

from __future__ import annotations

import socket

import pytest
import requests

from sandbox.server import Twin
from tests.sandbox.basecamp.twin_client import AGENT


def form(twin: Twin, **more: str) -> dict[str, str]:
    told = twin["basecamp"]
    return {"client_id": told["client_id"], "client_secret": told["client_secret"], **more}


@pytest.mark.parametrize("spelling", [{"grant_type": "refresh_token"}, {"type": "refresh"}])
def test_a_refresh_token_gives_a_token_of_fourteen_days_in_both_spellings(
    reading: Twin, spelling: dict[str, str]
) -> None:
    told = reading["basecamp"]
    for _ in range(2):  # reusable
        sent = form(reading, refresh_token=told["refresh_token"], **spelling)
        answer = requests.post(told["token_url"], data=sent, timeout=10)
        assert answer.json()["expires_in"] == 1_209_600
    bearer = {"Authorization": f"Bearer {answer.json()['access_token']}", "User-Agent": AGENT}
    who = requests.get(f"{told['url']}/authorization.json", headers=bearer, timeout=10).json()
    assert who["accounts"][0]["product"] == "bc3"
    assert (
        requests.get(f"{who['accounts'][0]['href']}/my/profile.json", headers=bearer, timeout=10).json()["name"]
        == "Rekap"
    )


def test_refresh_tokens_can_rotate_and_the_old_one_is_dead(twin: Twin) -> None:
    twin.basecamp.switches.rotate_refresh_tokens = True
    told = twin["basecamp"]
    sent = form(twin, grant_type="refresh_token", refresh_token=told["refresh_token"])
    new = requests.post(told["token_url"], data=sent, timeout=10).json()["refresh_token"]
    assert new != told["refresh_token"]
    assert requests.post(told["token_url"], data=sent, timeout=10).json() == {"error": "invalid_grant"}
    again = requests.post(told["token_url"], data={**sent, "refresh_token": new}, timeout=10)
    assert again.status_code == 200


@pytest.mark.parametrize(
    ("refusal", "status", "said"),
    [("authorization_expired", 400, "authorization_expired"), ("unknown_id", 401, "Unknown Basecamp ID.")],
)
def test_a_grant_that_is_gone_needs_a_person(twin: Twin, refusal: str, status: int, said: str) -> None:
    twin.basecamp.switches.refresh_refusal = refusal
    told = twin["basecamp"]
    sent = form(twin, grant_type="refresh_token", refresh_token=told["refresh_token"])
    answer = requests.post(told["token_url"], data=sent, timeout=10)
    assert answer.status_code == status and said in answer.text


def test_consent_sends_the_browser_back_with_a_code_that_works_once(reading: Twin) -> None:
    told, back = reading["basecamp"], "http://127.0.0.1:9/callback"
    asked = {"response_type": "code", "client_id": told["client_id"], "redirect_uri": back, "state": "s1"}
    page = requests.get(told["authorize_url"], params=asked, timeout=10)
    assert page.status_code == 200 and "<button" in page.text
    sent = {"client_id": told["client_id"], "redirect_uri": back, "state": "s1"}
    answer = requests.post(told["authorize_url"], data=sent, timeout=10, allow_redirects=False)
    assert answer.status_code == 302 and answer.headers["Location"].startswith(f"{back}?code=")
    code = answer.headers["Location"].split("code=")[1].split("&")[0]
    exchange = form(reading, grant_type="authorization_code", code=code, redirect_uri=back)
    assert requests.post(told["token_url"], data=exchange, timeout=10).json()["token_type"] == "Bearer"
    assert requests.post(told["token_url"], data=exchange, timeout=10).status_code == 400
    assert requests.get(told["authorize_url"], params={**asked, "client_id": "x"}, timeout=10).status_code == 400


def test_every_origin_listens_on_loopback_only(reading: Twin) -> None:
    for url in (reading["basecamp"]["url"], reading["control"], reading["google"]["sheets_url"]):
        assert url.startswith("http://127.0.0.1:")
    with socket.create_connection((reading["smtp"]["host"], reading["smtp"]["port"]), timeout=5):
        pass
