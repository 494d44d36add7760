"""What was loaded → quality gate → links, visits and findings → quality gate, whenever orders or tracker rows changed.

Kind: now. It computes everything from what is loaded; to repair, start a new run. A client whose findings cannot be
believed is held: nobody is told about its orders, and the verdict is red until a later run finds it well.
"""

from airflow.sdk import DAG, chain, task

from rekap_airflow.assets import ORDERS, RECONCILED, TRACKER_ROWS
from rekap_airflow.endings import hand_on, verdict
from rekap_airflow.handover import take_up
from rekap_airflow.operators.gate import Gate
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
    def reconcile() -> dict[str, int]:
        from rekap.reconciliation import reconcile

        with work() as job:
            take_up(job, ORDERS, TRACKER_ROWS)
            return reconcile(job.conn, job.run)

    @task
    def score() -> dict[str, int]:
        from rekap.quality import score

        with work() as job:
            return score(job.conn, job.run)

    chain(
        Gate(task_id="gate", stages=["staging"]),
        reconcile(),
        Gate(task_id="veto", stages=["reconciliation"]),
        hand_on(RECONCILED, after="reconcile"),
        score(),
        QualityReport(task_id="report", stages=["staging", "reconciliation"]),
        verdict(settles="reconcile", held=True),
    )
