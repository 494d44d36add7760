"""Every fault that the wire can show while Basecamp is read: what is raised, and what is then said of completeness."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from rekap.errors import PermanentError, TransientError
from rekap.services import basecamp as service
from rekap.sources import basecamp
from sandbox.happenings import happen
from tests.unit.sources.conftest import Bench

SOON = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
PASSING: dict[str, dict[str, Any]] = {
    "429 with seconds": {"status": 429, "headers": {"Retry-After": "2"}},
    "429 without": {"status": 429},
    "429 with zero": {"status": 429, "headers": {"Retry-After": "0"}},
    "429 with a date": {"status": 429, "headers": {"Retry-After": SOON}},
    "500": {"status": 500},
    "502 as a page": {"kind": "html", "status": 502},
    "503 as a page": {"kind": "html", "status": 503},
    "503 with seconds": {"status": 503, "headers": {"Retry-After": "1"}},
    "504": {"status": 504},
    "504 as a page": {"kind": "html", "status": 504},
    "silence": {"kind": "timeout", "seconds": 1.0},
    "cut connection": {"kind": "disconnect"},
    "cut body": {"kind": "cut_body"},
}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "TIMEOUT", (2, 0.4))


def last(bench: Bench) -> dict[str, Any]:
    (row,) = bench.rows(
        "select state, reason from ops.completeness where source = 'basecamp' and scope = 'account'"
        " order by read_no desc limit 1"
    )
    return row


def orders(bench: Bench) -> set[int]:
    return {row["order_id"] for row in bench.rows("select order_id from staging.orders")}


@pytest.mark.parametrize("fault", PASSING)
def test_what_passes_is_repeated_and_the_reading_is_whole(bench: Bench, fault: str) -> None:
    for route in ("GET /projects/recordings", "GET /projects", "GET /people"):
        bench.twin.faults.add(service="basecamp", route=route, times=2, **PASSING[fault])
    run = bench.run()
    basecamp.fetch(bench.conn, bench.client(), run)
    basecamp.stage(bench.conn, run)
    assert last(bench) == {"state": "complete", "reason": None}
    assert orders(bench) == {order["order_id"] for order in bench.truth()["orders"]}


@pytest.mark.parametrize("fault", PASSING)
def test_what_lasts_marks_the_account_incomplete_and_the_next_run_makes_it_whole(bench: Bench, fault: str) -> None:
    run = bench.run()
    basecamp.fetch(bench.conn, bench.client(), run)
    basecamp.stage(bench.conn, run)
    client = bench.config.register.clients[0]
    happen(bench.twin, "enter", client=client.slug, outlet=client.outlets[0].code, date="2026-10-12")
    bench.twin.faults.add(service="basecamp", route="GET /projects/recordings", times=99, after=1, **PASSING[fault])
    with pytest.raises(TransientError):
        basecamp.fetch(bench.conn, bench.client(), bench.run())
    state = last(bench)
    assert state["state"] == "incomplete" and "/projects/recordings" in state["reason"]
    assert bench.rows("select 1 from ops.whole_sources where source = 'basecamp'") == []
    bench.twin.faults.clear()
    run = bench.run()
    basecamp.fetch(bench.conn, bench.client(), run)
    basecamp.stage(bench.conn, run)
    assert last(bench)["state"] == "complete"
    assert orders(bench) == {order["order_id"] for order in bench.truth()["orders"]}


def test_a_wait_of_an_hour_is_left_to_the_scheduler(bench: Bench) -> None:
    bench.twin.faults.add(service="basecamp", status=429, headers={"Retry-After": "3600"}, times=9, after=3)
    with pytest.raises(TransientError) as caught:
        basecamp.fetch(bench.conn, bench.client(), bench.run())
    assert caught.value.retry_after == 3600
    assert last(bench)["state"] == "incomplete"


def test_a_token_that_expires_on_the_way_is_renewed_and_nothing_is_read_twice(bench: Bench) -> None:
    client = bench.client()
    client.access.renew("")
    happen(bench.twin, "revoke_tokens")
    basecamp.fetch(bench.conn, client, bench.run())
    assert last(bench)["state"] == "complete"
    refused = [call for call in bench.twin.log.calls("basecamp") if call.status == 401]
    assert len(refused) == 1


@pytest.mark.parametrize("refusal", ["authorization_expired", "unknown_id"])
def test_a_revoked_grant_says_who_must_consent_where(bench: Bench, refusal: str) -> None:
    bench.twin.basecamp.switches.refresh_refusal = refusal
    with pytest.raises(PermanentError, match="make connect-basecamp"):
        basecamp.fetch(bench.conn, bench.client(), bench.run())
    state = last(bench)
    assert state["state"] == "incomplete" and "consent again" in state["reason"]


def test_an_account_that_is_switched_off_says_so(bench: Bench) -> None:
    bench.twin.basecamp.switches.account_inactive = True
    with pytest.raises(PermanentError, match="reactivate"):
        basecamp.fetch(bench.conn, bench.client(), bench.run())
    assert last(bench)["state"] == "incomplete"


def test_a_warehouse_that_goes_away_in_the_middle_leaves_what_was_committed(bench: Bench) -> None:
    import psycopg

    run = bench.run()
    seen = bench.rows("select pg_backend_pid() as pid")[0]["pid"]
    from rekap import warehouse

    walked = basecamp.fetching.walk

    def cut(reading: Any, scope: Any) -> Any:
        if scope.type == "Comment":
            with warehouse.connect(bench.conn.info.dsn) as other:
                other.execute("select pg_terminate_backend(%s)", (seen,))
        return walked(reading, scope)

    basecamp.fetching.walk = cut
    try:
        with pytest.raises(psycopg.OperationalError):
            basecamp.fetch(bench.conn, bench.client(), run)
    finally:
        basecamp.fetching.walk = walked
    bench.conn = warehouse.connect(bench.conn.info.dsn)
    run = bench.run()
    basecamp.fetch(bench.conn, bench.client(), run)
    basecamp.stage(bench.conn, run)
    assert last(bench)["state"] == "complete"
    assert orders(bench) == {order["order_id"] for order in bench.truth()["orders"]}
