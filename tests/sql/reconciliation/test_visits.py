"""reconciliation.visits: the value that counts, field by field."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

WIB = ZoneInfo("Asia/Jakarta")
COMPLETED = {"completed": True, "completed_at": datetime(2026, 10, 9, 1, 30, tzinfo=WIB)}


def test_the_plan_is_basecamps_and_what_it_leaves_open_is_the_trackers(house: Any) -> None:
    house.order(1, on="2026-10-08", outlet=None, outlet_text=None, time=None, services={}, technicians=[], units=None)
    house.row(11, on="2026-10-08", time="13:00", services={"repair": 1}, technicians=["udin"], order_ref=1)
    house.reconcile()
    assert house.visit(
        "order:1/1", "service_date", "time_from::text", "outlet", "outlet_name", "services", "technicians", "source"
    ) == (
        "2026-10-08", "13:00:00", "KS-1", "Kopi Senja BSD 1", [{"service": "repair", "units": 1}], ["udin"],
        {
            "date": "basecamp", "time": "tracker", "outlet": "tracker", "services": "tracker",
            "technicians": "tracker", "status": "basecamp",
        },
    )  # fmt: skip


def test_where_both_tell_a_plan_basecamp_counts_and_the_rest_is_disputed(house: Any) -> None:
    house.order(1, on="2026-10-08", services={"cleaning": 3}, technicians=["joko"])
    house.row(
        11, on="2026-10-10", outlet="KS-2", time="15:00", services={"repair": 2}, technicians=["udin"], order_ref=1,
        service_date_end=None,
    )  # fmt: skip
    house.decide("confirmed", 1, 11)
    house.reconcile()
    assert house.visit(
        "order:1/1", "service_date", "time_from::text", "outlet", "technicians", "units_ordered", "disputed"
    ) == ("2026-10-08", "10:00:00", "KS-1", ["joko"], 3, ["date", "time", "outlet", "service", "units", "technician"])


@pytest.mark.parametrize(
    ("basecamp", "tracker", "status", "disputed"),
    [
        ({}, None, "assigned", []),
        ({"technicians": []}, None, "scheduled", []),
        ({}, "requested", "assigned", []),
        ({}, "in_progress", "in_progress", []),
        ({}, "on_hold", "on_hold", []),
        ({"status_word": "on_hold"}, "scheduled", "on_hold", []),
        ({}, "done", "done", ["status"]),
        ({}, "partial", "partial", ["status"]),
        ({}, "cancelled", "assigned", ["status"]),
        ({"status_word": "cancelled"}, "scheduled", "assigned", []),
        (COMPLETED, "done", "done", []),
        (COMPLETED, "partial", "partial", []),
        (COMPLETED, "scheduled", "done", ["status"]),
        (COMPLETED, None, "done", []),
        (COMPLETED, "cancelled", "done", ["status"]),
        ({**COMPLETED, "status_word": "cancelled"}, "done", "cancelled", ["status"]),
        ({**COMPLETED, "status_word": "cancelled"}, "cancelled", "cancelled", []),
        ({"life_cycle": "trashed"}, "scheduled", "cancelled", ["status"]),
        ({"life_cycle": "archived", **COMPLETED}, "done", "done", []),
    ],
)
def test_status_is_looked_up_by_what_both_sides_say(
    house: Any, basecamp: dict[str, Any], tracker: str | None, status: str, disputed: list[str]
) -> None:
    house.order(1, **basecamp)
    house.row(11, order_ref=1, status=tracker)
    house.reconcile()
    assert house.visit("order:1/1", "status", "disputed") == (status, disputed)


@pytest.mark.parametrize(
    ("basecamp", "tracker", "done"),
    [
        (COMPLETED, {"status": "done", "on": "2026-10-08", "units": 2}, (3, 2, "2026-10-08")),
        (COMPLETED, {"status": "done", "units": None}, (3, 3, "2026-10-08")),
        (COMPLETED, {"status": None}, (3, 3, "2026-10-09")),
        ({}, {"status": "done", "units": None}, (3, None, "2026-10-08")),
        ({}, {"status": "partial", "units": 2}, (3, 2, "2026-10-08")),
        ({}, {"status": "partial", "units": 3}, (3, None, "2026-10-08")),
        ({}, {"status": "scheduled", "units": 2}, (3, None, None)),
    ],
)
def test_done_units_and_the_done_date_are_the_trackers_else_those_of_the_completion(
    house: Any, basecamp: dict[str, Any], tracker: dict[str, Any], done: tuple[Any, ...]
) -> None:
    house.order(1, services={"cleaning": 3}, **basecamp)
    house.row(11, order_ref=1, **tracker)
    house.reconcile()
    assert house.visit("order:1/1", "units_ordered", "units_done", "done_on") == done


@pytest.mark.parametrize(
    ("order", "row", "month"),
    [
        ({"on": "2026-10-31"}, None, "2026-10"),
        ({"on": "2026-10-31"}, {"on": "2026-11-01", "status": "done"}, "2026-11"),
        ({"on": "2026-10-31"}, {"on": "2026-11-01", "status": "scheduled"}, "2026-10"),
        ({"on": "2026-09-30", **COMPLETED}, None, "2026-09"),
        ({"on": None, **COMPLETED}, None, "2026-10"),
        # 1 October 03:00 in Jakarta is still 30 September in UTC
        ({"on": None, "created_at": datetime(2026, 10, 1, 3, tzinfo=WIB)}, None, "2026-10"),
        ({"on": None}, {"on": "2026-12-01"}, "2026-12"),
    ],
)
def test_the_month_is_that_of_the_counting_date(
    house: Any, order: dict[str, Any], row: dict[str, Any] | None, month: str
) -> None:
    house.order(1, **order)
    if row:
        house.row(11, order_ref=1, **row)
    house.reconcile()
    assert house.visit("order:1/1", "month") == (month,)


def test_work_that_stands_only_in_a_tracker_is_a_line_without_order(house: Any) -> None:
    house.row(11, status="done", units=2)
    house.row(12, on="2026-10-09", status="cancelled")
    house.reconcile()
    assert house.read(
        "select line_key, order_id, row_key, month, status, units_ordered, units_done, without_order, without_row"
        " from reconciliation.visits"
    ) == [("row:11", None, 11, "2026-10", "done", None, 2, True, False)]


def test_a_pair_under_review_is_one_line_with_basecamps_values(house: Any) -> None:
    house.order(1, on="2026-10-08", outlet="KS-1")
    house.row(11, on="2026-10-20", outlet="KS-2", status="done", order_ref=1)
    house.reconcile()
    assert house.read("select line_key, row_key, status, disputed from reconciliation.visits") == [
        ("order:1/1", 11, "assigned", ["link"])
    ]


def test_half_assigned_subtasks_name_nobody(house: Any) -> None:
    house.order(1, technicians=["joko"], assigned=False)
    house.reconcile()
    assert house.visit("order:1/1", "technicians", "status") == ([], "scheduled")


def test_lines_of_orders_and_rows_that_are_gone_vanish(house: Any) -> None:
    house.order(1)
    house.row(11, on="2026-10-20")
    assert house.reconcile()["visits"] == 2
    house.change("update staging.orders set life_cycle = 'gone'")
    house.change("delete from staging.tracker_rows")
    house.reconcile()
    assert house.read("select line_key from reconciliation.visits") == []


def test_a_row_that_finds_its_order_moves_from_its_own_line_into_the_visits(house: Any) -> None:
    house.row(11, status="done")
    house.reconcile()
    house.order(1)
    house.reconcile()
    assert house.read("select line_key, status from reconciliation.visits") == [("order:1/1", "done")]


def test_changed_at_moves_only_when_something_changed(house: Any) -> None:
    house.order(1)
    house.order(2, outlet="KS-2")
    house.row(11)
    house.reconcile()
    assert house.reconcile(timedelta(hours=1))["changed"] == 0
    house.change("update staging.tracker_rows set status = 'done'")
    assert house.reconcile(timedelta(hours=1))["changed"] > 0
    assert house.read(
        "select line_key, first_seen_at, changed_at from reconciliation.visits order by line_key"
    ) == [
        ("order:1/1", "2026-10-06T04:30", "2026-10-06T06:30"),
        ("order:2/1", "2026-10-06T04:30", "2026-10-06T04:30"),
    ]  # fmt: skip
