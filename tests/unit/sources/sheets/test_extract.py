"""Trackers of the twin → staging: equal to the truth, quiet when nothing changed, each failing alone."""

import copy
from datetime import timedelta
from typing import Any

import pytest

from rekap.errors import PermanentError, TransientError
from rekap.services.google import CredentialError
from rekap.sources import sheets
from rekap.sources.sheets import extract
from rekap.sources.sheets.headers import letter
from rekap.sources.sheets.reader import read_tabs
from sandbox.google import world_ops
from tests.unit.sources.sheets.conftest import Desk

ROWS = "select * from staging.tracker_rows order by row_key"
STATES = """
    select distinct on (scope) scope, state, reason from ops.completeness where source = 'sheets'
    order by scope, checked_at desc, run_id desc
"""


def month_tab(desk: Desk, at_least: int = 5) -> tuple[str, str, int]:
    """(client, spreadsheet, sheet id) of a tab with that many orders."""
    found = desk.rows(
        "select client, spreadsheet_id, sheet_id from staging.tracker_rows"
        f" group by 1, 2, 3 having count(*) >= {at_least} order by count(*) desc, 1, 3 limit 1"
    )[0]
    return found["client"], found["spreadsheet_id"], found["sheet_id"]


def column_of(desk: Desk, client: str, sheet_id: int, name: str) -> str:
    """The column of a tab that means `name`."""
    book = desk.state.book(desk.bench.config.register.client_by_slug[client].spreadsheet_id)
    tab = next(tab for tab in read_tabs(book, as_of=desk.bench.run().today) if tab.sheet_id == sheet_id)
    assert tab.header is not None
    return letter(tab.header.columns[name])


def states(desk: Desk) -> dict[str, str]:
    return {row["scope"]: row["state"] for row in desk.rows(STATES)}


def test_rows_and_quarantine_equal_the_truth_of_every_client(desk: Desk) -> None:
    counts = desk.extract()
    written = desk.written()
    read = {(row["spreadsheet_id"], row["sheet_id"], row["row"]): row for row in desk.rows(ROWS)}
    held = {
        (row["spreadsheet_id"], row["sheet_id"], row["row"]): row
        for row in desk.rows(
            "select k.spreadsheet_id, k.sheet_id, k.row, q.* from ops.quarantine as q"
            " inner join staging.tracker_row_keys as k on k.row_key = q.row_key"
        )
    }
    units: dict[int, list[tuple[str, int]]] = {}
    for service in desk.rows("select * from staging.tracker_row_services order by row_key, n"):
        units.setdefault(service["row_key"], []).append((service["service"], service["units"]))
    troubles = {trouble["subject"]: trouble.get("problem") for trouble in desk.bench.truth()["troubles"]}
    planted = {
        place: troubles[f"row:{place[0]}/{place[1]}/{place[2]}"]
        for place, order in written.items()
        if order.tracker_day is not None
    }
    assert read.keys() | held.keys() == written.keys()
    assert {place: row["reason"] for place, row in held.items()} == planted
    wrong = []
    for place, row in read.items():
        order = written[place]
        status = "cancelled" if order.struck else order.tracker_status
        if order.client.ticks_boxes and status not in ("done", "cancelled"):
            status = None if status != "partial" else "done"
        expected: dict[str, Any] = {
            "client": order.client.slug,
            "service_date": order.day,
            "outlet": order.outlet.code,
            "units": sum(number for _, number in order.services),
            "status": status,
            "time": order.time,
            "order_ref": order.order_id if order.with_reference else None,
            "services": list(order.services),
        }
        told = {
            **row,
            "time": row["time_from"] and f"{row['time_from']:%H:%M}",
            "services": units.get(row["row_key"], []),
        }
        if differing := {name: (told[name], value) for name, value in expected.items() if told[name] != value}:
            wrong.append((place, differing))
    assert wrong == []
    assert counts["rows"] == len(read)
    assert counts["quarantined"] == len(held) > 0
    assert counts["changed"] == len(written)
    assert set(states(desk).values()) == {"complete"}


