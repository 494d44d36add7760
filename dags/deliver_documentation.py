"""Photos on the to-dos → the client's Drive folder, after each reconciliation and every 30 minutes from 07 to 21 h.

Kind: now. To repair, start a new run: Drive ids are reserved before they are used, so no photo or folder comes twice.
"""

from airflow.sdk import DAG, chain, task

from rekap_airflow.assets import RECONCILED
from rekap_airflow.clock import on_asset_or_every
from rekap_airflow.endings import verdict
from rekap_airflow.policy import dag_args
from rekap_airflow.work import work

with DAG(
    "deliver_documentation",
    schedule=on_asset_or_every(RECONCILED, "*/30 7-20 * * *", "0 21 * * *"),
    doc_md=__doc__,
    **dag_args("now", "outputs"),
):

    @task(pool="google")
    def deliver() -> dict[str, int]:
        from rekap.documentation import deliver

        with work() as job:
            return deliver(job.conn, job.basecamp, job.google, job.run)

    chain(deliver(), verdict())
