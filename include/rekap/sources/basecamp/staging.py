"""raw.basecamp_items → staging: orders with their services, technicians, visits and history; comments; files."""

import hashlib
import logging
from collections.abc import Iterator
from typing import Any

from rekap import warehouse
from rekap.run import Run
from rekap.sources.basecamp import orders, posts
from rekap.sources.basecamp.orders import Order
from rekap.sources.basecamp.posts import Attachment, Comment
from rekap.sources.basecamp.reader import Reader
from rekap.sources.basecamp.reading import SOURCE, alone
from rekap.vocabulary import lexicon
from rekap.vocabulary.statuses import said

BATCH = 500
STAGED = "staged"
log = logging.getLogger(__name__)
Json = dict[str, Any]
Counts = dict[str, int]


def stage(connection: warehouse.Connection, run: Run) -> Counts:
    """Read what is new in raw.basecamp_items, and all of it again when what is known of clients, outlets, technicians,
    lists or projects changed. One transaction; commits.
    Keys: received, orders, changed (rows whose meaning changed other than by Rekap's own comments)."""
    with alone(connection), connection.transaction():
        after, register = _mark(connection)
        warehouse.execute(connection, "20_staging/basecamp_people")
        warehouse.execute(connection, "20_staging/basecamp_projects")
        reader = Reader(run.config.register, _lists(connection), _learned(connection), _closed(connection))
        fingerprint = hashlib.sha256(reader.knowledge().encode()).hexdigest()[:16]
        after = after if register == fingerprint else 0
        counts = {"received": 0, "orders": 0, "changed": 0}
        touched, last_order = _stage_orders(connection, run, reader, after, counts)
        commented, last_comment = _stage_comments(connection, run, reader, after, counts)
        counts["changed"] += _say_status(connection, reader, sorted(touched | commented))
        last = max(after, last_order, last_comment)
        warehouse.move_watermark(connection, run, SOURCE, STAGED, f"{last} {fingerprint}")
    return counts


def _mark(connection: warehouse.Connection) -> tuple[int, str]:
    number, _, register = (warehouse.watermark(connection, SOURCE, STAGED) or "0 ").partition(" ")
    return int(number), register


def _lists(connection: warehouse.Connection) -> dict[int, int]:
    rows = (row for batch in _newest(connection, "todolist", 0) for row in batch)
    parents = {row["id"]: row["payload"].get("parent") or {} for row in rows}
    return {group: parent["id"] for group, parent in parents.items() if parent.get("type") == "Todolist"}


def _closed(connection: warehouse.Connection) -> dict[int, str]:
    found = connection.execute("select id, status from staging.basecamp_projects where status <> 'active'")
    return {row["id"]: row["status"] for row in found}


def _learned(connection: warehouse.Connection) -> dict[tuple[str, str], str]:
    found = connection.execute(
        "select client, alias, outlet from staging.outlet_aliases where learned_from = 'decision'"
    )
    return {(row["client"], row["alias"]): row["outlet"] for row in found}


def _stage_orders(
    connection: warehouse.Connection, run: Run, reader: Reader, after: int, counts: Counts
) -> tuple[set[int], int]:
    """Returns the orders that were read, and the number of the last record."""
    entry = warehouse.Entry("stage orders", SOURCE, "staging.orders")
    files = warehouse.Entry("stage files of orders", SOURCE, "staging.attachments")
    touched: set[int] = set()
    last = 0
    for batch in _newest(connection, "todo", after):
        read: list[Order] = []
        attached: list[Attachment] = []
        left: list[int] = []
        for row in batch:
            entry.received += 1
            last = max(last, row["read_no"])
            client, refusal = reader.client_of(row["payload"])
            if client is None:
                left.append(row["id"])
                entry.skipped[refusal] = entry.skipped.get(refusal, 0) + 1
                continue
            try:
                with lexicon.of_client(reader.words.get(client)):
                    order = orders.read_order(row["payload"], client, reader, run.zone)
            except (KeyError, TypeError, ValueError) as error:
                log.error("to-do %s of client %s is no record of the API: %r; left out.", row["id"], client, error)
                entry.skipped["malformed"] = entry.skipped.get("malformed", 0) + 1
                continue
            read.append(order)
            attached += posts.read_attachments(row["payload"], order_id=order.order_id, comment_id=None)
        merged = _merge_orders(connection, run, read)
        entry.loaded += merged["loaded"]
        entry.unchanged += merged["unchanged"]
        counts["changed"] += merged["changed"]
        counts["changed"] += _merge_files(connection, attached, files, orders_read=[order.order_id for order in read])
        counts["changed"] += warehouse.count(connection, "20_staging/orders_left", {"ids": left, "now": run.now})[
            "gone"
        ]
        touched.update(order.order_id for order in read)
    warehouse.record(connection, run, entry)
    warehouse.record(connection, run, files)
    counts["received"] += entry.received
    counts["orders"] = len(touched)
    return touched, last


