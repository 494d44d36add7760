"""A delivered month → approval by a manager → final, for the month that master_schedule hands on as partition key.

Kind: interval. To repair, or to ask again after a rejection, clear the run of that month. It waits until every client's
data are complete, at most until closing day; a month that is final and unchanged ends at once without asking. An
approval binds the figures that were shown: it does not count when they change in between. Runs wait side by side.
"""

from datetime import timedelta

from airflow.sdk import DAG, PartitionedAssetTimetable, chain, task

from rekap_airflow.assets import MONTH_DELIVERED
from rekap_airflow.endings import verdict
from rekap_airflow.operators.approval import ManagerApproval, approval, audit
from rekap_airflow.policy import dag_args
from rekap_airflow.work import work

with DAG(
    "close_month",
    schedule=PartitionedAssetTimetable(assets=MONTH_DELIVERED),
    doc_md=__doc__,
    **dag_args("interval", "outputs", within=timedelta(days=10), max_active_runs=12),
):

    @task.sensor(mode="reschedule", poke_interval=timedelta(hours=1), timeout=timedelta(days=14))
    def complete() -> bool:
        from rekap import recap

        with work() as job:
            return recap.may_close(job.conn, job.run, job.month)

    @task.short_circuit(ignore_downstream_trigger_rules=False)
    def closing() -> dict[str, object] | None:
        from rekap import recap

        with work() as job:
            closing = recap.closing(job.conn, job.run, job.month)
        return closing if closing["ask"] else None

    approve = ManagerApproval(
        task_id="approve",
        subject="Rekap {{ ti.xcom_pull(task_ids='closing')['month'] }}: final?",
        body="{{ ti.xcom_pull(task_ids='closing')['figures'] }}",
    )

    @task(pool="google")
    def close() -> dict[str, object]:
        from rekap import recap

        with work() as job:
            return recap.close(job.conn, job.google, job.run, job.month, approval())

    chain(complete(), closing(), approve, close(), audit(), verdict())
