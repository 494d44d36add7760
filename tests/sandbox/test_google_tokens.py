"""Tokens, scopes, quota and faults at the twin."""

from __future__ import annotations

import time

import gspread
import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import jwt
from google.auth.crypt import RSASigner
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import Request
from google.oauth2 import credentials as user_credentials

from sandbox.google.quota import Quota
from tests.sandbox.google_twin import AM, BOOK, Door, Twin, behind


def test_a_service_account_gets_a_token_that_works(google: Twin) -> None:
    credentials = google.credentials()
    credentials.refresh(Request())
    assert credentials.token and credentials.expiry
    address = f"{google.url}/v4/spreadsheets/{BOOK}?fields=spreadsheetId"
    answer = requests.get(address, headers={"authorization": f"Bearer {credentials.token}"}, timeout=5)
    assert answer.json() == {"spreadsheetId": BOOK}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"iss": "stranger@example.com"}, "account not found"),
        ({"exp": 1_600_000_000, "iat": 1_599_999_000}, "short-lived token"),
        ({"scope": ""}, "Invalid OAuth scope"),
        ({"aud": "https://elsewhere.example.com/x"}, "audience"),
        ({"sub": AM}, "Client is unauthorized"),
    ],
)
def test_an_assertion_that_is_not_right_is_refused(google: Twin, changed: dict[str, object], message: str) -> None:
    keyfile = google.app.state.accounts.keyfile(google.url + "/token")
    now = int(time.time())
    claims = {"iss": keyfile["client_email"], "scope": "x", "aud": keyfile["token_uri"], "iat": now, "exp": now + 3600}
    signed = jwt.encode(RSASigner.from_service_account_info(keyfile), {**claims, **changed})
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": signed.decode()}
    answer = requests.post(google.url + "/token", data=form, timeout=5)
    assert answer.status_code in (400, 401)
    assert message in answer.json()["error_description"]


def test_a_forged_signature_is_refused(google: Twin) -> None:
    keyfile = google.app.state.accounts.keyfile(google.url + "/token")
    now = int(time.time())
    claims = {"iss": keyfile["client_email"], "scope": "x", "aud": keyfile["token_uri"], "iat": now, "exp": now + 3600}
    strange = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    signed = jwt.encode(RSASigner.from_service_account_info({**keyfile, "private_key": strange.decode()}), claims)
    for assertion in (signed.decode(), "e30.e30.e30", "nonsense"):
        form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion}
        answer = requests.post(google.url + "/token", data=form, timeout=5)
        assert (answer.status_code, answer.json()["error_description"]) == (400, "Invalid JWT Signature.")


def test_a_disabled_account_gets_no_token(google: Twin) -> None:
    google.app.state.accounts.disabled = True
    with pytest.raises(RefreshError, match="disabled"):
        google.credentials().refresh(Request())


def test_a_refresh_token_stands_for_a_person(google: Twin) -> None:
    google.app.state.accounts.refresh_tokens["1//abc"] = AM
    given = {"token_uri": google.url + "/token", "client_id": "c", "client_secret": "s"}
    person = user_credentials.Credentials(None, refresh_token="1//abc", **given)
    person.refresh(Request())
    address = google.url + "/drive/v3/about?fields=user(emailAddress)"
    answer = requests.get(address, headers={"authorization": f"Bearer {person.token}"}, timeout=5)
    assert answer.json() == {"user": {"emailAddress": AM}}
    with pytest.raises(RefreshError, match="expired or revoked"):
        user_credentials.Credentials(None, refresh_token="1//old", **given).refresh(Request())


@pytest.mark.parametrize("path", ["/v4/spreadsheets/book-1", "/drive/v3/files"])
def test_without_a_valid_token_nothing_is_told(google: Twin, path: str) -> None:
    for headers in ({}, {"authorization": "Bearer ya29.unknown"}):
        answer = requests.get(google.url + path, headers=headers, timeout=5)
        assert answer.status_code == 401


def test_the_client_fetches_a_new_token_when_the_old_one_is_refused(google: Twin) -> None:
    session = google.session()
    address = f"{google.url}/v4/spreadsheets/{BOOK}?fields=spreadsheetId"
    assert session.get(address).status_code == 200
    google.app.state.accounts.expire_tokens()
    assert session.get(address).status_code == 200
    assert [(call[0], call[4]) for call in google.calls] == [
        *[("oauth", 200), ("sheets", 200), ("sheets", 401), ("oauth", 200), ("sheets", 200)]
    ]


