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
    _comments(evidence, found, {order["order_id"] for order in live.values() if not order["visible_to_clients"]})
    _mails(evidence, found, {subject: order for subject, order in live.items() if order["visible_to_clients"]})


def _comments(evidence: Evidence, found: Differences, expected: set[int]) -> None:
    posted = Counter(
        int(match[1])
        for call in evidence.calls
        if call["service"] == "basecamp" and call["method"] == "POST" and call["status"] == 201
        and (match := COMMENT.search(call["path"]))
    )  # fmt: skip
    found.sets("comments", expected, posted)
    found.require("comments", 1)
    for order_id, times in posted.items():
        if times > 1:
            found.add("comments", f"order {order_id} was commented {times} times")


def _mails(evidence: Evidence, found: Differences, expected: dict[str, dict[str, object]]) -> None:
    told = evidence.rows(
        "select i.subject, t.person, m.key, m.state, m.channel from outputs.message_items as t"
        " join outputs.incidents as i using (incident_id) join outputs.messages as m using (message_id)"
        " where m.channel = 'email' and i.kind = 'unassigned' and m.delivery = 'live'"
    )
    should = {(subject, evidence.clients[str(order["client"])]["pic"]) for subject, order in expected.items()}
    found.sets("told by mail", should, {(row["subject"], row["person"]) for row in told})
    found.require("told by mail", 1)
    sent = evidence.rows(
        "select person, subject, state, delivery from outputs.messages where channel = 'email' order by message_id"
    )
    leaving = Counter(
        (evidence.people[row["person"]]["email"], row["subject"]) for row in sent if row["delivery"] == "live"
    )
    arrived = Counter((mail["to"][0], mail["subject"]) for mail in evidence.mails)
    found.sets("mails", leaving.items(), arrived.items())
    found.require("mails", 1)
    for row in sent:
        if row["delivery"] == "live" and row["state"] != "sent":
            found.add("mails", f"to {row['person']}: '{row['subject']}' is {row['state']}")
        if row["delivery"] in ("off", "shadow") and row["state"] == "sent":
            found.add("mails", f"to {row['person']}: '{row['subject']}' left although it is in {row['delivery']}")
