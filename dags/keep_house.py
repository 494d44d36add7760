"""The night's work at 03:00: projects counted one by one, on Sundays everything read once more, the whole quality suite
with the weekly scores, old grids and verdicts forgotten.

Kind: now. What it finds in Basecamp is staged by the next extract_basecamp; to repair, start a new run. A project whose
counts do not fit marks itself incomplete and leaves the run green.
"""

from datetime import timedelta

from airflow.sdk import DAG, chain, task

from rekap_airflow.clock import every
from rekap_airflow.endings import verdict
from rekap_airflow.operators.gate import Gate
from rekap_airflow.operators.quality_report import QualityReport
from rekap_airflow.policy import dag_args
from rekap_airflow.work import work

with DAG(
    "keep_house",
    schedule=every("0 3 * * *"),
    doc_md=__doc__,
    **dag_args("now", "raw", "staging", "reconciliation", "outputs", within=timedelta(hours=3)),
):

    @task(pool="basecamp")
    def count_projects() -> dict[str, int]:
        from rekap.sources import basecamp

        with work() as job:
            return basecamp.count_projects(job.conn, job.basecamp, job.run)

    @task(pool="basecamp")
    def sweep() -> dict[str, int]:
        from rekap.sources import basecamp

        with work() as job:
            return basecamp.sweep(job.conn, job.basecamp, job.run)

    @task
    def forget_grids() -> dict[str, int]:
        from rekap.sources.sheets import retention

        with work() as job:
            return retention.forget_grids(job.conn, job.run)

    # What stands there is judged also when Basecamp did not answer.
    gate = Gate(
        task_id="gate", stages=["raw", "staging", "reconciliation", "outputs"], whole=True, trigger_rule="all_done"
    )

    @task
    def score() -> dict[str, int]:
        from rekap.quality import score

        with work() as job:
            return score(job.conn, job.run, weeks=2)

    @task
    def forget_verdicts() -> dict[str, int]:
        from rekap.quality import forget_verdicts

        with work() as job:
            return forget_verdicts(job.conn, job.run)

    report = QualityReport(task_id="report", stages=gate.stages)

    chain(count_projects(), sweep(), forget_grids(), gate, score(), report, forget_verdicts(), verdict(held=True))
