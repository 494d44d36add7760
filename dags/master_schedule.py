"""The month before → figures → quality gate → draft in the Master Schedule, on the 1st at 06:00.

Kind: interval. The run's partition key is the month, such as `2026-10`; to repair, clear that run (`airflow dags clear
master_schedule --partition-key 2026-10 -y`). To start a month by hand, give the key, over REST `{"logical_date": null,
"partition_key": "2026-10"}`, or the parameter `month`. The event that it emits carries the month to close_month. While
REKAP_NOW is set the schedule is PartitionedAtRuntime: never due by itself; a run started with a key keeps it as well.
"""

from airflow.sdk import DAG, Param, chain, task

from rekap_airflow.assets import MONTH_DELIVERED
from rekap_airflow.clock import monthly
from rekap_airflow.endings import hand_on, verdict
from rekap_airflow.operators.gate import Gate
from rekap_airflow.operators.quality_report import QualityReport
from rekap_airflow.policy import dag_args
from rekap_airflow.work import work

with DAG(
    "master_schedule",
    schedule=monthly("0 6 1 * *"),
    doc_md=__doc__,
    params={"month": Param(None, type=["null", "string"], pattern=r"^\d{4}-(0[1-9]|1[0-2])$")},
    **dag_args("interval", "outputs"),
):

    @task
    def compute() -> dict[str, int]:
        from rekap import recap

        with work() as job:
            return recap.compute(job.conn, job.run, job.month)

    @task(pool="google")
    def deliver() -> dict[str, int]:
        from rekap import recap

        with work() as job:
            return recap.deliver_draft(job.conn, job.google, job.run, job.month)

    gate = Gate(task_id="gate", stages=["outputs"])

    report = QualityReport(task_id="report", stages=["outputs"])

    chain(compute(), gate, deliver(), hand_on(MONTH_DELIVERED, after="deliver", by_month=True), report, verdict())
