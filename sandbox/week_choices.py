"""Whom and what the happenings of a day concern: each choice looks at the world as it is and draws from it.

A choice returns what ``happen`` is told (with ``op`` when that is not its own name), or None when nothing fits.
Orders and rows on which a trouble was planted are left alone but for those that somebody must still assign or type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, Any

from sandbox.happenings_on_rows import below, first_row, merged, month_tabs, sheet_of
from sandbox.world import trackers
from sandbox.world.account import Todo
from sandbox.world.conversation import CHATTER, REPLIES
from sandbox.world.desk import TIMES
from sandbox.world.model import WIB, Client, Order, Outlet, TrackerRow
from sandbox.world.rows import MARK, MONTH
from sandbox.world.words import MONTHS, SHORT_MONTHS, TAB_MONTHS

if TYPE_CHECKING:
    from sandbox.server import Twin

Told = dict[str, Any]
#: troubles that begin and end while people work; the others were planted and stay as they are
MOVING = {"unassigned", "missing_in_tracker"}
SERVICES = (
    ("cleaning", 3),
    ("cleaning", 2),
    ("deep_cleaning", 2),
    ("repair", 1),
    ("inspection", 4),
    ("freon_topup", 1),
)


class View:
    """The world as somebody sees it who is about to do something."""

    def __init__(self, twin: Twin) -> None:
        self.twin = twin
        self.world = twin.world
        self.account = twin.world.account
        self.today: date = twin.clock.now().astimezone(WIB).date()

    @cached_property
    def planted(self) -> set[int]:
        return {id(trouble.order) for trouble in self.world.troubles if trouble.kind not in MOVING}

    @cached_property
    def kept_apart(self) -> set[tuple[str, str]]:
        """Outlets of planted troubles: another visit there might be taken for theirs."""
        return {(t.order.client.slug, t.order.outlet.code) for t in self.world.troubles if t.kind not in MOVING}

    def todo(self, order: Order) -> Todo:
        return self.account.todos[order.order_id]

    def orders(self, life_cycle: str = "active") -> list[Order]:
        """Orders in Basecamp that people may work on: not planted, not marked as cancelled or on hold."""
        return [
            order
            for order in self.world.orders
            if order.in_basecamp
            and order.life_cycle == life_cycle
            and order.order_id in self.account.todos
            and id(order) not in self.planted
            and not order.mark
            and not order.field_unknown
        ]

    def open_orders(self, ahead: int = 0) -> list[Order]:
        """Not completed, with a visit from ``ahead`` days from today on."""
        first = self.today + timedelta(days=ahead)
        return [order for order in self.orders() if order.day >= first and self.todo(order).completed_at is None]

    @cached_property
    def taken(self) -> set[tuple[str, str, date]]:
        days = {(order.client.slug, order.outlet.code, order.day) for order in self.world.orders}
        rows = (row for found in self.world.rows.values() for row in found if row.row)
        return days | {(row.client.slug, row.outlet.code, row.day) for row in rows}

    def free(self, client: Client, outlet: Outlet, day: date) -> bool:
        apart = (client.slug, outlet.code) in self.kept_apart
        return not apart and (client.slug, outlet.code, day) not in self.taken

    def rows(self) -> list[TrackerRow]:
        """Rows that people may edit: of visits without a planted trouble, not struck, standing once."""
        return [
            row
            for found in self.world.rows.values()
            for row in found
            if row.row and id(row.order) not in self.planted and row.status != "cancelled" and len(row.order.rows) == 1
        ]

    def loose_rows(self) -> list[TrackerRow]:
        """Rows none of whose cells is merged with a neighbour's."""
        return [row for row in self.rows() if not merged(self.sheet(row), row.row)]

    def sheet(self, row: TrackerRow) -> dict[str, Any]:
        found = sheet_of(self.twin, row.spreadsheet_id, row.sheet_id)
        if found is None:
            raise LookupError(
                f"the truth knows a row in sheet {row.sheet_id}, which {row.spreadsheet_id} does not hold"
            )
        return found

    def tabs(self) -> list[tuple[Client, dict[str, Any]]]:
        return [(client, sheet) for client in self.world.clients for sheet in month_tabs(self.twin, client)]

    def open_projects(self) -> list[Client]:
        return [c for c in self.world.clients if self.account.projects[c.project_id].status == "active"]


