"""The outbox: planned messages leave by their channel, each at most once.

A message is claimed (state sending, a lease, and a lock of this session that ends with the process), marked as handed
over, given to its channel, and settled. Killed before the mark, nothing has left and the next run sends it. Killed
after it, a comment is looked for in its thread before it is posted again; a mail is shown as unknown.
"""

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from rekap import warehouse
from rekap.channels import comments, hours, mails
from rekap.channels.outcome import Outcome
from rekap.channels.ports import Basecamp, Smtp
from rekap.errors import PermanentError, Refused, TransientError, UnknownOutcome
from rekap.run import Run

LOCKS = 7_135_273_000_000_000  # + message_id: nobody else sends this message while its sender lives
log = logging.getLogger(__name__)


@dataclass
class _Sending:
    """One run of the outbox. `closed` holds, for a channel that does not work now, why."""

    conn: warehouse.Connection
    basecamp: Basecamp
    smtp: Smtp
    run: Run
    counts: Counter[str] = field(default_factory=Counter)
    closed: dict[str, Exception] = field(default_factory=dict)
    posted: int = 0


def send(conn: warehouse.Connection, basecamp: Basecamp, smtp: Smtp, run: Run) -> dict[str, int]:
    """Send what is due, within the office hours of each person; commits message by message. Shadow and off never leave.
    Counts: sent, comments, withdrawn, failed, unknown, held (office closed), waiting (a later run takes them). Raises
    after everything else was sent: PermanentError when a credential or setting must be repaired, TransientError when a
    channel was not there."""
    conn.commit()
    sending = _Sending(conn, basecamp, smtp, run)
    with conn.transaction():
        due = warehouse.execute(conn, "40_outputs/outbox_due", {"now": run.now})
    for row in due:
        _one(sending, row)
    for problem in sending.closed.values():
        raise problem
    return dict(sending.counts)


def _one(sending: _Sending, row: dict[str, Any]) -> None:
    run, counts = sending.run, sending.counts
    person = run.config.register.person_by_code.get(row["person"])
    by_comment = row["channel"] == "basecamp_comment" and row["delivery"] == "live"
    channel = "basecamp" if by_comment else "redirect" if row["delivery"] == "redirect" else "smtp"
    if channel in sending.closed or (by_comment and sending.posted >= run.config.settings.messages.most_comments_a_run):
        counts["waiting"] += 1
    elif person is not None and not hours.calendar(run, person).is_open(run.now):
        counts["held"] += 1
    else:
        with _claimed(sending, row["message_id"]) as message:
            if message is None:
                return
            outcome = _attempt(sending, message, channel)
            _settle(sending, message, outcome)


@contextmanager
def _claimed(sending: _Sending, message_id: int) -> Iterator[dict[str, Any] | None]:
    """The message with its lease, or None when somebody else has it or it is no longer to be sent."""
    conn, run = sending.conn, sending.run
    lease = run.now + timedelta(minutes=run.config.settings.messages.lease_minutes)
    with conn.transaction():
        locked = conn.execute("select pg_try_advisory_lock(%s) as alone", (LOCKS + message_id,)).fetchone()
        alone = bool(locked and locked["alone"])
        rows = warehouse.execute(
            conn, "40_outputs/outbox_claim", {"message": message_id, "now": run.now, "lease": lease, "alone": alone}
        )
    try:
        yield rows[0] if rows else None
    finally:
        if alone:
            conn.rollback()
            conn.execute("select pg_advisory_unlock(%s)", (LOCKS + message_id,))
            conn.commit()


def _attempt(sending: _Sending, message: dict[str, Any], channel: str) -> Outcome:
    """Carry a claimed message out; what became of it. A channel that fails for all is closed for the rest of the
    run."""
    run, by_comment = sending.run, channel == "basecamp"

    def hand_over() -> None:
        with sending.conn.transaction():
            values = {"message": message["message_id"], "now": run.now}
            warehouse.execute(sending.conn, "40_outputs/outbox_handed_over", values)
        sending.posted += by_comment

    try:
        if by_comment:
            return comments.carry_out(sending.basecamp, run, message, hand_over)
        return mails.carry_out(sending.conn, sending.smtp, run, message, hand_over)
    except UnknownOutcome as error:
        return Outcome("unknown", str(error))
    except Refused as error:
        return Outcome("failed", str(error))
    except (PermanentError, TransientError) as error:
        sending.closed[channel] = error
        return Outcome("unknown" if message["was_handed_over"] else "planned", str(error))


def _settle(sending: _Sending, message: dict[str, Any], outcome: Outcome) -> None:
    conn, run = sending.conn, sending.run
    with conn.transaction():
        warehouse.execute(
            conn,
            "40_outputs/outbox_settled",
            {
                "message": message["message_id"], "state": outcome.state, "error": outcome.reason,
                "external_id": outcome.external_id, "now": run.now,
            },
        )  # fmt: skip
        if outcome.by_mail:
            mails.instead(conn, run, message)
    name = "comments" if outcome.state == "sent" and message["channel"] == "basecamp_comment" else outcome.state
    sending.counts["waiting" if name == "planned" else name] += 1
    if outcome.reason:
        log.warning("message %d (%s): %s: %s", message["message_id"], message["key"], outcome.state, outcome.reason)
