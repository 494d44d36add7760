"""A hand-over that a kill cannot lose.

Rows are committed before Airflow learns that the asset changed. A process killed between the two would leave changed
rows that nobody takes up: the next extract finds nothing new and emits nothing. So the producer marks the asset as open
before it writes; only the consumer's success, or a producer that changed nothing, settles it. A producer that finds
the mark of another try knows that something may have been left behind, and emits even if it changed nothing itself.

One line of ops.watermarks per asset: source `handover`, scope = asset; value '' settled, 'again' something may be
left behind, else the run that opened it; run_id is the last try that opened it.
"""

from __future__ import annotations

from airflow.sdk import Asset

from rekap_airflow.work import Job

OPEN = """
insert into ops.watermarks as w (source, scope, value, run_id, moved_at)
values ('handover', %(asset)s, %(run)s, %(opener)s, %(now)s)
on conflict (source, scope) do update set
    value = case
        when w.value = '' or (w.value = %(run)s and not %(retry)s) then excluded.value
        else 'again'
    end,
    run_id = excluded.run_id,
    moved_at = excluded.moved_at
"""
MARK = "select value, run_id from ops.watermarks where source = 'handover' and scope = %(asset)s"
SETTLE = """
update ops.watermarks set value = '', moved_at = %(now)s
where source = 'handover' and scope = %(asset)s and value = %(value)s and run_id = %(opener)s
"""

DROP = """
update ops.watermarks set value = '', moved_at = %(now)s
where source = 'handover' and scope = %(asset)s and value = %(run)s
"""


def begin(job: Job, asset: Asset) -> None:
    """Before a producer's first write: something of this asset may change from now on. Commits."""
    try_number = job.context["ti"].try_number
    job.conn.execute(
        OPEN,
        {
            "asset": asset.name, "run": job.run.id, "opener": f"{job.run.id}#{try_number}",
            "retry": try_number > 1, "now": job.run.now,
        },
    )  # fmt: skip
    job.conn.commit()


def left_behind(job: Job, asset: Asset) -> bool:
    """Whether a try other than this run's first one opened the asset and nobody has settled it since."""
    row = job.conn.execute(MARK, {"asset": asset.name}).fetchone()
    return row is not None and row["value"] not in ("", job.run.id)


def take_up(job: Job, *assets: Asset) -> None:
    """At the beginning of a consumer's work: remember, with the task, what stands open and is taken up by it."""
    rows = {asset.name: job.conn.execute(MARK, {"asset": asset.name}).fetchone() for asset in assets}
    job.conn.commit()
    marks = {name: [row["value"], row["run_id"]] for name, row in rows.items() if row is not None}
    job.context["ti"].xcom_push(key="taken_up", value=marks)


def settle(job: Job, task_id: str) -> None:
    """When all that follows from the work of a task has happened: nothing is left behind of what that task took up; an
    asset that was opened again since stays open."""
    marks = job.context["ti"].xcom_pull(task_ids=task_id, key="taken_up") or {}
    for asset, (value, opener) in marks.items():
        job.conn.execute(SETTLE, {"asset": asset, "value": value, "opener": opener, "now": job.run.now})
    job.conn.commit()


def drop(job: Job, asset: Asset) -> None:
    """Settle what this very run opened, because it changed nothing."""
    own = {"asset": asset.name, "run": job.run.id, "now": job.run.now}
    job.conn.execute(DROP, own)
    job.conn.commit()
