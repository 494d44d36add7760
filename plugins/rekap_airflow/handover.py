"""A hand-over that a kill cannot lose.

Rows are committed before Airflow learns that the asset changed. A process killed between the two would leave changed
rows that nobody takes up: the next extract finds nothing new and emits nothing. So the producer marks the asset as open
before it writes, and only the consumer's success, or a producer that changed nothing, settles it. A producer that finds
the mark of another try knows that something may have been left behind, and emits even if it changed nothing itself.

One line of ops.watermarks per asset: source `handover`, scope = asset, value '' settled, 'again' something may have been
left behind, else the run that opened it; run_id is the last try that opened it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

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


@contextmanager
def taken_up(job: Job, *assets: Asset) -> Iterator[None]:
    """Around the work of a consumer, or of an emitter that has nothing to hand over: when it ends well, nothing is left
    behind of what was open at its beginning; an asset that is opened again meanwhile stays open."""
    marks = {asset.name: job.conn.execute(MARK, {"asset": asset.name}).fetchone() for asset in assets}
    job.conn.commit()
    yield
    for name, row in marks.items():
        if row is not None:
            job.conn.execute(
                SETTLE, {"asset": name, "value": row["value"], "opener": row["run_id"], "now": job.run.now}
            )
    job.conn.commit()
