"""What an engineer is told: each cause of a DAG's failure once, and once when it is over (ops.failures)."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any

from airflow.sdk.exceptions import AirflowFailException

from rekap.errors import RekapError
from rekap_airflow.hooks.smtp import SmtpHook
from rekap_airflow.hooks.warehouse import WarehouseHook
from rekap_airflow.work import Job, home, run_of

if TYPE_CHECKING:
    from rekap.run import Run
    from rekap.warehouse import Connection

log = logging.getLogger(__name__)

# The row stays locked until the mail has left: a second task that fails for the same cause waits, and then is silent.
FAILED = """
insert into ops.failures as f (dag_id, cause, first_failed_at, last_failed_at)
values (%(dag)s, %(cause)s, %(now)s, %(now)s)
on conflict (dag_id, cause) do update set
    first_failed_at = case when f.over_at is null then f.first_failed_at else excluded.first_failed_at end,
    last_failed_at = excluded.last_failed_at,
    times = case when f.over_at is null then f.times + 1 else 1 end,
    told_at = case when f.over_at is null then f.told_at end,
    over_at = null
returning told_at
"""
TOLD = "update ops.failures set told_at = %(now)s where dag_id = %(dag)s and cause = %(cause)s"
OPEN = """
select cause, times, first_failed_at, told_at from ops.failures
where dag_id = %(dag)s and over_at is null order by first_failed_at for update
"""
OVER = "update ops.failures set over_at = %(now)s where dag_id = %(dag)s and over_at is null"


def cause_of(error: BaseException | str | None) -> str:
    """What stays the same when a failure repeats: its sentence, numbers left out."""
    if isinstance(error, BaseException) and not isinstance(error, AirflowFailException):
        error = f"{type(error).__name__}: {error}"
    told = str(error or "killed or lost")
    return re.sub(r"\d+", "#", " ".join(told.split()))[:300]


def failed(dag_id: str, run_id: str, where: str, error: BaseException | str | None) -> bool:
    """Note a failure, and tell the engineers unless they know this cause. Returns whether they were told."""
    run, cause = run_of(f"{dag_id}/{run_id}"), cause_of(error)
    try:
        conn = WarehouseHook().connect()
    except RekapError as gone:
        return _without_memory(run, str(gone))
    with conn:
        row = conn.execute(FAILED, {"dag": dag_id, "cause": cause, "now": run.now}).fetchone()
        if row is not None and row["told_at"] is not None:
            return False
        address = run.config.settings.house.airflow_url.rstrip("/")
        told = tell(
            run,
            f"[Rekap] {dag_id}: {where}",
            f"{dag_id}: {where}.\n\n{error or 'The task was killed or its worker was lost.'}\n\n"
            f"{address}/dags/{dag_id}/runs/{run_id}\n\nIf it repeats you are not told again, only when it is over.",
        )
        if told:
            conn.execute(TOLD, {"dag": dag_id, "cause": cause, "now": run.now})
    return told


def _without_memory(run: Run, problem: str) -> bool:
    """The warehouse, which remembers what was told, is itself the trouble: a file of this machine remembers it."""
    mark = home() / "rekap_warehouse_gone"
    if mark.exists():
        return False
    told = tell(run, "[Rekap] the warehouse does not answer", f"{problem}\n\nNo DAG can work until it answers again.")
    if told:
        mark.touch()
    return told


def over(job: Job, dag_id: str) -> int:
    """Close the open causes of a DAG that ran well, and say so for those that were told. Returns how many were open."""
    conn: Connection = job.conn
    mark = home() / "rekap_warehouse_gone"
    if mark.exists():
        tell(job.run, "[Rekap] the warehouse answers again", f"{dag_id} ended well.")
        mark.unlink(missing_ok=True)
    causes = conn.execute(OPEN, {"dag": dag_id}).fetchall()
    if told := [row for row in causes if row["told_at"] is not None]:
        lines = "\n".join(
            f"- {row['cause']} ({row['times']} times since {row['first_failed_at']:%Y-%m-%d %H:%M} UTC)" for row in told
        )
        tell(job.run, f"[Rekap] {dag_id} runs again", f"{dag_id} ended well. Over:\n\n{lines}")
    if causes:
        conn.execute(OVER, {"dag": dag_id, "now": job.run.now})
    return len(causes)


def tell(run: Run, subject: str, text: str) -> bool:
    """Mail to everybody in the register with the role engineer, whatever the house's delivery: it concerns the program,
    not the business. Returns whether there was anybody to tell."""
    engineers = [person.email for person in run.config.register.with_role("engineer") if person.email]
    if not engineers:
        log.warning("nobody in the register has the role engineer and an address; untold: %s", subject)
        return False
    smtp: Any = SmtpHook().client
    for address in engineers:
        smtp.send(to=address, subject=subject, text=text)
    return True
