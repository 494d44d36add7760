"""Incidents and messages: everybody who must know was told once, nobody else was told anything."""

import re
from collections import Counter
from datetime import datetime

from local.truth.differences import Differences
from local.truth.evidence import Evidence

COMMENT = re.compile(r"/recordings/(\d+)/comments")


def check(evidence: Evidence, found: Differences) -> None:
    due = {
        subject: evidence.orders[int(subject.removeprefix("order:"))]
        for subject, trouble in evidence.troubles("unassigned").items()
        if datetime.fromisoformat(trouble["settles_at"]) <= evidence.now
    }
    open_now = evidence.rows("select subject from outputs.incidents where kind = 'unassigned' and state = 'open'")
    found.sets("incidents", due, {row["subject"] for row in open_now})
    found.require("incidents", 1)
    live = {subject: order for subject, order in due.items() if evidence.clients[order["client"]]["delivery"] == "live"}
    lost = _unknown_comments(evidence)
    comments = posted(evidence)
    expected = {order["order_id"] for order in live.values() if not order["visible_to_clients"]}
    found.sets("comments", expected - (lost - set(comments)), comments)
    found.require("comments", 1)
    for order_id, times in comments.items():
        if times > 1:
            found.add("comments", f"order {order_id} was commented {times} times")
    by_mail = {subject: order for subject, order in live.items() if order["visible_to_clients"]}
    _told_by_mail(evidence, found, by_mail, lost)
    _mails(evidence, found)


def posted(evidence: Evidence) -> Counter[int]:
    """How often each order was commented, by the twin's own log."""
    return Counter(
        int(match[1])
        for call in evidence.calls
        if call["service"] == "basecamp" and call["method"] == "POST" and call["status"] == 201
        and (match := COMMENT.search(call["path"]))
    )  # fmt: skip


def _unknown_comments(evidence: Evidence) -> set[int]:
    """Orders about whose comment a killed sender left no word: it may stand there or not, or go by mail instead."""
    if not evidence.killed:
        return set()
    rows = evidence.rows(
        "select order_id from outputs.messages where channel = 'basecamp_comment' and state = 'unknown'"
    )
    return {row["order_id"] for row in rows}


def _told_by_mail(
    evidence: Evidence, found: Differences, expected: dict[str, dict[str, object]], lost: set[int]
) -> None:
    """What clients can see is never commented on: its PIC gets a mail, once."""
    told = Counter(
        (row["subject"], row["person"])
        for row in evidence.rows(
            "select i.subject, t.person from outputs.message_items as t"
            " join outputs.incidents as i using (incident_id) join outputs.messages as m using (message_id)"
            " where m.channel = 'email' and i.kind = 'unassigned' and m.delivery = 'live' and m.state <> 'withdrawn'"
        )
        if int(row["subject"].removeprefix("order:")) not in lost
    )
    should = {(subject, evidence.clients[str(order["client"])]["pic"]) for subject, order in expected.items()}
    found.sets("told by mail", should, told)
    found.require("told by mail", 1)
    for (subject, person), times in told.items():
        if times > 1:
            found.add("told by mail", f"{person} was told {times} times about {subject}")


def _mails(evidence: Evidence, found: Differences) -> None:
    """What the outbox says left is what arrived; what a killed sender left unknown may have arrived or not."""
    sent = evidence.rows(
        "select person, subject, state, delivery from outputs.messages where channel = 'email' order by message_id"
    )

    def addressed(state: str) -> Counter[tuple[str, str]]:
        return Counter(
            (evidence.people[row["person"]]["email"], row["subject"]) for row in sent if row["state"] == state
        )

    # A long header is folded on its way, at any of its spaces.
    arrived = Counter((mail["to"][0], " ".join(mail["subject"].split())) for mail in evidence.mails)
    left = addressed("sent")
    perhaps = addressed("unknown") if evidence.killed else Counter()
    found.sets("mails", left.items(), (arrived - ((arrived - left) & perhaps)).items())
    found.require("mails", 1)
    fine = {"sent", "withdrawn", "unknown"} if evidence.killed else {"sent", "withdrawn"}
    for row in sent:
        if row["delivery"] == "live" and row["state"] not in fine:
            found.add("mails", f"to {row['person']}: '{row['subject']}' is {row['state']}")
        if row["delivery"] in ("off", "shadow") and row["state"] == "sent":
            found.add("mails", f"to {row['person']}: '{row['subject']}' left although it is in {row['delivery']}")
