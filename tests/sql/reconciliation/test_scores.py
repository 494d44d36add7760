"""The weekly score: what it is made of, that it is the same however often it is computed, and that it follows facts."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from rekap.quality import score
from rekap.quality.scores import week_of
from rekap.warehouse import Connection
from tests.sql.reconciliation.house import NOW, WIB, House

MONDAY = date(2026, 10, 5)


@pytest.fixture
def house(warehouse_connection: Connection) -> House:
    made = House(warehouse_connection)
    made.now = datetime(2026, 10, 11, 12, tzinfo=WIB)  # the Sunday
    return made


def parts(house: House, client: str = "kopi") -> dict[str, tuple[float, int]]:
    row = house.connection.execute(
        "select parts from ops.quality_scores where client = %s and week_on = %s", (client, MONDAY)
    ).fetchone()
    house.connection.commit()
    return {name: (part["good"], part["all"]) for name, part in row["parts"].items()} if row else {}


def scores(house: House) -> dict[tuple[str, Any], Decimal]:
    rows = house.connection.execute("select client, week_on, score from ops.quality_scores").fetchall()
    house.connection.commit()
    return {(row["client"], row["week_on"]): row["score"] for row in rows}


def week(house: House) -> None:
    """Of kopi: three rows of four usable, one of two orders whole, two of three rows linked, one day of two fresh, all
    readings whole. Nothing of another week counts."""
    house.order(1, "2026-10-06")
    house.order(2, "2026-10-07", units=None)
    house.order(9, "2026-10-13", outlet=None, outlet_text=None)
    house.row(11, "2026-10-06", order_ref=1)
    house.row(12, "2026-10-07", order_ref=2)
    house.row(13, "2026-10-08", outlet="KS-2")
    house.row(19, "2026-10-13", outlet="KS-2")
    house.quarantined_row(14, None)
    house.reconcile()
    house.change("delete from reconciliation.visits where service_date not between '2026-10-05' and '2026-10-06'")
    house.change("update staging.tracker_row_keys set first_seen_at = '2026-10-06 18:00+07' where row_key in (11, 14)")
    house.change(
        "update staging.tracker_row_keys set first_seen_at = '2026-09-01 18:00+07' where row_key in (12, 13, 19)"
    )
    house.change(
        "insert into reconciliation.visits (line_key, row_key, client, service_date, status, without_order,"
        " without_row, first_seen_at, changed_at)"
        " values ('row:77', 77, 'kopi', '2026-10-08', 'done', true, false, '2026-10-01', '2026-10-01')"
    )


def test_each_part_is_a_share_of_what_there_was_that_week(house: House) -> None:
    week(house)
    assert score(house.connection, house.run) == {"scores": 2, "changed": 2}
    assert parts(house) == {
        "rows_usable": (3, 4), "orders_whole": (1, 2), "rows_linked": (2, 3), "tracker_fresh": (1, 2),
        "reads_complete": (2, 2),
    }  # fmt: skip
    expected = 25 * 3 / 4 + 25 * 1 / 2 + 20 * 2 / 3 + 15 * 1 / 2 + 15
    assert scores(house) == {("kopi", MONDAY): Decimal(f"{expected:.1f}"), ("ruko", MONDAY): Decimal(100)}


def test_the_same_facts_change_nothing_and_better_ones_raise_it(house: House) -> None:
    week(house)
    score(house.connection, house.run)
    before = scores(house)
    house.now += timedelta(minutes=30)
    assert score(house.connection, house.run) == {"scores": 2, "changed": 0}
    assert house.read("select distinct computed_at from ops.quality_scores") == [("2026-10-11T05:00",)]
    house.change("update staging.orders set units = 2 where order_id = 2")
    assert score(house.connection, house.run)["changed"] == 1
    assert scores(house)["kopi", MONDAY] > before["kopi", MONDAY]


def test_a_source_counts_as_one_however_often_it_is_read(house: House) -> None:
    for _ in range(9):
        house.complete("basecamp", "account")
    house.complete("sheets", "kopi", "incomplete")
    score(house.connection, house.run)
    assert parts(house) == {"reads_complete": (1.5, 2)}
    assert scores(house)["kopi", MONDAY] == Decimal(75)


def test_a_week_of_which_nothing_is_known_has_no_score(house: House) -> None:
    assert score(house.connection, house.run, weeks=3) == {"scores": 2, "changed": 2}
    assert {on for _, on in scores(house)} == {MONDAY}
    house.change("delete from ops.completeness")
    score(house.connection, house.run, weeks=3)
    assert scores(house) == {}


def test_a_week_is_that_of_the_house_and_begins_on_monday(house: House) -> None:
    assert {week_of(MONDAY + timedelta(days=day)) for day in range(7)} == {MONDAY}
    house.now = datetime(2026, 10, 12, 0, 30, tzinfo=WIB)  # still Sunday in UTC
    house.change("delete from ops.completeness")
    house.complete("sheets", "kopi")
    score(house.connection, house.run)
    assert {on for _, on in scores(house)} == {MONDAY + timedelta(weeks=1)}
    assert NOW.date() < MONDAY + timedelta(weeks=1)
