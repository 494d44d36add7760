"""Google's bad days while trackers are listed and read: what each client's completeness says, and that rows stay."""

from datetime import timedelta
from typing import Any

import pytest

from rekap.errors import TransientError
from rekap.run import Run
from rekap.services.google import CredentialError, Google
from rekap.services.google import drive as drive_client
from rekap.services.google import sheets as sheets_client
from rekap.sources import sheets
from tests.unit.sources.sheets.conftest import Desk

ROWS = "select * from staging.tracker_rows order by row_key"
GRID = "/v4/spreadsheets/{spreadsheetId}"
LIST = "/drive/v3/files"
ATTEMPTS = 6
QUOTA: dict[str, Any] = {"kind": "status", "status": 429}
PASSING: dict[str, dict[str, Any]] = {
    "429 with Retry-After": QUOTA | {"headers": {"Retry-After": "7"}},
    "429 without Retry-After": QUOTA,
    **{f"{status} in JSON": {"kind": "status", "status": status} for status in (500, 502, 503, 504)},
    **{f"{status} in HTML": {"kind": "html", "status": status} for status in (502, 503)},
    "time-out": {"kind": "timeout", "seconds": 0.8},
    "cut body": {"kind": "cut_body"},
    "broken connection": {"kind": "disconnect"},
}