def test_a_second_extract_asks_sheets_nothing_and_one_read_more_changes_nothing(desk: Desk) -> None:
    desk.extract()
    before, reads, keys = desk.rows(ROWS), desk.sheet_reads(), desk.keys()
    assert desk.changed() == []
    assert desk.sheet_reads() == reads
    clients = [client.slug for client in desk.bench.config.register.clients]
    counts = sheets.read(desk.bench.conn, desk.google, desk.bench.run(), clients)
    assert counts["changed"] == 0
    assert desk.sheet_reads() == reads + len(clients)
    assert desk.rows(ROWS) == before
    assert desk.keys() == keys
    assert desk.rows("select count(*) as n from staging.row_changes") == [{"n": 0}]
    ledger = desk.rows("select loaded, unchanged from ops.run_ledger where step = 'read_tracker' order by run_id desc")
    assert {row["loaded"] for row in ledger[: len(clients)]} == {0}
    assert sum(row["unchanged"] for row in ledger[: len(clients)]) == len(before)


def test_everything_is_read_once_a_day_though_drive_says_unchanged(desk: Desk) -> None:
    desk.extract()
    desk.twin.clock.set(desk.twin.clock.now() + timedelta(days=1))
    assert sum(map(len, desk.changed())) == len(desk.bench.config.register.clients)


def test_batches_are_as_large_as_the_settings_allow(desk: Desk) -> None:
    config = desk.bench.config
    reading = config.settings.reading.model_copy(update={"trackers_a_batch": 4})
    desk.bench.config = type(config)(config.settings.model_copy(update={"reading": reading}), config.register)
    assert [len(batch) for batch in desk.changed()] == [4, 2]


def test_an_edit_is_one_change_with_old_and_new(desk: Desk) -> None:
    desk.extract()
    client, spreadsheet, sheet_id = month_tab(desk)
    row = desk.rows(
        f"select * from staging.tracker_rows where sheet_id = {sheet_id} and units > 1 order by row limit 1"
    )[0]
    desk.twin.clock.set(desk.twin.clock.now() + timedelta(minutes=30))
    world_ops.edit_cell(
        desk.state, spreadsheet, sheet_id, f"{column_of(desk, client, sheet_id, 'units')}{row['row']}", 77
    )
    assert desk.changed() == [[client]]
    counts = desk.extract()
    assert counts["changed"] == 1
    changes = desk.rows("select row_key, field, old, new from staging.row_changes order by field")
    assert changes[-1] == {"row_key": row["row_key"], "field": "units", "old": str(row["units"]), "new": "77"}
    assert {change["field"] for change in changes} <= {"units", "services"}
    ledger = desk.rows("select unchanged, loaded from ops.run_ledger order by recorded_at desc, run_id desc limit 1")[0]
    assert ledger["loaded"] == 1


def test_sorting_inserting_and_renaming_keep_every_key(desk: Desk) -> None:
    desk.extract()
    client, spreadsheet, sheet_id = month_tab(desk)
    before = {row["row_key"]: row for row in desk.rows(ROWS)}
    rows = [row["row"] for row in before.values() if row["sheet_id"] == sheet_id]
    outlet = column_of(desk, client, sheet_id, "outlet")
    world_ops.sort_tab(desk.state, spreadsheet, sheet_id, outlet, min(rows), max(rows), descending=True)
    world_ops.insert_row(desk.state, spreadsheet, sheet_id, min(rows), [])
    world_ops.rename_tab(desk.state, spreadsheet, sheet_id, _renamed(desk, sheet_id))
    counts = desk.extract()
    after = {row["row_key"]: row for row in desk.rows(ROWS)}
    assert after.keys() == before.keys()
    moved = [key for key in after if after[key]["row"] != before[key]["row"]]
    assert moved
    same = ("service_date", "outlet", "units", "status", "order_ref", "technicians", "content_sha256")
    assert [key for key in after if any(after[key][name] != before[key][name] for name in same)] == []
    assert counts["changed"] == 0


