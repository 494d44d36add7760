"""What can be done to the account, by the API's routes and by the control origin alike."""

from __future__ import annotations

from datetime import date
from typing import Any

from sandbox.basecamp import richtext
from sandbox.basecamp.state import State
from sandbox.world.account import Comment, Project, Recording, Todo, Todolist, Todoset
from sandbox.world.conversation import mention_html

STATUSES = {"trashed", "archived", "active"}


class Refused(Exception):
    """The API's validation error (422), with its message."""


def comment(state: State, parent: Recording, author_id: int, html: str) -> Comment:
    """Post a comment: cleans the text, moves the parent's ``updated_at``, subscribes the author.

    Raises Refused when nothing is left to say.
    """
    account = state.account
    content = richtext.clean(html, lambda person: _mention(state, parent, person))
    if not content.strip():
        raise Refused("content can't be blank")
    at = state.clock.tick()
    made = Comment(
        id=account.new_id(),
        project_id=parent.project_id,
        parent_id=parent.id,
        creator_id=author_id,
        created_at=at,
        updated_at=at,
        visible_to_clients=parent.visible_to_clients,
        content=content,
    )
    account.add_comment(made)
    if state.switches.comments_touch:
        touch(state, parent, at_is=at)
    if isinstance(parent, Todo) and author_id not in parent.subscriber_ids:
        parent.subscriber_ids.append(author_id)
    return made


def _mention(state: State, parent: Recording, person_id: int) -> str | None:
    """Only people on the project can be mentioned."""
    user = state.account.users.get(person_id)
    on_project = person_id in state.account.projects[parent.project_id].people
    return mention_html(user) if user is not None and on_project else None


def touch(state: State, recording: Recording, at_is: Any = None) -> None:
    """Move ``updated_at`` of a recording and of the list that holds it."""
    at = at_is or state.clock.tick()
    recording.updated_at = at
    holder = state.account.todolists.get(recording.parent_id)
    if holder is not None:
        holder.updated_at = at


def replace_todo(state: State, todo: Todo, author_id: int, body: dict[str, Any]) -> None:
    """PUT of a to-do: the body is its full writable state, what is left out is cleared.

    Raises Refused without content, for an unknown assignee or a date that is none.
    """
    content = str(body.get("content") or "").strip()
    if not content:
        raise Refused("content can't be blank")
    assignees = [_user(state, number) for number in body.get("assignee_ids") or []]
    subscribers = [_user(state, number) for number in body.get("completion_subscriber_ids") or []]
    due_on, starts_on = _day(body.get("due_on")), _day(body.get("starts_on"))
    before, after = set(todo.assignee_ids), set(assignees)
    todo.content = content
    todo.description = richtext.clean(str(body.get("description") or ""), lambda person: _mention(state, todo, person))
    todo.due_on, todo.starts_on = due_on, starts_on
    todo.assignee_ids = assignees
    todo.completion_subscriber_ids = subscribers
    at = state.clock.tick()
    if before != after:
        details = {"added_person_ids": sorted(after - before), "removed_person_ids": sorted(before - after)}
        state.account.add_event(todo.id, "assignment_changed", author_id, at, details)
        todo.subscriber_ids += [number for number in assignees if number not in todo.subscriber_ids]
    if before == after or state.switches.assigning_touches:
        touch(state, todo, at_is=at)


def create_todo(state: State, parent: Recording, author_id: int, body: dict[str, Any]) -> Todo:
    """A new to-do in a list, a group or directly under a to-do set. Raises Refused as ``replace_todo`` does."""
    at = state.clock.tick()
    made = Todo(state.account.new_id(), parent.project_id, parent.id, author_id, at, at, content="")
    made.subscriber_ids = [author_id]
    replace_todo(state, made, author_id, body)
    made.created_at = made.updated_at
    state.account.add_todo(made)
    state.account.add_event(made.id, "created", author_id, made.created_at)
    return made


def complete(state: State, todo: Todo, author_id: int) -> None:
    if todo.completed_at is None:
        todo.completed_at = state.clock.tick()
        todo.completed_by = author_id
        state.account.add_event(todo.id, "completed", author_id, todo.completed_at)
        touch(state, todo)


def uncomplete(state: State, todo: Todo, author_id: int) -> None:
    if todo.completed_at is not None:
        todo.completed_at = todo.completed_by = None
        state.account.add_event(todo.id, "uncompleted", author_id, state.clock.tick())
        touch(state, todo)


def set_status(state: State, recording: Recording, author_id: int, status: str) -> None:
    """Trash, archive or bring back; a list takes what lies in it along, with a notice for itself only.

    Raises Refused for any other status.
    """
    _known(status)
    at = state.clock.tick()
    state.account.add_event(recording.id, status, author_id, at)
    touch(state, recording, at_is=at)
    _follow(state, recording, status)
    recording.taken_along = False


def set_project_status(state: State, project: Project, status: str) -> None:
    """Archive, trash or bring back a whole project; its to-do sets and all in them follow. Raises Refused."""
    _known(status)
    project.status = status
    project.updated_at = state.clock.tick()
    for todoset in state.account.todosets.values():
        if todoset.project_id == project.id:
            _follow(state, todoset, status)


def _known(status: str) -> None:
    if status not in STATUSES:
        raise Refused(f"status must be one of {', '.join(sorted(STATUSES))}")


def _follow(state: State, recording: Recording, status: str) -> None:
    """Give a recording its status; what lies in it follows, but not what somebody had put away by itself."""
    recording.status = status
    for child in state.account.below(recording):
        if child.inherits_status and (child.status == "active" or child.taken_along):
            _follow(state, child, status)
            child.taken_along = status != "active"


def purge(state: State, todo: Todo) -> None:
    """Delete a to-do for ever: every address of it answers 404 and no list counts it."""
    state.clock.tick()
    state.account.purge_todo(todo)


def move(state: State, todo: Todo, author_id: int, parent: Todolist | Todoset) -> None:
    """Put a to-do into another list, group or to-do set, of its project or another one.

    Raises Refused when nothing can be put there or it lies there already.
    """
    if parent.status != "active":
        raise Refused(f"{parent.name} is {parent.status}")
    if parent.id == todo.parent_id:
        raise Refused(f"the to-do lies in {parent.name} already")
    at = state.clock.tick()
    details = {"new_parent_id": parent.id, "parent_id_was": todo.parent_id}
    state.account.move_todo(todo, parent)
    state.account.add_event(todo.id, "adopted", author_id, at, details)
    touch(state, todo, at_is=at)


def _user(state: State, number: Any) -> int:
    if not isinstance(number, int) or number not in state.account.users:
        raise Refused(f"assignee {number!r} is nobody of this account")
    return number


def _day(value: Any) -> str | None:
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError as bad:
        raise Refused(f"{value!r} is not a date") from bad
