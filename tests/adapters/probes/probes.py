"""DAGs that do what their run's conf says, with the endings, policy and adapters of the real ones."""

from typing import Any, Literal

from airflow.sdk import DAG, Asset, chain, get_current_context, task

from rekap_airflow import handover
from rekap_airflow.endings import emit, hand_on, verdict
from rekap_airflow.operators.quality_report import QualityReport
from rekap_airflow.policy import dag_args
from rekap_airflow.work import work

ROWS = Asset("probe.rows")
FOLLOWED = Asset("probe.followed")
MONTHS = Asset("probe.months")


def args(kind: Literal["now", "interval"]) -> dict[str, Any]:
    """The policy without its deadline: dag.test() of Airflow 3.3 fails at the end of every run that has one."""
    return dag_args(kind, "raw") | {"deadline": None}


def behave(index: int = 0) -> dict[str, int]:
    """Fails or counts as told by conf: {"changed": [0, 2], "permanent": [1], "broken": [..]} (by map index)."""
    from rekap.errors import PermanentError

    conf: dict[str, Any] = get_current_context()["dag_run"].conf
    if index in conf.get("permanent", []):
        raise PermanentError(f"connection 'basecamp_default' is refused at step {index}: make a new token.")
    return {"changed": conf.get("changed", [0])[index]}


with DAG("probe_producer", schedule=None, **args("now")):

    @task
    def batches() -> list[int]:
        return list(range(len(get_current_context()["dag_run"].conf["changed"])))

    @task
    def read(index: int) -> dict[str, int]:
        with work() as job:
            handover.begin(job, ROWS)
            return behave(index)

    found = batches()
    chain(found, read.expand(index=found), emit(ROWS, after="read"), verdict())

with DAG("probe_consumer", schedule=None, **args("now")):

    @task
    def consume() -> dict[str, int]:
        with work() as job:
            handover.take_up(job, ROWS)
            return behave()

    chain(consume(), hand_on(FOLLOWED, after="consume"), verdict(settles="consume"))

with DAG("probe_month", schedule=None, **args("interval")):

    @task
    def deliver() -> dict[str, int]:
        with work() as job:
            return behave() | {"month": int(job.month.replace("-", ""))}

    chain(deliver(), hand_on(MONTHS, after="deliver", by_month=True), verdict())

with DAG("probe_asked_to_wait", schedule=None, **args("now")):

    def ask(index: int) -> dict[str, int]:
        """Refused once, with the wait that conf names: {"retry_after": 2}."""
        from rekap.errors import TransientError

        context = get_current_context()
        if context["ti"].try_number == 1:
            seconds = context["dag_run"].conf["retry_after"]
            raise TransientError("Basecamp answered 429; tried 1 times.", retry_after=seconds)
        return {"changed": index}

    @task
    def single() -> dict[str, int]:
        with work():
            return ask(0)

    @task
    def mapped(index: int) -> dict[str, int]:
        with work():
            return ask(index)

    chain([single(), mapped.expand(index=[0, 1])], verdict())

with DAG("probe_consent", schedule=None, **args("now")):

    @task
    def work_on() -> dict[str, int]:
        with work():
            return {"changed": 0}

    chain(work_on(), verdict(consent=True))

with DAG("probe_report", schedule=None, **args("now")):
    chain(QualityReport(task_id="report", stages=["raw", "staging"]), verdict())
