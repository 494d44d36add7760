"""The API's routes in their flat form; addresses under /buckets/ and with .json lead to the same ones."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import JSONResponse, Response

from sandbox.basecamp import blobs, walks, writes
from sandbox.basecamp.request import Call, NotFound
from sandbox.world.account import Recording, Todo, Todolist

Handler = Callable[[Call], Response]
NO_CONTENT = 204


def profile(call: Call) -> Response:
    return JSONResponse(call.payloads.person(call.person_id))


def people(call: Call) -> Response:
    return call.listed(sorted(call.account.users), call.payloads.person)


def person(call: Call) -> Response:
    if call.number() not in call.account.users:
        raise NotFound
    return JSONResponse(call.payloads.person(call.number()))


def project_people(call: Call) -> Response:
    return call.listed(call.project(call.number()).people, call.payloads.person)


def projects(call: Call) -> Response:
    """Newest first; active ones unless ``status`` says otherwise."""
    status = call.param("status") or "active"
    found = [project for project in call.account.projects.values() if project.status == status and call.sees(project)]
    return call.listed(sorted(found, key=lambda project: -project.id), call.payloads.project)


def project(call: Call) -> Response:
    return JSONResponse(call.payloads.project(call.project(call.number())))


def recordings(call: Call) -> Response:
    """To-dos or comments of active projects. One unknown or inactive id in ``bucket`` is a 404 of the whole call."""
    kind = call.param("type")
    if kind not in walks.KINDS:
        return JSONResponse({"error": "type is missing or not one that the sandbox has: Todo, Comment, Todolist"}, 400)
    known = call.account.projects.values()
    active = {project.id for project in known if project.status == "active" and call.sees(project)}
    asked = [part for part in (call.param("bucket") or "").split(",") if part]
    buckets = {int(part) if part.isdigit() else 0 for part in asked} or active
    if not buckets <= active:
        raise NotFound
    status = call.param("status") or "active"
    by = "updated_at" if call.param("sort") == "updated_at" else "created_at"
    wanted = walks.Walk(str(kind), status, by, call.param("direction") != "asc", frozenset(buckets))
    rows = call.state.walks.rows(wanted)
    switches = call.state.switches
    error = switches.total_error() if switches.count_header else 0
    return call.listed(rows, lambda row: show(call, row, recordings_row=True), switches.count_header, error)


def show(call: Call, recording: Recording, recordings_row: bool = False) -> dict[str, object]:
    payloads = call.payloads
    if isinstance(recording, Todo):
        return payloads.todo(recording, recordings_row=recordings_row)
    if isinstance(recording, Todolist):
        return payloads.todolist(recording)
    return payloads.comment(call.account.comments[recording.id])


def todoset(call: Call) -> Response:
    return JSONResponse(call.payloads.todoset(call.seen(call.account.todosets.get(call.number()))))


def todolists(call: Call) -> Response:
    return _children(call, call.seen(call.account.todosets.get(call.number())))


def groups(call: Call) -> Response:
    return _children(call, call.seen(call.account.todolists.get(call.number())))


def _children(call: Call, parent: Recording) -> Response:
    status = call.param("status") or "active"
    found = [row for row in call.account.lists_in(parent.id) if row.status == status]
    return call.listed(found, call.payloads.todolist)


def todolist(call: Call) -> Response:
    return JSONResponse(call.payloads.todolist(call.seen(call.account.todolists.get(call.number()))))


def todos(call: Call) -> Response:
    """Active and not completed, unless ``completed`` or ``status`` say otherwise. A to-do set's id is no list: 404."""
    parent = call.seen(call.account.todolists.get(call.number()))
    rows = call.account.todos_in(parent.id)
    status, completed = call.param("status"), call.param("completed")
    rows = [todo for todo in rows if todo.status == (status or "active")]
    if completed == "true" or status is None:
        rows = [todo for todo in rows if (todo.completed_at is not None) == (completed == "true")]
    places = {todo.id: place for place, todo in enumerate(rows, start=1)}
    return call.listed(rows, lambda todo: call.payloads.todo(todo, position=places[todo.id]))


def create_todo(call: Call) -> Response:
    parent = call.account.todolists.get(call.number())
    return _created(call, call.seen(parent))


