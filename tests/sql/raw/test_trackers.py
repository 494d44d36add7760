"""What Drive and Sheets said of the trackers: files, grids, and which of them must be read."""

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rekap import warehouse
from rekap.run import Run
from rekap.settings import Config, Register, Service, Settings

NOW = datetime(2026, 10, 6, 11, 30, tzinfo=ZoneInfo("Asia/Jakarta"))
CHANGED = NOW - timedelta(hours=3)
FILE = ("spreadsheet_id", "name", "modified_at", "version", "trashed", "last_modifying_user")
PLAIN = {"spreadsheet_id": "book-1", "name": "Tracker", "modified_at": CHANGED, "version": 7, "trashed": False}
HOUSE = """
insert into staging.people (code, name, roles) values ('sinta', 'Sinta', '{am}'), ('bayu', 'Bayu', '{pic}');
insert into staging.clients (slug, name, active_from, am, pic, spreadsheet_id, active) values
    ('kopi', 'Kopi Senja', '2026-07-01', 'sinta', 'bayu', 'book-1', true),
    ('tutup', 'Sudah Tutup', '2026-07-01', 'sinta', 'bayu', 'book-2', false),
    ('lisan', 'Tanpa Tracker', '2026-07-01', 'sinta', 'bayu', null, true);
"""


class Watch:
    """What stands in the warehouse about the tracker of one client, and what Drive says now."""

    def __init__(self, connection: warehouse.Connection) -> None:
        self.connection, self.now = connection, NOW
        connection.execute(HOUSE)

    def read(self, at: datetime, state: str = "complete") -> None:
        """The tracker was read then, as Drive had described it: version 7, changed three hours before NOW."""
        self.list(PLAIN, at=at)
        warehouse.execute(
            self.connection, "10_raw/tracker_files_read",
            {"spreadsheet": "book-1", "modified_at": CHANGED, "version": 7, "now": at},
        )  # fmt: skip
        register = Register(people=(), clients=(), services=(Service(code="other", minutes_per_unit=60),))
        warehouse.complete(
            self.connection, Run(f"extract/{at}", at, Config(Settings(), register)), "sheets", "kopi", state
        )

    def list(self, *files: dict[str, Any], at: datetime | None = None) -> None:
        lines = [[file.get(name) for name in FILE] for file in files]
        warehouse.load(self.connection, "raw.tracker_files", FILE, lines)
        warehouse.execute(self.connection, "10_raw/tracker_files", {"now": at or self.now})

    def verdict(
        self, *, absent: bool = False, searched: bool = True, proven: bool = True, floor: datetime | None = None,
        words: str = "", **told: Any,
    ) -> str:  # fmt: skip
        self.list(*([] if absent else [PLAIN | told]))
        found = warehouse.execute(
            self.connection, "10_raw/trackers_due",
            {
                "today": self.now.date(), "zone": "Asia/Jakarta", "overlap": 15, "floor": floor, "searched": searched,
                "proven": proven, "words": json.dumps({"kopi": words} if words else {}),
            },
        )  # fmt: skip
        assert [row["client"] for row in found] == ["kopi"]
        return str(found[0]["verdict"])


@pytest.fixture
def watch(warehouse_connection: warehouse.Connection) -> Watch:
    return Watch(warehouse_connection)


def test_a_tracker_never_read_is_read(watch: Watch) -> None:
    assert watch.verdict() == "read"


def test_an_unchanged_tracker_is_quiet(watch: Watch) -> None:
    watch.read(NOW - timedelta(minutes=30))
    assert watch.verdict() == "quiet"


def test_another_version_or_time_is_read(watch: Watch) -> None:
    watch.read(NOW - timedelta(minutes=30))
    assert watch.verdict(version=8) == "read"
    assert watch.verdict(modified_at=CHANGED + timedelta(milliseconds=1)) == "read"


def test_a_tracker_that_was_read_by_other_words_of_its_client_is_read_again(watch: Watch) -> None:
    watch.read(NOW - timedelta(minutes=30))
    assert watch.verdict(words="abc") == "read"
    watch.connection.execute(
        "insert into ops.watermarks (source, scope, value, run_id, moved_at) values ('sheets', 'words/kopi', 'abc', 'x', %s)",
        (NOW,),
    )
    assert watch.verdict(words="abc") == "quiet"
    assert watch.verdict() == "read"


def test_what_was_changed_shortly_before_it_was_read_is_read_once_more(watch: Watch) -> None:
    watch.read(CHANGED + timedelta(minutes=10))
    assert watch.verdict() == "read"
    watch.read(CHANGED + timedelta(minutes=20))
    assert watch.verdict() == "quiet"


def test_everything_is_read_once_a_local_day(watch: Watch) -> None:
    watch.read(NOW.replace(hour=23, minute=50))
    watch.now = NOW.replace(hour=23, minute=59)
    assert watch.verdict() == "quiet"
    watch.now = watch.now + timedelta(minutes=11)  # still the same day in UTC
    assert watch.verdict() == "read"