class Ward:
    """The desk after a quiet night: everything was read, everything is to be read again."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.naps = desk, list[float]()
        self.clients = [client.slug for client in desk.bench.config.register.clients]
        desk.twin.google_app.state.quota.per_minute = None  # nobody sleeps here
        self.google = Google.from_connection(_mapping(desk), sleep=self.naps.append)
        desk.extract()
        self.before = desk.rows(ROWS)
        desk.twin.clock.set(desk.twin.clock.now() + timedelta(days=1))
        desk.twin.log.clear()
        self.now = desk.bench.run()

    def read(self, run: Run | None = None) -> dict[str, int]:
        return sheets.read(self.desk.bench.conn, self.google, run or self.now, self.clients)

    def changed(self) -> list[str]:
        return [slug for batch in sheets.changed(self.desk.bench.conn, self.google, self.now) for slug in batch]

    def states(self) -> list[str | None]:
        """What this run said of each client, in the order of reading; None for one that it said nothing of."""
        found = self.desk.rows(
            f"select scope, state from ops.completeness where source = 'sheets' and run_id = '{self.now.id}'"
        )
        said = {row["scope"]: row["state"] for row in found}
        return [said.get(client) for client in self.clients]

    def fault(self, route: str, **fault: Any) -> None:
        self.desk.twin.faults.add(service="sheets" if route == GRID else "drive", route=f"GET {route}", **fault)

    def calls(self, route: str) -> int:
        return len(self.desk.twin.log.calls(route=route))

    def rows_are_as_they_were(self) -> bool:
        unmoved = [{name: value for name, value in row.items() if name != "last_seen_at"} for row in self.before]
        return unmoved == [
            {name: value for name, value in row.items() if name != "last_seen_at"} for row in self.desk.rows(ROWS)
        ]


def _mapping(desk: Desk) -> dict[str, Any]:
    told = desk.twin["google"]
    names = {"keyfile_dict": "service_account", "sheets_endpoint": "sheets_url", "drive_endpoint": "drive_url"}
    return {"extra": {name: told[source] for name, source in names.items()}}


@pytest.fixture
def ward(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Ward:
    monkeypatch.setattr(sheets_client, "TIMEOUT", (1, 0.4))
    monkeypatch.setattr(drive_client, "TIMEOUT", 0.4)
    return Ward(desk)


@pytest.mark.parametrize("fault", PASSING)
def test_a_fault_that_passes_while_a_grid_is_read_is_waited_for(ward: Ward, fault: str) -> None:
    ward.fault(GRID, **PASSING[fault], after=1, times=2)
    assert ward.read()["failed"] == 0
    assert ward.states() == ["complete"] * 6
    assert ward.calls(GRID) == 6 + 2
    assert len(ward.naps) == 2
    assert (ward.naps == [7.0, 7.0]) == (fault == "429 with Retry-After")
    assert ward.rows_are_as_they_were()


def test_a_fault_that_stays_with_one_tracker_leaves_it_incomplete_and_the_others_are_read(ward: Ward) -> None:
    for fault in PASSING.values():
        ward.fault(GRID, **fault, after=1, times=ATTEMPTS)
        assert ward.read()["failed"] == 1
        assert ward.states() == ["complete", "incomplete", *["complete"] * 4]
        assert ward.rows_are_as_they_were()
        # The next tick asks for it by itself.
        ward.desk.twin.clock.set(ward.desk.twin.clock.now() + timedelta(minutes=30))
        ward.now = ward.desk.bench.run()
        assert ward.changed() == [ward.clients[1]]


def test_a_fault_that_passes_while_the_list_is_read_is_waited_for(ward: Ward) -> None:
    for fault in PASSING.values():
        ward.fault(LIST, **fault, times=2)
        assert ward.changed() == sorted(ward.clients)
        assert ward.states() == [None] * 6


def test_a_fault_that_stays_with_the_list_is_left_to_the_task_and_says_nothing_of_any_client(ward: Ward) -> None:
    for fault in PASSING.values():
        ward.fault(LIST, **fault, times=10 * ATTEMPTS)
        with pytest.raises(TransientError, match="listing Drive files"):
            ward.changed()
        assert ward.states() == [None] * 6
        assert ward.rows_are_as_they_were()
        ward.desk.twin.faults.clear()
        assert ward.changed() == sorted(ward.clients)


def test_a_client_that_hits_503_five_times_is_read_at_the_sixth(ward: Ward) -> None:
    ward.fault(GRID, kind="status", status=503, after=2, times=5)
    assert ward.read()["failed"] == 0
    assert ward.states() == ["complete"] * 6


def test_a_quota_used_up_for_long_leaves_the_rest_of_the_batch_to_the_next_attempt(ward: Ward) -> None:
    ward.fault(GRID, **QUOTA, headers={"Retry-After": "300"}, after=2, times=1)
    with pytest.raises(TransientError) as caught:
        ward.read()
    assert caught.value.retry_after == 300
    assert ward.naps == []
    assert ward.calls(GRID) == 3  # nobody else is asked for: it would only be refused, and prolong the wait
    assert ward.states() == ["complete"] * 2 + ["incomplete"] * 4
    assert ward.rows_are_as_they_were()
    ward.read(ward.now)  # the task's next attempt is the same run
    assert ward.states() == ["complete"] * 6


def test_one_tracker_that_is_away_for_long_does_not_keep_the_others_waiting(ward: Ward) -> None:
    ward.fault(GRID, kind="status", status=503, headers={"Retry-After": "300"}, after=2, times=1)
    assert ward.read()["failed"] == 1
    assert ward.states() == ["complete", "complete", "incomplete", *["complete"] * 3]
    assert ward.naps == []
    assert ward.rows_are_as_they_were()


def test_a_quota_used_up_for_long_while_the_list_is_read_is_left_to_the_task(ward: Ward) -> None:
    ward.fault(LIST, **QUOTA, headers={"Retry-After": "300"})
    with pytest.raises(TransientError) as caught:
        ward.changed()
    assert caught.value.retry_after == 300
    assert ward.states() == [None] * 6


@pytest.mark.parametrize("route", [LIST, GRID])
def test_a_token_that_ran_out_in_between_is_renewed(ward: Ward, route: str) -> None:
    ward.changed()
    ward.read()
    ward.desk.twin.google_app.state.accounts.expire_tokens()
    if route == LIST:
        ward.changed()
    else:
        assert ward.read()["failed"] == 0
    assert ward.states() == ["complete"] * 6


def test_a_key_revoked_in_the_middle_of_a_batch_stops_it_and_what_was_read_stays(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts, true, asked = ward.desk.twin.google_app.state.accounts, ward.google.sheets.grid, list[str]()

    def grid(spreadsheet_id: str) -> dict[str, Any]:
        asked.append(spreadsheet_id)
        if len(asked) == 3:
            accounts.expire_tokens()
            accounts.disabled = True
        return true(spreadsheet_id)

    monkeypatch.setattr(ward.google.sheets, "grid", grid)
    with pytest.raises(CredentialError, match="make a new key"):
        ward.read()
    assert ward.states() == ["complete"] * 2 + [None] * 4
    assert ward.rows_are_as_they_were()
    with pytest.raises(CredentialError, match="make a new key"):
        ward.changed()