def _one(rng: Random, found: Iterable[Any]) -> Any:
    """One of them, or None."""
    listed = list(found)
    return rng.choice(listed) if listed else None


def _about(order: Order | None, **told: Any) -> Told | None:
    return None if order is None else {"order_id": order.order_id, **told}


def enter(view: View, rng: Random) -> Told | None:
    client = _one(rng, view.open_projects())
    day = view.today + timedelta(days=rng.choice((1, 1, 2, 3, 4, 5, 7, 9, 12, 26)))
    outlet = _one(rng, (o for o in client.outlets if view.free(client, o, day))) if client is not None else None
    if outlet is None:
        return None
    told: Told = {"client": client.slug, "outlet": outlet.code, "date": day.isoformat(), "time": rng.choice(TIMES)}
    told["services"] = [list(rng.choice(SERVICES))]
    if rng.random() < 0.4:
        told["person"] = rng.choice(view.world.staff.technicians).code
    return told


def assign(view: View, rng: Random) -> Told | None:
    found = view.open_orders()
    order = _one(rng, [o for o in found if not o.assigned] or found)
    return _about(order, person=rng.choice(view.world.staff.with_account).code)


def unassign(view: View, rng: Random) -> Told | None:
    return _about(_one(rng, (order for order in view.open_orders(1) if order.assigned_by == "assignees")))


def complete(view: View, rng: Random) -> Told | None:
    open_ones = [o for o in view.orders() if view.todo(o).completed_at is None and o.assigned]
    return _about(_one(rng, (order for order in open_ones if order.day <= view.today)))


def uncomplete(view: View, rng: Random) -> Told | None:
    since = view.today - timedelta(days=14)
    done = (o for o in view.orders() if view.todo(o).completed_at is not None and o.day >= since)
    return _about(_one(rng, done))


def reschedule(view: View, rng: Random) -> Told | None:
    order = _one(rng, view.open_orders())
    if order is None:
        return None
    day = order.day + timedelta(days=rng.choice((1, 1, 2, 3, 5)))
    return _about(order, date=day.isoformat()) if view.free(order.client, order.outlet, day) else None


def comment(view: View, rng: Random) -> Told | None:
    order = _one(rng, view.open_orders(-3))
    if order is None:
        return None
    by = rng.choice((order.client.am, order.client.pic)).code
    return _about(order, text=rng.choice((*CHATTER, *REPLIES)), by=by)


def trash(view: View, rng: Random) -> Told | None:
    return _about(_one(rng, view.open_orders(1)))


def _trashed(view: View) -> list[Order]:
    """Trashed by themselves, in a place that is open."""
    open_projects = {client.project_id for client in view.open_projects()}
    holders = {**view.account.todolists, **view.account.todosets}
    return [
        order
        for order in view.orders("trashed")
        if not view.todo(order).taken_along
        and view.todo(order).project_id in open_projects
        and holders[view.todo(order).parent_id].status == "active"
    ]


def restore(view: View, rng: Random) -> Told | None:
    return _about(_one(rng, _trashed(view)))


def purge(view: View, rng: Random) -> Told | None:
    return _about(_one(rng, _trashed(view)))


def archive(view: View, rng: Random) -> Told | None:
    old = (o for o in view.orders() if view.todo(o).completed_at is not None and o.day < view.today)
    return _about(_one(rng, old))


