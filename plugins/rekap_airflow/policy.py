"""What every DAG has in common. A DAG says its kind, its stages and, where they differ, its limits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

import pendulum
from airflow.sdk import DeadlineAlert, DeadlineReference, SyncCallback

from rekap_airflow import notifier
from rekap_airflow.clock import TIMEZONE
from rekap_airflow.retry import ByIntent

OWNER = "data-engineering"
# Created at bootstrap with the number of calls that may run side by side; a task in a missing pool waits for ever.
POOLS = ("basecamp", "google")


def dag_args(
    kind: Literal["now", "interval"], *stages: str, within: timedelta = timedelta(hours=1), max_active_runs: int = 1
) -> dict[str, Any]:
    """Arguments of a DAG. `kind` now: it looks at the present, to repair start a new run; interval: it is about a
    period, to repair clear that run. `stages` become tags; after `within` an engineer is told that a run is late."""
    return {
        "start_date": pendulum.datetime(2026, 1, 1, tz=TIMEZONE),
        "catchup": False,
        "max_active_runs": max_active_runs,
        "tags": {kind, *stages},
        "default_args": {
            "owner": OWNER,
            "retries": 3,
            "retry_delay": timedelta(seconds=20),
            "retry_exponential_backoff": 2.0,
            "max_retry_delay": timedelta(minutes=10),
            "retry_policy": ByIntent(),
            "execution_timeout": within,
            "on_failure_callback": notifier.task_failed,
        },
        "deadline": DeadlineAlert(
            name="late",
            reference=DeadlineReference.DAGRUN_QUEUED_AT,
            interval=within,
            callback=SyncCallback(notifier.run_late, {"limit": str(within)}),
        ),
    }
