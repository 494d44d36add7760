"""The life of an incident: findings and the clock → incidents → messages planned. Nothing leaves here."""

from datetime import datetime, timedelta

from rekap import warehouse
from rekap.incidents import data, reminders, unassigned
from rekap.run import Run

LOCK = 7_135_274  # any fixed number: two ticks must not plan side by side
OUTAGE = timedelta(days=1)


def raise_incidents(conn: warehouse.Connection, run: Run) -> dict[str, int]:
    """One tick: open, climb, lower and resolve incidents, and plan what people are to be told, in one transaction.
    Run again at the same moment it changes nothing. Counts: opened, stepped, lowered, resolved, reopened, items,
    messages, withdrawn."""
    with conn.transaction():
        conn.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
        away_since = _away_since(conn, run)
        counts = data.tick(conn, run)
        standing, tellings, climbed = unassigned.tick(conn, run, away_since)
        counts += climbed + reminders.plan(conn, run, standing, tellings)
        warehouse.move_watermark(conn, run, "incidents", "tick", run.now.isoformat())
    return dict(counts)


def _away_since(conn: warehouse.Connection, run: Run) -> datetime | None:
    """The last tick, when it lies more than a day back: an outage, whose messages become one summary a person."""
    ticked = warehouse.watermark(conn, "incidents", "tick")
    last = datetime.fromisoformat(ticked) if ticked else None
    return last if last and run.now - last > OUTAGE else None
