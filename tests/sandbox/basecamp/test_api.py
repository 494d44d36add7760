"""What the API asks of every caller and how it answers: one test a behaviour that clients trip over."""

from __future__ import annotations

import pytest

from sandbox.world.projects import CLOSED, INTERNAL
from tests.sandbox.basecamp.twin_client import NEWEST_FIRST, Caller, some_order

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
    answer = caller.call("GET", "/projects/recordings.json", params=NEWEST_FIRST)
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
    answer = caller.call("GET", address, params={**NEWEST_FIRST, "bucket": ",".join(map(str, active))})
    assert answer.links["next"]["url"].startswith(address)
    assert "%2C" in answer.headers["Link"] and "," not in answer.headers["Link"]


def test_with_cursors_a_page_number_that_was_made_up_serves_page_one_again(writer: Caller) -> None:
    writer.twin.basecamp.switches.cursor_pages = True
    first = writer.read("/projects/recordings.json", **NEWEST_FIRST)
    assert writer.read("/projects/recordings.json", page=2, **NEWEST_FIRST) == first
    answer = writer.call("GET", "/projects/recordings.json", params=NEWEST_FIRST)
    assert writer.call("GET", answer.links["next"]["url"]).json() != first


def test_an_unchanged_page_answers_304_without_a_body(writer: Caller) -> None:
    first = writer.call("GET", "/projects/recordings.json", params=NEWEST_FIRST)
    known = {"If-None-Match": first.headers["ETag"]}
    again = writer.call("GET", "/projects/recordings.json", params=NEWEST_FIRST, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    writer.call("POST", f"/recordings/{some_order(writer.twin)}/comments.json", json={"content": "baru"})
    assert writer.call("GET", "/projects/recordings.json", params=NEWEST_FIRST, headers=known).status_code == 200


# --- reading --------------------------------------------------------------------------------------------------------


def test_the_recordings_walk_mixes_done_and_open_to_dos_of_active_projects_only(caller: Caller) -> None:
    rows = caller.all("/projects/recordings.json", **NEWEST_FIRST)
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
        answer = caller.call("GET", "/projects/recordings.json", params={**NEWEST_FIRST, "bucket": f"{active},{bad}"})
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
    rows = caller.all("/projects/recordings.json", **NEWEST_FIRST)
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
    row = writer.read("/projects/recordings.json", **NEWEST_FIRST)[0]
    assert "assignees" not in row and "due_on" not in row
    assert {"assignees", "due_on"} <= set(writer.read(f"/todos/{row['id']}"))
