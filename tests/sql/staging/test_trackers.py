"""The relations that a tracker fills: keys, rows, services, changes and quarantine, each by its own SQL file."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rekap import warehouse
from rekap.sources.sheets.keys import KEY_COLUMNS
from rekap.sources.sheets.staging import QUARANTINE_COLUMNS, ROW_COLUMNS

NOW = datetime(2026, 10, 6, 11, 30, tzinfo=ZoneInfo("Asia/Jakarta"))
BOOK = "book-1"
HOUSE = """
insert into staging.people (code, name, roles) values ('sinta', 'Sinta', '{am}'), ('bayu', 'Bayu', '{pic}');
insert into staging.services (code, minutes_per_unit) values ('cleaning', 45), ('repair', 90);
insert into staging.clients (slug, name, active_from, am, pic, spreadsheet_id) values
    ('kopi', 'Kopi Senja', '2026-07-01', 'sinta', 'bayu', 'book-1');
insert into staging.outlets (code, client, name) values ('KS-1', 'kopi', 'Kopi Senja BSD 1');
insert into staging.outlet_aliases (client, alias, outlet) values ('kopi', 'kopi senja bsd 1', 'KS-1');
"""


class Tracker:
    """One client's spreadsheet; each method runs one SQL file in the test's transaction."""

    def __init__(self, connection: warehouse.Connection) -> None:
        self.connection, self.now = connection, NOW
        connection.execute(HOUSE)

    def bound(self, **told: Any) -> dict[str, Any]:
        plain = {"spreadsheet": BOOK, "now": self.now, "run": "extract/1", "hidden": [], "rejected": []}
        return plain | {"changed_at": self.now} | told

    def keys(
        self, *rows: tuple[int | None, int, int], hidden: Sequence[int] = (), on: date | None = date(2026, 9, 1)
    ) -> list[dict[str, Any]]:
        """(row_key or None, sheet id, row) of every row of the grid."""
        warehouse.load(
            self.connection, "staging.tracker_row_keys", KEY_COLUMNS,
            (
                (key, "kopi", BOOK, sheet, row, f"{sheet}/{row}", None, on, "Kopi", "cuci", 1)
                for key, sheet, row in rows
            ),
        )  # fmt: skip
        return warehouse.execute(self.connection, "20_staging/tracker_row_keys", self.bound(hidden=list(hidden)))

    def new_keys(self, number: int) -> list[int]:
        found = self.keys(*((None, 1, row) for row in range(1, number + 1)))
        return [each["row_key"] for each in sorted(found, key=lambda each: each["row"])]

    def load(self, *rows: dict[str, Any]) -> None:
        plain = {
            "client": "kopi", "spreadsheet_id": BOOK, "sheet_id": 1, "tab": "SEP 26", "row": 5, "cell_url": "https://x",
            "month": "2026-09", "service_date": date(2026, 9, 1), "technicians": [], "flags": [], "content_sha256": "c",
        }  # fmt: skip
        warehouse.load(
            self.connection,
            "staging.tracker_rows",
            ROW_COLUMNS,
            ([(plain | row).get(name) for name in ROW_COLUMNS] for row in rows),
        )

    def load_services(self, *lines: tuple[int, int, str, int | None]) -> None:
        warehouse.load(self.connection, "staging.tracker_row_services", ("row_key", "n", "service", "units"), lines)

    def merge(self, **told: Any) -> dict[str, int]:
        return warehouse.count(self.connection, "20_staging/tracker_rows", self.bound(**told))

    def hold(self, *lines: tuple[int, str]) -> dict[str, int]:
        warehouse.load(
            self.connection, "ops.quarantine", QUARANTINE_COLUMNS,
            (
                (key, "service_date", reason, f"reader.{reason}", "critical", "kopi", {"cells": {}}, "https://x")
                for key, reason in lines
            ),
        )  # fmt: skip
        return warehouse.count(self.connection, "20_staging/quarantine", self.bound())

    def rows(self, statement: str) -> list[dict[str, Any]]:
        return self.connection.execute(statement).fetchall()


@pytest.fixture
def tracker(warehouse_connection: warehouse.Connection) -> Tracker:
    return Tracker(warehouse_connection)


def test_known_rows_keep_their_key_and_new_ones_get_one(tracker: Tracker) -> None:
    first, second = tracker.new_keys(2)
    found = tracker.keys((second, 1, 1), (first, 1, 2), (None, 2, 1))
    assert {(each["sheet_id"], each["row"]): each["row_key"] for each in found if each["sheet_id"] == 1} == {
        (1, 1): second,
        (1, 2): first,
    }
    [fresh] = [each["row_key"] for each in found if each["sheet_id"] == 2]
    assert fresh not in (first, second)


def test_a_missing_row_is_gone_after_the_second_read_and_not_before(tracker: Tracker) -> None:
    first, second = tracker.new_keys(2)
    state = f"select missing_reads, gone_at from staging.tracker_row_keys where row_key = {second}"
    tracker.keys((first, 1, 1))
    assert tracker.rows(state) == [{"missing_reads": 1, "gone_at": None}]
    tracker.keys((first, 1, 1))
    assert tracker.rows(state) == [{"missing_reads": 2, "gone_at": NOW}]


def test_a_row_that_comes_back_in_time_was_never_gone(tracker: Tracker) -> None:
    [key] = tracker.new_keys(1)
    tracker.keys()
    tracker.keys((key, 1, 1))
    tracker.keys()
    assert tracker.rows("select missing_reads, gone_at from staging.tracker_row_keys") == [
        {"missing_reads": 1, "gone_at": None}
    ]


def test_rows_of_a_hidden_tab_are_not_missing(tracker: Tracker) -> None:
    tracker.new_keys(1)
    tracker.keys(hidden=[1])
    assert tracker.rows("select missing_reads from staging.tracker_row_keys") == [{"missing_reads": 0}]


def test_a_date_that_cannot_be_read_leaves_the_last_one_that_could(tracker: Tracker) -> None:
    [key] = tracker.new_keys(1)
    tracker.keys((key, 1, 1), on=None)
    assert tracker.rows("select service_date from staging.tracker_row_keys") == [{"service_date": date(2026, 9, 1)}]


def test_outlets_are_resolved_by_their_normalised_spelling_of_the_same_client(tracker: Tracker) -> None:
    one, two, three = tracker.new_keys(3)
    tracker.load(
        {"row_key": one, "outlet": "kopi senja bsd 1"}, {"row_key": two, "outlet": "kopi lain"}, {"row_key": three}
    )
    warehouse.execute(tracker.connection, "20_staging/tracker_row_outlets")
    assert [row["outlet"] for row in tracker.rows("select outlet from load_tracker_rows order by row_key")] == [
        "KS-1",
        None,
        None,
    ]


def test_rows_are_added_once_and_updated_in_place(tracker: Tracker) -> None:
    one, two = tracker.new_keys(2)
    tracker.load({"row_key": one, "units": 2}, {"row_key": two})
    assert tracker.merge() == {"added": 2, "removed": 0}
    tracker.now = NOW + timedelta(hours=1)
    tracker.load({"row_key": one, "units": 3, "row": 9}, {"row_key": two})
    assert tracker.merge() == {"added": 0, "removed": 0}
    [row] = tracker.rows(
        f"select units, row, first_seen_at, last_seen_at from staging.tracker_rows where row_key = {one}"
    )
    assert row == {"units": 3, "row": 9, "first_seen_at": NOW, "last_seen_at": tracker.now}


def test_rows_leave_when_their_key_is_gone_or_they_cannot_be_read(tracker: Tracker) -> None:
    one, two, three = tracker.new_keys(3)
    tracker.load({"row_key": one}, {"row_key": two}, {"row_key": three})
    tracker.merge()
    tracker.keys((one, 1, 1), (two, 1, 2))
    tracker.load({"row_key": one})
    assert tracker.merge(rejected=[two]) == {"added": 0, "removed": 0}
    assert [row["row_key"] for row in tracker.rows("select row_key from staging.tracker_rows order by 1")] == [
        one,
        three,
    ]
    tracker.keys((one, 1, 1), (two, 1, 2))
    tracker.load({"row_key": one})
    assert tracker.merge(rejected=[two]) == {"added": 0, "removed": 1}
    assert [row["row_key"] for row in tracker.rows("select row_key from staging.tracker_rows")] == [one]


def test_services_become_what_the_row_says_now(tracker: Tracker) -> None:
    one, two = tracker.new_keys(2)
    for lines in (
        [(one, 1, "cleaning", 3), (one, 2, "repair", None), (two, 1, "repair", 1)],
        [(one, 1, "repair", 2), (two, 1, "repair", 1)],
    ):
        tracker.load({"row_key": one}, {"row_key": two})
        tracker.merge()
        tracker.load_services(*lines)
        warehouse.execute(tracker.connection, "20_staging/tracker_row_services")
        found = tracker.rows("select row_key, n, service, units from staging.tracker_row_services order by 1, 2")
        assert [tuple(row.values()) for row in found] == lines


def test_changes_of_meaning_are_kept_with_old_and_new_and_new_rows_are_none(tracker: Tracker) -> None:
    one, two = tracker.new_keys(2)
    tracker.load({"row_key": one, "status": None, "units": 2, "technicians": ["Budi"]})
    tracker.load_services((one, 1, "cleaning", 2))
    tracker.merge()
    warehouse.execute(tracker.connection, "20_staging/tracker_row_services")
    tracker.load(
        {"row_key": one, "row": 8, "status": "done", "units": 2, "technicians": ["Budi", "Andi"]}, {"row_key": two}
    )
    tracker.load_services((one, 1, "cleaning", 1), (one, 2, "repair", 1))
    assert warehouse.count(tracker.connection, "20_staging/row_changes", tracker.bound()) == {"changed": 1}
    found = tracker.rows("select row_key, field, old, new from staging.row_changes order by field")
    assert [tuple(row.values()) for row in found] == [
        (one, "services", "cleaning 2", "cleaning 1, repair 1"),
        (one, "status", None, "done"),
        (one, "technicians", "Budi", "Budi, Andi"),
    ]


def test_quarantine_opens_once_closes_by_itself_and_opens_again(tracker: Tracker) -> None:
    one, two = tracker.new_keys(2)
    assert tracker.hold((one, "no_date"), (two, "bad_date")) == {"opened": 2, "fixed": 0}
    tracker.keys((one, 1, 1), (two, 1, 2))
    assert tracker.hold((one, "no_date")) == {"opened": 0, "fixed": 1}
    tracker.now = NOW + timedelta(hours=1)
    assert tracker.hold((one, "no_date"), (two, "bad_date")) == {"opened": 1, "fixed": 0}
    found = tracker.rows("select row_key, state, first_seen_at, fixed_at from ops.quarantine order by row_key")
    assert [tuple(row.values()) for row in found] == [
        (one, "open", NOW, None),
        (two, "open", tracker.now, None),
    ]


def test_another_reason_replaces_the_first(tracker: Tracker) -> None:
    [one] = tracker.new_keys(1)
    tracker.hold((one, "no_date"))
    tracker.keys((one, 1, 1))
    assert tracker.hold((one, "date_conflict")) == {"opened": 1, "fixed": 1}
    found = tracker.rows("select reason, state from ops.quarantine order by reason")
    assert [tuple(row.values()) for row in found] == [("date_conflict", "open"), ("no_date", "fixed")]


def test_a_waived_line_stays_waived_and_other_rules_are_left_alone(tracker: Tracker) -> None:
    one, two = tracker.new_keys(2)
    tracker.hold((one, "no_date"), (two, "no_date"))
    tracker.connection.execute("update ops.quarantine set state = 'waived' where row_key = %s", (one,))
    tracker.connection.execute("update ops.quarantine set rule = 'rows.units_known' where row_key = %s", (two,))
    tracker.keys((one, 1, 1), (two, 1, 2))
    assert tracker.hold((one, "no_date")) == {"opened": 0, "fixed": 0}
    found = tracker.rows("select state from ops.quarantine order by row_key")
    assert [row["state"] for row in found] == ["waived", "open"]


def test_a_row_missing_once_stays_in_quarantine_and_leaves_when_it_is_gone(tracker: Tracker) -> None:
    [one] = tracker.new_keys(1)
    tracker.hold((one, "no_date"))
    tracker.keys()
    assert tracker.hold() == {"opened": 0, "fixed": 0}
    tracker.keys()
    assert tracker.hold() == {"opened": 0, "fixed": 1}
