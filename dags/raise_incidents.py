"""Findings and the clock → incidents → messages planned, after each reconciliation and every 15 minutes, 07:45-20:00.

Kind: now. Ladders climb by the clock, so it runs too when no source answered, and then says that data is incomplete. To
repair, start a new run: an incident, its steps and its messages are the same however often it runs. It sends nothing.
"""

from airflow.sdk import DAG, chain, task

from rekap_airflow.assets import RECONCILED
from rekap_airflow.clock import on_asset_or_every
from rekap_airflow.endings import verdict
from rekap_airflow.policy import dag_args
from rekap_airflow.work import work

with DAG(
    "raise_incidents",
    schedule=on_asset_or_every(RECONCILED, "45 7 * * *", "*/15 8-19 * * *", "0 20 * * *"),
    doc_md=__doc__,
    **dag_args("now", "outputs"),
):

    @task
    def raise_incidents() -> dict[str, int]:
        from rekap.incidents import raise_incidents

        with work() as job:
            return raise_incidents(job.conn, job.run)

    chain(raise_incidents(), verdict())