def test_a_tracker_that_was_incomplete_is_read_again(watch: Watch) -> None:
    watch.read(NOW - timedelta(minutes=60))
    watch.read(NOW - timedelta(minutes=30), state="incomplete")
    assert watch.verdict() == "read"


def test_a_missing_row_asks_for_a_second_read(watch: Watch) -> None:
    watch.read(NOW - timedelta(minutes=30))
    watch.connection.execute(
        "insert into staging.tracker_row_keys (client, spreadsheet_id, sheet_id, row, content_sha256, first_seen_at,"
        " last_seen_at, missing_reads) values ('kopi', 'book-1', 1, 5, 'c', %(now)s, %(now)s, 1)",
        {"now": NOW},
    )
    assert watch.verdict() == "read"


def test_absent_and_trashed_trackers_are_told_apart(watch: Watch) -> None:
    watch.read(NOW - timedelta(minutes=30))
    assert watch.verdict(absent=True) == "missing"
    assert watch.verdict(trashed=True) == "trashed"


def test_absence_proves_nothing_when_drive_did_not_search_everywhere(watch: Watch) -> None:
    watch.read(NOW - timedelta(minutes=30))
    assert watch.verdict(absent=True, searched=False) == "read"


def test_what_was_listed_and_never_read_is_read_though_no_list_names_it_again(watch: Watch) -> None:
    watch.read(NOW - timedelta(minutes=60))
    watch.list(PLAIN | {"version": 8, "modified_at": CHANGED + timedelta(minutes=1)})  # then the run was killed
    assert watch.verdict(absent=True, floor=NOW - timedelta(minutes=20)) == "read"


def test_below_the_floor_of_the_list_a_tracker_is_left_as_it_is_and_above_it_is_missing(watch: Watch) -> None:
    watch.read(NOW - timedelta(minutes=30))
    assert watch.verdict(absent=True, floor=CHANGED) == "quiet"
    assert watch.verdict(absent=True, floor=CHANGED - timedelta(milliseconds=1)) == "missing"


def test_a_tracker_that_may_have_slipped_between_two_pages_is_read_before_it_is_called_missing(watch: Watch) -> None:
    watch.read(NOW - timedelta(minutes=30))
    assert watch.verdict(absent=True, proven=False, floor=CHANGED - timedelta(minutes=1)) == "read"
    assert watch.verdict(absent=True, proven=False, floor=CHANGED) == "quiet"


def test_a_new_clients_tracker_below_the_floor_is_read(watch: Watch) -> None:
    assert watch.verdict(absent=True, floor=CHANGED) == "read"


def test_the_newest_word_on_a_client_counts_when_two_came_at_one_moment(watch: Watch) -> None:
    watch.read(NOW - timedelta(minutes=30))
    register = Register(people=(), clients=(), services=(Service(code="other", minutes_per_unit=60),))
    later = Run("extract/later", NOW - timedelta(minutes=30), Config(Settings(), register))
    warehouse.complete(watch.connection, later, "sheets", "kopi", "incomplete")
    assert watch.verdict() == "read"


def test_a_reading_leaves_what_the_list_says_and_a_list_leaves_what_was_read(watch: Watch) -> None:
    watch.read(NOW - timedelta(minutes=30))
    watch.list(PLAIN | {"version": 9, "modified_at": NOW, "name": "Tracker baru"})
    [row] = watch.connection.execute("select * from raw.tracker_files").fetchall()
    assert (row["version"], row["modified_at"], row["name"], row["seen_at"]) == (9, NOW, "Tracker baru", NOW)
    assert (row["read_version"], row["read_modified_at"]) == (7, CHANGED)
    assert row["fully_read_at"] == NOW - timedelta(minutes=30)


def test_spreadsheets_that_are_no_clients_tracker_leave_no_trace(watch: Watch) -> None:
    watch.list(PLAIN, PLAIN | {"spreadsheet_id": "salaries", "name": "Gaji"})
    found = watch.connection.execute("select spreadsheet_id from raw.tracker_files").fetchall()
    assert [row["spreadsheet_id"] for row in found] == ["book-1"]


def test_a_grid_is_kept_once_per_content(warehouse_connection: warehouse.Connection) -> None:
    columns = ("spreadsheet_id", "sheet_id", "content_sha256", "title", "payload")
    for hours, content in ((0, "a"), (1, "a"), (2, "b")):
        warehouse.load(warehouse_connection, "raw.tracker_grids", columns, [("book-1", 1, content, "SEP 26", {"n": 1})])
        warehouse.execute(warehouse_connection, "10_raw/tracker_grids", {"now": NOW + timedelta(hours=hours)})
    found = warehouse_connection.execute(
        "select content_sha256, first_read_at, last_read_at from raw.tracker_grids order by 1"
    ).fetchall()
    assert [tuple(row.values()) for row in found] == [
        ("a", NOW, NOW + timedelta(hours=1)),
        ("b", NOW + timedelta(hours=2), NOW + timedelta(hours=2)),
    ]
