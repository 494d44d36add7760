"""Every fault that Rekap must survive can be shown, on every origin, in the form of the service that fails."""

from __future__ import annotations

import contextlib
from typing import Any

import gspread
import pytest
import requests

from sandbox.server import Twin
from tests.sandbox.basecamp.twin_client import Caller


@pytest.mark.parametrize("wait", [None, "0", "3", "3600", "Tue, 06 Oct 2026 04:31:00 GMT"])
def test_429_with_every_kind_of_wait(writer: Caller, wait: str | None) -> None:
    headers = {"Retry-After": wait} if wait is not None else {}
    writer.twin.faults.add(service="basecamp", status=429, headers=headers)
    answer = writer.call("GET", "/people.json")
    assert (answer.status_code, answer.headers.get("Retry-After")) == (429, wait)
    assert answer.json() == {"error": "Rate limit exceeded"}


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("kind", ["status", "html"])
def test_server_trouble_as_json_and_as_a_page(writer: Caller, status: int, kind: str) -> None:
    writer.twin.faults.add(service="basecamp", route="/people", kind=kind, status=status)
    answer = writer.call("GET", "/people.json")
    assert answer.status_code == status and answer.headers["content-type"].startswith(
        "text/html" if kind == "html" else "application/json"
    )
    assert f"<h1>{status} " in answer.text if kind == "html" else answer.json()["error"]


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("timeout", requests.Timeout),
        ("disconnect", requests.ConnectionError),
        ("cut_body", (requests.exceptions.ChunkedEncodingError, requests.ConnectionError)),
        ("applied_then_disconnect", requests.ConnectionError),
    ],
)
def test_answers_that_do_not_come_or_come_in_part(writer: Caller, kind: str, error: Any) -> None:
    writer.twin.faults.add(service="basecamp", route="/people", kind=kind, seconds=5)
    with pytest.raises(error):
        writer.get(f"{writer.base}/people.json", timeout=0.5)


@pytest.mark.parametrize("kind", ["applied_then_status", "applied_then_disconnect", "cut_body"])
def test_a_write_is_carried_out_although_its_answer_is_lost(writer: Caller, kind: str) -> None:
    order = next(order for order in writer.twin.world.orders if order.in_basecamp)
    before = writer.read(f"/todos/{order.order_id}")["comments_count"]
    writer.twin.faults.add(service="basecamp", route="POST /recordings/{id}/comments", kind=kind)
    with contextlib.suppress(requests.RequestException):
        writer.call("POST", f"/recordings/{order.order_id}/comments.json", json={"content": "sekali"})
    assert writer.read(f"/todos/{order.order_id}")["comments_count"] == before + 1


def test_googles_errors_are_in_googles_words(twin: Twin) -> None:
    twin.faults.add(service="sheets", status=503)
    answer = requests.get(f"{twin['google']['sheets_url']}/v4/spreadsheets/x", timeout=10)
    told = answer.json()["error"]
    assert (told["code"], told["status"]) == (503, "UNAVAILABLE")
    assert gspread.exceptions.APIError(answer).code == 503
    twin.faults.add(service="drive", status=429)
    answer = requests.get(f"{twin['google']['drive_url']}/drive/v3/files", timeout=10)
    assert answer.json()["error"]["errors"][0]["reason"] == "rateLimitExceeded"
