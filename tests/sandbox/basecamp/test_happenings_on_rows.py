"""What people do to the rows of a tracker, read back by gspread, and where the truth says that each row stands."""

from __future__ import annotations

import functools
from typing import Any

import gspread
import pytest
import requests
from google.oauth2 import service_account

from sandbox.server import Twin
from sandbox.world.model import Client, TrackerRow
from sandbox.world.rows import MONTH
from tests.sandbox.basecamp.twin_client import control
from tests.sandbox.google_twin import EndpointClient

SCOPES = [f"https://www.googleapis.com/auth/{name}" for name in ("spreadsheets", "drive")]


def happen(twin: Twin, op: str, **told: Any) -> Any:
    [made] = control(twin, "POST", "world", {"op": op, **told})
    return made


def sheet(twin: Twin, spreadsheet_id: str, sheet_id: int) -> gspread.Worksheet:
    told = twin["google"]
    auth = service_account.Credentials.from_service_account_info(told["service_account"], scopes=SCOPES)
    client = gspread.Client(auth=auth, http_client=functools.partial(EndpointClient, told["sheets_url"]))
    found: gspread.Worksheet = client.open_by_key(spreadsheet_id).get_worksheet_by_id(sheet_id)
    return found


def row_values(twin: Twin, row: dict[str, Any]) -> list[str]:
    found: list[str] = sheet(twin, row["spreadsheet_id"], row["sheet_id"]).row_values(row["row"])
    return found


def told_rows(twin: Twin, order_id: int) -> list[dict[str, Any]]:
    return [row for row in control(twin, "GET", "truth")["rows"] if row["order_id"] == order_id]


def order_of(twin: Twin, order_id: int) -> dict[str, Any]:
    return next(o for o in control(twin, "GET", "truth")["orders"] if o["order_id"] == order_id)


def in_words(twin: Twin) -> Client:
    """A client whose tracker has no merged dates and a status in words."""
    return twin.world.clients[0]


def a_row(twin: Twin, client: Client, **wanted: Any) -> TrackerRow:
    troubled = {id(trouble.order) for trouble in twin.world.troubles}
    for row in twin.world.rows[client.spreadsheet_id]:
        ours = row.order.in_basecamp and id(row.order) not in troubled
        if ours and all(getattr(row, name) == value for name, value in wanted.items()):
            return row
    raise AssertionError("no such row in this world")


def place(row: TrackerRow) -> dict[str, Any]:
    return {"spreadsheet_id": row.spreadsheet_id, "sheet_id": row.sheet_id, "row": row.row}


def entered(twin: Twin, client: Client, date: str) -> int:
    told = {"client": client.slug, "outlet": client.outlets[0].code, "date": date, "time": "10:00"}
    made: int = happen(twin, "enter", **told)["order_id"]
    return made


@pytest.mark.parametrize("number", range(6))
def test_an_order_is_typed_into_every_clients_tracker(twin: Twin, number: int) -> None:
    client = twin.world.clients[number]
    order_id = entered(twin, client, "2026-10-29")
    made = happen(twin, "type_row", order_id=order_id)
    [row] = told_rows(twin, order_id)
    assert {name: row[name] for name in made} == made and row["date"] == "2026-10-29"
    shown = {value.casefold() for value in row_values(twin, row)}
    outlet = client.outlets[0]
    assert shown & {" ".join(name.split()).casefold() for name in (outlet.name, *outlet.aliases)} or any(
        outlet.name.split()[-1].casefold() in value for value in shown
    )
    kinds = {t["kind"] for t in control(twin, "GET", "truth")["troubles"] if f"order:{order_id}" in t["subject"]}
    assert kinds == {"unassigned"}


def test_a_month_without_tab_gets_one_when_its_first_order_is_typed(twin: Twin) -> None:
    client = in_words(twin)
    order_id = entered(twin, client, "2026-12-03")
    made = happen(twin, "type_row", order_id=order_id)
    tab = sheet(twin, made["spreadsheet_id"], made["sheet_id"])
    assert tab.title == "DES 26" and "Outlet" in " ".join(tab.row_values(4)) + "Outlet"
    titles = [s["properties"]["title"] for s in twin.world.spreadsheets[client.spreadsheet_id]["sheets"]]
    months = [s["data"][0].get(MONTH) for s in twin.world.spreadsheets[client.spreadsheet_id]["sheets"]]
    assert titles.index("DES 26") == max(n for n, month in enumerate(months) if month)
    [row] = told_rows(twin, order_id)
    assert row["row"] == made["row"]
    refused = requests.post(
        f"{twin['control']}/_sandbox/world",
        json={"op": "add_month", "client": client.slug, "month": "2026-12"},
        timeout=9,
    )
    assert refused.status_code == 400 and "already" in refused.json()["error"]


