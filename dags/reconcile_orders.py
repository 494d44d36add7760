"""What was loaded → quality gate → links, visits and findings, whenever orders or tracker rows changed.

Kind: now. It computes everything from what is loaded; to repair, start a new run.
"""

from airflow.sdk import DAG, chain, task

from rekap_airflow.assets import ORDERS, RECONCILED, TRACKER_ROWS
from rekap_airflow.endings import hand_on, verdict
from rekap_airflow.handover import take_up
from rekap_airflow.operators.quality_report import QualityReport
from rekap_airflow.policy import dag_args
from rekap_airflow.work import work

with DAG(
    "reconcile_orders",
    schedule=ORDERS | TRACKER_ROWS,
    doc_md=__doc__,
    **dag_args("now", "staging", "reconciliation"),
):

    @task
    def gate() -> dict[str, int]:
        from rekap.quality import gate

        with work() as job:
            return gate(job.conn, job.run, stage="staging")

    @task
    def reconcile() -> dict[str, int]:
        from rekap.reconciliation import reconcile

        with work() as job:
            take_up(job, ORDERS, TRACKER_ROWS)
            return reconcile(job.conn, job.run)

    report = QualityReport(task_id="report", stages=["staging"])
    chain(gate(), reconcile(), hand_on(RECONCILED, after="reconcile"), report, verdict(settles="reconcile"))
