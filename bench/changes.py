"""What people do between two ticks, to a share of all to-dos and trackers: new dates, comments, a cell by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from sandbox.basecamp import writes
from sandbox.google import world_ops
from sandbox.world import styles
from sandbox.world.model import Client
from sandbox.world.styles import Style

if TYPE_CHECKING:
    from sandbox.server import Twin

COMMENTED = 5  # every fifth change is a comment, the others move the date


def change(twin: Twin, share: float, since: datetime, until: datetime, now: datetime) -> dict[str, int]:
    """Changes `share` of the active to-dos and of the trackers, spread evenly from `since` to `until`; then it is
    `now`. At least one of each; nothing when `share` is 0. Returns how many."""
    todos = [todo for todo in twin.world.account.todos.values() if todo.status == "active"]
    clients = list(twin.world.clients)
    rng = Random(f"{twin.world.seed}/{share}/{now.isoformat()}")
    chosen = rng.sample(todos, max(1, round(len(todos) * share))) if share else []
    sheets = rng.sample(clients, max(1, round(len(clients) * share))) if share else []
    author = twin.world.staff.office[0].basecamp_id or 0
    for number, todo in enumerate(chosen):
        _reached(twin, since, until, number / len(chosen))
        if number % COMMENTED == 0:
            writes.comment(twin.basecamp, todo, author, f"<div>Sudah dikonfirmasi klien ({number})</div>")
        else:
            kept = todo.description
            writes.replace_todo(twin.basecamp, todo, author, _moved(todo))
            todo.description = kept  # a PUT cleans the text, what people wrote is not all clean
    rows = {order.client.slug: order.row for order in twin.world.orders if order.row}
    for client in sheets:
        spreadsheet_id, sheet_id, row = rows[client.slug]
        cell = f"{_column(client, twin.world.seed)}{row}"
        world_ops.edit_cell(twin.google, spreadsheet_id, sheet_id, cell, f"Diubah {now:%H.%M}", client.am.email)
    twin.clock.set(now)
    return {"todos": len(chosen), "trackers": len(sheets)}


def _reached(twin: Twin, since: datetime, until: datetime, part: float) -> None:
    """Moves the clock on; the milliseconds of what was written may have run ahead of it."""
    at = since + (until - since) * part
    if at > twin.clock.now():
        twin.clock.set(at)


def _moved(todo: Any) -> dict[str, Any]:
    day = date.fromisoformat(todo.due_on) + timedelta(days=1) if todo.due_on else date(2026, 10, 20)
    return {
        "content": todo.content,
        "description": todo.description,
        "assignee_ids": todo.assignee_ids,
        "completion_subscriber_ids": todo.completion_subscriber_ids,
        "due_on": day.isoformat(),
        "starts_on": todo.starts_on,
    }


def _column(client: Client, seed: int) -> str:
    """The letter of the column of notes, or of technicians where there is none."""
    style: Style = styles.of(client, Random(f"{seed}/tracker/{client.slug}"))
    name = "note" if "note" in style.columns else "technicians"
    return chr(ord("A") + style.first_column + style.columns.index(name))
