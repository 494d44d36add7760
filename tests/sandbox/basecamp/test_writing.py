"""What the API does with comments, to-dos and files that are written or fetched."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from sandbox.basecamp.sgid import person_sgid
from tests.sandbox.basecamp.twin_client import NEWEST_FIRST, Caller, some_order


def test_a_comment_moves_its_to_do_to_the_front_and_counts(writer: Caller) -> None:
    number = some_order(writer.twin)
    before = writer.read(f"/todos/{number}")
    made = writer.call("POST", f"/recordings/{number}/comments.json", json={"content": "<div>Halo</div>"})
    assert made.status_code == 201
    after = writer.read("/projects/recordings.json", **NEWEST_FIRST)[0]
    assert (after["id"], after["comments_count"]) == (number, before["comments_count"] + 1)
    assert after["updated_at"] == made.json()["created_at"] > before["updated_at"]
    assert writer.read("/projects/recordings.json", type="Comment")[0]["id"] == made.json()["id"]


def test_writes_keep_their_order_although_the_clock_stands_still(writer: Caller) -> None:
    address = f"/recordings/{some_order(writer.twin)}/comments.json"
    stamps = [writer.call("POST", address, json={"content": f"{n}"}).json()["created_at"] for n in range(3)]
    assert stamps == sorted(set(stamps))
    assert stamps[0].startswith("2026-10-06T04:30:00.")


def test_a_comment_keeps_allowed_tags_and_loses_scripts(writer: Caller) -> None:
    address = f"/recordings/{some_order(writer.twin)}/comments.json"
    content = '<div onclick="x()">a <script>alert(1)</script><table>b</table><a href="javascript:x">c</a> &lt;</div>'
    assert writer.call("POST", address, json={"content": content}).json()["content"] == "<div>a b<a>c</a> &lt;</div>"
    assert writer.call("POST", address, json={"content": "  "}).status_code == 422


def test_only_people_on_the_project_can_be_mentioned(writer: Caller) -> None:
    world = writer.twin.world
    number = some_order(writer.twin)
    project = world.account.projects[world.account.todos[number].project_id]
    inside, outside = project.people[0], 99
    content = "".join(f'<bc-attachment sgid="{person_sgid(who)}"></bc-attachment>' for who in (inside, outside))
    made = writer.call("POST", f"/recordings/{number}/comments.json", json={"content": f"<div>{content}hai</div>"})
    shown = made.json()["content"]
    assert shown.count("<bc-attachment") == 1 and world.account.users[inside].name in shown
    assert 'content-type="application/vnd.basecamp.mention"' in shown
    assert made.json()["content_attachments"] == []


def test_put_clears_every_field_that_is_left_out(writer: Caller) -> None:
    number = some_order(writer.twin, assigned_by="assignees", due_on_set=True, style="form")
    before = writer.read(f"/todos/{number}")
    assert before["assignees"] and before["due_on"] and before["description"]
    after = writer.call("PUT", f"/todos/{number}.json", json={"content": "Baru"}).json()
    assert (after["content"], after["assignees"], after["due_on"], after["description"]) == ("Baru", [], None, "")
    newest = writer.read(f"/recordings/{number}/events.json")[0]
    assert newest["action"] == "assignment_changed"
    assert newest["details"]["removed_person_ids"] == sorted(person["id"] for person in before["assignees"])


@pytest.mark.parametrize(
    "body", [{}, {"content": " "}, {"content": "x", "assignee_ids": [5]}, {"content": "x", "due_on": "soon"}]
)
def test_put_refuses_what_is_not_valid(writer: Caller, body: dict[str, Any]) -> None:
    number = some_order(writer.twin)
    before = writer.read(f"/todos/{number}")
    answer = writer.call("PUT", f"/todos/{number}.json", json=body)
    assert answer.status_code == 422 and answer.json()["error"]
    assert writer.read(f"/todos/{number}") == before


def test_completing_and_taking_it_back_are_told_in_the_history(writer: Caller) -> None:
    number = some_order(writer.twin)
    assert writer.call("POST", f"/todos/{number}/completion.json").status_code == 204
    done = writer.read(f"/todos/{number}")
    assert done["completed"] and done["completion"]["creator"]["name"] == "Rekap"
    assert done["updated_at"] > done["completion"]["created_at"]
    assert writer.call("DELETE", f"/todos/{number}/completion.json").status_code == 204
    assert "completion" not in writer.read(f"/todos/{number}")
    events = [event["action"] for event in writer.read(f"/recordings/{number}/events.json")]
    assert events[:2] == ["uncompleted", "completed"] and events[-1] == "created"


def test_a_trashed_to_do_leaves_the_active_walk_and_comes_back(writer: Caller) -> None:
    number = some_order(writer.twin)
    assert writer.call("PUT", f"/recordings/{number}/status/trashed.json").status_code == 204
    assert number not in {row["id"] for row in writer.all("/projects/recordings.json", **NEWEST_FIRST)}
    assert writer.read("/projects/recordings.json", status="trashed", **NEWEST_FIRST)[0]["id"] == number
    writer.twin.basecamp.switches.trashed_is_gone = True
    assert writer.call("GET", f"/todos/{number}").status_code == 404
    writer.twin.basecamp.switches.trashed_is_gone = False
    writer.call("PUT", f"/recordings/{number}/status/active.json")
    assert writer.read(f"/todos/{number}")["status"] == "active"


def test_archiving_a_list_takes_its_to_dos_along(writer: Caller) -> None:
    todo = writer.twin.world.account.todos[some_order(writer.twin, place="group")]
    writer.call("PUT", f"/recordings/{todo.parent_id}/status/archived.json")
    assert writer.read(f"/todos/{todo.id}")["status"] == "archived"
    assert writer.read(f"/recordings/{todo.parent_id}/events.json")[0]["action"] == "archived"


def test_a_loose_to_do_can_only_be_made_under_its_bucket(writer: Caller) -> None:
    account = writer.twin.world.account
    todoset = next(iter(account.todosets.values()))
    body = {"content": "Lepas", "due_on": "2026-10-09"}
    assert writer.call("POST", f"/todosets/{todoset.id}/todos.json", json=body).status_code == 404
    made = writer.call("POST", f"/buckets/{todoset.project_id}/todosets/{todoset.id}/todos.json", json=body)
    assert made.status_code == 201 and made.json()["parent"]["type"] == "Todoset"


# --- files ----------------------------------------------------------------------------------------------------------


def attachment(caller: Caller) -> dict[str, Any]:
    rows = caller.all("/projects/recordings.json", type="Comment")
    return next(found for row in rows for found in row["content_attachments"])


def test_a_file_takes_two_hops_and_the_second_refuses_the_bearer(caller: Caller) -> None:
    told = attachment(caller)
    assert told["download_url"].startswith(caller.twin["basecamp"]["storage_url"])
    assert caller.call("GET", told["download_url"]).status_code == 404
    bare = requests.get(told["download_url"], timeout=10, allow_redirects=False)
    assert bare.status_code == 302 and "signin" in bare.headers["Location"]
    path = told["download_url"].removeprefix(caller.twin["basecamp"]["storage_url"])
    hop = caller.call("GET", caller.twin["basecamp"]["url"] + path)
    assert hop.status_code == 302
    assert caller.call("GET", hop.headers["Location"]).status_code == 400
    got = requests.get(hop.headers["Location"], timeout=10)
    assert got.headers["content-type"] == told["content_type"] and len(got.content) == told["byte_size"]


def test_a_signed_address_expires(writer: Caller) -> None:
    told = attachment(writer)
    path = told["download_url"].removeprefix(writer.twin["basecamp"]["storage_url"])
    hop = writer.call("GET", writer.twin["basecamp"]["url"] + path)
    signed = writer.twin.basecamp.signed
    for signature, (blob_id, _) in list(signed.items()):
        signed[signature] = (blob_id, 0.0)
    assert requests.get(hop.headers["Location"], timeout=10).status_code == 403


def test_the_html_of_a_comment_names_its_files_as_the_attachments_do(caller: Caller) -> None:
    row = next(r for r in caller.all("/projects/recordings.json", type="Comment") if r["content_attachments"])
    for told in row["content_attachments"]:
        assert f'href="{told["download_url"]}"' in row["content"] and told["sgid"] in row["content"]
    sizes = {
        type(a["width"])
        for r in caller.all("/projects/recordings.json", type="Comment")
        for a in r["content_attachments"]
    }
    assert {int, float} <= sizes
