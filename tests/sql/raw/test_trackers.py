"""What Drive and Sheets said of the trackers: files, grids, and which of them must be read."""

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
        """The tracker was read then, as Drive described it: version 7, changed three hours before NOW."""
        warehouse.execute(
            self.connection, "10_raw/tracker_files",
            {"spreadsheet": "book-1", "name": "Tracker", "modified_at": CHANGED, "version": 7, "user": None, "now": at},
        )  # fmt: skip
        register = Register(people=(), clients=(), services=(Service(code="other", minutes_per_unit=60),))
        warehouse.complete(
            self.connection, Run(f"extract/{at}", at, Config(Settings(), register)), "sheets", "kopi", state
        )

    def verdict(self, *, searched: bool = True, **told: Any) -> str:
        plain = {"spreadsheet_id": "book-1", "name": "Tracker", "modified_at": CHANGED, "version": 7, "trashed": False}
        files = [] if told.get("absent") else [[(plain | told).get(name) for name in FILE]]
        warehouse.load(self.connection, "raw.tracker_files", FILE, files)
        found = warehouse.execute(
            self.connection, "10_raw/trackers_due",
            {"today": self.now.date(), "zone": "Asia/Jakarta", "overlap": 15, "searched": searched},
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
