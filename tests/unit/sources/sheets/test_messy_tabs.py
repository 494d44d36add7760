"""The reader against messy tabs whose truth was written down when they were drawn, without knowing the reader."""

import pytest

from tests.samples.trackers.messy.compare import Account, compare, read_and_compare
from tests.samples.trackers.messy.make_tabs import draw_samples

SEED = 20260831
TABS = 60


@pytest.fixture(scope="module")
def account() -> Account:
    return read_and_compare(draw_samples(SEED, TABS))


def test_no_row_of_a_messy_tab_is_lost_or_stands_twice(account: Account) -> None:
    assert not account.lost, account
    assert not account.twice, account


def test_no_date_of_a_messy_tab_is_silently_wrong(account: Account) -> None:
    assert not account.wrong_dates, account


def test_98_percent_of_the_cells_of_messy_tabs_are_read_as_expected(account: Account) -> None:
    assert account.share >= 0.98, account


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