def test_scopes_limit_what_a_token_may_do(google: Twin) -> None:
    reading = google.session("spreadsheets.readonly")
    cells = f"{google.url}/v4/spreadsheets/{BOOK}/values/B20"
    assert reading.get(cells).status_code == 200
    refused = reading.put(cells + "?valueInputOption=RAW", json={"values": [["x"]]})
    assert (refused.status_code, refused.json()["error"]["details"][0]["reason"]) == (
        403,
        "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
    )
    assert reading.get(f"{google.url}/drive/v3/files").status_code == 403
    assert google.session("cloud-platform").get(cells).status_code == 403


def test_sixty_reads_and_sixty_writes_a_minute_are_answered_and_no_more(google_door: Door) -> None:
    with behind(google_door, quota_per_minute=60) as google:
        session = google.session()
        cells = f"{google.url}/v4/spreadsheets/{BOOK}/values/B20"
        reads = [session.get(cells).status_code for _ in range(62)]
        assert reads == [200] * 60 + [429] * 2
        write = session.put(cells + "?valueInputOption=RAW", json={"values": [["x"]]})
        assert write.status_code == 200
        error = session.get(cells).json()["error"]
        assert (error["status"], error["details"][0]["reason"]) == ("RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED")
        assert session.get(f"{google.url}/drive/v3/files").status_code == 200


def test_the_quota_is_refilled_every_minute_for_each_user() -> None:
    now = 1000.0
    quota = Quota(1, lambda: now)
    quota.spend("a", "read")
    quota.spend("a", "write")
    quota.spend("b", "read")
    with pytest.raises(Exception, match="Quota exceeded for quota metric 'Read requests'"):
        quota.spend("a", "read")
    now += 60
    quota.spend("a", "read")


def test_a_batch_counts_as_one_request(google_door: Door) -> None:
    with behind(google_door, quota_per_minute=1) as google:
        client = google.gspread().http_client
        assert len(client.values_batch_get(BOOK, ["A1", "B1", "C1"])["valueRanges"]) == 3
        with pytest.raises(gspread.exceptions.APIError, match="429"):
            client.values_batch_get(BOOK, ["A1"])


def test_a_planned_fault_is_shown_once(google: Twin) -> None:
    route = "GET /v4/spreadsheets/{spreadsheetId}/values/{range}"
    google.plan_fault(route, 503, {"retry-after": "7"}, b"<html>unavailable</html>")
    session, cells = google.session(), f"{google.url}/v4/spreadsheets/{BOOK}/values/B3"
    shown = session.get(cells)
    assert (shown.status_code, shown.headers["retry-after"], shown.text) == (503, "7", "<html>unavailable</html>")
    assert session.get(cells).json()["values"] == [["Kopi Senja BSD 2"]]


def test_a_fault_may_lose_the_answer_of_what_was_applied(google: Twin) -> None:
    route = "POST /v4/spreadsheets/{spreadsheetId}:batchUpdate"
    google.plan_fault(route, 503, {}, {"error": {"code": 503, "message": "x", "status": "UNAVAILABLE"}}, True)
    sheet = google.gspread().open_by_key(BOOK)
    with pytest.raises(gspread.exceptions.APIError, match="503"):
        sheet.add_worksheet("SEP 26", 5, 5)
    assert [w.title for w in sheet.worksheets()] == ["AGT 26", "Arsip", "SEP 26"]


def test_every_request_is_logged_with_its_route(google: Twin) -> None:
    google.gspread().http_client.values_batch_get(BOOK, ["A1"])
    requests.get(google.url + "/v4/nothing", timeout=5)
    google.validated.problems.clear()
    assert google.calls == [
        ("oauth", "POST", "/token", "/token", 200),
        (
            "sheets",
            "GET",
            "/v4/spreadsheets/{spreadsheetId}/values:batchGet",
            f"/v4/spreadsheets/{BOOK}/values:batchGet?ranges=A1",
            200,
        ),
        ("google", "GET", "unknown", "/v4/nothing", 404),
    ]