def _renamed(desk: Desk, sheet_id: int) -> str:
    title = desk.rows(f"select distinct tab from staging.tracker_rows where sheet_id = {sheet_id}")[0]["tab"]
    return f"{title} (2)"


def test_a_deleted_row_is_gone_after_two_reads_and_the_second_comes_by_itself(desk: Desk) -> None:
    desk.extract()
    _, spreadsheet, sheet_id = month_tab(desk)
    row = desk.rows(
        f"select row_key, row from staging.tracker_rows where sheet_id = {sheet_id} order by row desc limit 1"
    )[0]
    desk.twin.clock.set(desk.twin.clock.now() + timedelta(minutes=30))
    world_ops.delete_row(desk.state, spreadsheet, sheet_id, row["row"])
    desk.extract()
    still = f"select row_key from staging.tracker_rows where row_key = {row['row_key']}"
    assert desk.rows(still)
    desk.twin.clock.set(desk.twin.clock.now() + timedelta(minutes=30))
    assert desk.extract()["changed"] == 1
    assert desk.rows(still) == []
    assert desk.rows(
        f"select gone_at is not null as gone from staging.tracker_row_keys where row_key = {row['row_key']}"
    ) == [{"gone": True}]
    desk.twin.clock.set(desk.twin.clock.now() + timedelta(minutes=30))
    assert desk.changed() == []


def test_a_quarantined_row_comes_back_by_itself_under_its_key(desk: Desk) -> None:
    desk.extract()
    held = desk.rows(
        "select q.*, k.sheet_id, k.spreadsheet_id, k.row from ops.quarantine as q"
        " inner join staging.tracker_row_keys as k on k.row_key = q.row_key where q.reason = 'no_date' limit 1"
    )[0]
    cell = held["cell_url"].rpartition("range=")[2]
    assert held["cell_url"].startswith(
        f"https://docs.google.com/spreadsheets/d/{held['spreadsheet_id']}/edit#gid={held['sheet_id']}&"
    )
    assert cell.endswith(str(held["row"]))
    order = desk.written()[held["spreadsheet_id"], held["sheet_id"], held["row"]]
    world_ops.edit_cell(desk.state, held["spreadsheet_id"], held["sheet_id"], cell, order.day.isoformat())
    desk.extract()
    again = desk.rows(f"select state, fixed_at from ops.quarantine where row_key = {held['row_key']}")
    assert [row["state"] for row in again] == ["fixed"]
    assert again[0]["fixed_at"] == desk.twin.clock.now()
    row = desk.rows(f"select service_date from staging.tracker_rows where row_key = {held['row_key']}")
    assert row == [{"service_date": order.day}]


def test_a_row_whose_date_breaks_moves_to_quarantine_and_keeps_its_key(desk: Desk) -> None:
    desk.extract()
    client, spreadsheet, sheet_id = month_tab(desk)
    row = desk.rows(f"select * from staging.tracker_rows where sheet_id = {sheet_id} order by row limit 1")[0]
    column = column_of(desk, client, sheet_id, "service_date")
    world_ops.edit_cell(desk.state, spreadsheet, sheet_id, f"{column}{row['row']}", "nanti dikabari")
    counts = desk.extract()
    assert counts["changed"] >= 1
    held = desk.rows(f"select state, original from ops.quarantine where row_key = {row['row_key']}")
    assert held[0]["state"] == "open"
    assert held[0]["original"]["cells"]["service_date"] == "nanti dikabari"
    assert desk.rows(f"select 1 from staging.tracker_rows where row_key = {row['row_key']}") == []
    world_ops.edit_cell(desk.state, spreadsheet, sheet_id, f"{column}{row['row']}", row["service_date"].isoformat())
    desk.extract()
    back = desk.rows(f"select service_date from staging.tracker_rows where row_key = {row['row_key']}")
    assert back == [{"service_date": row["service_date"]}]


