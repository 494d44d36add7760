"""When DAGs start, and what time it is for their tasks.

`REKAP_NOW` (ISO 8601 with zone) lets the clock stand still: DAGs then keep their asset schedules and lose their clock
schedules, so that nothing starts by the real hour. It is for the sandbox alone: `now` refuses it as soon as one
endpoint is not on this machine.
"""

import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from airflow.sdk import (
    AssetOrTimeSchedule,
    CronPartitionTimetable,
    MultipleCronTriggerTimetable,
    PartitionedAtRuntime,
)

from rekap.errors import PermanentError

# The house's zone: schedules say when people work. Settings may move a client's dates, not the house's clock.
TIMEZONE = "Asia/Jakarta"


def stands_still() -> bool:
    """Whether REKAP_NOW is set."""
    return bool(os.environ.get("REKAP_NOW"))


def every(*crons: str) -> MultipleCronTriggerTimetable | None:
    """A start at each of these moments, in the house's zone; None while the clock stands still."""
    return None if stands_still() else MultipleCronTriggerTimetable(*crons, timezone=TIMEZONE)


def on_asset_or_every(asset: Any, *crons: str) -> Any:
    """A start when the asset is emitted and at each of these moments; while the clock stands still, the asset alone."""
    if stands_still():
        return [asset]
    return AssetOrTimeSchedule(assets=[asset], timetable=MultipleCronTriggerTimetable(*crons, timezone=TIMEZONE))


def monthly(cron: str) -> CronPartitionTimetable | PartitionedAtRuntime:
    """One start a month, whose partition key is the month before, such as `2026-10` for the run of 1 November.

    While the clock stands still it is PartitionedAtRuntime: never due by itself, but a run started over REST with
    `"partition_key": "2026-10"` keeps its key, and so does the event that it emits.
    """
    if stands_still():
        return PartitionedAtRuntime()
    return CronPartitionTimetable(cron, timezone=TIMEZONE, run_offset=-1, key_format="%Y-%m")


def now(endpoints: Callable[[], Iterable[str]]) -> datetime:
    """REKAP_NOW, else the current time (UTC). Raises PermanentError when REKAP_NOW is set and is no moment with a zone,
    or when an endpoint (URL or host) is not on the loopback: a standing clock must never speak to real people."""
    told = os.environ.get("REKAP_NOW")
    if not told:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(told)
    except ValueError as error:
        raise PermanentError(
            f"REKAP_NOW '{told}' is no moment: write one such as 2026-10-06T11:30:00+07:00."
        ) from error
    if moment.tzinfo is None:
        raise PermanentError(f"REKAP_NOW '{told}' has no zone: write one such as 2026-10-06T11:30:00+07:00.")
    if far := sorted({endpoint for endpoint in endpoints() if not _on_loopback(endpoint)}):
        raise PermanentError(
            f"REKAP_NOW is set, but {', '.join(far)} is not on this machine: unset it, it is for the sandbox alone."
        )
    return moment


def _on_loopback(endpoint: str) -> bool:
    host = (urlsplit(endpoint).hostname if "//" in endpoint else endpoint) or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