def _merge_orders(connection: warehouse.Connection, run: Run, read: list[Order]) -> Counts:
    """History first: it compares what was read with what stands there. `changed` counts orders, each once at most
    for its own row and once for its services or technicians."""
    warehouse.load(
        connection,
        "staging.orders",
        orders.COLUMNS,
        ([getattr(order, name) for name in orders.COLUMNS] for order in read),
    )
    warehouse.load(
        connection,
        "staging.order_services",
        ("order_id", "n", "service", "units"),
        (
            (order.order_id, n, service, units)
            for order in read
            for n, (service, units) in enumerate(order.services, start=1)
        ),
    )
    warehouse.load(
        connection,
        "staging.order_technicians",
        ("order_id", "technician", "via"),
        ((order.order_id, technician, via) for order in read for technician, via in order.technicians.items()),
    )
    warehouse.execute(connection, "20_staging/order_changes", {"now": run.now})
    merged = warehouse.count(connection, "20_staging/orders", {"now": run.now})
    services = warehouse.count(connection, "20_staging/order_services")
    technicians = warehouse.count(connection, "20_staging/order_technicians")
    warehouse.execute(connection, "20_staging/visits")
    return merged | {"changed": merged["loaded"] + services["changed"] + technicians["changed"]}


def _stage_comments(
    connection: warehouse.Connection, run: Run, reader: Reader, after: int, counts: Counts
) -> tuple[set[int], int]:
    """Returns the orders whose comments were read, and the number of the last record."""
    entry = warehouse.Entry("stage comments", SOURCE, "staging.comments")
    files = warehouse.Entry("stage files of comments", SOURCE, "staging.attachments")
    people = connection.execute(
        "select id, attachable_sgid from staging.basecamp_people where attachable_sgid is not null"
    )
    person_of_sgid = {row["attachable_sgid"]: row["id"] for row in people}
    touched: set[int] = set()
    last = 0
    for batch in _newest(connection, "comment", after):
        read: list[Comment] = []
        attached: list[Attachment] = []
        for row in batch:
            entry.received += 1
            last = max(last, row["read_no"])
            try:
                comment = posts.read_comment(row["payload"], reader.robots, person_of_sgid)
            except (KeyError, TypeError, ValueError) as error:
                log.error("comment %s is no record of the API: %r; left out.", row["id"], error)
                entry.skipped["malformed"] = entry.skipped.get("malformed", 0) + 1
                continue
            if comment is None:
                entry.skipped["not_an_order"] = entry.skipped.get("not_an_order", 0) + 1
                continue
            read.append(comment)
            if not comment.by_rekap:
                attached += posts.read_attachments(
                    row["payload"], order_id=comment.order_id, comment_id=comment.comment_id
                )
        rows = ([getattr(comment, name) for name in posts.COMMENT_COLUMNS] for comment in read)
        warehouse.load(connection, "staging.comments", posts.COMMENT_COLUMNS, rows)
        merged = warehouse.count(connection, "20_staging/comments", {"now": run.now})
        entry.loaded += merged["loaded"]
        entry.unchanged += merged["unchanged"]
        if merged["not_an_order"]:
            entry.skipped["not_an_order"] = entry.skipped.get("not_an_order", 0) + merged["not_an_order"]
        counts["changed"] += merged["changed"]
        counts["changed"] += _merge_files(
            connection, attached, files, comments_read=[comment.comment_id for comment in read]
        )
        touched.update(comment.order_id for comment in read)
    warehouse.record(connection, run, entry)
    warehouse.record(connection, run, files)
    counts["received"] += entry.received
    return touched, last


def _merge_files(
    connection: warehouse.Connection, files: list[Attachment], entry: warehouse.Entry,
    *, orders_read: list[int] | None = None, comments_read: list[int] | None = None,
) -> int:  # fmt: skip
    columns = posts.ATTACHMENT_COLUMNS
    warehouse.load(
        connection, "staging.attachments", columns, ([getattr(file, name) for name in columns] for file in files)
    )
    parameters = {"orders": orders_read or [], "comments": comments_read or []}
    merged = warehouse.count(connection, "20_staging/attachments", parameters)
    entry.received += merged["received"]
    entry.loaded += merged["written"]
    entry.unchanged += merged["unchanged"]
    entry.repeated += merged["repeated"]
    if merged["not_an_order"]:
        entry.skipped["not_an_order"] = entry.skipped.get("not_an_order", 0) + merged["not_an_order"]
    return merged["changed"]


def _say_status(connection: warehouse.Connection, reader: Reader, touched: list[int]) -> int:
    """What the title or the last comment says: cancelled, on hold, or nothing. The last word of a person counts."""
    changed = 0
    for at in range(0, len(touched), BATCH):
        ids: list[int] = []
        words: list[str | None] = []
        part = {"orders": touched[at : at + BATCH]}
        for row in warehouse.execute(connection, "20_staging/orders_last_words", part):
            ids.append(row["order_id"])
            with lexicon.of_client(reader.words.get(row["client"])):
                words.append(said(row["content"] or "") or said(row["title"]))
        changed += warehouse.count(connection, "20_staging/orders_status_word", {"orders": ids, "words": words})[
            "changed"
        ]
    return changed


def _newest(connection: warehouse.Connection, kind: str, after: int) -> Iterator[list[Json]]:
    """The newest version of each record that was read after a number, in batches: memory stays flat."""
    while batch := warehouse.execute(
        connection, "10_raw/basecamp_to_read", {"kind": kind, "after": after, "most": BATCH}
    ):
        yield batch
        after = batch[-1]["read_no"]
