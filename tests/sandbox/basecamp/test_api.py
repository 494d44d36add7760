"""What the API asks of every caller and how it answers: one test a behaviour that clients trip over."""

from __future__ import annotations

import socket
from typing import Any

import pytest
import requests

from sandbox.basecamp.sgid import person_sgid
from sandbox.server import Twin
from sandbox.world.projects import CLOSED, INTERNAL
from tests.sandbox.basecamp.twin_client import AGENT, Caller

TODOS = {"type": "Todo", "sort": "updated_at", "direction": "desc"}


def some_order(twin: Twin, **wanted: Any) -> int:
    """The id of an open, ordinary order whose fields have these values."""
    for order in twin.world.orders:
        usual = order.in_basecamp and order.life_cycle == "active" and order.completed_at is None
        if usual and all(getattr(order, name) == value for name, value in wanted.items()):
            return order.order_id
    raise LookupError(wanted)


# --- the door -------------------------------------------------------------------------------------------------------


def test_a_caller_without_user_agent_gets_400_in_plain_text(caller: Caller) -> None:
    answer = caller.call("GET", "/projects.json", headers={"User-Agent": ""})
    assert (answer.status_code, answer.headers["content-type"]) == (400, "text/plain; charset=utf-8")


def test_a_bad_token_gets_401_with_the_words_of_an_old_one(caller: Caller) -> None:
    answer = caller.call("GET", "/projects.json", headers={"Authorization": "Bearer nobody"})
    assert answer.status_code == 401
    assert answer.json()["error"].startswith("OAuth token expired (old age)")


def test_a_write_without_json_type_gets_415(caller: Caller) -> None:
    answer = caller.call("POST", "/recordings/1/comments.json", data="content=hi")
    assert answer.status_code == 415


def test_another_accounts_address_is_not_found(caller: Caller) -> None:
    assert caller.call("GET", f"{caller.twin['basecamp']['url']}/1/projects.json").status_code == 404


@pytest.mark.parametrize("suffix", ["", ".json"])
def test_flat_and_bucket_addresses_lead_to_the_same_to_do(caller: Caller, suffix: str) -> None:
    todo = caller.twin.world.account.todos[some_order(caller.twin)]
    flat = caller.read(f"/todos/{todo.id}{suffix}")
    assert flat == caller.read(f"/buckets/{todo.project_id}/todos/{todo.id}{suffix}")
    assert f"/buckets/{todo.project_id}/todos/{todo.id}.json" in flat["url"]
    other = next(project for project in caller.twin.world.account.projects if project != todo.project_id)
    assert caller.call("GET", f"/buckets/{other}/todos/{todo.id}{suffix}").status_code == 404


def test_e_mails_are_masked_unless_the_tokens_owner_is_an_admin(caller: Caller) -> None:
    technician = caller.twin.world.staff.with_account[0]
    plain = Caller(caller.twin, technician.basecamp_id)
    assert caller.read(f"/people/{technician.basecamp_id}")["email_address"] == technician.email
    assert set(plain.read(f"/people/{technician.basecamp_id}")["email_address"]) <= {"•", "@", "."}
    assert plain.read("/my/profile.json")["id"] == technician.basecamp_id


def test_ids_beyond_a_double_arrive_whole(caller: Caller) -> None:
    large = [person["id"] for person in caller.all("/people.json") if person["id"] > 2**53]
    assert large == [caller.twin.world.staff.with_account[-1].basecamp_id]


def test_people_of_clients_have_no_company(caller: Caller) -> None:
    people = caller.all("/people.json")
    assert {person["personable_type"] for person in people if "company" not in person} == {"Client"}


def test_an_inactive_account_says_so_in_a_header(writer: Caller) -> None:
    writer.twin.basecamp.switches.account_inactive = True
    answer = writer.call("GET", "/projects.json")
    assert (answer.status_code, answer.headers["Reason"]) == (404, "Account Inactive")


# --- limits, pages, caching -----------------------------------------------------------------------------------------


def test_more_than_fifty_requests_in_ten_seconds_get_429_with_a_wait(writer: Caller) -> None:
    writer.twin.basecamp.switches.rate_limit = (50, 10.0)
    codes = [writer.call("GET", "/my/profile.json").status_code for _ in range(51)]
    assert codes == [200] * 50 + [429]
    answer = writer.call("GET", "/my/profile.json")
    assert 1 <= int(answer.headers["Retry-After"]) <= 10
    assert answer.json() == {"error": "Rate limit exceeded"}


def test_pages_are_geared_and_lead_on_by_link_alone(caller: Caller) -> None:
    sizes, links = [], []
    answer = caller.call("GET", "/projects/recordings.json", params=TODOS)
    total = int(answer.headers["X-Total-Count"])
    while True:
        sizes.append(len(answer.json()))
        if "next" not in answer.links:
            break
        links.append(answer.links["next"]["url"])
        answer = caller.call("GET", links[-1])
    assert sizes[:3] == [15, 30, 50] and max(sizes) <= 100 and sum(sizes) == total
    assert "Link" not in answer.headers
    assert all(link.startswith(caller.base) and "sort=updated_at" in link for link in links)


