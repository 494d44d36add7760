"""A world as large as a benchmark wants: everything in it has a name of its own, and a page costs what a page holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.basecamp.payloads import Payloads
from sandbox.basecamp.walks import Walk, Walks
from sandbox.clock import Clock
from sandbox.world import World, build, names
from sandbox.world.clients import MOST


@pytest.fixture(scope="module")
def large() -> Iterator[World]:
    yield build(3, clients=60, orders_per_month=1200)


def test_names_never_repeat_however_many_are_asked_for() -> None:
    clients = names.clients(MOST)
    assert len({name for name, _ in clients}) == len({code for _, code in clients}) == len(clients) == MOST
    assert names.clients(14) == list(names.CLIENTS[:14])
    people = names.technicians(3000, list(names.FAMILY))
    assert len(set(people)) == len({" ".join(name) for name in people}) == 3000


def test_people_grow_with_the_orders_and_keep_names_of_their_own(large: World) -> None:
    technicians = large.staff.technicians
    assert len(technicians) == 1200 // 26
    told = [spelling for person in technicians for spelling in {person.name, *person.aliases}]
    assert len(told) == len(set(told))
    assert len({person.email for person in technicians}) == len({person.code for person in technicians})
    assert [person for person in technicians if person.basecamp_id is None] == technicians[13:16]


def test_every_client_has_its_tracker_and_its_project(large: World) -> None:
    assert len({client.spreadsheet_id for client in large.clients}) == 60
    assert len({client.project_id for client in large.clients}) == 59  # two share one project
    rows = {order.row for order in large.orders if order.row}
    assert len(rows) > 4000 and {row[0] for row in rows} == {client.spreadsheet_id for client in large.clients}


def a_walk(world: World) -> Walk:
    return Walk("Todo", "active", "updated_at", True, frozenset(world.account.projects))


def test_a_walk_is_sorted_once_until_something_is_written(large: World) -> None:
    clock = Clock(large.now)
    walks = Walks(large.account, clock)
    rows = walks.rows(a_walk(large))
    assert walks.rows(a_walk(large)) is rows
    todo: Any = rows[-1]
    before = todo.updated_at
    todo.updated_at = clock.tick()
    assert walks.rows(a_walk(large))[0] is todo
    todo.updated_at = before


def test_a_row_that_is_removed_by_hand_leaves_the_walk(large: World) -> None:
    walks = Walks(large.account, Clock(large.now))
    todo: Any = walks.rows(a_walk(large))[0]
    del large.account.todos[todo.id]
    assert todo not in walks.rows(a_walk(large))
    large.account.add_todo(todo)


def test_persons_are_put_together_once_for_all_requests_of_one_kind(large: World) -> None:
    kept: dict[tuple[str, bool], dict[int, dict[str, Any]]] = {}
    robot = large.staff.robot.basecamp_id or 0
    first = Payloads(large.account, "http://a", "", True, people=kept).person(robot)
    assert Payloads(large.account, "http://a", "", True, people=kept).person(robot) is first
    assert Payloads(large.account, "http://b", "", True, people=kept).person(robot) != first
    masked = Payloads(large.account, "http://a", "", False, people=kept).person(robot)
    assert "@" in masked["email_address"] and masked["email_address"] != first["email_address"]
