"""Every answer of the twin's Basecamp fits the types that the vendor's own SDK declares."""

from __future__ import annotations

import functools
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from basecamp.generated import types
from pydantic import TypeAdapter

from tests.sandbox.basecamp.twin_client import Caller


def without_known_drift(value: Any) -> Any:
    """The service sends ``position: null`` for tools that are switched off, which the SDK's type does not allow."""
    if isinstance(value, list):
        return [without_known_drift(part) for part in value]
    if isinstance(value, dict):
        return {k: without_known_drift(v) for k, v in value.items() if not (k == "position" and v is None)}
    return value


def check(name: str, value: Any) -> None:
    """``value``, one object or a list, against the SDK's type of that name; raises ValidationError."""
    found = without_known_drift(value)
    adapter = TypeAdapter(getattr(vendor_types(), name))
    for part in found if isinstance(found, list) else [found]:
        adapter.validate_python(part, strict=True)


@functools.cache
def vendor_types() -> ModuleType:
    """The SDK's module of types, made again with the TypedDict that pydantic can read before Python 3.12."""
    module = ModuleType("vendor_types")
    source = Path(types.__file__).read_text().replace("from typing import", "from typing_extensions import")
    sys.modules[module.__name__] = module
    exec(compile(source, types.__file__, "exec"), module.__dict__)
    return module


@pytest.mark.parametrize("status", ["active", "archived", "trashed"])
def test_to_dos_of_the_recordings_walk(caller: Caller, status: str) -> None:
    rows = caller.all("/projects/recordings.json", type="Todo", status=status)
    assert rows
    check("Todo", rows)
    check("Recording", rows)


def test_comments_of_the_recordings_walk(caller: Caller) -> None:
    rows = caller.all("/projects/recordings.json", type="Comment")
    assert any(row["content_attachments"] for row in rows)
    check("Comment", rows)


def test_projects_people_and_what_hangs_below_a_project(caller: Caller) -> None:
    projects = caller.all("/projects.json")
    check("Project", projects)
    check("Person", caller.all("/people.json"))
    check("Person", caller.read("/my/profile.json"))
    for project in projects:
        check("Person", caller.all(f"/projects/{project['id']}/people.json"))
        for tool in project["dock"]:
            if tool["name"] != "todoset":
                continue
            todoset = caller.read(f"/todosets/{tool['id']}.json")
            check("Todoset", todoset)
            for found in caller.all(f"/todosets/{tool['id']}/todolists.json"):
                check("Todolist", found)
                check("Todolist", caller.all(f"/todolists/{found['id']}/groups.json"))
                check("Todo", caller.all(f"/todolists/{found['id']}/todos.json", completed="true"))


def test_one_to_do_with_its_subtasks_comments_and_events(caller: Caller) -> None:
    order = next(order for order in caller.twin.world.orders if order.assigned_by == "subtasks")
    todo = caller.read(f"/todos/{order.order_id}")
    assert todo["steps"]
    check("Todo", todo)
    check("Subtask", caller.all(f"/recordings/{order.order_id}/subtasks.json"))
    check("Subtask", caller.read(f"/subtasks/{todo['steps'][0]['id']}"))
    shown = next(order for order in caller.twin.world.orders if order.photos)
    check("Comment", caller.all(f"/recordings/{shown.order_id}/comments.json"))
    check("Event", caller.all(f"/recordings/{shown.order_id}/events.json"))
