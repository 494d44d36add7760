"""Whole projects that are put away, come back, or that Rekap's own user cannot see."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from sandbox.server import Twin
from sandbox.world.model import Client
from tests.sandbox.basecamp.twin_client import Caller, control, vendor


def happen(twin: Twin, op: str, **told: Any) -> Any:
    return control(twin, "POST", "world", {"op": op, **told})


def cycles(twin: Twin, client: Client) -> Counter[str]:
    return Counter(o["life_cycle"] for o in control(twin, "GET", "truth")["orders"] if o["client"] == client.slug)


def recorded(caller: Caller, project_id: int) -> int:
    rows = caller.all("/projects/recordings.json", type="Todo")
    return sum(row["bucket"]["id"] == project_id for row in rows)


@pytest.mark.parametrize(("op", "status"), [("archive_project", "archived"), ("trash_project", "trashed")])
def test_a_project_that_is_put_away_takes_everything_along_and_brings_it_back(
    writer: Caller, op: str, status: str
) -> None:
    twin, client = writer.twin, writer.twin.world.clients[1]
    number = client.project_id
    before, shown = cycles(twin, client), recorded(writer, number)
    assert before["active"] == shown > 0 and before["trashed"]
    happen(twin, op, project_id=number)
    assert recorded(writer, number) == 0
    assert writer.call("GET", "/projects/recordings.json", params={"type": "Todo", "bucket": number}).status_code == 404
    assert vendor(twin).projects.get(project_id=number)["status"] == status
    assert number in {p["id"] for p in writer.all("/projects.json", status=status)}
    assert number not in {p["id"] for p in writer.all("/projects.json")}
    assert set(cycles(twin, client)) == {status, "trashed"}
    happen(twin, "restore_project", project_id=number)
    assert recorded(writer, number) == shown and cycles(twin, client) == before


def test_an_archived_project_can_be_walked_list_by_list(writer: Caller) -> None:
    twin, client = writer.twin, writer.twin.world.clients[1]
    happen(twin, "archive_project", project_id=client.project_id)
    sdk = vendor(twin)
    project = sdk.projects.get(project_id=client.project_id)
    [tool] = [tool for tool in project["dock"] if tool["name"] == "todoset"]
    todoset = sdk.todosets.get(todoset_id=tool["id"])
    lists = writer.all(f"/todosets/{todoset['id']}/todolists.json", status="archived")
    assert writer.all(f"/todosets/{todoset['id']}/todolists.json") == []
    assert todoset["todolists_count"] == len(lists) == 1 and todoset["status"] == "archived"
    found = []
    for todolist in lists:
        groups = writer.all(f"/todolists/{todolist['id']}/groups.json", status="archived")
        assert len(groups) == 2 and writer.all(f"/todolists/{todolist['id']}/groups.json") == []
        for holder in (todolist, *groups):
            open_ones = writer.all(f"/todolists/{holder['id']}/todos.json", status="archived")
            done = writer.all(f"/todolists/{holder['id']}/todos.json", status="archived", completed="true")
            assert {t["status"] for t in (*open_ones, *done)} == {"archived"}
            assert all(t["completed"] for t in done) and holder["completed_ratio"].endswith(f"/{len(open_ones)}")
            found += open_ones
    done = sum(row["completed"] for row in found)
    assert todoset["completed_ratio"] == f"{done}/{len(found)}" and done < len(found)
    told = [o for o in control(twin, "GET", "truth")["orders"] if o["client"] == client.slug]
    assert {row["id"] for row in found} == {o["order_id"] for o in told if o["life_cycle"] == "archived"}
    assert writer.read(f"/todos/{found[0]['id']}")["status"] == "archived"


def test_to_dos_under_a_to_do_set_are_reached_by_the_walk_of_recordings_alone(caller: Caller) -> None:
    account = caller.twin.world.account
    loose = next(todo for todo in account.todos.values() if todo.parent_id in account.todosets)
    assert caller.call("GET", f"/todolists/{loose.parent_id}/todos.json").status_code == 404
    assert caller.call("GET", f"/todosets/{loose.parent_id}/todos.json").status_code == 404
    assert loose.id in {row["id"] for row in caller.all("/projects/recordings.json", type="Todo", status=loose.status)}


def test_a_project_that_rekap_cannot_see_is_nowhere(writer: Caller) -> None:
    twin, client = writer.twin, writer.twin.world.clients[0]
    number, order = client.project_id, next(o for o in twin.world.orders if o.client is client and o.in_basecamp)
    before = recorded(writer, number)
    happen(twin, "hide_project", project_id=number)
    assert recorded(writer, number) == 0
    todo = twin.world.account.todos[order.order_id]
    for address in (
        f"/projects/{number}.json",
        f"/projects/{number}/people.json",
        f"/todos/{todo.id}",
        f"/buckets/{number}/todos/{todo.id}.json",
        f"/recordings/{todo.id}/comments.json",
        f"/projects/recordings.json?type=Todo&bucket={number}",
    ):
        assert writer.call("GET", address).status_code == 404, address
    for status in ("active", "archived", "trashed"):
        assert number not in {p["id"] for p in writer.all("/projects.json", status=status)}
    told = next(o for o in control(twin, "GET", "truth")["orders"] if o["order_id"] == todo.id)
    assert (told["life_cycle"], told["visible_to_rekap"]) == (todo.status, False)
    assert Caller(twin, client.pic.basecamp_id).read(f"/projects/{number}.json")["id"] == number
    happen(twin, "show_project", project_id=number)
    assert recorded(writer, number) == before and writer.read(f"/projects/{number}.json")["id"] == number


def test_a_list_that_comes_back_leaves_what_was_trashed_by_itself(writer: Caller) -> None:
    twin, client = writer.twin, writer.twin.world.clients[1]
    todo = next(
        t
        for t in twin.world.account.todos.values()
        if t.project_id == client.project_id and t.status == "trashed" and t.parent_id in twin.world.account.todolists
    )
    for status in ("archived", "active"):
        assert writer.call("PUT", f"/recordings/{todo.parent_id}/status/{status}.json").status_code == 204
        assert writer.read(f"/todos/{todo.id}")["status"] == "trashed"


@pytest.mark.parametrize(("op", "status"), [("archive_list", "archived"), ("trash_list", "trashed")])
def test_a_list_that_is_put_away_takes_its_orders_along(writer: Caller, op: str, status: str) -> None:
    twin, client = writer.twin, writer.twin.world.clients[1]
    lists = [made for made in twin.world.account.todolists.values() if made.project_id == client.project_id]
    before = cycles(twin, client)
    happen(twin, op, list_id=lists[0].id)
    assert set(cycles(twin, client)) == {status, "trashed"}
    assert writer.read(f"/todolists/{lists[-1].id}")["status"] == status, "a group goes with its list"
    happen(twin, "restore_list", list_id=lists[0].id)
    assert cycles(twin, client) == before


def test_an_archived_to_do_still_shows_its_subtasks_and_comments(writer: Caller) -> None:
    twin = writer.twin
    account, open_projects = twin.world.account, {c.project_id for c in twin.world.clients if c.whole_project}
    todo = next(t for t in account.todos.values() if t.id in account.subtasks_of and t.project_id in open_projects)
    happen(twin, "comment", order_id=todo.id, text="sebelum ditutup")
    before = writer.read(f"/todos/{todo.id}")
    assigned = {o["order_id"]: o["assigned"] for o in control(twin, "GET", "truth")["orders"]}[todo.id]
    happen(twin, "archive_project", project_id=todo.project_id)
    after = writer.read(f"/todos/{todo.id}")
    assert [s["id"] for s in after["steps"]] == [s["id"] for s in before["steps"]] != []
    assert (
        after["comments_count"] == before["comments_count"] == len(writer.all(f"/recordings/{todo.id}/comments.json"))
    )
    assert {o["order_id"]: o["assigned"] for o in control(twin, "GET", "truth")["orders"]}[todo.id] == assigned


def test_a_project_that_is_added_is_seen_with_its_list_and_everybody_in_it(writer: Caller) -> None:
    made = happen(writer.twin, "add_project", name="Kopi Pelangi")[0]
    project = vendor(writer.twin).projects.get(project_id=made["project_id"])
    assert project["name"] == "Kopi Pelangi" and project["status"] == "active"
    assert made["project_id"] in {found["id"] for found in writer.all("/projects.json")}
    assert writer.call("GET", f"/todolists/{made['list_id']}.json").json()["bucket"]["id"] == made["project_id"]
    assert writer.all(f"/projects/{made['project_id']}/people.json")
