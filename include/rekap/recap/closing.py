"""Closing a month: who may ask, what is asked, and what an approval does. Approval binds the content's fingerprint."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from psycopg.types.json import Jsonb

from rekap import period, warehouse
from rekap.errors import PermanentError
from rekap.recap import mail
from rekap.recap.draft import keep_workbook, words_of, write_tab
from rekap.recap.figures import Recap, newest
from rekap.run import Run

if TYPE_CHECKING:
    from rekap.services.google import Google

log = logging.getLogger(__name__)


def closing_day(run: Run, month: str) -> date:
    """The n-th working day of the month after `month` (docs/rules.md): from then on nothing is waited for."""
    day = period.next_first_day(month)
    closed = set(run.config.settings.closed_days)
    left = run.config.settings.recap.closing_working_day
    while True:
        left -= day not in closed
        if not left:
            return day
        day += timedelta(days=1)


def may_close(connection: warehouse.Connection, run: Run, month: str) -> bool:
    """Whether a manager may be asked now: every client's data are complete, or closing day has come."""
    recap = newest(connection, month)
    connection.commit()
    waits = bool(recap.incomplete_clients) and run.today < closing_day(run, month)
    if waits:
        log.warning(
            "closing %s waits until %s for the data of: %s",
            month,
            closing_day(run, month),
            ", ".join(recap.incomplete_clients),
        )
    return not waits


def closing(connection: warehouse.Connection, run: Run, month: str) -> dict[str, Any]:
    """What a manager is asked about `month`: ask (whether at all), month, revision, sha256, and the figures as Markdown
    (figures and ids only). A final month, and one that was not delivered, is not asked about."""
    recap = newest(connection, month)
    connection.commit()
    words = words_of(run, recap)
    total = recap.figures["total"]
    summary = [f"**{words.title}**, revision {recap.revision}", "", "| | |", "|---|---|"]
    summary += [f"| {name} | {number} |" for name, number in words.totals.rows]
    if recap.incomplete_clients:
        summary += ["", f"Incomplete data: {', '.join(f'`{slug}`' for slug in recap.incomplete_clients)}"]
    summary += ["", f"Fingerprint: `{recap.content_sha256}`"]
    return {
        "ask": recap.state == "delivered",
        "month": month,
        "revision": recap.revision,
        "state": recap.state,
        "sha256": recap.content_sha256,
        "visits": total["visits"],
        "figures": "\n".join(summary),
    }


def close(
    connection: warehouse.Connection, google: "Google", run: Run, month: str, approval: Mapping[str, Any]
) -> dict[str, int]:
    """Make the approved revision of `month` final: tab, final workbook, mails to the managers; once.

    `approval`: sha256 (of what was asked about), by (a name, or Airflow's {id, name}), at (ISO 8601 or None). Raises
    PermanentError when the content changed after the manager was asked: nothing is closed then."""
    recap = newest(connection, month)
    connection.commit()
    if recap.content_sha256 != approval["sha256"]:
        raise PermanentError(
            f"recap {month} changed after the approval was asked for (asked about {str(approval['sha256'])[:12]}, now"
            f" {recap.content_sha256[:12]}): nothing was closed. Start master_schedule for {month} and approve anew."
        )
    if recap.final:
        log.info("recap %s revision %d is final already", month, recap.revision)
        return {"closed": 0, "mails": 0}
    if recap.state != "delivered":
        raise PermanentError(f"recap {month} revision {recap.revision} was not delivered: start master_schedule first.")
    who, at = approval["by"], approval.get("at")
    by = str(who.get("name") or who.get("id")) if isinstance(who, Mapping) else str(who)
    approved_at = datetime.fromisoformat(str(at)) if at else run.now
    final: Recap = replace(recap, state="final", approved_by=by, final_at=run.now)
    write_tab(google, run, final)
    with connection.transaction():
        document = keep_workbook(connection, run, final)
        done = connection.execute(
            "update outputs.recap_months set state = 'final', final_at = %s, approved_by = %s, approved_at = %s,"
            " approval = %s, workbook_sha256 = %s"
            " where month = %s and revision = %s and state = 'delivered' and content_sha256 = %s",
            (run.now, by, approved_at, Jsonb(dict(approval)), document, month, recap.revision, recap.content_sha256),
        ).rowcount
        if not done:
            raise PermanentError(f"recap {month} changed while it was being closed: nothing was closed; approve anew.")
        mails = mail.plan_for_managers(connection, run, final, "final", document)
    return {"closed": 1, "mails": mails}
