"""Days in the company: one seed tells one story, everything happens, and the truth is true after every step."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from sandbox.happenings import happen
from sandbox.server import Twin, prepare
from sandbox.week import PER_DAY, steps
from sandbox.world import trackers
from sandbox.world.truth import tell
from tests.sandbox.basecamp.twin_client import control

SMALL = {"clients": 6, "orders_per_month": 40}
RENAMED = {"row_status": "edit_row", "row_date": "edit_row", "row_technicians": "edit_row"}


def a_twin(seed: int = 11, **size: int) -> Twin:
    """A twin that nobody serves."""
    twin, sockets = prepare(seed, rate_limit=None, **(size or SMALL))
    for sock in sockets.values():
        sock.close()
    return twin


def story(seed: int, days: int = 3) -> tuple[str, str]:
    twin = a_twin()
    log = list(steps(twin, seed, days))
    return json.dumps(log), json.dumps(tell(twin.world))


def test_the_same_seed_tells_the_same_story_and_another_seed_another() -> None:
    first = story(1)
    assert story(1) == first
    log, truth = story(2)
    assert log != first[0] and truth != first[1]


@pytest.fixture(scope="module")
def week() -> Iterator[tuple[Twin, list[list[dict[str, Any]]], list[list[str]]]]:
    """A normal company's week, with what was found wrong after each step."""
    twin = a_twin(20261006, clients=14, orders_per_month=420)
    log, wrong = [], []
    for step in steps(twin, 5):
        log.append(step)
        wrong.append([*wrong_orders(twin), *wrong_rows(twin)])
    yield twin, log, wrong


def test_everything_happens_within_a_week(week: tuple[Twin, list[list[dict[str, Any]]], Any]) -> None:
    _, log, _ = week
    counted = Counter(told["op"] for step in log for told in step)
    assert {RENAMED.get(what, what) for what in PER_DAY} | {"set_now"} == set(counted)
    edited = [told for step in log for told in step if told["op"] == "edit_row"]
    assert {name for told in edited for name in ("status", "date", "technicians") if name in told} == {
        "status",
        "date",
        "technicians",
    }


def test_the_clock_moves_on_from_step_to_step_over_the_days(week: tuple[Twin, list[list[dict[str, Any]]], Any]) -> None:
    _, log, _ = week
    moments = [step[0]["now"] for step in log]
    assert moments == sorted(set(moments)) and len({moment[:10] for moment in moments}) == 7
    assert all(step[0]["op"] == "set_now" for step in log) and sum(len(step) > 1 for step in log) > 30


def test_the_truth_is_true_after_every_step(week: tuple[Twin, Any, list[list[str]]]) -> None:
    _, _, wrong = week
    assert [problem for step in wrong for problem in step] == []


def test_the_story_can_be_carried_out_again_from_its_log(week: tuple[Twin, list[list[dict[str, Any]]], Any]) -> None:
    twin, log, _ = week
    again = a_twin(20261006, clients=14, orders_per_month=420)
    for told in (told for step in copy.deepcopy(log) for told in step):
        made = told.pop("made")
        assert happen(again, **told) == made
    assert tell(again.world) == tell(twin.world)


def wrong_orders(twin: Twin) -> list[str]:
    """What the truth says of orders and the account does not show."""
    found, account, technicians = [], twin.world.account, {p.basecamp_id for p in twin.world.staff.with_account}
    for order in tell(twin.world)["orders"]:
        todo = account.todos.get(order["order_id"])
        name = f"order {order['order_id']}"
        if todo is None:
            found += [] if order["life_cycle"] == "gone" else [f"{name}: purged, not gone"]
            continue
        if todo.status != order["life_cycle"] or (todo.completed_at is not None) != order["completed"]:
            found.append(f"{name}: {todo.status} {todo.completed_at} is told as {order['life_cycle']}")
        if todo.due_on is not None and todo.due_on != order["date"]:
            found.append(f"{name}: due on {todo.due_on}, told {order['date']}")
        on_it = bool(technicians & set(todo.assignee_ids))
        if on_it and not order["assigned"]:
            found.append(f"{name}: has a technician, told unassigned")
        if not on_it and order["assigned"] and todo.id not in account.subtasks_of and "Teknisi" not in todo.description:
            found.append(f"{name}: told assigned, nobody is")
        if todo.status == "trashed" and order["status"] != "cancelled":
            found.append(f"{name}: trashed, told {order['status']}")
    return found


