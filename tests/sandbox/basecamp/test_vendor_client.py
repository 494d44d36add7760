"""The vendor's own client works against the twin unchanged; each test fails when the behaviour it names is gone."""

from __future__ import annotations

from hashlib import sha256

import pytest
from basecamp.errors import ApiError, AuthError, NetworkError, NotFoundError, RateLimitError, ValidationError
from basecamp.mentions import mentioned_person_ids

from sandbox.server import Twin
from tests.sandbox.basecamp.twin_client import vendor


def open_order(twin: Twin) -> int:
    return next(o.order_id for o in twin.world.orders if o.in_basecamp and o.status == "assigned" and o.style == "form")


def test_it_walks_every_page(reading: Twin) -> None:
    account = vendor(reading)
    rows = account.recordings.list(type="Todo", sort="updated_at", direction="desc")
    active = [todo for todo in reading.world.account.todos.values() if todo.status == "active"]
    assert len(rows) == rows.meta.total_count == len(active) > 95
    assert not rows.meta.truncated
    comments = account.recordings.list(type="Comment")
    assert len(comments) == len(reading.world.account.comments)


def test_it_reads_projects_people_lists_groups_and_history(reading: Twin) -> None:
    account = vendor(reading)
    projects = {project["id"]: project for project in account.projects.list()}
    order = next(o for o in reading.world.orders if o.place == "group" and o.completed_at is not None)
    todo = account.todos.get(todo_id=order.order_id)
    assert todo["bucket"]["id"] in projects
    group = account.todolists.get(id=todo["parent"]["id"])
    listed = account.todos.list(todolist_id=group["id"], completed=True)
    assert order.order_id in {row["id"] for row in listed}
    todoset = next(t["id"] for t in projects[todo["bucket"]["id"]]["dock"] if t["name"] == "todoset")
    lists = account.todolists.list(todoset_id=account.todosets.get(todoset_id=todoset)["id"])
    groups = [g["id"] for found in lists for g in account.todolist_groups.list(todolist_id=found["id"])]
    assert group["id"] in groups
    assert account.events.list(recording_id=order.order_id)[-1]["action"] == "created"
    assert account.people.my_profile()["name"] == "Rekap"
    assert len(account.people.list_for_project(project_id=todo["bucket"]["id"])) >= 20


def test_it_follows_its_own_update_without_losing_a_field(twin: Twin) -> None:
    account, number = vendor(twin), open_order(twin)
    before = account.todos.get(todo_id=number)
    after = account.todos.update(todo_id=number, due_on="2026-10-15")
    assert after["due_on"] == "2026-10-15"
    for name in ("content", "description", "starts_on"):
        assert after[name] == before[name]
    assert [p["id"] for p in after["assignees"]] == [p["id"] for p in before["assignees"]]


def test_its_replace_clears_what_it_is_not_told(twin: Twin) -> None:
    account, number = vendor(twin), open_order(twin)
    after = account.todos.replace(todo_id=number, content="Kosong")
    assert (after["assignees"], after["description"], after["due_on"]) == ([], "", None)


def test_its_comments_mention_people(twin: Twin) -> None:
    account, number = vendor(twin), open_order(twin)
    pic = twin.world.clients[0].pic.basecamp_id
    made = account.comments.create_with_mentions(recording_id=number, content="<div>mohon dicek</div>", mentions=[pic])
    assert mentioned_person_ids(made["content"]) == [pic]
    assert account.comments.get(comment_id=made["id"])["content"] == made["content"]
    assert account.todos.get(todo_id=number)["comments_count"] == len(account.comments.list(recording_id=number))


def test_it_downloads_a_photo_in_two_hops(reading: Twin) -> None:
    account = vendor(reading)
    order = next(order for order in reading.world.orders if order.photos and not order.odd_files)
    found = [a for row in account.comments.list(recording_id=order.order_id) for a in row["content_attachments"]]
    got = [account.download_url(told["download_url"]) for told in found]
    assert sorted(sha256(one.body).hexdigest() for one in got) == sorted(order.photo_sha256)
    assert {one.content_type for one in got} == {"image/jpeg"}


def test_it_completes_trashes_and_reads_subtasks(twin: Twin) -> None:
    account = vendor(twin)
    order = next(o for o in twin.world.orders if o.assigned_by == "subtasks" and o.in_basecamp)
    steps = account.subtasks.list(recording_id=order.order_id)
    assert len(steps) >= 2 and account.subtasks.get(subtask_id=steps[0]["id"])["id"] == steps[0]["id"]
    number = open_order(twin)
    account.todos.complete(todo_id=number)
    assert account.todos.get(todo_id=number)["completed"]
    account.recordings.trash(recording_id=number)
    assert account.todos.get(todo_id=number)["status"] == "trashed"


def test_a_purged_to_do_and_a_blank_title_raise_its_own_errors(twin: Twin) -> None:
    account = vendor(twin)
    with pytest.raises(NotFoundError):
        account.todos.get(todo_id=1)
    with pytest.raises(ValidationError):
        account.todos.replace(todo_id=open_order(twin), content=" ")


@pytest.mark.parametrize(
    "fault", [{"status": 429, "headers": {"Retry-After": "0"}}, {"status": 503}, {"kind": "disconnect"}]
)
def test_it_retries_a_read_after_429_503_or_a_dropped_connection(twin: Twin, fault: dict[str, object]) -> None:
    account = vendor(twin)
    twin.faults.add(service="basecamp", route="GET /projects", **fault)
    assert account.projects.list()
    calls = twin.log.calls(route="/projects")
    assert len(calls) == 2 and calls[0].fault and calls[1].status == 200


def test_it_gives_up_after_three_429(twin: Twin) -> None:
    account = vendor(twin)
    twin.faults.add(service="basecamp", route="/projects", status=429, times=9, headers={"Retry-After": "0"})
    with pytest.raises(RateLimitError):
        account.projects.list()
    assert len(twin.log.calls(route="/projects")) == 3


@pytest.mark.parametrize("status", [500, 502, 504])
def test_it_raises_other_server_errors_at_once(twin: Twin, status: int) -> None:
    account = vendor(twin)
    twin.faults.add(service="basecamp", route="/projects", status=status)
    with pytest.raises(ApiError):
        account.projects.list()
    assert len(twin.log.calls(route="/projects")) == 1


def test_a_comment_whose_answer_was_lost_stands_and_is_not_repeated_by_it(twin: Twin) -> None:
    account, number = vendor(twin), open_order(twin)
    before = len(account.comments.list(recording_id=number))
    for kind in ("applied_then_disconnect", "applied_then_status"):
        twin.faults.add(service="basecamp", route="POST /recordings/{id}/comments", kind=kind)
        with pytest.raises((NetworkError, ApiError)):
            account.comments.create(recording_id=number, content="sekali saja")
    assert len(account.comments.list(recording_id=number)) == before + 2


def test_a_download_that_is_cut_off_is_an_error(twin: Twin) -> None:
    account = vendor(twin)
    blob = next(blob for blob in twin.world.account.blobs.values())
    twin.faults.add(service="storage", route="/signed/{name}", kind="cut_body")
    url = f"{twin['basecamp']['storage_url']}/{twin.world.account.id}/blobs/{blob.key}/download/x.jpg"
    with pytest.raises(NetworkError):
        account.download_url(url)
    assert account.download_url(url).body


def test_a_revoked_token_is_refused(twin: Twin) -> None:
    account = vendor(twin)
    twin.basecamp.grants.revoke_access()
    with pytest.raises(AuthError):
        account.projects.list()