def test_a_next_link_keeps_the_callers_origin_and_escapes_commas(caller: Caller) -> None:
    active = [project.id for project in caller.twin.world.account.projects.values() if project.status == "active"]
    port = caller.twin["basecamp"]["url"].rsplit(":", 1)[1]
    account = caller.twin["basecamp"]["account_id"]
    address = f"http://localhost:{port}/{account}/projects/recordings.json"
    answer = caller.call("GET", address, params={**TODOS, "bucket": ",".join(map(str, active))})
    assert answer.links["next"]["url"].startswith(address)
    assert "%2C" in answer.headers["Link"] and "," not in answer.headers["Link"]


def test_with_cursors_a_page_number_that_was_made_up_serves_page_one_again(writer: Caller) -> None:
    writer.twin.basecamp.switches.cursor_pages = True
    first = writer.read("/projects/recordings.json", **TODOS)
    assert writer.read("/projects/recordings.json", page=2, **TODOS) == first
    answer = writer.call("GET", "/projects/recordings.json", params=TODOS)
    assert writer.call("GET", answer.links["next"]["url"]).json() != first


def test_an_unchanged_page_answers_304_without_a_body(writer: Caller) -> None:
    first = writer.call("GET", "/projects/recordings.json", params=TODOS)
    known = {"If-None-Match": first.headers["ETag"]}
    again = writer.call("GET", "/projects/recordings.json", params=TODOS, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    writer.call("POST", f"/recordings/{some_order(writer.twin)}/comments.json", json={"content": "baru"})
    assert writer.call("GET", "/projects/recordings.json", params=TODOS, headers=known).status_code == 200


# --- reading --------------------------------------------------------------------------------------------------------


def test_the_recordings_walk_mixes_done_and_open_to_dos_of_active_projects_only(caller: Caller) -> None:
    rows = caller.all("/projects/recordings.json", **TODOS)
    assert {row["completed"] for row in rows} == {True, False}
    names = {row["bucket"]["name"] for row in rows}
    assert INTERNAL in names and CLOSED not in names
    stamps = [row["updated_at"] for row in rows]
    assert stamps == sorted(stamps, reverse=True)
    assert len({row["id"] for row in rows}) == len(rows)


def test_a_bucket_that_is_archived_or_unknown_makes_the_whole_call_404(caller: Caller) -> None:
    projects = caller.twin.world.account.projects.values()
    archived = next(project.id for project in projects if project.status == "archived")
    active = next(project.id for project in projects if project.status == "active")
    for bad in (archived, 1):
        answer = caller.call("GET", "/projects/recordings.json", params={**TODOS, "bucket": f"{active},{bad}"})
        assert answer.status_code == 404
    assert caller.call("GET", "/projects/recordings.json").status_code == 400


def test_projects_are_listed_newest_first_and_archived_ones_when_asked(caller: Caller) -> None:
    ids = [project["id"] for project in caller.all("/projects.json")]
    assert ids == sorted(ids, reverse=True)
    assert [project["name"] for project in caller.all("/projects.json", status="archived")] == [CLOSED]


def test_a_tool_that_is_switched_off_has_no_position(caller: Caller) -> None:
    dock = caller.all("/projects.json")[0]["dock"]
    assert {tool["position"] is None for tool in dock if not tool["enabled"]} == {True}


def test_a_list_hides_completed_to_dos_until_asked(caller: Caller) -> None:
    world = caller.twin.world
    order = next(order for order in world.orders if order.place == "group" and order.completed_at is not None)
    group = world.account.todos[order.order_id].parent_id
    shown = caller.all(f"/todolists/{group}/todos.json")
    done = caller.all(f"/todolists/{group}/todos.json", completed="true")
    assert not any(todo["completed"] for todo in shown)
    assert done and all(todo["completed"] for todo in done)
    assert all("position" in todo for todo in done)


def test_walking_lists_misses_groups_and_loose_to_dos_and_a_second_to_do_set(caller: Caller) -> None:
    account = caller.twin.world.account
    rows = caller.all("/projects/recordings.json", **TODOS)
    parents = {row["parent"]["type"] for row in rows}
    assert parents == {"Todolist", "Todoset"}
    loose = next(row for row in rows if row["parent"]["type"] == "Todoset")
    assert caller.call("GET", f"/todolists/{loose['parent']['id']}/todos.json").status_code == 404
    docks = [[tool["name"] for tool in project["dock"]] for project in caller.all("/projects.json")]
    assert max(dock.count("todoset") for dock in docks) == 2
    groups = {row["parent"]["id"] for row in rows} - {found.id for found in account.todosets.values()}
    told = [caller.read(f"/todolists/{number}") for number in groups]
    assert {"group_position_url" in found for found in told} == {True, False}
    assert all(("groups_url" in found) != ("group_position_url" in found) for found in told)


def test_archived_and_trashed_to_dos_stand_under_their_own_status_and_can_still_be_read(caller: Caller) -> None:
    for status in ("archived", "trashed"):
        rows = caller.all("/projects/recordings.json", type="Todo", status=status)
        assert rows and {row["status"] for row in rows} == {status}
        assert caller.read(f"/todos/{rows[0]['id']}")["status"] == status


def test_rows_can_be_thin_while_a_single_to_do_is_whole(writer: Caller) -> None:
    writer.twin.basecamp.switches.thin_recordings = True
    row = writer.read("/projects/recordings.json", **TODOS)[0]
    assert "assignees" not in row and "due_on" not in row
    assert {"assignees", "due_on"} <= set(writer.read(f"/todos/{row['id']}"))


# --- writing --------------------------------------------------------------------------------------------------------


def test_a_comment_moves_its_to_do_to_the_front_and_counts(writer: Caller) -> None:
    number = some_order(writer.twin)
    before = writer.read(f"/todos/{number}")
    made = writer.call("POST", f"/recordings/{number}/comments.json", json={"content": "<div>Halo</div>"})
    assert made.status_code == 201
    after = writer.read("/projects/recordings.json", **TODOS)[0]
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
    assert number not in {row["id"] for row in writer.all("/projects/recordings.json", **TODOS)}
    assert writer.read("/projects/recordings.json", status="trashed", **TODOS)[0]["id"] == number
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


# --- OAuth ----------------------------------------------------------------------------------------------------------


def form(twin: Twin, **more: str) -> dict[str, str]:
    told = twin["basecamp"]
    return {"client_id": told["client_id"], "client_secret": told["client_secret"], **more}


@pytest.mark.parametrize("spelling", [{"grant_type": "refresh_token"}, {"type": "refresh"}])
def test_a_refresh_token_gives_a_token_of_fourteen_days_in_both_spellings(
    reading: Twin, spelling: dict[str, str]
) -> None:
    told = reading["basecamp"]
    for _ in range(2):  # reusable
        sent = form(reading, refresh_token=told["refresh_token"], **spelling)
        answer = requests.post(told["token_url"], data=sent, timeout=10)
        assert answer.json()["expires_in"] == 1_209_600
    bearer = {"Authorization": f"Bearer {answer.json()['access_token']}", "User-Agent": AGENT}
    who = requests.get(f"{told['url']}/authorization.json", headers=bearer, timeout=10).json()
    assert who["accounts"][0]["product"] == "bc3"
    assert (
        requests.get(f"{who['accounts'][0]['href']}/my/profile.json", headers=bearer, timeout=10).json()["name"]
        == "Rekap"
    )


def test_refresh_tokens_can_rotate_and_the_old_one_is_dead(twin: Twin) -> None:
    twin.basecamp.switches.rotate_refresh_tokens = True
    told = twin["basecamp"]
    sent = form(twin, grant_type="refresh_token", refresh_token=told["refresh_token"])
    new = requests.post(told["token_url"], data=sent, timeout=10).json()["refresh_token"]
    assert new != told["refresh_token"]
    assert requests.post(told["token_url"], data=sent, timeout=10).json() == {"error": "invalid_grant"}
    again = requests.post(told["token_url"], data={**sent, "refresh_token": new}, timeout=10)
    assert again.status_code == 200


@pytest.mark.parametrize(
    ("refusal", "status", "said"),
    [("authorization_expired", 400, "authorization_expired"), ("unknown_id", 401, "Unknown Basecamp ID.")],
)
def test_a_grant_that_is_gone_needs_a_person(twin: Twin, refusal: str, status: int, said: str) -> None:
    twin.basecamp.switches.refresh_refusal = refusal
    told = twin["basecamp"]
    sent = form(twin, grant_type="refresh_token", refresh_token=told["refresh_token"])
    answer = requests.post(told["token_url"], data=sent, timeout=10)
    assert answer.status_code == status and said in answer.text


def test_consent_sends_the_browser_back_with_a_code_that_works_once(reading: Twin) -> None:
    told, back = reading["basecamp"], "http://127.0.0.1:9/callback"
    asked = {"response_type": "code", "client_id": told["client_id"], "redirect_uri": back, "state": "s1"}
    page = requests.get(told["authorize_url"], params=asked, timeout=10)
    assert page.status_code == 200 and "<button" in page.text
    sent = {"client_id": told["client_id"], "redirect_uri": back, "state": "s1"}
    answer = requests.post(told["authorize_url"], data=sent, timeout=10, allow_redirects=False)
    assert answer.status_code == 302 and answer.headers["Location"].startswith(f"{back}?code=")
    code = answer.headers["Location"].split("code=")[1].split("&")[0]
    exchange = form(reading, grant_type="authorization_code", code=code, redirect_uri=back)
    assert requests.post(told["token_url"], data=exchange, timeout=10).json()["token_type"] == "Bearer"
    assert requests.post(told["token_url"], data=exchange, timeout=10).status_code == 400
    assert requests.get(told["authorize_url"], params={**asked, "client_id": "x"}, timeout=10).status_code == 400


def test_every_origin_listens_on_loopback_only(reading: Twin) -> None:
    for url in (reading["basecamp"]["url"], reading["control"], reading["google"]["sheets_url"]):
        assert url.startswith("http://127.0.0.1:")
    with socket.create_connection((reading["smtp"]["host"], reading["smtp"]["port"]), timeout=5):
        pass