def wrong_rows(twin: Twin) -> list[str]:
    """What the truth says of rows and the cells at that row do not."""
    found, truth = [], tell(twin.world)
    names = {o.code: [o.name, *o.aliases] for client in twin.world.clients for o in client.outlets}
    clients = {client.slug: client for client in twin.world.clients}
    quarantined = {t["subject"] for t in truth["troubles"] if t["kind"] == "quarantined"}
    places = [(row["spreadsheet_id"], row["sheet_id"], row["row"]) for row in truth["rows"]]
    if len(set(places)) != len(places):
        found.append("two rows of the truth stand in one place")
    for row, place in zip(truth["rows"], places, strict=True):
        client = clients[row["client"]]
        sheet = next(s for s in twin.world.spreadsheets[place[0]]["sheets"] if s["properties"]["sheetId"] == place[1])
        style = trackers.style_of(client, twin.world.seed)
        values = {name: cell(sheet, row["row"], style.first_column + n) for n, name in enumerate(style.columns)}
        shown = " ".join(values["outlet"].get("formattedValue", "").split()).casefold()
        if shown not in {" ".join(name.split()).casefold() for name in names[row["outlet"]]}:
            found.append(f"{place}: shows {shown}, told {row['outlet']}")
        subject = "row:{}/{}/{}".format(*place)
        if subject not in quarantined and not says(values["date"], date.fromisoformat(row["date"])):
            found.append(f"{place}: shows {values['date'].get('formattedValue')}, told {row['date']}")
        reference = values["reference"].get("formattedValue", "")
        if reference and not reference.endswith(str(row["order_id"])):
            found.append(f"{place}: refers to {reference}, told {row['order_id']}")
        if client.ticks_boxes and row["row_status"] != "cancelled":
            ticked = values["status"].get("effectiveValue", {}).get("boolValue", False)
            found += [] if ticked == (row["row_status"] == "done") else [f"{place}: told {row['row_status']}"]
    # Whatever names an outlet and a service in a month's tab is a row that the truth knows.
    known = set(places)
    for spreadsheet_id, book in twin.world.spreadsheets.items():
        for sheet in book["sheets"]:
            for at, line in enumerate(sheet["data"][0]["rowData"], start=1):
                texts = {c.get("formattedValue", "").split(" ")[0] for c in line.get("values", ()) if c}
                place = (spreadsheet_id, sheet["properties"]["sheetId"], at)
                if place not in known and any(text.isdigit() and len(text) > 8 for text in texts):
                    found.append(f"{place}: holds an order that the truth does not know")
    assert truth["rows"]
    return found


def cell(sheet: dict[str, Any], row: int, column: int) -> dict[str, Any]:
    """The cell, for a merged one the one that shows."""
    for merge in sheet.get("merges", ()):
        inside = merge["startColumnIndex"] <= column < merge["endColumnIndex"]
        if inside and merge["startRowIndex"] < row <= merge["endRowIndex"]:
            row, column = merge["startRowIndex"] + 1, merge["startColumnIndex"]
    lines = sheet["data"][0]["rowData"]
    values = lines[row - 1].get("values", []) if row <= len(lines) else []
    return values[column] if column < len(values) else {}


def says(shown: dict[str, Any], day: date) -> bool:
    value = shown.get("effectiveValue", {})
    if "numberValue" in value:
        return date(1899, 12, 30) + timedelta(days=int(value["numberValue"])) == day
    words = str(value.get("stringValue", "")).replace("/", " ").replace("-", " ").split()
    return str(day.day) in words or f"{day.day:02}" in words


# --- over HTTP ------------------------------------------------------------------------------------------------------


def test_days_are_begun_and_carried_out_step_by_step_through_the_control_origin(twin: Twin) -> None:
    control(twin, "POST", "world", {"op": "days", "seed": 3, "days": 1, "a_day": 4})
    told = []
    while True:
        [step] = control(twin, "POST", "world", {"op": "step"})
        if step["over"]:
            break
        told.append(step["happenings"])
    assert told and all(step[0]["op"] == "set_now" for step in told)
    assert control(twin, "GET", "truth")["now"] == told[-1][0]["now"]


@pytest.mark.parametrize("told", [{"days": 0}, {"a_day": 0}])
def test_days_without_a_step_are_refused(told: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="no step"):
        steps(a_twin(), **told)
