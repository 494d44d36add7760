"""The trackers that changed → raw → staging, every 30 minutes from 07 to 21 h, in batches of at most 25 clients; then
the quality gate of raw, which marks the clients whose tracker is too old, has shrunk or changed its form.

Kind: now. Drive says which spreadsheets changed; only those are read, each of which succeeds or fails alone. To repair,
start a new run: what could not be read is read again. A revoked, renamed or emptied sheet marks its client incomplete
and leaves the run green.
"""

from airflow.sdk import DAG, TriggerRule, chain, task

from rekap_airflow.assets import TRACKER_ROWS
from rekap_airflow.clock import every
from rekap_airflow.endings import emit, verdict
from rekap_airflow.handover import begin
from rekap_airflow.operators.gate import Gate
from rekap_airflow.operators.quality_report import QualityReport
from rekap_airflow.policy import dag_args
from rekap_airflow.work import work

with DAG(
    "extract_trackers",
    schedule=every("*/30 7-20 * * *", "0 21 * * *"),
    doc_md=__doc__,
    **dag_args("now", "raw", "staging"),
):

    @task
    def register() -> dict[str, int]:
        from rekap.sources import register

        with work() as job:
            return register.load(job.conn, job.run)

    @task(pool="google")
    def changed() -> list[list[str]]:
        from rekap.sources import sheets

        with work() as job:
            return sheets.changed(job.conn, job.google, job.run)

    @task(pool="google", map_index_template="{{ task.op_kwargs['clients'] | join(', ') | truncate(200) }}")
    def read(clients: list[str]) -> dict[str, int]:
        from rekap.sources import sheets

        with work() as job:
            begin(job, TRACKER_ROWS)
            return sheets.read(job.conn, job.google, job.run, clients)

    # A batch that failed, or none to read, must not keep the gate from the others.
    gate = Gate(task_id="gate", stages=["raw"], trigger_rule=TriggerRule.ALL_DONE)

    batches = changed()
    report = QualityReport(task_id="report", stages=["raw"])

    chain(register(), batches, read.expand(clients=batches), gate, emit(TRACKER_ROWS, after="read"), report, verdict())
