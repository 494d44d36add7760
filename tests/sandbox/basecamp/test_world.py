"""The seeded world: the same seed gives the same world, and its truth agrees with what its services show."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections import Counter
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from sandbox.world import World, build
from sandbox.world.truth import tell

SMALL = {"clients": 6, "orders_per_month": 30}
DONE, OPEN, CANCELLED = (
    {"done", "partial"},
    {"scheduled", "assigned", "requested", "rescheduled", "on_hold"},
    {"cancelled"},
)


@pytest.fixture(scope="module")
def world() -> World:
    return build(5, **SMALL)


@pytest.fixture(scope="module")
def full() -> World:
    return build(20261006)


def digest(world: World) -> str:
    told = json.dumps([tell(world), world.spreadsheets, world.drive_files], sort_keys=True)
    return sha256(told.encode() + repr(world.account).encode()).hexdigest()


def test_the_same_seed_makes_the_same_world_and_another_seed_another(world: World) -> None:
    assert digest(build(5, **SMALL)) == digest(world)
    assert digest(build(6, **SMALL)) != digest(world)


def test_the_world_does_not_depend_on_the_order_of_hashes() -> None:
    script = (
        "import json; from sandbox.world import build; from sandbox.world.truth import tell;"
        "w = build(5, clients=5, orders_per_month=10); print(json.dumps([tell(w), w.spreadsheets, w.drive_files]))"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": hashes, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            check=True,
        ).stdout
        for hashes in ("1", "2")
    ]
    assert told[0] == told[1]


def test_the_default_world_is_as_large_and_as_varied_as_the_demo_needs(full: World) -> None:
    truth = tell(full)
    assert len(truth["clients"]) >= 12
    assert len(truth["orders"]) >= 1200
    months = Counter(order["service_month"] for order in truth["orders"])
    assert min(months["2026-07"], months["2026-08"], months["2026-09"]) >= 350
    days = {order["date"] for order in truth["orders"] if order["service_month"] == "2026-10"}
    assert days == {f"2026-10-{day:02}" for day in range(6, 17)}
    photos = Counter(order["service_month"] for order in truth["orders"] for _ in order["photos"])
    assert 150 <= sum(photos.values()) <= 200
    assert photos["2026-09"] > sum(photos.values()) / 2
    assert 50 <= sum(bool(order["photos"]) for order in truth["orders"]) <= 70
    assert sum(order["visible_to_clients"] for order in truth["orders"]) >= 20
    scopes = Counter(client["scopes"][0]["kind"] for client in truth["clients"])
    assert scopes["list"] == 2 and scopes["title_prefix"] == 1 and scopes["project"] >= 9
    assert Counter(client["delivery"] for client in truth["clients"])["shadow"] == 1
    assert Counter(client["documentation"] for client in truth["clients"])["whatsapp"] == 2
    assert any(person["basecamp_id"] is None for person in truth["people"] if "technician" in person["roles"])
    files = [blob for blob in full.account.blobs.values() if "." not in blob.filename or blob.width is None]
    assert {blob.content_type for blob in files} == {"image/jpeg", "application/pdf"}


@pytest.mark.parametrize("seed", range(6))
def test_at_least_five_of_every_trouble_are_planted_in_any_world(seed: int) -> None:
    world = build(seed, clients=5, orders_per_month=8)
    truth = tell(world)
    kinds = Counter(trouble["kind"] for trouble in truth["troubles"])
    expected = (
        "unassigned",
        "missing_in_tracker",
        "missing_in_basecamp",
        "differs.status",
        "quarantined",
        "incomplete",
    )
    assert set(kinds) == set(expected) and min(kinds.values()) >= 5
    assert len({(t["kind"], t["subject"]) for t in truth["troubles"]}) == len(truth["troubles"])
    orders = {f"order:{order['order_id']}": order for order in truth["orders"]}
    unassigned = [(t, orders[t["subject"]]) for t in truth["troubles"] if t["kind"] == "unassigned"]
    over = [order for trouble, order in unassigned if datetime.fromisoformat(trouble["settles_at"]) <= world.now]
    assert len(unassigned) - len(over) == 3, "three orders are still in their grace"
    assert sum(order["visible_to_clients"] for order in over) >= 2
    assert sum(not order["visible_to_clients"] for order in over) <= 9
    today = world.now.date()
    distances = [date.fromisoformat(order["date"]) - today for order in over]
    assert timedelta(0) in distances and timedelta(1) in distances and max(distances) > timedelta(2)
    shadow = {client["slug"] for client in truth["clients"] if client["delivery"] == "shadow"}
    assert any(order["client"] in shadow for order in over)


def cell(world: World, row: dict[str, Any]) -> list[dict[str, Any]]:
    for sheet in world.spreadsheets[row["spreadsheet_id"]]["sheets"]:
        if sheet["properties"]["sheetId"] == row["sheet_id"]:
            return list(sheet["data"][0]["rowData"][row["row"] - 1].get("values", []))
    raise AssertionError(f"no sheet {row['sheet_id']}")


def test_every_row_of_the_truth_stands_in_its_sheet(world: World) -> None:
    truth = tell(world)
    names = {o.code: [o.name, *o.aliases] for client in world.clients for o in client.outlets}
    for row in truth["rows"]:
        shown = {" ".join(c.get("formattedValue", "").split()).casefold() for c in cell(world, row)}
        assert shown & {name.casefold() for name in names[row["outlet"]]}, row
        if row["order_id"] is not None:
            told = [text for text in shown if "/todos/" in text or (text.isdigit() and len(text) >= 7)]
            assert all(text.endswith(str(row["order_id"])) for text in told)


def test_no_two_visits_of_a_client_share_outlet_and_day(world: World) -> None:
    keys = Counter((order.client.slug, order.outlet.code, order.day) for order in world.orders)
    assert max(keys.values()) == 1


def basecamp_side(world: World, order_id: int) -> str:
    todo = world.account.todos[order_id]
    if todo.status == "trashed":
        return "cancelled"
    comments = [world.account.comments[n].content for n in world.account.comments_of.get(order_id, [])]
    if todo.completed_at is not None:
        said = todo.content + (comments[-1] if comments else "")
        return "cancelled" if "BATAL" in said or "dibatalkan" in said else "done"
    return "open"


def tracker_side(status: str | None, ticked: bool) -> str | None:
    if status in DONE:
        return "done"
    if status in CANCELLED:
        return "cancelled"
    return None if ticked else "open"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_planted_contradictions_of_status_are_the_only_ones(seed: int) -> None:
    world = build(seed, **SMALL)
    planted = {trouble.subject for trouble in world.troubles if trouble.kind == "differs.status"}
    found = set()
    quarantined = {id(trouble.order) for trouble in world.troubles if trouble.kind == "quarantined"}
    for order in world.orders:
        if order.in_basecamp and order.in_tracker and id(order) not in quarantined:
            shown = tracker_side("cancelled" if order.struck else order.tracker_status, order.client.ticks_boxes)
            if shown is not None and shown != basecamp_side(world, order.order_id):
                found.add(f"order:{order.order_id}/1")
    assert found == planted


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_planted_unassigned_orders_are_the_only_ones_among_the_clients_to_dos(seed: int) -> None:
    world = build(seed, **SMALL)
    technicians = {p.basecamp_id for p in world.staff.technicians if p.basecamp_id is not None}
    named = {p.name for p in world.staff.technicians}
    held = {o.order_id for o in world.orders if o.status == "on_hold"}
    found = set()
    for order in (order for order in world.orders if order.in_basecamp):
        todo = world.account.todos[order.order_id]
        if todo.status != "active" or todo.completed_at is not None or todo.id in held or order.day < world.now.date():
            continue
        open_steps = [world.account.subtasks[n] for n in world.account.subtasks_of.get(todo.id, [])]
        open_steps = [step for step in open_steps if step.completed_at is None]
        by_steps = bool(open_steps) and all(set(step.assignee_ids) & technicians for step in open_steps)
        by_form = any(f"Teknisi: {name}" in todo.description for name in named)
        if not (set(todo.assignee_ids) & technicians or by_steps or by_form):
            found.add(f"order:{todo.id}")
    assert found == {trouble.subject for trouble in world.troubles if trouble.kind == "unassigned"}


def test_a_missing_visit_has_no_row_and_a_row_without_order_names_none(world: World) -> None:
    truth = tell(world)
    with_row = {row["order_id"] for row in truth["rows"]}
    for trouble in truth["troubles"]:
        if trouble["kind"] == "missing_in_tracker":
            assert int(trouble["subject"][6:-2]) not in with_row
    alone = {f"row:{r['spreadsheet_id']}/{r['sheet_id']}/{r['row']}": r for r in truth["rows"] if r["order_id"] is None}
    planted = {trouble["subject"] for trouble in truth["troubles"] if trouble["kind"] == "missing_in_basecamp"}
    assert planted == {subject for subject, row in alone.items() if row["status"] != "cancelled"}
    hidden = {t.order.outlet.code for t in world.troubles if t.kind == "quarantined"}
    assert not hidden & {t.order.outlet.code for t in world.troubles if t.kind == "missing_in_tracker"}


@pytest.mark.parametrize("seed", [5, 8, 11])
def test_the_truth_knows_no_hour_that_neither_a_form_nor_a_row_tells(seed: int) -> None:
    world = build(seed)
    told = {row["order_id"] for row in tell(world)["rows"]}
    forms = {todo.id for todo in world.account.todos.values() if "Jam: " in todo.description}
    knowing = {
        order["order_id"] for order in tell(world)["orders"] if order["time"] and "time" not in order["unreadable"]
    }
    assert knowing and not knowing - told - forms


def test_photos_of_the_truth_are_the_bytes_that_are_served(world: World) -> None:
    from sandbox.world import photos

    served = {sha256(photos.content(b.source)).hexdigest() for b in world.account.blobs.values() if b.width}
    assert served == {photo for order in tell(world)["orders"] for photo in order["photos"]}
    assert all(photos.content(b.source).startswith(b"\xff\xd8") for b in world.account.blobs.values() if b.width)


def test_nothing_in_the_world_happened_after_its_now(full: World) -> None:
    account = full.account
    stamps = [todo.updated_at for todo in account.todos.values()]
    stamps += [comment.created_at for comment in account.comments.values()]
    stamps += [event.created_at for events in account.events.values() for event in events]
    assert max(stamps) <= full.now
    for todo in account.todos.values():
        assert todo.created_at <= todo.updated_at
        assert todo.completed_at is None or todo.created_at < todo.completed_at <= todo.updated_at


def test_the_files_of_the_drive_lead_to_every_client(world: World) -> None:
    files = {file["id"]: file for file in world.drive_files}
    assert {file["driveId"] for file in world.drive_files} == {drive["id"] for drive in world.shared_drives}
    for client in world.clients:
        assert files[client.drive_folder_id]["name"] == client.name
        assert files[client.spreadsheet_id]["mimeType"].endswith("spreadsheet")
    assert set(world.spreadsheets) == {c.spreadsheet_id for c in world.clients} | {world.master_schedule_id}


@pytest.mark.parametrize(("now", "word"), [("2026-10-06T11:30:00", "zone"), ("2026-10-06T03:00:00+07:00", "03:00")])
def test_a_now_that_the_planted_graces_cannot_surround_is_refused(now: str, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        build(1, datetime.fromisoformat(now), **SMALL)


def test_the_twin_imports_nothing_of_what_it_judges() -> None:
    root = Path(__file__).parents[3] / "sandbox"
    imported = {
        name.split(".")[0]
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert "sandbox" in imported
    assert not imported & {"rekap", "rekap_airflow", "local", "airflow"}
