"""Which month a run reports, whatever started it."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rekap.errors import PermanentError
from rekap.period import checked, first_day, month_before, month_of, month_of_run, next_first_day

JAKARTA = ZoneInfo("Asia/Jakarta")
EDGE = datetime(2026, 9, 30, 17, 0, tzinfo=UTC)  # 1 October 00:00 in Jakarta
BEFORE = datetime(2026, 9, 30, 16, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "month"),
    [
        ({"partition_key": "2026-08"}, "2026-08"),
        ({"partition_key": "2026-08", "params": {"month": "2026-07"}, "run_after": EDGE}, "2026-08"),
        ({"params": {"month": "2026-07"}, "data_interval_start": EDGE}, "2026-07"),
        ({"params": {"month": None}, "data_interval_start": EDGE}, "2026-10"),
        ({"params": {}, "data_interval_start": BEFORE, "run_after": EDGE}, "2026-09"),
        ({"run_after": EDGE}, "2026-09"),
        ({"run_after": BEFORE}, "2026-08"),
        ({"run_after": datetime(2026, 12, 31, 17, 0, tzinfo=UTC)}, "2026-12"),
    ],
    ids=[
        "the partition key", "the partition key before all else", "a parameter before the interval",
        "an interval that starts at midnight in Jakarta", "an interval that starts a minute before it",
        "the month before the day it runs on", "which is a day of Jakarta", "over the turn of a year",
    ],
)  # fmt: skip
def test_the_month_of_a_run(told: dict[str, Any], month: str) -> None:
    assert month_of_run(zone=JAKARTA, **told) == month


def test_a_run_that_nothing_dates_is_refused() -> None:
    with pytest.raises(PermanentError, match="start it with one"):
        month_of_run(zone=JAKARTA, params={})


@pytest.mark.parametrize("text", ["2026-13", "2026-1", "26-10", "2026-00", "2026-10-01", "Oktober", "", "2026-10\n"])
def test_what_is_no_month_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(PermanentError, match="write YYYY-MM, such as 2026-10"):
        checked(text)
    if text:
        with pytest.raises(PermanentError, match="is not a month"):
            month_of_run(zone=JAKARTA, partition_key=text)


def test_a_month_is_an_interval_with_an_open_end() -> None:
    assert (first_day("2026-12"), next_first_day("2026-12")) == (date(2026, 12, 1), date(2027, 1, 1))
    assert next_first_day("2028-02") == date(2028, 3, 1)
    assert (month_of(date(2026, 3, 31)), month_before(date(2026, 3, 31))) == ("2026-03", "2026-02")
    assert month_before(date(2026, 1, 1)) == "2025-12"
