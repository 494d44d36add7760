"""The outbox → mails and comments, every 5 minutes from 08 to 20 h. Nothing else sends to people.

Kind: now. To repair, start a new run: a message that left is never sent again, and one whose outcome is unknown stays
shown as unknown.
"""

from datetime import timedelta

from airflow.sdk import DAG, chain, task

from rekap_airflow.clock import every
from rekap_airflow.endings import verdict
from rekap_airflow.policy import dag_args
from rekap_airflow.work import work

with DAG(
    "send_messages",
    schedule=every("*/5 8-19 * * *", "0 20 * * *"),
    doc_md=__doc__,
    **dag_args("now", "outputs", within=timedelta(minutes=30)),
):

    @task(pool="basecamp")
    def send() -> dict[str, int]:
        from rekap.channels import send

        with work() as job:
            return send(job.conn, job.basecamp, job.smtp, job.run)

    chain(send(), verdict())
