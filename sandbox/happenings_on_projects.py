"""What people do to whole projects and lists: add them, put them away, bring them back, shut Rekap's own user out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.basecamp import writes
from sandbox.following import follow_life_cycle
from sandbox.unknown import Unknown
from sandbox.world.account import Project, Todo, Todolist
from sandbox.world.projects import Projects

if TYPE_CHECKING:
    from sandbox.server import Twin


def _project(twin: Twin, project_id: int) -> Project:
    found = twin.world.account.projects.get(int(project_id))
    if found is None:
        raise Unknown(f"no project has the id {project_id}")
    return found


def _set_status(twin: Twin, project_id: int, status: str) -> None:
    project = _project(twin, project_id)
    orders = [o for o in twin.world.orders if o.order_id and _lies_in(twin, o.order_id, project)]
    writes.set_project_status(twin.basecamp, project, status)
    for order in orders:
        follow_life_cycle(twin, order)


def _lies_in(twin: Twin, order_id: int, project: Project) -> bool:
    todo = twin.world.account.todos.get(order_id)
    return todo is not None and todo.project_id == project.id


def archive_project(twin: Twin, project_id: int) -> None:
    """Its recordings leave the walk of active projects; it, its lists and its to-dos can still be read."""
    _set_status(twin, project_id, "archived")


def trash_project(twin: Twin, project_id: int) -> None:
    """As archiving, with the status ``trashed``; its orders count as cancelled."""
    _set_status(twin, project_id, "trashed")


def restore_project(twin: Twin, project_id: int) -> None:
    """Brings back the project and what went with it; what was put away by itself stays away."""
    _set_status(twin, project_id, "active")


def hide_project(twin: Twin, project_id: int) -> None:
    """Rekap's own user is taken off the project: no list names it, it and everything in it answers 404.

    The orders go on, so the truth keeps their life cycle and tells ``visible_to_rekap`` false.
    """
    project, robot = _project(twin, project_id), twin.world.staff.robot.basecamp_id or 0
    project.hidden_from.add(robot)
    project.people = [number for number in project.people if number != robot]
    twin.clock.tick()


def show_project(twin: Twin, project_id: int) -> None:
    """Rekap's own user is on the project again."""
    project, robot = _project(twin, project_id), twin.world.staff.robot.basecamp_id or 0
    project.hidden_from.discard(robot)
    if robot not in project.people:
        project.people.append(robot)
    twin.clock.tick()


def _set_list_status(twin: Twin, list_id: int, status: str) -> None:
    found = twin.world.account.todolists.get(int(list_id))
    if found is None:
        raise Unknown(f"no list or group has the id {list_id}")
    writes.set_status(twin.basecamp, found, found.creator_id, status)
    inside = {todo.id for holder in (found, *twin.world.account.lists_in(found.id)) for todo in _todos(twin, holder)}
    for order in twin.world.orders:
        if order.order_id in inside:
            follow_life_cycle(twin, order)


def _todos(twin: Twin, holder: Todolist) -> list[Todo]:
    return twin.world.account.todos_in(holder.id)


def archive_list(twin: Twin, list_id: int) -> None:
    """A list or group goes with its groups and to-dos; a notice is written for itself only."""
    _set_list_status(twin, list_id, "archived")


def trash_list(twin: Twin, list_id: int) -> None:
    """As archiving, with the status ``trashed``; its orders count as cancelled."""
    _set_list_status(twin, list_id, "trashed")


def restore_list(twin: Twin, list_id: int) -> None:
    """Brings back the list and what went with it."""
    _set_list_status(twin, list_id, "active")


def add_project(twin: Twin, name: str) -> dict[str, Any]:
    """A project for a client who is new, with a list `Order` and everybody of the company; the truth knows of none."""
    builder = Projects(twin.world.account, twin.world.staff, twin.clock.tick())
    project, todoset = builder.project(str(name))
    order_list = builder.todolist(todoset, "Order")
    return {"project_id": project.id, "list_id": order_list.id}


OPERATIONS: dict[str, Any] = {
    "add_project": add_project,
    "archive_project": archive_project,
    "trash_project": trash_project,
    "restore_project": restore_project,
    "hide_project": hide_project,
    "show_project": show_project,
    "archive_list": archive_list,
    "trash_list": trash_list,
    "restore_list": restore_list,
}
