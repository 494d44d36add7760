"""The recap month: `YYYY-MM` in Asia/Jakarta, resolved in one place whatever started the run."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rekap.errors import PermanentError

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def month_of(day: date) -> str:
    """The month that a date lies in."""
    return f"{day:%Y-%m}"


def month_before(day: date) -> str:
    """The month before the one that a date lies in."""
    return month_of(day.replace(day=1) - timedelta(days=1))


def first_day(month: str) -> date:
    """The first day of a month; raises PermanentError when the text is no month."""
    return date.fromisoformat(f"{checked(month)}-01")


def next_first_day(month: str) -> date:
    """The first day of the month after it: the open end of the month's interval."""
    return (first_day(month) + timedelta(days=32)).replace(day=1)


def checked(month: str) -> str:
    """The month itself, or PermanentError."""
    if not MONTH.fullmatch(month):
        raise PermanentError(f"'{month}' is not a month: write YYYY-MM, such as 2026-10")
    return month


def month_of_run(
    *,
    partition_key: str | None = None,
    params: Mapping[str, Any] | None = None,
    data_interval_start: datetime | None = None,
    run_after: datetime | None = None,
    zone: ZoneInfo,
) -> str:
    """The month that a run reports: its partition key, else the parameter `month`, else the month in which its data
    interval starts, else the month before the day it runs after. All moments are cut in `zone`."""
    if partition_key:
        return checked(partition_key)
    if params and params.get("month"):
        return checked(str(params["month"]))
    if data_interval_start is not None:
        return month_of(data_interval_start.astimezone(zone).date())
    if run_after is not None:
        return month_before(run_after.astimezone(zone).date())
    raise PermanentError(
        "the run has neither partition key, parameter 'month', data interval nor time: start it with one"
    )