def create_loose_todo(call: Call) -> Response:
    """Directly under a to-do set; this address exists under /buckets/ only."""
    if call.bucket is None:
        raise NotFound
    return _created(call, call.seen(call.account.todosets.get(call.number())))


def _created(call: Call, parent: Recording) -> Response:
    made = writes.create_todo(call.state, parent, call.person_id, call.json())
    return JSONResponse(call.payloads.todo(made), 201)


def todo(call: Call) -> Response:
    return JSONResponse(call.payloads.todo(call.seen(call.account.todos.get(call.number()))))


def replace_todo(call: Call) -> Response:
    found = call.seen(call.account.todos.get(call.number()))
    writes.replace_todo(call.state, found, call.person_id, call.json())
    return JSONResponse(call.payloads.todo(found))


def complete(call: Call) -> Response:
    writes.complete(call.state, call.seen(call.account.todos.get(call.number())), call.person_id)
    return Response(status_code=NO_CONTENT)


def uncomplete(call: Call) -> Response:
    writes.uncomplete(call.state, call.seen(call.account.todos.get(call.number())), call.person_id)
    return Response(status_code=NO_CONTENT)


def comments(call: Call) -> Response:
    parent = call.seen(call.account.recording(call.number()))
    rows = [call.account.comments[number] for number in call.account.comments_of.get(parent.id, [])]
    return call.listed([row for row in rows if row.is_shown], call.payloads.comment)


def create_comment(call: Call) -> Response:
    parent = call.seen(call.account.recording(call.number()))
    made = writes.comment(call.state, parent, call.person_id, str(call.json().get("content") or ""))
    return JSONResponse(call.payloads.comment(made), 201)


def comment(call: Call) -> Response:
    return JSONResponse(call.payloads.comment(call.seen(call.account.comments.get(call.number()))))


def set_status(call: Call) -> Response:
    found = call.seen(call.account.recording(call.number()))
    writes.set_status(call.state, found, call.person_id, call.request.path_params["status"])
    return Response(status_code=NO_CONTENT)


def events(call: Call) -> Response:
    found = call.seen(call.account.recording(call.number()))
    return call.listed(list(reversed(call.account.events.get(found.id, []))), call.payloads.event)


def subtasks(call: Call) -> Response:
    parent = call.seen(call.account.recording(call.number()))
    rows = [call.account.subtasks[number] for number in call.account.subtasks_of.get(parent.id, [])]
    return call.listed([row for row in rows if row.is_shown], call.payloads.subtask)


def subtask(call: Call) -> Response:
    return JSONResponse(call.payloads.subtask(call.seen(call.account.subtasks.get(call.number()))))


ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/my/profile", profile),
    ("GET", "/people", people),
    ("GET", "/people/{id:int}", person),
    ("GET", "/projects", projects),
    ("GET", "/projects/recordings", recordings),
    ("GET", "/projects/{id:int}", project),
    ("GET", "/projects/{id:int}/people", project_people),
    ("GET", "/todosets/{id:int}", todoset),
    ("GET", "/todosets/{id:int}/todolists", todolists),
    ("POST", "/todosets/{id:int}/todos", create_loose_todo),
    ("GET", "/todolists/{id:int}", todolist),
    ("GET", "/todolists/{id:int}/groups", groups),
    ("GET", "/todolists/{id:int}/todos", todos),
    ("POST", "/todolists/{id:int}/todos", create_todo),
    ("GET", "/todos/{id:int}", todo),
    ("PUT", "/todos/{id:int}", replace_todo),
    ("POST", "/todos/{id:int}/completion", complete),
    ("DELETE", "/todos/{id:int}/completion", uncomplete),
    ("GET", "/recordings/{id:int}/comments", comments),
    ("POST", "/recordings/{id:int}/comments", create_comment),
    ("GET", "/recordings/{id:int}/events", events),
    ("GET", "/recordings/{id:int}/subtasks", subtasks),
    ("PUT", "/recordings/{id:int}/status/{status}", set_status),
    ("GET", "/comments/{id:int}", comment),
    ("GET", "/subtasks/{id:int}", subtask),
    ("GET", "/blobs/{key}/download/{file}", blobs.first_hop),
)
