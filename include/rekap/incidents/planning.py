"""What people are to be told → messages in the outbox. Only what is new enters a message: one e-mail for each person
and sending time, one comment for each order. Until a message leaves it is written anew from the facts of every
tick."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from rekap import warehouse
from rekap.run import Run
from rekap.settings import Delivery


@dataclass(frozen=True)
class Item:
    """One thing that a person is told once: an event of an incident (`step`) for a service date. `at`: when it leaves.
    `group` keeps apart what must not share an e-mail; `order_id` is given for a comment on that order."""

    incident_id: int
    step: str
    service_date: date | None
    person: str
    at: datetime
    delivery: Delivery
    group: str = "mail"
    order_id: int | None = None

    @property
    def identity(self) -> tuple[int, date | None, str, str]:
        return self.incident_id, self.service_date, self.step, self.person

    @property
    def envelope(self) -> tuple[Any, ...]:
        """Items of one envelope leave in one message."""
        return self.group, self.person, self.at, self.delivery, self.order_id or 0


@dataclass(frozen=True)
class Draft:
    """A message as it would leave now. `client` when it is about one client alone."""

    subject: str
    text: str
    html: str
    client: str | None = None
    urgent: bool = False


@dataclass(frozen=True)
class Envelope:
    """A planned message and the incidents that it holds, oldest first, with their steps."""

    message_id: int
    key: str
    person: str
    channel: str
    delivery: Delivery
    at: datetime
    contents: list[tuple[int, str]]

    @property
    def group(self) -> str:
        return self.key.split(":")[1]


Writer = Callable[[Envelope], Draft | None]


def plan(conn: warehouse.Connection, run: Run, topic: str, items: Sequence[Item], write: Writer) -> Counter[str]:
    """Put new items into messages and write every message of `topic` that has not left, in the caller's transaction,
    which must be the only one that plans. `write` gives the text of an envelope, or None when nothing in it is to be
    told any more. Returns counts (items, messages, withdrawn)."""
    counts = Counter[str]()
    new = _new(conn, topic, items)
    standing = {_place(each): each.message_id for each in envelopes(conn, run, topic, [])}
    touched = set()
    for place, group in groupby(sorted(new, key=lambda item: item.envelope), key=lambda item: item.envelope):
        members = list(group)
        message = standing.get(place)
        if message is None:
            message = _message(conn, run, topic, members[0])
            counts["messages"] += 1
        touched.add(message)
        for item in members:
            values = {
                "incident": item.incident_id, "topic": topic, "service_date": item.service_date, "step": item.step,
                "person": item.person, "message": message, "now": run.now,
            }  # fmt: skip
            counts["items"] += len(warehouse.execute(conn, "40_outputs/message_items", values))
    for envelope in envelopes(conn, run, topic, sorted(touched)):
        draft = write(envelope)
        if draft is None:
            withdraw(conn, envelope.message_id, "what it was about is settled")
            counts["withdrawn"] += 1
        else:
            text: dict[str, Any] = {
                "message": envelope.message_id, "subject": draft.subject, "text": draft.text, "html": draft.html,
                "client": draft.client, "urgent": draft.urgent,
            }  # fmt: skip
            warehouse.execute(conn, "40_outputs/messages_rewritten", text)
    return counts


def envelopes(conn: warehouse.Connection, run: Run, topic: str, touched: Iterable[int]) -> list[Envelope]:
    """The messages of a topic that have not left, locked against the outbox."""
    rows = warehouse.execute(
        conn, "40_outputs/messages_open", {"prefix": f"{topic}:", "now": run.now, "touched": list(touched)}
    )
    grouped = ((message_id, list(group)) for message_id, group in groupby(rows, lambda row: row["message_id"]))
    return [
        Envelope(
            message_id, first["key"], first["person"], first["channel"], first["delivery"], first["not_before"],
            [(row["incident_id"], row["step"]) for row in [first, *rest]],
        )
        for message_id, [first, *rest] in grouped
    ]  # fmt: skip


def withdraw(conn: warehouse.Connection, message_id: int, reason: str) -> None:
    """Take back a message that has not left."""
    warehouse.execute(conn, "40_outputs/messages_withdrawn", {"message": message_id, "reason": reason})


def _new(conn: warehouse.Connection, topic: str, items: Sequence[Item]) -> list[Item]:
    rows = warehouse.execute(
        conn, "40_outputs/message_items_known",
        {"topic": topic, "incidents": sorted({item.incident_id for item in items})},
    )  # fmt: skip
    known = {(row["incident_id"], row["service_date"], row["step"], row["person"]) for row in rows}
    new: dict[Any, Item] = {}
    for item in items:
        if item.identity not in known:
            new.setdefault(item.identity, item)
    return list(new.values())


def _place(envelope: Envelope) -> tuple[Any, ...] | None:
    if envelope.channel != "email":
        return None
    return envelope.group, envelope.person, envelope.at, envelope.delivery, 0


def _message(conn: warehouse.Connection, run: Run, topic: str, first: Item) -> int:
    """A message still without text. Its key holds the first item's identity, which no other message can have."""
    key = f"{topic}:{first.group}:{first.person}:{first.incident_id}:{first.service_date or '-'}:{first.step}"
    values: dict[str, Any] = {
        "key": key, "person": first.person, "channel": "email" if first.order_id is None else "basecamp_comment",
        "client": None, "order_id": first.order_id, "subject": "", "text": "", "html": "", "documents": [],
        "delivery": first.delivery, "urgent": False, "not_before": first.at, "now": run.now,
    }  # fmt: skip
    return int(warehouse.execute(conn, "40_outputs/messages", values)[0]["message_id"])