def test_trackers_that_are_gone_trashed_or_not_shared_fail_alone_and_keep_their_rows(desk: Desk) -> None:
    desk.extract()
    before = desk.rows(ROWS)
    first, second, third, *others = desk.bench.config.register.clients
    world_ops.revoke(desk.state, str(first.spreadsheet_id))
    world_ops.trash_file(desk.state, str(second.spreadsheet_id))
    world_ops.delete_file(desk.state, str(third.spreadsheet_id))
    assert desk.changed() == []
    found = {row["scope"]: row for row in desk.rows(STATES)}
    assert {client.slug: found[client.slug]["state"] for client in (first, second, third)} == dict.fromkeys(
        (first.slug, second.slug, third.slug), "incomplete"
    )
    assert "share it with this address" in found[first.slug]["reason"]
    assert "bin" in found[second.slug]["reason"]
    assert {found[client.slug]["state"] for client in others} == {"complete"}
    assert desk.rows(ROWS) == before
    world_ops.restore(desk.state, str(first.spreadsheet_id))
    assert desk.changed() == [[first.slug]]
    desk.extract()
    assert states(desk)[first.slug] == "complete"


def test_a_tracker_that_answers_with_errors_fails_alone(desk: Desk) -> None:
    broken = desk.bench.config.register.clients[2]
    world_ops.revoke(desk.state, str(broken.spreadsheet_id))
    clients = [client.slug for client in desk.bench.config.register.clients]
    counts = sheets.read(desk.bench.conn, desk.google, desk.bench.run(), clients)
    assert (counts["trackers"], counts["failed"]) == (6, 1)
    assert counts["rows"] > 0
    assert {scope for scope, state in states(desk).items() if state != "complete"} == {broken.slug}


def test_an_emptied_tracker_is_incomplete_and_keeps_its_last_good_rows(desk: Desk) -> None:
    desk.extract()
    client, spreadsheet, _ = month_tab(desk)
    before = desk.rows(ROWS)
    for sheet in desk.state.book(spreadsheet)["sheets"]:
        world_ops.empty_tab(desk.state, spreadsheet, sheet["properties"]["sheetId"])
    counts = desk.extract()
    assert counts["failed"] == 1
    assert states(desk)[client] == "incomplete"
    assert desk.rows(ROWS) == before
    assert desk.changed() == [[client]]


def test_a_tab_that_lost_its_headings_is_incomplete_and_keeps_its_last_good_rows(desk: Desk) -> None:
    quality = desk.bench.config.settings.quality.model_copy(update={"least_rows_to_judge": 3})
    config = desk.bench.config
    desk.bench.config = type(config)(config.settings.model_copy(update={"quality": quality}), config.register)
    desk.extract()
    before = desk.rows(ROWS)
    client, spreadsheet, tab = next(
        (client.slug, str(client.spreadsheet_id), tab)
        for client in config.register.clients
        for tab in read_tabs(desk.state.book(client.spreadsheet_id), as_of=desk.bench.run().today)
        if len(tab.lines.rows) >= 3 and [line.reason for line in tab.lines.skipped].count("header") == 1
    )
    assert tab.header is not None
    for column in tab.header.columns.values():
        world_ops.edit_cell(desk.state, spreadsheet, tab.sheet_id, f"{letter(column)}{tab.header.rows[0] + 1}", "")
    assert desk.extract()["failed"] == 1
    assert "heading" in next(row["reason"] for row in desk.rows(STATES) if row["scope"] == client)
    assert desk.rows(ROWS) == before


