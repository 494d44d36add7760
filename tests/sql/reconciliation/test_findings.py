"""reconciliation.findings: four kinds, each opened and cleared by the facts alone."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rekap.reconciliation import reconcile
from rekap.warehouse import connect

WIB = ZoneInfo("Asia/Jakarta")
Details = Callable[[str, str], dict[str, Any]]


@pytest.mark.parametrize(
    ("order", "row", "found"),
    [
        ({}, None, True),
        ({"on": None}, None, True),
        ({"on": "2026-10-06"}, None, True),
        ({"on": "2026-10-05"}, None, False),
        ({"on": "2026-10-05", "on_end": "2026-10-07"}, None, True),
        ({"technicians": ["joko"]}, None, False),
        ({"completed": True}, None, False),
        ({"life_cycle": "archived"}, None, False),
        ({"life_cycle": "trashed"}, None, False),
        ({"life_cycle": "gone"}, None, False),
        ({"status_word": "on_hold"}, None, False),
        ({}, {"status": "on_hold"}, False),
        ({}, {"status": "cancelled"}, True),
        ({}, {"technicians": ["joko"]}, True),
        # both entered and due before the client's active_from
        ({"on": None, "created_at": datetime(2026, 6, 30, tzinfo=WIB)}, None, False),
        ({"created_at": datetime(2026, 6, 30, tzinfo=WIB)}, None, True),
    ],
)
def test_unassigned(house: Any, order: dict[str, Any], row: dict[str, Any] | None, found: bool) -> None:
    house.order(1, **({"technicians": []} | order))
    if row:
        house.row(11, order_ref=1, **row)
    house.reconcile()
    assert house.findings("unassigned") == (["order:1"] if found else [])


def test_unassigned_names_who_stands_only_in_the_tracker(house: Any, open_finding: Details) -> None:
    house.order(1, technicians=[])
    house.row(11, technicians=["joko", "Pak Slamet"])
    house.reconcile()
    details = open_finding("unassigned", "order:1")
    assert details["tracker"]["value"] == ["Joko", "Pak Slamet"]
    assert details["tracker"]["url"] == "https://sheet.example/11"
    assert details["basecamp"]["url"] == "https://bc.example/1"


def test_unassigned_does_not_ask_whether_the_tracker_is_complete(house: Any) -> None:
    house.complete("sheets", "kopi", "incomplete")
    house.order(1, technicians=[])
    house.reconcile()
    house.change("update staging.orders set assigned = true where order_id = 1")
    assert house.reconcile()["cleared_unassigned"] == 1


def test_unassigned_climbs_on_the_last_known_state_and_clears_nothing_while_basecamp_is_incomplete(house: Any) -> None:
    house.complete("basecamp", "account", "unknown")
    house.order(1, technicians=[])
    assert house.reconcile()["opened_unassigned"] == 1
    house.change("update staging.orders set assigned = true where order_id = 1")
    assert house.reconcile()["cleared_unassigned"] == 0
    house.complete("basecamp", "account")
    assert house.reconcile()["cleared_unassigned"] == 1


def test_missing_in_tracker(house: Any, open_finding: Details) -> None:
    house.order(1)
    house.order(2, outlet="KS-2")
    house.order(3, on="2026-10-20", life_cycle="trashed")
    house.order(4, client="ruko", outlet="RM-1")
    house.order(5, on="2026-06-20", created_at=datetime(2026, 6, 18, tzinfo=WIB))
    house.row(11)
    house.reconcile()
    assert house.findings("missing_in_tracker") == ["order:2/1"]
    details = open_finding("missing_in_tracker", "order:2/1")
    assert details["basecamp"]["url"] == "https://bc.example/2"
    assert details["tracker"] == {"value": None, "url": "https://docs.google.com/spreadsheets/d/sheet-kopi/edit"}


@pytest.mark.parametrize(
    ("outlet_text", "order_ref", "found"),
    [
        ("KOPI SENJA BSD 1", None, []),
        ("Kopi Senja BSD 2", None, ["order:1/1"]),
        ("Kopi Senja BSD 2", 1, []),
        (None, None, []),
        ("Kopi Senja BSD 1", 2, ["order:1/1"]),
        ("Kopi Senja BSD 1", 9_999_999, []),
    ],
)
def test_missing_in_tracker_waits_while_a_quarantined_row_may_be_the_one(
    house: Any, outlet_text: str | None, order_ref: int | None, found: list[str]
) -> None:
    house.order(1)
    house.order(2, on="2026-10-20", outlet="KS-2")
    house.row(12, on="2026-10-20", outlet="KS-2")
    house.quarantined_row(11, outlet_text, order_ref)
    house.reconcile()
    assert house.findings("missing_in_tracker") == found
    house.change("update ops.quarantine set state = 'fixed'")
    house.reconcile()
    assert house.findings("missing_in_tracker") == ["order:1/1"]


@pytest.mark.parametrize(("source", "scope"), [("sheets", "kopi"), ("basecamp", "account")])
def test_what_depends_on_both_sources_is_frozen_while_one_is_incomplete(house: Any, source: str, scope: str) -> None:
    kinds = ("missing_in_tracker", "missing_in_basecamp", "differs.status")
    expected = [["order:1/1"], ["row:11"], ["order:2/1"]]
    house.order(1)
    house.row(11, on="2026-10-20")
    house.order(2, outlet="KS-2")
    house.row(12, outlet="KS-2", status="done")
    house.complete(source, scope, "incomplete")
    house.reconcile()
    assert [house.findings(kind) for kind in kinds] == [[], [], []]
    house.complete(source, scope)
    house.reconcile()
    assert [house.findings(kind) for kind in kinds] == expected
    house.complete(source, scope, "unknown")
    house.change("update staging.orders set life_cycle = 'trashed'")
    house.change("update staging.tracker_rows set status = 'cancelled'")
    house.reconcile()
    assert [house.findings(kind) for kind in kinds] == expected
    house.complete(source, scope)
    house.reconcile()
    assert [house.findings(kind) for kind in kinds] == [[], [], []]


def test_missing_in_basecamp(house: Any, open_finding: Details) -> None:
    house.order(1)
    house.row(11)
    house.row(12, on="2026-10-20", order_ref=9_999_999)
    house.row(13, on="2026-10-21", status="cancelled")
    house.row(14, on="2026-06-20", status="done")
    house.reconcile()
    assert house.findings("missing_in_basecamp") == ["row:12"]
    details = open_finding("missing_in_basecamp", "row:12")
    assert (details["tracker"]["url"], details["tracker"]["row"]) == ("https://sheet.example/12", 12)
    assert details["basecamp"] == {"value": None, "order_ref": 9_999_999}


def test_a_pair_under_review_is_missing_on_neither_side(house: Any) -> None:
    house.order(1, on="2026-10-08", outlet="KS-1")
    house.row(11, on="2026-10-20", outlet="KS-2", order_ref=1)
    house.reconcile()
    assert house.findings("missing_in_basecamp") + house.findings("missing_in_tracker") == []


@pytest.mark.parametrize(
    ("basecamp", "tracker", "found"),
    [
        ({}, "done", True),
        ({}, "partial", True),
        ({}, "cancelled", True),
        ({}, "on_hold", False),
        ({}, "rescheduled", False),
        ({}, None, False),
        ({"status_word": "on_hold"}, "scheduled", False),
        ({"status_word": "cancelled"}, "cancelled", True),
        ({"completed": True}, "done", False),
        ({"completed": True}, "scheduled", True),
        ({"completed": True}, "cancelled", True),
        ({"completed": True, "status_word": "cancelled"}, "done", True),
        ({"completed": True, "status_word": "cancelled"}, "cancelled", False),
        ({"life_cycle": "trashed"}, "scheduled", True),
        ({"life_cycle": "trashed"}, "cancelled", False),
        ({"on": "2026-09-01"}, "done", True),
    ],
)
def test_differs_status(house: Any, basecamp: dict[str, Any], tracker: str | None, found: bool) -> None:
    house.order(1, **basecamp)
    house.row(11, order_ref=1, status=tracker)
    house.reconcile()
    assert house.findings("differs.status") == (["order:1/1"] if found else [])


def test_differs_status_shows_both_values_with_their_addresses_and_times(house: Any, open_finding: Details) -> None:
    house.order(1)
    house.row(11, order_ref=1, status="done", status_text="SELESAI")
    house.change(
        "insert into staging.order_changes (order_id, field, changed_at, seen_at)"
        " values (1, 'assigned', '2026-10-03 09:00+07', '2026-10-03 09:15+07')"
    )
    house.change(
        "insert into staging.row_changes (row_key, field, changed_at, seen_at)"
        " values (11, 'status', '2026-10-05 17:00+07', '2026-10-05 17:30+07')"
    )
    house.reconcile()
    details = open_finding("differs.status", "order:1/1")
    assert details["basecamp"] == {
        "value": "open", "life_cycle": "active", "completed": False, "word": None,
        "url": "https://bc.example/1", "changed_at": "2026-10-03T02:00:00+00:00",
    }  # fmt: skip
    assert details["tracker"] == {
        "value": "done", "status": "done", "text": "SELESAI", "url": "https://sheet.example/11", "tab": "OKT 26",
        "row": 11, "changed_at": "2026-10-05T10:00:00+00:00",
    }  # fmt: skip


def test_a_second_pass_over_the_same_facts_only_touches_last_seen(house: Any) -> None:
    house.order(1, technicians=[])
    first = house.reconcile()
    second = house.reconcile(timedelta(hours=1))
    assert (first["opened_unassigned"], second["opened_unassigned"], second["changed"]) == (1, 0, 0)
    assert house.read("select kind, first_seen_at, last_seen_at from reconciliation.findings order by kind") == [
        ("missing_in_tracker", "2026-10-06T04:30", "2026-10-06T05:30"),
        ("unassigned", "2026-10-06T04:30", "2026-10-06T05:30"),
    ]


def test_a_finding_that_returns_is_the_same_finding(house: Any) -> None:
    house.order(1, technicians=[])
    house.row(11)
    house.reconcile()
    (before,) = house.read("select finding_id from reconciliation.findings where kind = 'unassigned'")
    house.change("update staging.orders set assigned = true")
    assert house.reconcile()["cleared_unassigned"] == 1
    house.change("update staging.orders set assigned = false")
    counts = house.reconcile(timedelta(hours=1))
    assert (counts["opened_unassigned"], counts["changed"] > 0) == (1, True)
    assert house.read("select finding_id, first_seen_at, cleared_at from reconciliation.findings") == [
        (*before, "2026-10-06T04:30", None)
    ]


def test_clients_that_left_the_register_raise_nothing(house: Any) -> None:
    house.order(1, technicians=[])
    house.row(11, on="2026-10-20")
    house.change("update staging.clients set active = false")
    house.reconcile()
    assert house.read("select kind from reconciliation.findings") == []


def test_two_passes_at_once_wait_for_each_other_and_agree(house: Any, warehouse: str) -> None:
    for number in range(1, 30):
        house.order(number, on=f"2026-10-{number:02}", technicians=[])
        house.row(100 + number, on=f"2026-10-{number:02}", status="done")

    def one_pass(_: int) -> dict[str, int]:
        with connect(warehouse) as connection:
            return reconcile(connection, house.run)

    with ThreadPoolExecutor(4) as passes:
        told = list(passes.map(one_pass, range(4)))
    assert sorted(counts["changed"] > 0 for counts in told) == [False, False, False, True]
    assert len(house.links()) == 29
