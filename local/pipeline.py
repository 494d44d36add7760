"""Driving the DAGs as the clock would: start the extracts, let assets do the rest, send, report the month, close it."""

from collections.abc import Callable
from typing import Any

from local.installation import Installation
from local.rest import AirflowError, deadline

RUN_SECONDS = 300
READING_SECONDS = 3.0
FOLLOWERS = ("reconcile_orders", "raise_incidents", "deliver_documentation")
MONTHLY = ("master_schedule",)
EXTRACTS = ("extract_basecamp", "extract_trackers")


class Pipeline:
    """One installation's runs. `note` hears what is going on; failed runs raise AirflowError with the task's log."""

    def __init__(self, installation: Installation, note: Callable[[str], None]) -> None:
        self.airflow = installation.airflow
        self.processes = installation.processes
        self.note = note
        self.dag_ids = installation.airflow.dag_ids()

    def run(self, *dag_ids: str, partition_key: str | None = None) -> None:
        """Start these DAGs side by side and wait until they succeeded; `partition_key` is for those about a month."""
        started = {
            dag_id: self.airflow.trigger(dag_id, partition_key if dag_id in MONTHLY else None) for dag_id in dag_ids
        }
        with deadline(RUN_SECONDS, f"running {', '.join(dag_ids)}") as wait:
            while started:
                for dag_id, run_id in list(started.items()):
                    state = self._state(dag_id, run_id)
                    if state == "failed":
                        raise AirflowError(self.explain(dag_id, run_id))
                    if state == "success":
                        started.pop(dag_id)
                if started:
                    self.note(", ".join(self._doing(dag_id, run_id) for dag_id, run_id in started.items()))
                    self._alive()
                    wait(0.5)

    def settle(self, *dag_ids: str, closings: int = 0) -> None:
        """Wait until every run that assets started (of these DAGs, or of all) has ended well, and no asset event is
        still to be taken up; close_month has run at least `closings` times (events of months are not listed)."""
        quiet = 0
        with deadline(RUN_SECONDS, "the DAGs that follow by assets") as wait:
            while quiet < 4:
                unfinished = [run for run in self.airflow.unfinished() if not dag_ids or run["dag_id"] in dag_ids]
                waiting = [run for run in unfinished if not self._asks(run)]
                coming = len(self.airflow.runs("close_month")) < closings if closings else False
                quiet = 0 if waiting or coming or self._queued(dag_ids) else quiet + 1
                self.note(", ".join(sorted({run["dag_id"] for run in waiting})))
                self._alive()
                wait(0.5)
        self.check()

    def check(self) -> None:
        """Raise AirflowError when a run has failed."""
        failed = self.airflow.get("/dags/~/dagRuns", state=["failed"], limit=10)["dag_runs"]
        if failed:
            raise AirflowError(self.explain(failed[0]["dag_id"], failed[0]["dag_run_id"]))

    def approve(self, month: str) -> bool:
        """Answer the question about `month` as a manager would and wait until the month is closed; False when
        close_month ended without asking."""
        answered = False
        with deadline(RUN_SECONDS, f"close_month {month}") as wait:
            while True:
                for question in self.airflow.questions():
                    if question["task_instance"]["dag_id"] == "close_month" and self._asks_now(question):
                        # An answer within the first second meets the scheduler while it still books the task's end as
                        # a worker; it then fails the task, which asks again. A person reads first.
                        wait(READING_SECONDS)
                        self.airflow.approve(question)
                        answered = True
                runs = self.airflow.runs("close_month")
                if runs and all(run["state"] in ("success", "failed") for run in runs):
                    self.check()
                    return answered
                self._alive()
                wait(0.5)

    def explain(self, dag_id: str, run_id: str) -> str:
        """Which task failed and the end of its log."""
        told = [f"{dag_id} failed (run {run_id})."]
        tasks = self.airflow.tasks(dag_id, run_id)
        failed = [task for task in tasks if task["state"] == "failed"]
        causes = [task for task in failed if task["task_id"] != "verdict"] or failed
        for task in causes[:2]:
            told.append(f"Task {task['task_id']}:")
            told.append(self.airflow.log(dag_id, run_id, task["task_id"], task["try_number"], task["map_index"]))
        return "\n".join(told)

    def _doing(self, dag_id: str, run_id: str) -> str:
        """A DAG with its task that runs, or that failed and will be tried again."""
        told = {"up_for_retry": "failed, is tried again"}
        tasks = self.airflow.tasks(dag_id, run_id)
        busy = [task for task in tasks if task["state"] in ("running", "up_for_retry")]
        return dag_id + "".join(f".{task['task_id']} {told.get(task['state'], '')}".rstrip() for task in busy[:1])

    def _queued(self, dag_ids: tuple[str, ...]) -> bool:
        """Whether an asset event waits for its DAG's run."""
        followers = [dag_id for dag_id in FOLLOWERS if dag_id in (dag_ids or FOLLOWERS) and dag_id in self.dag_ids]
        return any(self.airflow.queued_events(dag_id) for dag_id in followers)

    def _asks_now(self, question: dict[str, Any]) -> bool:
        """Whether the task of a question has begun to wait."""
        asked = question["task_instance"]
        tasks = self.airflow.tasks(asked["dag_id"], asked["dag_run_id"])
        return any(task["task_id"] == asked["task_id"] and task["state"] == "awaiting_input" for task in tasks)

    def _asks(self, run: dict[str, Any]) -> bool:
        """Whether a run only waits for a person."""
        if run["dag_id"] != "close_month":
            return False
        states = {task["state"] for task in self.airflow.tasks(run["dag_id"], run["dag_run_id"])}
        return "awaiting_input" in states or "deferred" in states

    def _state(self, dag_id: str, run_id: str) -> str:
        return str(self.airflow.get(f"/dags/{dag_id}/dagRuns/{run_id}")["state"])

    def _alive(self) -> None:
        if dead := self.processes.dead():
            raise AirflowError(f"{dead[0]} stopped:\n{self.processes.tail(dead[0])}")
