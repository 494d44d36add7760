"""The callbacks of Airflow: a task failed for good, a run is late. They run in a worker and must not raise: what they
could not tell they write into the log."""

from __future__ import annotations

import logging
from typing import Any

from airflow.sdk.exceptions import AirflowFailException

from rekap.errors import RekapError
from rekap_airflow import failures
from rekap_airflow.work import Job

log = logging.getLogger(__name__)


class RunFailed(AirflowFailException):
    """The verdict on a run whose failures were already told, each by its own task."""


def task_failed(context: Any) -> None:
    """`on_failure_callback` of every task. The verdict's summary of other tasks' failures is not told again."""
    error = context.get("exception")
    if isinstance(error, RunFailed):
        return
    instance = context["ti"]
    _tell(instance.dag_id, instance.run_id, f"task {instance.task_id} failed", error)


def run_late(context: Any = None, *, limit: str = "") -> None:
    """The deadline alert of every DAG: a run was not over in time."""
    run = (context or {}).get("dag_run") or {}
    dag_id, run_id = str(run.get("dag_id", "a DAG")), str(run.get("dag_run_id") or run.get("run_id") or "")
    _tell(
        dag_id,
        run_id,
        "a run is late",
        f"It was not over within {limit}: look what it waits for, a pool, a source or a person.",
    )


def over(job: Job, dag_id: str) -> None:
    """Said by the verdict of a run that ended well; what cannot be said now is said by the next one."""
    try:
        failures.over(job, dag_id)
    except RekapError as error:
        job.conn.rollback()
        log.warning("%s runs again, but no engineer could be told: %s", dag_id, error)


def _tell(dag_id: str, run_id: str, where: str, error: BaseException | str | None) -> None:
    try:
        failures.failed(dag_id, run_id, where, error)
    except Exception:  # the failure itself stands in Airflow; a callback that raises would hide it behind its own
        log.exception("%s: %s, and no engineer could be told", dag_id, where)
