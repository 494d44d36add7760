"""Broken at the source, set aside; put right at the source, back again: through the twin, the reader and the gate."""

from datetime import timedelta
from typing import Any

import pytest

from rekap.quality import gate
from sandbox.google import world_ops
from tests.unit.sources.sheets.conftest import Desk
from tests.unit.sources.sheets.test_extract import column_of, month_tab

LEDGER = "select * from ops.run_ledger where received <> unchanged + loaded + quarantined + skipped + repeated"


class Row:
    """One row of a tracker that a person breaks and mends; `rule` says which of its cells and how."""

    def __init__(self, desk: Desk, rule: str) -> None:
        self.desk = desk
        desk.extract()
        self.judge()
        client, self.spreadsheet, self.sheet_id = month_tab(desk)
        (found,) = desk.rows(
            "select * from staging.tracker_rows where outlet is not null and units is not null"
            f" and sheet_id = {self.sheet_id} and client = '{client}' order by row limit 1"
        )
        self.key, self.client, self.original = found["row_key"], client, found
        name, self.broken = {"units_absurd": ("units", "250"), "no_date": ("service_date", "nanti dikabari")}[rule]
        self.rule = rule
        self.cell = f"{column_of(desk, client, self.sheet_id, name)}{found['row']}"
        self.whole = str(found["service_date"] if name == "service_date" else found["units"])

    def type(self, text: str) -> dict[str, int]:
        """Somebody types into the cell; the tracker is read and judged. What the gate counted."""
        self.later()
        world_ops.edit_cell(self.desk.state, self.spreadsheet, self.sheet_id, self.cell, text)
        return self.extract()

    def later(self) -> None:
        self.desk.twin.clock.set(self.desk.twin.clock.now() + timedelta(hours=1))

    def extract(self) -> dict[str, int]:
        self.desk.extract()
        return self.judge()

    def judge(self) -> dict[str, int]:
        return gate(self.desk.bench.conn, self.desk.bench.run(), stage="staging")

    @property
    def is_loaded(self) -> bool:
        return bool(self.desk.rows(f"select 1 from staging.tracker_rows where row_key = {self.key}"))

    def held(self, *columns: str) -> list[dict[str, Any]]:
        names = ", ".join(columns or ("reason", "state"))
        return self.desk.rows(f"select {names} from ops.quarantine where row_key = {self.key} order by reason")

    def open(self) -> dict[str, Any]:
        (found,) = self.desk.rows(f"select * from ops.quarantine where row_key = {self.key} and state = 'open'")
        return found


@pytest.fixture(params=["units_absurd", "no_date"])
def row(desk: Desk, request: pytest.FixtureRequest) -> Row:
    """Once for a rule of the gate, once for one of the reader."""
    return Row(desk, request.param)


def balanced(row: Row) -> bool:
    """Every step accounts for every row, and each living row is loaded, held, or both known reasons are closed."""
    lost = row.desk.rows(
        "select k.row_key from staging.tracker_row_keys as k where k.gone_at is null and k.missing_reads = 0"
        " and not exists (select from staging.tracker_rows as r where r.row_key = k.row_key)"
        " and not exists (select from ops.quarantine as q where q.row_key = k.row_key and q.state <> 'fixed')"
    )
    return row.desk.rows(LEDGER) == [] and lost == []


def test_a_row_that_is_mended_at_the_source_comes_back_by_itself(row: Row) -> None:
    row.type(row.broken)
    assert row.held() == [{"reason": row.rule, "state": "open"}]
    assert not row.is_loaded and balanced(row)
    row.type(row.whole)
    assert row.held() == [{"reason": row.rule, "state": "fixed"}]
    assert row.is_loaded and balanced(row)


def test_a_row_that_is_changed_and_still_wrong_is_judged_anew_and_shows_what_stands_there_now(row: Row) -> None:
    row.type(row.broken)
    before = row.open()
    row.type({"units_absurd": "350", "no_date": "belum tahu"}[row.rule])
    after = row.open()
    assert after["original"] != before["original"] and after["run_id"] != before["run_id"]
    assert after["cell_url"].startswith("https://") and not row.is_loaded and balanced(row)


def test_a_row_that_is_read_again_unchanged_stays_where_it_is(row: Row) -> None:
    row.type(row.broken)
    before = row.held("original", "state", "first_seen_at")
    row.later()
    row.desk.state.touch(row.spreadsheet, "somebody@example.com")
    row.extract()
    assert row.held("original", "state", "first_seen_at") == before
    assert not row.is_loaded and balanced(row)


def test_what_a_person_waived_stays_waived(row: Row) -> None:
    row.type(row.broken)
    row.desk.bench.conn.execute("update ops.quarantine set state = 'waived' where row_key = %s", (row.key,))
    row.desk.bench.conn.commit()
    row.later()
    row.desk.state.touch(row.spreadsheet, "somebody@example.com")
    row.extract()
    assert row.held() == [{"reason": row.rule, "state": "waived"}]
    # A waived value counts; what cannot be read at all cannot count.
    assert row.is_loaded is (row.rule == "units_absurd") and balanced(row)


def test_a_row_that_is_deleted_at_the_source_is_no_longer_open(row: Row) -> None:
    row.type(row.broken)
    world_ops.delete_row(row.desk.state, row.spreadsheet, row.sheet_id, row.original["row"])
    for _ in range(2):
        row.later()
        row.extract()
    assert row.held() == [{"reason": row.rule, "state": "fixed"}]
    assert not row.is_loaded and balanced(row)


def test_another_clients_rows_are_as_they_were(row: Row) -> None:
    others = f"select * from staging.tracker_rows where client <> '{row.client}' order by row_key"
    before = row.desk.rows(others)
    row.type(row.broken)
    assert [one["content_sha256"] for one in row.desk.rows(others)] == [one["content_sha256"] for one in before]
