"""How a DAG ends: one task that emits its asset, then the verdict.

The emitter runs when all before it is done, well or not, so that one dead sheet does not stop everybody; it emits at
most one event a run and skips (no event) when nothing changed. It cannot be the mapped task (one event per map index)
nor a task that fails the run. The verdict stands behind it and fails the run for what an engineer must repair.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from airflow.sdk import Asset, Context, TriggerRule, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from rekap_airflow import handover, notifier
from rekap_airflow.work import Job, work

MOST_TOLD = 10  # clients that one sentence names


def emit(asset: Asset, *, after: str) -> Any:
    """A task that emits `asset` when the task `after` counted `changed` rows, or when a killed run left some behind."""

    @task(task_id="emit", trigger_rule=TriggerRule.ALL_DONE, outlets=[asset])
    def emitter() -> dict[str, int]:
        context = get_current_context()
        changed = sum(count.get("changed", 0) for count in _counts(context["ti"].xcom_pull(task_ids=after)))
        with work() as job:
            if changed or handover.left_behind(job, asset):
                return {"changed": changed}
            if not _failed(context, after):  # a failed task may have changed something: its mark stays
                handover.drop(job, asset)
        raise AirflowSkipException("nothing changed: nothing to hand over")

    return emitter()


def hand_on(asset: Asset, *, after: str, by_month: bool = False) -> Any:
    """A task that emits `asset` whenever the task `after` ended well. With `by_month` the event carries the run's month
    as its partition key, also when the run was started by the parameter `month` instead of a key."""

    @task(task_id="emit", trigger_rule=TriggerRule.ALL_DONE, outlets=[asset])
    def emitter() -> None:
        context = get_current_context()
        if not _counts(context["ti"].xcom_pull(task_ids=after)):
            raise AirflowSkipException(f"{after} did not end well: nothing to hand on")
        if by_month:
            with work() as job:
                context["outlet_events"][asset].add_partitions(job.month)

    return emitter()


def verdict(*, settles: str = "", consent: bool = False, held: bool = False) -> Any:
    """The last task: fails the run when a task before it failed or the settings are wrong; else says, once, that
    earlier failures of this DAG are over, and settles what the task `settles` took up from the DAGs before. With
    `consent` it also fails for a consent to Basecamp that works only as long as the warehouse lives: one DAG says it,
    so that an engineer hears it once. With `held` it also fails while a gate holds a client's messages."""

    @task(task_id="verdict", trigger_rule=TriggerRule.ALL_DONE)
    def judge() -> str:
        context = get_current_context()
        dag_id = context["dag"].dag_id
        if failed := _failed(context):
            raise notifier.RunFailed(f"{dag_id}: {', '.join(failed)} failed; the task's log says why and what to do.")
        with work() as job:
            if job.run.config.problem:
                raise AirflowFailException(job.run.config.problem)
            if consent and (trouble := job.basecamp.access.trouble(job.conn)):
                raise AirflowFailException(trouble)
            if settles:
                handover.settle(job, settles)
            if held and (told := _held(job)):
                raise AirflowFailException(told)
            notifier.over(job, dag_id)
        return "good"

    return judge()


def _held(job: Job) -> str:
    """Whose messages a gate holds and what to do; '' when nobody's."""
    from rekap.quality import held

    clients = held(job.conn)
    if not clients:
        return ""
    told = "; ".join(f"{client} ({reason})" for client, reason in list(clients.items())[:MOST_TOLD])
    more = f" and {len(clients) - MOST_TOLD} more" if len(clients) > MOST_TOLD else ""
    return f"messages are held, these findings cannot be believed: {told}{more}. See docs/runbook.md, Held messages."


def _failed(context: Context, task_id: str = "") -> list[str]:
    """The tasks of this run that failed or could not start; those whose name begins with `task_id`."""
    dag_id, run_id = context["dag"].dag_id, str(context["run_id"])
    states = context["ti"].get_task_states(dag_id=dag_id, run_ids=[run_id]).get(run_id, {})
    return sorted(
        name for name, state in states.items() if state in ("failed", "upstream_failed") and name.startswith(task_id)
    )


def _counts(pulled: Any) -> list[dict[str, int]]:
    """The counts of a task, or of every copy of a mapped one, that ended well."""
    values: Iterable[Any] = [pulled] if isinstance(pulled, dict) or pulled is None else pulled
    return [value for value in values if value is not None]