def move(view: View, rng: Random) -> Told | None:
    order = _one(rng, (order for order in view.open_orders() if order.client.whole_project))
    if order is None:
        return None
    todo = view.todo(order)
    holders = [*view.account.todolists.values(), *view.account.todosets.values()]
    place = _one(
        rng,
        (
            holder
            for holder in holders
            if holder.project_id == todo.project_id and holder.id != todo.parent_id and holder.status == "active"
        ),
    )
    return None if place is None else _about(order, list_id=place.id)


def archive_list(view: View, rng: Random) -> Told | None:
    """A list or group that is not the first of its project, so that orders still have a place."""
    whole = {client.project_id for client in view.open_projects() if client.whole_project}
    first: dict[int, int] = {}
    for made in view.account.todolists.values():
        first.setdefault(made.project_id, made.id)
    lists = (
        made
        for made in view.account.todolists.values()
        if made.project_id in whole and made.status == "active" and made.id != first[made.project_id]
    )
    found = _one(rng, lists)
    return None if found is None else {"list_id": found.id}


def restore_list(view: View, rng: Random) -> Told | None:
    open_projects = {client.project_id for client in view.open_projects()}
    lists = view.account.todolists.values()
    found = _one(rng, (m for m in lists if m.status == "archived" and m.project_id in open_projects))
    return None if found is None else {"list_id": found.id}


def archive_project(view: View, rng: Random) -> Told | None:
    """The last client with a project of its own, which is the smallest of them; one at a time."""
    own = [client for client in view.world.clients if client.whole_project]
    if len(own) < 2 or any(view.account.projects[client.project_id].status != "active" for client in own):
        return None
    return {"project_id": own[-1].project_id}


def restore_project(view: View, rng: Random) -> Told | None:
    closed = [c.project_id for c in view.world.clients if view.account.projects[c.project_id].status == "archived"]
    return {"project_id": closed[0]} if closed else None


def type_row(view: View, rng: Random) -> Told | None:
    order = _one(rng, (order for order in view.open_orders(-3) if not order.rows))
    if order is None:
        return None
    tabs = (s for s in month_tabs(view.twin, order.client) if s["data"][0][MONTH] == f"{order.day:%Y-%m}")
    sheet = next(tabs, None)
    if sheet is None or rng.random() < 0.4:
        return _about(order, by=order.client.am.email)
    return _about(order, row=_between(view, rng, order.client, sheet), by=order.client.am.email)


def _between(view: View, rng: Random, client: Client, sheet: dict[str, Any]) -> int:
    """Where a row can be inserted: among or right below the orders of a tab, not inside a merged cell."""
    last = below(view.twin, client, sheet)
    found = [row for row in range(first_row(view.twin, client), last + 1) if not _inside_merge(sheet, row)]
    return rng.choice(found)


def _inside_merge(sheet: dict[str, Any], row: int) -> bool:
    return any(merge["startRowIndex"] < row - 1 < merge["endRowIndex"] for merge in sheet.get("merges", ()))


def _edit(row: TrackerRow, **told: Any) -> Told:
    return {**_at(row), **told, "op": "edit_row"}


def _at(row: TrackerRow) -> Told:
    place = {"spreadsheet_id": row.spreadsheet_id, "sheet_id": row.sheet_id, "row": row.row}
    return {**place, "by": row.client.am.email}


def row_status(view: View, rng: Random) -> Told | None:
    row = _one(rng, (row for row in view.rows() if row.day >= view.today - timedelta(days=10)))
    if row is None:
        return None
    ahead = row.day > view.today
    wanted: tuple[str, ...] = (
        ("scheduled", "assigned", "rescheduled", "on_hold", "cancelled") if ahead else ("done", "done", "on_hold")
    )
    if row.client.ticks_boxes:
        wanted = ("scheduled",) if row.status == "done" else ("done",)
    status = rng.choice([code for code in wanted if code != row.status] or ["done"])
    return _edit(row, status=status)


