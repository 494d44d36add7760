"""Which trackers changed: how far Drive's list is read, what it costs, and what a run that was killed leaves behind."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from rekap.services.google.drive import Listing
from rekap.sources import sheets
from rekap.sources.sheets import watch
from sandbox.google import world_ops
from sandbox.google.state import SPREADSHEET, rfc3339
from tests.unit.sources.sheets.conftest import Desk
from tests.unit.sources.sheets.drawing import sheet

SEEDED = """
    insert into staging.clients (slug, name, active_from, am, pic, spreadsheet_id, active)
    select format('many-%%s', n), format('Klien %%s', n), c.active_from, c.am, c.pic, format('book-%%s', n), true
    from generate_series(1, %(many)s) as n, (select * from staging.clients order by slug limit 1) as c
"""
READ = """
    update raw.tracker_files set read_version = version, read_modified_at = modified_at, fully_read_at = %(now)s;
    insert into ops.completeness (source, scope, run_id, state, checked_at)
    select 'sheets', slug, 'seeded', 'complete', %(now)s from staging.clients;
"""
HEADINGS = ["Tanggal", "Outlet", "Layanan", "Unit", "Status"]


def many(desk: Desk, number: int) -> None:
    """So many more clients, each with a small spreadsheet of its own; the first was changed last, two hours ago."""
    desk.bench.conn.execute(SEEDED, {"many": number})
    desk.bench.conn.commit()
    world, now = desk.twin.world, desk.twin.clock.now()
    for n in range(1, number + 1):
        rows: list[list[Any]] = [
            HEADINGS,
            *([day, f"Outlet {n}", "cuci AC", 2, "selesai"] for day in ("1/9/2026", "8/9/2026")),
        ]
        book = {
            "spreadsheetId": f"book-{n}",
            "properties": {"title": f"Tracker {n}"},
            "sheets": [sheet("SEP 26", rows)],
        }
        world.spreadsheets[f"book-{n}"] = book
        changed_at = rfc3339(now - timedelta(hours=2, minutes=n))
        world.drive_files.append(
            {
                "id": f"book-{n}", "name": f"Tracker {n}", "mimeType": SPREADSHEET, "modifiedTime": changed_at,
                "createdTime": rfc3339(now - timedelta(days=30 + n % 7)),
            }
        )  # fmt: skip


def later(desk: Desk, **by: float) -> datetime:
    desk.twin.clock.set(desk.twin.clock.now() + timedelta(**by))
    return desk.twin.clock.now()


def all_were_read(desk: Desk) -> None:
    """As after the first tick of the day: everything listed whole, everything read."""
    desk.changed()
    desk.bench.conn.execute(READ.replace("%(now)s", f"'{desk.twin.clock.now().isoformat()}'"))
    desk.bench.conn.commit()


def calls(desk: Desk) -> tuple[int, int]:
    """Calls of Drive and of Sheets since the last time."""
    found = len(desk.twin.log.calls("drive")), len(desk.twin.log.calls("sheets"))
    desk.twin.log.clear()
    return found


def edit(desk: Desk, n: int) -> None:
    world_ops.edit_cell(desk.state, f"book-{n}", 1, "D2", 9)


def due(desk: Desk, google: Any = None) -> list[str]:
    """The clients to be read, in whatever batches."""
    batches = sheets.changed(desk.bench.conn, google or desk.google, desk.bench.run())
    return [client for batch in batches for client in batch]


def mark(desk: Desk, scope: str) -> str:
    [row] = desk.rows(f"select value from ops.watermarks where source = 'sheets' and scope = '{scope}'")
    return str(row["value"])


def test_of_a_thousand_trackers_30_changed_ones_cost_one_drive_call_and_30_reads_and_a_quiet_tick_one_call(
    desk: Desk,
) -> None:
    many(desk, 1000)
    all_were_read(desk)
    assert calls(desk) == (2, 0)  # once a day the list runs to its end: more than 1,000 files are two pages
    later(desk, minutes=30)
    assert desk.changed() == []
    assert calls(desk) == (1, 0)
    for n in range(1, 1000, 34):
        edit(desk, n)
    later(desk, minutes=30)
    counts = desk.extract()
    assert (counts["trackers"], counts["failed"]) == (30, 0)
    assert calls(desk) == (1, 30)
    later(desk, minutes=30)
    assert desk.changed() == []
    assert calls(desk) == (1, 0)


def test_the_first_list_of_a_day_runs_to_its_end_and_the_others_stop_where_nothing_changed(desk: Desk) -> None:
    many(desk, 20)
    google = _pages_of(desk, 5)
    run = desk.bench.run()
    sheets.changed(desk.bench.conn, google, run)
    pages = calls(desk)[0]
    assert pages > 4
    sheets.changed(desk.bench.conn, google, desk.bench.run())
    assert calls(desk)[0] == 1
    later(desk, days=1)
    sheets.changed(desk.bench.conn, google, desk.bench.run())
    assert calls(desk)[0] == pages
    assert mark(desk, "drive/whole") == desk.bench.run().today.isoformat()


def _pages_of(desk: Desk, size: int) -> Any:
    """The same Google, with so many files on a page."""

    class Drive:
        def files(self, *args: Any, **options: Any) -> Listing:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("rekap.services.google.drive.PAGE", size)
                return desk.google.drive.files(*args, **options)

    class Google:
        drive, sheets, email = Drive(), desk.google.sheets, desk.google.email

    return Google()


def test_more_changes_than_fit_on_a_page_are_all_found(desk: Desk) -> None:
    many(desk, 20)
    all_were_read(desk)
    later(desk, minutes=30)
    for n in range(1, 13):
        edit(desk, n)
    later(desk, minutes=5)
    calls(desk)
    assert sorted(due(desk, _pages_of(desk, 5))) == sorted(f"many-{n}" for n in range(1, 13))
    assert calls(desk)[0] == 3


def test_a_tracker_that_vanishes_below_the_part_that_was_read_is_found_by_the_next_whole_list(desk: Desk) -> None:
    many(desk, 20)
    all_were_read(desk)
    later(desk, minutes=30)
    world_ops.revoke(desk.state, "book-20")
    google = _pages_of(desk, 5)
    assert sheets.changed(desk.bench.conn, google, desk.bench.run()) == []
    state = "select state from ops.completeness where scope = 'many-20' order by read_no desc limit 1"
    assert desk.rows(state) == [{"state": "complete"}]
    later(desk, days=1)
    sheets.changed(desk.bench.conn, google, desk.bench.run())
    assert desk.rows(state) == [{"state": "incomplete"}]
    # From then on it is asked for itself, each time, until it is back.
    later(desk, minutes=30)
    assert "many-20" in due(desk, google)


def test_a_tracker_that_vanishes_from_the_part_that_was_read_is_missing_at_once(desk: Desk) -> None:
    many(desk, 20)
    all_were_read(desk)
    later(desk, minutes=30)
    edit(desk, 3)
    desk.extract()
    world_ops.revoke(desk.state, "book-3")
    later(desk, minutes=30)
    sheets.changed(desk.bench.conn, _pages_of(desk, 30), desk.bench.run())
    [row] = desk.rows("select state, reason from ops.completeness where scope = 'many-3' order by read_no desc limit 1")
    assert row["state"] == "incomplete"
    assert "share it" in row["reason"]


def test_drives_lag_is_within_the_overlap_of_the_list(desk: Desk) -> None:
    many(desk, 20)
    all_were_read(desk)
    later(desk, minutes=30)
    edit(desk, 1)
    desk.extract()
    changed_at = desk.twin.clock.now() - timedelta(minutes=12)  # told late: it is older than what was listed already
    file = desk.state.find("book-20")
    file["version"], file["modifiedTime"] = "9", rfc3339(changed_at)
    later(desk, minutes=20)
    for n in range(2, 7):
        edit(desk, n)
    later(desk, minutes=20)
    assert "many-20" in due(desk, _pages_of(desk, 5))


def test_a_run_killed_between_list_and_reading_loses_no_change(desk: Desk) -> None:
    many(desk, 20)
    all_were_read(desk)
    later(desk, minutes=30)
    edit(desk, 5)
    later(desk, minutes=30)
    assert desk.changed() == [["many-5"]]
    for _ in range(2):  # the run was killed here; others change, and the list ends before it
        later(desk, minutes=60)
        for n in range(11, 17):
            edit(desk, n)
        assert "many-5" in due(desk, _pages_of(desk, 5))


def test_a_change_between_list_and_grid_and_another_list_in_between_are_not_lost(desk: Desk) -> None:
    many(desk, 2)
    all_were_read(desk)
    later(desk, minutes=30)
    edit(desk, 1)
    later(desk, minutes=30)
    assert desk.changed() == [["many-1"]]
    true = desk.google.sheets.grid

    def grid(spreadsheet_id: str) -> dict[str, Any]:
        """The grid as it was; then a person edits it, and a second run lists that before the first one is through."""
        found = true(spreadsheet_id)
        edit(desk, 1)
        desk.changed()
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(desk.google.sheets, "grid", grid)
        sheets.read(desk.bench.conn, desk.google, desk.bench.run(), ["many-1"])
    later(desk, minutes=30)
    assert desk.changed() == [["many-1"]]


def test_a_search_that_was_not_complete_moves_no_mark_and_reads_what_it_did_not_list(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(desk, 3)
    all_were_read(desk)
    before = mark(desk, "drive")
    later(desk, minutes=30)
    edit(desk, 1)
    listed = desk.google.drive.files(watch.SPREADSHEETS, watch.FILE).files
    half = Listing([file for file in listed if file["id"] != "book-2"], incomplete=True, whole=True)
    monkeypatch.setattr(desk.google.drive, "files", lambda *args, **options: half)
    later(desk, minutes=30)
    assert sorted(due(desk)) == ["many-1", "many-2"]
    assert mark(desk, "drive") == before


def test_a_file_from_the_future_does_not_end_the_lists_that_follow(desk: Desk) -> None:
    many(desk, 20)
    file = desk.state.find("book-20")
    file["modifiedTime"] = "2031-01-01T00:00:00.000Z"
    all_were_read(desk)
    assert datetime.fromisoformat(mark(desk, "drive")) <= desk.twin.clock.now()
    later(desk, minutes=30)
    for n in range(1, 10):
        edit(desk, n)
    later(desk, minutes=30)
    assert {f"many-{n}" for n in range(1, 10)} <= set(due(desk, _pages_of(desk, 5)))


def test_a_list_that_fails_leaves_marks_and_files_as_they_were(desk: Desk) -> None:
    many(desk, 2)
    all_were_read(desk)
    before = desk.rows("select * from ops.watermarks order by scope"), desk.rows("select * from raw.tracker_files")
    later(desk, minutes=30)
    edit(desk, 1)
    desk.twin.faults.add(service="drive", route="*", kind="status", status=503, times=6)
    with pytest.raises(Exception, match="503"):
        desk.changed()
    after = desk.rows("select * from ops.watermarks order by scope"), desk.rows("select * from raw.tracker_files")
    assert after == before
    assert desk.changed() == [["many-1"]]


def test_a_tracker_in_the_bin_is_read_again_when_it_is_taken_out_though_no_list_says_so(desk: Desk) -> None:
    many(desk, 20)
    all_were_read(desk)
    changed_at = desk.state.find("book-20")["modifiedTime"]
    world_ops.trash_file(desk.state, "book-20")
    desk.state.find("book-20")["modifiedTime"] = changed_at  # the bin is no edit
    later(desk, minutes=30)
    desk.changed()
    state = "select state, reason from ops.completeness where scope = 'many-20' order by read_no desc limit 1"
    assert "bin" in desk.rows(state)[0]["reason"]
    later(desk, hours=2)
    for n in range(1, 8):
        edit(desk, n)
    assert "many-20" in due(desk, _pages_of(desk, 5))
    sheets.read(desk.bench.conn, desk.google, desk.bench.run(), ["many-20"])
    assert "bin" in desk.rows(state)[0]["reason"]
    world_ops.trash_file(desk.state, "book-20", trashed=False)
    sheets.read(desk.bench.conn, desk.google, desk.bench.run(), ["many-20"])
    assert desk.rows(state)[0]["state"] == "complete"
