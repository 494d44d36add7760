"""orders with order_services, order_technicians, visits and order_changes: each field by the record that tells it."""

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from rekap.settings import Register
from tests.sql.staging.basecamp_desk import AM, COMMENT, FORM, OTHER, REGISTER, TECHNICIAN, TODO, Desk


def person(person_id: int) -> dict[str, Any]:
    return {"id": person_id, "name": "x"}


def step(*people: int, done: bool = False) -> dict[str, Any]:
    return {"id": 1, "completed": done, "assignees": [person(each) for each in people]}


def test_an_order_in_the_standard_form(desk: Desk) -> None:
    assert desk.todo() == {"received": 1, "orders": 1, "changed": 2}
    order = desk.order()
    told = (
        "client",
        "outlet",
        "outlet_text",
        "service_text",
        "service_date",
        "time_from",
        "units",
        "problems",
        "assigned",
    )
    assert [order[name] for name in told] == [
        "kopi", "K-1", "Kopi BSD", "Cuci AC", date(2026, 10, 12), time(10), 3, {}, False,
    ]  # fmt: skip
    assert desk.rows("select n, service, units from staging.order_services") == [
        {"n": 1, "service": "cleaning", "units": 3}
    ]
    (visit,) = desk.rows("select * from staging.visits")
    assert (visit["n"], visit["outlet"], visit["service_date"]) == (1, "K-1", date(2026, 10, 12))


