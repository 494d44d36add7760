"""To-dos, comments, people and projects of Basecamp → raw → quality gate → staging, every 15 minutes, 07 to 21 h.

Kind: now. It reads what changed since its watermark; to repair, start a new run. Known trouble of one scope marks that
scope incomplete and leaves the run green; red means that an engineer must act (credential, database, code).
"""

from airflow.sdk import DAG, chain, task

from rekap_airflow.assets import ORDERS
from rekap_airflow.clock import every
from rekap_airflow.endings import emit, verdict
from rekap_airflow.handover import begin
from rekap_airflow.operators.gate import Gate
from rekap_airflow.operators.quality_report import QualityReport
from rekap_airflow.policy import dag_args
from rekap_airflow.work import work

with DAG(
    "extract_basecamp",
    schedule=every("*/15 7-20 * * *", "0 21 * * *"),
    doc_md=__doc__,
    **dag_args("now", "raw", "staging"),
):

    @task
    def register() -> dict[str, int]:
        from rekap.sources import register

        with work() as job:
            return register.load(job.conn, job.run)

    @task(pool="basecamp")
    def fetch() -> dict[str, int]:
        from rekap.sources import basecamp

        with work() as job:
            return basecamp.fetch(job.conn, job.basecamp, job.run)

    @task
    def stage() -> dict[str, int]:
        from rekap.sources import basecamp

        with work() as job:
            begin(job, ORDERS)
            return basecamp.stage(job.conn, job.run)

    gate = Gate(task_id="gate", stages=["raw"])

    report = QualityReport(task_id="report", stages=["raw"])

    chain(register(), fetch(), gate, stage(), emit(ORDERS, after="stage"), report, verdict(consent=True))