def test_a_hidden_months_rows_stay(desk: Desk) -> None:
    desk.extract()
    _, spreadsheet, sheet_id = month_tab(desk)
    before = {row["row_key"] for row in desk.rows(ROWS)}
    sheet = next(s for s in desk.state.book(spreadsheet)["sheets"] if s["properties"]["sheetId"] == sheet_id)
    sheet["properties"] = {**sheet["properties"], "hidden": True}
    desk.state.touch(spreadsheet, "somebody@example.com")
    for _ in range(3):
        desk.extract()
        desk.twin.clock.set(desk.twin.clock.now() + timedelta(minutes=30))
    assert {row["row_key"] for row in desk.rows(ROWS)} == before


def test_a_refused_credential_stops_at_once(desk: Desk) -> None:
    desk.twin.google_app.state.accounts.disabled = True
    clients = [client.slug for client in desk.bench.config.register.clients]
    with pytest.raises(CredentialError, match="rekap_google"):
        sheets.read(desk.bench.conn, desk.google, desk.bench.run(), clients)
    with pytest.raises(CredentialError, match="rekap_google"):
        desk.changed()
    assert desk.rows(STATES) == []


def test_when_google_is_away_the_task_is_tried_again(desk: Desk) -> None:
    desk.twin.faults.add(service="sheets", route="*", kind="status", status=503, times=10_000)
    clients = [client.slug for client in desk.bench.config.register.clients]
    with pytest.raises(TransientError):
        sheets.read(desk.bench.conn, desk.google, desk.bench.run(), clients)
    assert set(states(desk).values()) == {"incomplete"}


def test_a_fault_of_ours_in_one_tracker_is_told_after_the_others_were_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = [client.slug for client in desk.bench.config.register.clients]
    bad = desk.bench.config.register.clients[0].spreadsheet_id
    true = extract.read_tabs

    def reader(resource: dict[str, Any], **options: Any) -> Any:
        if resource["spreadsheetId"] == bad:
            raise KeyError("effectiveValue")
        return true(resource, **options)

    monkeypatch.setattr(extract, "read_tabs", reader)
    with pytest.raises(PermanentError, match=clients[0]):
        sheets.read(desk.bench.conn, desk.google, desk.bench.run(), clients)
    found = states(desk)
    assert found.pop(clients[0]) == "incomplete"
    assert set(found.values()) == {"complete"}


def test_every_tab_is_kept_as_received_once_per_content(desk: Desk) -> None:
    desk.extract()
    tabs = sum(len(book["sheets"]) for book in map(desk.state.book, _spreadsheets(desk)))
    assert desk.rows("select count(*) as n from raw.tracker_grids") == [{"n": tabs}]
    clients = [client.slug for client in desk.bench.config.register.clients]
    sheets.read(desk.bench.conn, desk.google, desk.bench.run(), clients)
    assert desk.rows("select count(*) as n from raw.tracker_grids") == [{"n": tabs}]


def _spreadsheets(desk: Desk) -> list[str]:
    return [str(client.spreadsheet_id) for client in desk.bench.config.register.clients]


def test_the_ledger_balances_for_every_tracker(desk: Desk) -> None:
    desk.extract()
    ledger = desk.rows("select * from ops.run_ledger where step = 'read_tracker'")
    assert len(ledger) == len(desk.bench.config.register.clients)
    for row in ledger:
        assert row["received"] == row["loaded"] + row["unchanged"] + row["quarantined"] + row["skipped"]
        assert sum(row["skipped_reasons"].values()) == row["skipped"] > 0


def test_a_copy_of_a_months_tab_is_not_read_twice(desk: Desk) -> None:
    desk.extract()
    _, spreadsheet, sheet_id = month_tab(desk)
    book = desk.state.book(spreadsheet)
    sheet = next(s for s in book["sheets"] if s["properties"]["sheetId"] == sheet_id)
    twice = copy.deepcopy(sheet)
    twice["properties"] |= {"sheetId": 424242, "title": f"Copy of {sheet['properties']['title']}"}
    book["sheets"].append(twice)
    desk.state.touch(spreadsheet, "somebody@example.com")
    before = desk.keys()
    assert desk.extract()["changed"] == 0
    assert desk.keys() == before
