"""The reader against messy tabs whose truth was written down when they were drawn, without knowing the reader."""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

import pytest

from rekap.sources.sheets.reader import read_spreadsheet
from tests.samples.trackers.messy import broken
from tests.samples.trackers.messy.broken import BROKEN
from tests.samples.trackers.messy.compare import Account, compare, read_and_compare
from tests.samples.trackers.messy.make_tabs import draw_samples

SEED = 2  # rich in headings of two rows, typing errors in headings and tabs without a month in their name
TABS = 60


@pytest.fixture(scope="module")
def account() -> Account:
    return read_and_compare(draw_samples(SEED, TABS))


def test_no_row_of_a_messy_tab_is_lost_or_stands_twice(account: Account) -> None:
    assert not account.lost, str(account)
    assert not account.twice, str(account)


def test_no_date_of_a_messy_tab_is_silently_wrong(account: Account) -> None:
    assert not account.wrong_dates, str(account)


def test_98_percent_of_the_cells_of_messy_tabs_are_read_as_expected(account: Account) -> None:
    assert account.share >= 0.98, str(account)


def test_the_comparison_sees_a_lost_row_a_row_twice_and_a_wrong_date() -> None:
    sample = next(iter(draw_samples(SEED, 1)))
    answer = sample.as_contract()
    assert compare(sample, answer).share == 1.0
    rows = next(tab["rows"] for tab in answer["tabs"] if len(tab["rows"]) > 3)
    rows[0]["service_date"] = "1999-01-01"
    rows[2] = rows[1]
    spoilt = compare(sample, answer)
    assert (len(spoilt.wrong_dates), len(spoilt.lost), len(spoilt.twice)) == (1, 1, 1)
    assert spoilt.share < 1.0


@pytest.mark.parametrize("make", BROKEN, ids=lambda make: make.__name__)
def test_every_row_of_a_broken_tab_stands_once(make: Callable[[], dict[str, Any]]) -> None:
    tab = _read(make)
    stands = [entry["row"] for name in ("rows", "rejected", "skipped") for entry in tab[name]]
    assert tab["kind"] == "month"
    assert sorted(stands) == list(range(1, max(len(stands), _last_row(make())) + 1))


def test_an_order_beside_or_below_another_table_is_never_read_askew() -> None:
    assert _orders(broken.two_tables_side_by_side) == {
        row: (f"2026-08-{row:02}", "Kopi Senja Bintaro" if row % 2 else "Kopi Senja Tebet") for row in range(2, 6)
    }
    below = _orders(broken.two_tables_below_each_other)
    assert {row: below.pop(row) for row in (2, 3, 4)} == {
        2: ("2026-08-02", "Kopi Senja Tebet"),
        3: ("2026-08-03", "Kopi Senja Bintaro"),
        4: ("2026-08-04", "Kopi Senja Tebet"),
    }
    assert set(below.items()) <= {(8, ("2026-08-08", "Kopi Senja Tebet")), (9, ("2026-08-09", "Kopi Senja Bintaro"))}


def test_blocks_of_data_are_put_together_by_where_they_start() -> None:
    orders = _orders(broken.several_blocks_of_data)
    assert sorted(orders) == [2, 3, 6, 7, 8]
    assert orders[8] == ("2026-08-08", "Kopi Senja Tebet")


def test_nothing_is_read_where_nothing_was_computed_or_where_no_heading_says_what_it_is() -> None:
    assert _orders(broken.formulas_without_values) == {}
    assert _orders(broken.no_heading) == {}


def test_stray_marks_and_holes_cost_no_order() -> None:
    assert sorted(_orders(broken.columns_to_the_end)) == [2, 3, 4]
    assert sorted(_orders(broken.rows_with_holes)) == [2, 5]
    assert len(_orders(broken.ten_thousand_rows)) == 9_899
    assert _orders(broken.right_to_left_text).get(2, ("2026-08-02", ""))[0] == "2026-08-02"


def test_a_date_of_50000_characters_is_unreadable_and_its_neighbours_are_not() -> None:
    assert sorted(_orders(broken.cells_of_50000_characters)) == [3, 4, 5]


@cache
def _read(make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    (tab,) = read_spreadsheet(make(), client="kopi-senja", as_of=date(2026, 8, 31), outlet_names=[])["tabs"]
    return tab


def _orders(make: Callable[[], dict[str, Any]]) -> dict[int, tuple[str, str]]:
    return {row["row"]: (row["service_date"], row["outlet"]) for row in _read(make)["rows"]}


def _last_row(resource: dict[str, Any]) -> int:
    blocks = resource["sheets"][0].get("data", [])
    return max(
        (
            block.get("startRow", 0) + number
            for block in blocks
            for number, row in enumerate(block["rowData"], start=1)
            if any((cell or {}).get("formattedValue") for cell in row.get("values", []))
        ),
        default=0,
    )