def test_rows_keep_their_orders_when_others_come_and_go_and_the_tab_is_sorted(twin: Twin) -> None:
    client = in_words(twin)
    row = a_row(twin, client)
    at, before = place(row), row_values(twin, place(row))
    tab = {"spreadsheet_id": row.spreadsheet_id, "sheet_id": row.sheet_id}
    order_id = row.order.order_id
    happen(twin, "insert_row", **tab, row=at["row"])
    assert [told["row"] for told in told_rows(twin, order_id)] == [at["row"] + 1]
    assert row_values(twin, told_rows(twin, order_id)[0]) == before
    happen(twin, "delete_row", **tab, row=at["row"])
    assert [told["row"] for told in told_rows(twin, order_id)] == [at["row"]]
    happen(twin, "sort_tab", **tab, column="D", first_row=5, descending=True)
    [told] = told_rows(twin, order_id)
    assert row_values(twin, told) == before
    happen(twin, "rename_tab", **tab, title="Bulan lain")
    assert told_rows(twin, order_id) == [told]


def test_a_row_sorted_by_another_client_of_the_api_is_followed_too(twin: Twin) -> None:
    row = a_row(twin, in_words(twin))
    before = row_values(twin, place(row))
    tab = sheet(twin, row.spreadsheet_id, row.sheet_id)
    last = len(tab.get_all_values())
    tab.sort((4, "des"), range=f"A5:Z{last}")
    assert row_values(twin, told_rows(twin, row.order.order_id)[0]) == before


def test_a_deleted_row_is_not_in_the_truth_and_an_emptied_tab_holds_none(twin: Twin) -> None:
    row = a_row(twin, in_words(twin))
    happen(twin, "delete_row", **place(row))
    assert told_rows(twin, row.order.order_id) == []
    happen(twin, "empty_tab", spreadsheet_id=row.spreadsheet_id, sheet_id=row.sheet_id)
    assert not [r for r in control(twin, "GET", "truth")["rows"] if r["sheet_id"] == row.sheet_id]


def test_a_pasted_row_stands_twice(twin: Twin) -> None:
    row = a_row(twin, in_words(twin))
    made = happen(twin, "copy_row", **place(row))
    first, second = told_rows(twin, row.order.order_id)
    assert (first["row"], second["row"]) == (row.row, made["row"])
    assert row_values(twin, first) == row_values(twin, second)


def test_status_date_and_technicians_of_a_row_can_be_typed_anew(twin: Twin) -> None:
    row = a_row(twin, in_words(twin), status="scheduled")
    number, technician = row.order.order_id, twin.world.staff.without_account[0]
    happen(twin, "edit_row", **place(row), status="done", date="2026-10-30", technicians=[technician.code])
    [told] = told_rows(twin, number)
    assert (told["date"], told["row_status"], told["status"]) == ("2026-10-30", "done", "done")
    shown = row_values(twin, told)
    assert "30/10/2026" in shown and technician.aliases[0] in shown
    order = order_of(twin, number)
    assert (order["status"], order["completed"]) == ("done", False)
    assert order["date"] != "2026-10-30", "Basecamp's date counts"
    happen(twin, "edit_row", **place(row), status="cancelled")
    assert order_of(twin, number)["status"] == "assigned", "only Basecamp cancels"


def test_a_ticked_box_is_done(twin: Twin) -> None:
    client = next(client for client in twin.world.clients if client.ticks_boxes)
    row = a_row(twin, client, status=None)
    happen(twin, "edit_row", **place(row), status="done")
    [told] = told_rows(twin, row.order.order_id)
    assert (told["row_status"], told["status"]) == ("done", "done") and "TRUE" in row_values(twin, told)


def test_marks_are_never_shown(twin: Twin) -> None:
    row = a_row(twin, in_words(twin))
    tab = sheet(twin, row.spreadsheet_id, row.sheet_id)
    whole = tab.client.fetch_sheet_metadata(row.spreadsheet_id, params={"includeGridData": "true"})
    lines = [line for s in whole["sheets"] for line in s["data"][0].get("rowData", ())]
    assert lines and {name for line in lines for name in line} == {"values"}
    copied = tab.duplicate(new_sheet_name="Copy of it")
    assert len(told_rows(twin, row.order.order_id)) == 1 and copied.row_values(row.row) == tab.row_values(row.row)


@pytest.mark.parametrize(
    "told",
    [
        {"op": "type_row", "order_id": 1},
        {"op": "edit_row", "row": 1, "status": "done"},
        {"op": "edit_row", "technicians": ["nobody"]},
        {"op": "copy_row", "row": 1},
        {"op": "add_month", "client": "nobody", "month": "2026-12"},
    ],
)
def test_what_cannot_be_done_to_a_row_is_refused(reading: Twin, told: dict[str, Any]) -> None:
    if told["op"] in {"edit_row", "copy_row"}:
        told = {**place(a_row(reading, in_words(reading))), **told}
    answer = requests.post(f"{reading['control']}/_sandbox/world", json=told, timeout=9)
    assert answer.status_code == 400 and answer.json()["error"]