def row_date(view: View, rng: Random) -> Told | None:
    """Another day of the same month: a tab holds its month."""
    row = _one(rng, (row for row in view.loose_rows() if row.day >= view.today))
    if row is None:
        return None
    day = row.day + timedelta(days=rng.choice((-2, -1, 1, 2, 3)))
    if day.month != row.day.month or not view.free(row.client, row.outlet, day):
        return None
    return _edit(row, date=day.isoformat())


def row_technicians(view: View, rng: Random) -> Told | None:
    row = _one(rng, (row for row in view.rows() if row.day >= view.today))
    if row is None:
        return None
    people = rng.sample(view.world.staff.technicians, rng.choice((1, 1, 2)))
    return _edit(row, technicians=[person.code for person in people])


def insert_row(view: View, rng: Random) -> Told | None:
    """An empty one, as people leave between days."""
    client, sheet = rng.choice(view.tabs())
    row = _between(view, rng, client, sheet)
    return {**_in_tab(client, sheet), "row": row}


def delete_row(view: View, rng: Random) -> Told | None:
    row = _one(rng, view.loose_rows())
    return None if row is None else _at(row)


def copy_row(view: View, rng: Random) -> Told | None:
    row = _one(rng, (row for row in view.loose_rows() if row.day >= view.today - timedelta(days=10)))
    return None if row is None else _at(row)


def _in_tab(client: Client, sheet: dict[str, Any]) -> Told:
    place = {"spreadsheet_id": client.spreadsheet_id, "sheet_id": sheet["properties"]["sheetId"]}
    return {**place, "by": client.am.email}


def sort_tab(view: View, rng: Random) -> Told | None:
    """The rows of a month by date, outlet or status, from the first below the header to the last order."""
    tabs = [tab for tab in view.tabs() if sum(MARK in row for row in tab[1]["data"][0]["rowData"]) > 4]
    if not tabs:
        return None
    client, sheet = rng.choice(tabs)
    style = trackers.style_of(client, view.world.seed)
    at = style.first_column + style.columns.index(rng.choice(("date", "date", "outlet", "status")))
    rows = {"first_row": first_row(view.twin, client), "last_row": below(view.twin, client, sheet) - 1}
    return {**_in_tab(client, sheet), **rows, "column": chr(ord("A") + at), "descending": rng.random() < 0.3}


def rename_tab(view: View, rng: Random) -> Told | None:
    """The same month spelled in another way."""
    client, sheet = rng.choice(view.tabs())
    year, month = (int(part) for part in sheet["data"][0][MONTH].split("-"))
    used = {other["properties"]["title"] for other in view.world.spreadsheets[client.spreadsheet_id]["sheets"]}
    short = SHORT_MONTHS[month - 1][0]
    spelled = (f"{MONTHS[month - 1]} {year}", f"{TAB_MONTHS[month - 1]} {year % 100:02}", f"{short} {year}")
    title = _one(rng, (spelling for spelling in spelled if spelling not in used))
    return None if title is None else {**_in_tab(client, sheet), "title": title}


def add_month(view: View, rng: Random) -> Told | None:
    """The tab of the coming month, laid out before it begins."""
    month = f"{(view.today.replace(day=1) + timedelta(days=32)):%Y-%m}"
    without = [
        client
        for client in view.world.clients
        if all(sheet["data"][0][MONTH] != month for sheet in month_tabs(view.twin, client))
    ]
    client = _one(rng, without)
    return None if client is None else {"client": client.slug, "month": month, "by": client.am.email}


CHOICES: dict[str, Callable[[View, Random], Told | None]] = {
    choice.__name__: choice
    for choice in (
        *(enter, assign, unassign, complete, uncomplete, reschedule, comment, trash, restore, purge, archive, move),
        *(archive_list, restore_list, archive_project, restore_project, type_row, row_status, row_date),
        *(row_technicians, insert_row, delete_row, copy_row, sort_tab, rename_tab, add_month),
    )
}
