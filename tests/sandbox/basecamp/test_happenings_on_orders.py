"""What people do to orders: Basecamp shows it by the vendor's client, and the truth says what a person would say."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from google.auth.transport.requests import AuthorizedSession
from google.oauth2 import service_account

from sandbox.server import Twin
from sandbox.world.model import Order
from sandbox.world.projects import INTERNAL
from tests.sandbox.basecamp.twin_client import Caller, control, vendor


def happen(twin: Twin, op: str, order: Order | None = None, **told: Any) -> Any:
    if order is not None:
        told["order_id"] = order.order_id
    [made] = control(twin, "POST", "world", {"op": op, **told})
    return made


def truth_of(twin: Twin, order_id: int) -> dict[str, Any]:
    return next(o for o in control(twin, "GET", "truth")["orders"] if o["order_id"] == order_id)


def an_order(twin: Twin, **wanted: Any) -> Order:
    """An open order of today or later with a technician, told alike by both sources."""
    troubled = {id(trouble.order) for trouble in twin.world.troubles}
    wanted = {"status": "assigned", "assigned_by": "assignees", "in_basecamp": True, **wanted}
    for order in twin.world.orders:
        ahead = order.day >= twin.world.now.date() and id(order) not in troubled
        if ahead and all(getattr(order, name) == value for name, value in wanted.items()):
            return order
    raise AssertionError("no such order in this world")


def total(caller: Caller, **params: Any) -> int:
    answer = caller.call("GET", "/projects/recordings.json", params={"type": "Todo", **params})
    return int(answer.headers["X-Total-Count"])


def test_a_purged_to_do_is_nowhere_and_its_comments_with_it(writer: Caller) -> None:
    twin, order = writer.twin, an_order(writer.twin)
    comment = happen(twin, "comment", order, text="batal")["comment_id"]
    holder = twin.world.account.todos[order.order_id].parent_id
    before = total(writer)
    happen(twin, "trash", order)
    happen(twin, "purge", order)
    for address in (f"/todos/{order.order_id}", f"/comments/{comment}", f"/recordings/{order.order_id}/comments.json"):
        assert writer.call("GET", address).status_code == 404, address
    assert total(writer) == before - 1
    for params in ({}, {"status": "trashed"}, {"completed": "true"}):
        assert order.order_id not in {t["id"] for t in writer.all(f"/todolists/{holder}/todos.json", **params)}
    told = truth_of(twin, order.order_id)
    assert (told["life_cycle"], told["status"]) == ("gone", "cancelled")
    refused = requests.post(f"{twin['control']}/_sandbox/world", json={"op": "complete", "order_id": order.order_id})
    assert refused.status_code == 400 and "purged" in refused.json()["error"]


def test_a_to_do_moved_within_its_project_stays_its_clients(writer: Caller) -> None:
    twin = writer.twin
    order = an_order(twin, client=twin.world.clients[1], place="list")
    account = twin.world.account
    before = writer.read(f"/todos/{order.order_id}")
    group = next(made for made in account.todolists.values() if made.parent_id == before["parent"]["id"])
    happen(twin, "move", order, list_id=group.id)
    after = vendor(twin).todos.get(todo_id=order.order_id)
    assert after["parent"]["id"] == group.id and after["updated_at"] > before["updated_at"]
    newest = writer.read(f"/recordings/{order.order_id}/events.json")[0]
    assert newest["action"] == "adopted"
    assert newest["details"] == {"new_parent_id": group.id, "parent_id_was": before["parent"]["id"]}
    assert order.order_id in {t["id"] for t in writer.all(f"/todolists/{group.id}/todos.json")}
    assert order.order_id not in {t["id"] for t in writer.all(f"/todolists/{before['parent']['id']}/todos.json")}
    loose = next(made for made in account.todosets.values() if made.project_id == group.project_id)
    happen(twin, "move", order, list_id=loose.id)
    assert writer.read(f"/todos/{order.order_id}")["parent"]["type"] == "Todoset"
    assert truth_of(twin, order.order_id)["life_cycle"] == "active"


def test_a_to_do_moved_to_where_no_client_is_served_is_gone_until_it_comes_back(writer: Caller) -> None:
    twin = writer.twin
    order = an_order(twin, client=twin.world.clients[0])
    comment = happen(twin, "comment", order, text="pindah")["comment_id"]
    internal = next(p for p in twin.world.account.projects.values() if p.name == INTERNAL)
    home = writer.read(f"/todos/{order.order_id}")["parent"]["id"]
    happen(twin, "move", order, project_id=internal.id)
    assert writer.read(f"/todos/{order.order_id}")["bucket"]["id"] == internal.id
    assert writer.read(f"/comments/{comment}")["bucket"]["id"] == internal.id
    told = truth_of(twin, order.order_id)
    assert (told["life_cycle"], told["client"]) == ("gone", order.client.slug)
    happen(twin, "move", order, list_id=home)
    told = truth_of(twin, order.order_id)
    assert (told["life_cycle"], told["status"]) == ("active", "assigned")


def test_a_to_do_moved_to_another_client_is_that_clients(writer: Caller) -> None:
    twin = writer.twin
    order = an_order(twin, client=twin.world.clients[0])
    other = twin.world.clients[1]
    happen(twin, "move", order, project_id=other.project_id)
    told = truth_of(twin, order.order_id)
    assert (told["client"], told["life_cycle"], told["unreadable"]) == (other.slug, "active", ["outlet"])


@pytest.mark.parametrize(("op", "status"), [("trash", "trashed"), ("archive", "archived")])
def test_what_was_put_away_comes_back_as_it_was(writer: Caller, op: str, status: str) -> None:
    twin, order = writer.twin, an_order(writer.twin)
    before = truth_of(twin, order.order_id)
    happen(twin, op, order)
    assert writer.read(f"/todos/{order.order_id}")["status"] == status
    assert truth_of(twin, order.order_id)["life_cycle"] == status
    happen(twin, "restore", order)
    assert writer.read(f"/todos/{order.order_id}")["status"] == "active"
    assert truth_of(twin, order.order_id) == before


def test_an_unassigned_order_that_is_brought_back_is_a_trouble_again(writer: Caller) -> None:
    twin = writer.twin
    trouble = next(t for t in twin.world.troubles if t.kind == "unassigned" and t.order.status == "scheduled")
    order = trouble.order
    happen(twin, "trash", order)
    assert not [t for t in control(twin, "GET", "truth")["troubles"] if t["subject"] == f"order:{order.order_id}"]
    happen(twin, "restore", order)
    kinds = {t["kind"] for t in control(twin, "GET", "truth")["troubles"] if t["subject"] == f"order:{order.order_id}"}
    assert kinds == {"unassigned"}


def test_taking_people_off_leaves_the_technician_of_the_form(writer: Caller) -> None:
    twin = writer.twin
    order = an_order(twin, assigned_by="form")
    named = truth_of(twin, order.order_id)["technicians"]
    happen(twin, "assign", order, person=twin.world.staff.with_account[0].code)
    assert truth_of(twin, order.order_id)["technicians"] == [twin.world.staff.with_account[0].code]
    happen(twin, "unassign", order)
    told = truth_of(twin, order.order_id)
    assert told["assigned"] and told["technicians"] == named


def test_an_order_is_entered_as_people_enter_one(writer: Caller) -> None:
    twin = writer.twin
    client = twin.world.clients[0]
    told = {"client": client.slug, "outlet": client.outlets[0].code, "date": "2026-10-20", "time": "10:00"}
    made = happen(twin, "enter", services=[["repair", 2]], **told)
    row = vendor(twin).todos.get(todo_id=made["order_id"])
    assert row["due_on"] == "2026-10-20" and "Unit: 2" in row["description"] and row["assignees"] == []
    order = truth_of(twin, made["order_id"])
    assert {name: order[name] for name in told} == told
    assert (order["services"], order["status"], order["life_cycle"]) == (
        [{"service": "repair", "units": 2}],
        "scheduled",
        "active",
    )
    troubles = [t for t in control(twin, "GET", "truth")["troubles"] if f"order:{made['order_id']}" in t["subject"]]
    assert {t["kind"] for t in troubles} == {"unassigned", "missing_in_tracker"}
    assert next(t for t in troubles if t["kind"] == "unassigned")["settles_at"].startswith("2026-10-06T13:30:00")


def test_every_client_can_be_given_an_order_and_a_technician(writer: Caller) -> None:
    twin = writer.twin
    without = twin.world.staff.without_account[0]
    for client in twin.world.clients:
        told = {"client": client.slug, "outlet": client.outlets[0].code, "date": "2026-10-20"}
        made = happen(twin, "enter", person=without.code, **told)
        order = truth_of(twin, made["order_id"])
        assert (order["client"], order["assigned"], order["technicians"]) == (client.slug, True, [without.code])
        assert without.name in writer.read(f"/todos/{made['order_id']}")["description"]


def test_title_and_form_can_be_edited(writer: Caller) -> None:
    twin, order = writer.twin, an_order(writer.twin, style="form")
    happen(twin, "describe", order, lines={"Catatan": "bawa tangga", "Kontak": None})
    text = writer.read(f"/todos/{order.order_id}")["description"]
    assert "Catatan: bawa tangga" in text and "Kontak" not in text and "Outlet: " in text
    happen(twin, "retitle", order, text="PENTING " + order.outlet.name)
    assert writer.read(f"/todos/{order.order_id}")["title"] == "PENTING " + order.outlet.name
    outlet = order.client.outlets[-1]
    happen(twin, "amend", order, outlet=outlet.code, services=[["inspection", 4]], time="15:00")
    row = writer.read(f"/todos/{order.order_id}")
    assert outlet.name in row["title"] and "Unit: 4" in row["description"]
    told = truth_of(twin, order.order_id)
    assert (told["outlet"], told["services"], told["time"]) == (
        outlet.code,
        [{"service": "inspection", "units": 4}],
        "15:00",
    )


@pytest.mark.parametrize(
    "told",
    [
        {"op": "move", "list_id": 5},
        {"op": "move", "project_id": 5},
        {"op": "describe", "lines": {"Tanggal": "besok"}},
        {"op": "amend", "outlet": "nowhere"},
        {"op": "comment", "text": ""},
        {"op": "assign", "person": "nobody"},
    ],
)
def test_what_cannot_be_done_to_an_order_is_refused(reading: Twin, told: dict[str, Any]) -> None:
    order = an_order(reading)
    answer = requests.post(f"{reading['control']}/_sandbox/world", json={**told, "order_id": order.order_id}, timeout=9)
    assert answer.status_code == 400 and answer.json()["error"]


# --- switches -------------------------------------------------------------------------------------------------------


def switch(twin: Twin, name: str, value: Any) -> None:
    happen(twin, "switch", name=name, value=value)


def test_a_count_can_be_missing_or_wrong_for_a_while(writer: Caller) -> None:
    right = total(writer)
    switch(writer.twin, "wrong_total", 3)
    switch(writer.twin, "wrong_total_times", 2)
    assert [total(writer) for _ in range(3)] == [right + 3, right + 3, right]
    switch(writer.twin, "wrong_total_times", None)
    assert [total(writer) for _ in range(3)] == [right + 3] * 3
    switch(writer.twin, "count_header", False)
    assert "X-Total-Count" not in writer.call("GET", "/projects/recordings.json", params={"type": "Todo"}).headers
    assert "X-Total-Count" in writer.call("GET", "/projects.json").headers


def test_comments_and_assignments_can_leave_the_time_of_a_to_do_alone(writer: Caller) -> None:
    twin, order = writer.twin, an_order(writer.twin)
    before = writer.read(f"/todos/{order.order_id}")["updated_at"]
    switch(twin, "comments_touch", False)
    switch(twin, "assigning_touches", False)
    happen(twin, "comment", order, text="halo")
    happen(twin, "assign", order, person=order.client.am.code)
    row = writer.read(f"/todos/{order.order_id}")
    assert row["updated_at"] == before and row["comments_count"] >= 1
    assert order.client.am.basecamp_id in {person["id"] for person in row["assignees"]}
    happen(twin, "reschedule", order, date="2026-10-18")
    assert writer.read(f"/todos/{order.order_id}")["updated_at"] > before


def test_the_quota_of_sheets_and_the_lag_of_drive_are_switches_too(twin: Twin) -> None:
    address = f"{twin['google']['sheets_url']}/v4/spreadsheets/{twin.world.master_schedule_id}"
    keyfile = service_account.Credentials.from_service_account_info(
        twin["google"]["service_account"], scopes=["https://www.googleapis.com/auth/spreadsheets"]
    )
    google = AuthorizedSession(keyfile)
    switch(twin, "sheets_quota", 1)
    assert [google.get(address, timeout=10).status_code for _ in range(2)] == [200, 429]
    switch(twin, "sheets_quota", None)
    assert google.get(address, timeout=10).status_code == 200
    switch(twin, "drive_lag", True)
    assert twin.google.switches.drive_lag