@pytest.mark.parametrize(
    ("changed", "problems"),
    [
        ({"description": FORM.replace("Kopi BSD", "menyusul")}, {"outlet": "empty"}),
        ({"description": FORM.replace("Kopi BSD", "Kopi Bali")}, {"outlet": "unknown"}),
        ({"description": FORM.replace("Unit: 3", "Unit: ?"), "title": "x"}, {"units": "empty"}),
        ({"description": FORM.replace("Unit: 3", "Unit: semua"), "title": "x"}, {"units": "unknown"}),
        ({"description": FORM.replace("Cuci AC", "fogging")}, {"service": "unknown"}),
        ({"description": FORM.replace("10.00", "habis buka"), "due_on": None, "title": "x"},
         {"time": "unknown", "date": "no_date"}),
        ({"description": f"{FORM}Tanggal: besok", "due_on": None}, {"date": "no_date"}),
        ({"description": f"{FORM}Tanggal: Senin 13 Oktober 2026", "due_on": None}, {"date": "date_conflict"}),
        ({"description": f"{FORM}Teknisi: Slamet"}, {"technician": "unknown"}),
        ({"description": f"{FORM}Teknisi: Andi"}, {"technician": "ambiguous"}),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_null_and_named(desk: Desk, changed: dict[str, Any], problems: dict[str, str]) -> None:
    desk.todo(**changed)
    order = desk.order()
    assert order["problems"] == problems
    assert not order["assigned"]
    columns = {"outlet": "outlet", "units": "units", "date": "service_date", "time": "time_from"}
    assert all(order[columns[name]] is None for name in problems if name in columns)


@pytest.mark.parametrize(
    ("title", "outlet", "units", "problem"),
    [
        ("Cuci AC 3 unit Kopi BSD 2 tgl 12 Okt 2026", "K-2", 3, None),
        ("Kopi BSD - cuci 2, tambah freon 1 - 12 Okt", "K-1", 3, None),
        ("Cuci AC Kopi BSD 2 unit 12/10/2026", None, None, "ambiguous"),
        ("Cuci AC Kopi BSD dan Kopi BSD 2", None, None, "ambiguous"),
        ("Cuci AC 3 unit di kantor", None, 3, "empty"),
    ],
)
def test_a_free_title_is_read_or_left_alone(
    desk: Desk, title: str, outlet: str | None, units: int | None, problem: str | None
) -> None:
    desk.todo(title=title, description="")
    order = desk.order()
    assert (order["outlet"], order["problems"].get("outlet")) == (outlet, problem)
    if problem != "ambiguous":
        assert order["units"] == units


def test_the_due_date_wins_over_form_and_title(desk: Desk) -> None:
    desk.todo(description=f"{FORM}Tanggal: 14 Oktober 2026", due_on="2026-10-15")
    assert (desk.order()["service_date"], desk.order()["field_sources"]["date"]) == (date(2026, 10, 15), "due_on")
    desk.todo(description=f"{FORM}Tanggal: 14 Oktober 2026", due_on=None)
    assert (desk.order()["service_date"], desk.order()["field_sources"]["date"]) == (date(2026, 10, 14), "form")
    desk.todo(due_on=None)
    assert (desk.order()["service_date"], desk.order()["field_sources"]["date"]) == (date(2026, 10, 12), "title")


@pytest.mark.parametrize(
    ("changed", "assigned", "technicians"),
    [
        ({"assignees": [person(TECHNICIAN)]}, True, {"joko": "assignee"}),
        ({"assignees": [person(AM)]}, False, {}),
        ({"steps": [step(TECHNICIAN), step(OTHER)]}, True, {"joko": "subtask", "andi-1": "subtask"}),
        ({"steps": [step(TECHNICIAN), step()]}, False, {"joko": "subtask"}),
        ({"steps": [step(TECHNICIAN), step(done=True)]}, True, {"joko": "subtask"}),
        ({"steps": [step(done=True)]}, False, {}),
        ({"description": f"{FORM}Teknisi: Pak Joko"}, True, {"joko": "form"}),
        ({"description": f"{FORM}Teknisi: Andi Wijaya, Joko"}, True, {"andi-2": "form", "joko": "form"}),
        ({"assignees": [person(AM)], "steps": []}, False, {}),
    ],
)
def test_assigned_is_decided_by_technicians_alone(
    desk: Desk, changed: dict[str, Any], assigned: bool, technicians: dict[str, str]
) -> None:
    desk.todo(**changed)
    found = {row["technician"]: row["via"] for row in desk.rows("select * from staging.order_technicians")}
    assert (desk.order()["assigned"], found) == (assigned, technicians)


@pytest.mark.parametrize(
    ("changed", "client", "reason"),
    [
        ({"title": "[roti] cuci 1"}, "roti", ""),
        ({"bucket": {"id": 20}, "parent": {"id": 21, "type": "Todolist"}}, "kopi", ""),
        ({"bucket": {"id": 20}, "parent": {"id": 22, "type": "Todolist"}}, "kopi", ""),
        ({"bucket": {"id": 20}, "parent": {"id": 23, "type": "Todolist"}}, None, "no_client_in_project"),
        ({"bucket": {"id": 30}}, None, "other_project"),
    ],
)
def test_whose_an_order_is(desk: Desk, changed: dict[str, Any], client: str | None, reason: str) -> None:
    """The longest title prefix, then group, list (22 is a group of list 21), project."""
    desk.read("todolist", {"id": 22, "parent": {"id": 21, "type": "Todolist"}})
    desk.todo(**changed)
    assert [row["client"] for row in desk.rows("select client from staging.orders")] == ([client] if client else [])
    (entry,) = desk.rows("select skipped_reasons from ops.run_ledger where step = 'stage orders'")
    assert entry["skipped_reasons"] == ({reason: 1} if reason else {})


def test_a_change_is_written_once_with_the_time_of_the_source(desk: Desk) -> None:
    desk.todo()
    later = {"updated_at": "2026-10-03T02:00:00.000Z", "due_on": "2026-10-13", "assignees": [person(TECHNICIAN)]}
    assert desk.todo(**later)["changed"] > 0
    assert desk.todo(**later)["changed"] == 0
    found = desk.rows("select field, old, new, changed_at::text from staging.order_changes order by field")
    at = "2026-10-03 02:00:00+00"
    assert found == [
        {"field": "assigned", "old": "false", "new": "true", "changed_at": at},
        {"field": "service_date", "old": "2026-10-12", "new": "2026-10-13", "changed_at": at},
        {"field": "technicians", "old": None, "new": "joko", "changed_at": at},
    ]


def test_a_completion_carries_its_own_time(desk: Desk) -> None:
    desk.todo()
    done = {"created_at": "2026-10-12T05:00:00.000Z", "creator": person(TECHNICIAN)}
    desk.todo(completed=True, completion=done, updated_at="2026-10-12T05:00:00.089Z")
    (change,) = desk.rows("select field, changed_at::text from staging.order_changes")
    assert change == {"field": "completed", "changed_at": "2026-10-12 05:00:00+00"}
    assert desk.order()["completed_by"] == TECHNICIAN


def test_a_new_time_or_number_of_comments_is_no_change(desk: Desk) -> None:
    desk.todo()
    assert desk.todo(updated_at="2026-10-05T00:00:00.000Z", comments_count=7)["changed"] == 0
    assert desk.order()["comments_count"] == 7


def test_an_older_version_that_comes_back_is_the_newest_again(desk: Desk) -> None:
    """With the clock standing still two reads share their moment: the order of reading decides."""
    desk.todo()
    desk.todo(due_on="2026-10-13")
    desk.todo()
    assert desk.order()["service_date"] == date(2026, 10, 12)


def test_an_order_that_left_every_client_is_gone(desk: Desk) -> None:
    desk.todo()
    desk.without("kopi")
    desk.stage()
    order = desk.order()
    assert order["life_cycle"] == "gone" and order["gone_at"] is not None


def test_a_record_that_is_no_to_do_is_counted_and_stops_nobody(desk: Desk) -> None:
    desk.read("todo", TODO | {"id": 101, "created_at": None}, TODO)
    desk.stage()
    (entry,) = desk.rows("select received, loaded, skipped_reasons from ops.run_ledger where step = 'stage orders'")
    assert entry == {"received": 2, "loaded": 1, "skipped_reasons": {"malformed": 1}}


def test_markup_in_a_form_is_text_and_never_markup(desk: Desk) -> None:
    desk.todo(description="<div>Outlet: Kopi &amp; <b>BSD</b> &lt;script&gt;<br>Layanan: cuci 1</div>")
    assert desk.order()["outlet_text"] == "Kopi & BSD <script>"


def test_a_clients_own_words_are_read_in_its_orders_and_in_no_others(desk: Desk) -> None:
    def say(words: dict[str, Any]) -> None:
        kopi, *others = REGISTER["clients"]
        told = REGISTER | {"clients": [kopi | {"words": words}, *others]}
        desk.config = replace(desk.config, register=Register.model_validate(told))

    def read() -> list[Any]:
        services = desk.rows("select order_id, service, units from staging.order_services order by order_id")
        return [tuple(row.values()) for row in services]

    say({"services": {"cleaning": ["semprot"]}, "labels": {"outlet": ["gerai"]}, "statuses": {"on_hold": ["parkir"]}})
    description = FORM.replace("Cuci AC", "Semprot AC").replace("Outlet:", "Gerai:")
    desk.read("todo", TODO | {"description": description, "title": "Order"})
    desk.read("todo", TODO | {"id": 101, "title": "[ROTI] Roti BSD", "description": description})
    desk.read("comment", COMMENT | {"content": "<div>parkir dulu</div>"})
    desk.stage()
    assert read() == [(100, "cleaning", 3)]
    assert (desk.order()["outlet"], desk.order()["status_word"]) == ("K-1", "on_hold")
    assert desk.order(101)["problems"]["service"] == "unknown"

    say({})
    assert desk.stage()["orders"] == 2, "other words read all orders again"
    assert read() == []
    assert desk.order()["problems"]["service"] == "unknown"
