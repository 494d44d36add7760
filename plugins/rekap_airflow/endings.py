"""How a DAG ends: one task that emits its asset, then the verdict.

The emitter runs when all before it is done, well or not, so that one dead sheet does not stop everybody; it emits at
most one event a run and skips (no event) when nothing changed. It cannot be the mapped task (one event per map index)
nor a task that fails the run. The verdict stands behind it and fails the run for what an engineer must repair.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from airflow.sdk import Asset, TriggerRule, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from rekap_airflow import failures, handover
from rekap_airflow.work import work


class RunFailed(AirflowFailException):
    """The verdict on a run whose failures were already told, each by its own task."""


def emit(asset: Asset, *, after: str, only_changes: bool = True) -> Any:
    """A task that emits `asset` when the task `after` counted `changed` rows, or, with `only_changes=False`, whenever
    it ended well. In a run with a month the event carries the month as its partition key."""

    @task(task_id="emit", trigger_rule=TriggerRule.ALL_DONE, outlets=[asset])
    def emitter() -> dict[str, int]:
        context = get_current_context()
        counts = _counts(context["ti"].xcom_pull(task_ids=after))
        changed = sum(count.get("changed", 0) for count in counts)
        if not only_changes:
            if not counts:
                raise AirflowSkipException(f"{after} did not end well: nothing to hand over")
            return {"changed": changed}
        with work() as job:
            if changed or handover.left_behind(job, asset):
                return {"changed": changed}
            with handover.taken_up(job, asset):
                pass  # this run opened it and changed nothing
        raise AirflowSkipException("nothing changed: nothing to hand over")

    return emitter()


def verdict() -> Any:
    """The last task: fails the run when a task before it failed or the settings are wrong; else says, once, that
    earlier failures of this DAG are over."""

    @task(task_id="verdict", trigger_rule=TriggerRule.ALL_DONE)
    def judge() -> str:
        context = get_current_context()
        dag_id, run_id = context["dag"].dag_id, str(context["run_id"])
        states = context["ti"].get_task_states(dag_id=dag_id, run_ids=[run_id]).get(run_id, {})
        if failed := sorted(name for name, state in states.items() if state in ("failed", "upstream_failed")):
            raise RunFailed(f"{dag_id}: {', '.join(failed)} failed; the task's log says why and what to do.")
        with work() as job:
            if job.run.config.problem:
                raise AirflowFailException(job.run.config.problem)
            failures.over(job, dag_id)
        return "good"

    return judge()


def _counts(pulled: Any) -> list[dict[str, int]]:
    """The counts of a task, or of every copy of a mapped one, that ended well."""
    values: Iterable[Any] = [pulled] if isinstance(pulled, dict) or pulled is None else pulled
    return [value for value in values if value is not None]
