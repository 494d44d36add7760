"""The truth of the world as JSON, for whoever judges a run against it."""

from __future__ import annotations

from typing import Any

from sandbox.world import rows
from sandbox.world.building import World
from sandbox.world.model import Client, Order, Person, TrackerRow


def tell(world: World) -> dict[str, Any]:
    """The document of ``GET /_sandbox/truth``: now, clients, people, orders (one entry a visit), rows, troubles."""
    rows.settle(world)
    entered = sorted((order for order in world.orders if order.in_basecamp), key=lambda order: order.order_id)
    first_day = world.first_day.isoformat()
    return {
        "now": world.now.isoformat(),
        "seed": world.seed,
        "clients": [_client(client, first_day) for client in world.clients],
        "people": [_person(person) for person in world.staff.everybody],
        "orders": [_order(world, order) for order in entered],
        "rows": sorted((_row(row) for told in world.rows.values() for row in told if row.row), key=_place),
        "troubles": [
            {"kind": trouble.kind, "subject": trouble.subject}
            | ({"settles_at": trouble.settles_at.isoformat()} if trouble.settles_at else {})
            | ({"problem": trouble.problem} if trouble.problem else {})
            for trouble in world.troubles
        ],
    }


def _client(client: Client, first_day: str) -> dict[str, Any]:
    return {
        "slug": client.slug,
        "name": client.name,
        "scopes": client.scopes,
        "spreadsheet_id": client.spreadsheet_id,
        "drive_folder_id": client.drive_folder_id,
        "documentation": client.documentation,
        "delivery": client.delivery,
        "language": client.language,
        "am": client.am.code,
        "pic": client.pic.code,
        "active_from": first_day,
        "live_from": first_day,
        "outlets": [
            {"code": outlet.code, "name": outlet.name, "aliases": list(outlet.aliases), "area": outlet.area}
            for outlet in client.outlets
        ],
    }


def _person(person: Person) -> dict[str, Any]:
    return {
        "code": person.code,
        "name": person.name,
        "email": person.email,
        "basecamp_id": person.basecamp_id,
        "roles": list(person.roles),
        "language": person.language,
        "aliases": list(person.aliases),
    }


def _visit(order: Order) -> dict[str, Any]:
    return {
        "client": order.client.slug,
        "outlet": order.outlet.code,
        "services": [{"service": code, "units": units} for code, units in order.services],
        "date": order.day.isoformat(),
        "status": order.status,
    }


def _order(world: World, order: Order) -> dict[str, Any]:
    todo = world.account.todos.get(order.order_id)
    project = world.account.projects[todo.project_id] if todo is not None else None
    return {
        "order_id": order.order_id,
        "n": 1,
        **_visit(order),
        "time": order.time,
        "technicians": [person.code for person in order.technicians],
        "photos": list(order.photo_sha256),
        "service_month": order.day.isoformat()[:7],
        "visible_to_clients": order.visible_to_clients,
        "assigned": order.assigned,
        "life_cycle": order.life_cycle,
        "completed": todo is not None and todo.completed_at is not None,
        "visible_to_rekap": project is not None and world.staff.robot.basecamp_id not in project.hidden_from,
        "unreadable": sorted(order.field_unknown),
    }


def _row(row: TrackerRow) -> dict[str, Any]:
    """``client``, ``outlet``, ``services``, ``date`` and ``row_status`` are what the row itself tells.

    ``status`` is what became of the visit; a row that a trouble was planted on may tell less or something else.
    """
    return {
        "spreadsheet_id": row.spreadsheet_id,
        "sheet_id": row.sheet_id,
        "row": row.row,
        "order_id": row.order.order_id or None,
        "n": 1 if row.order.order_id else None,
        "client": row.client.slug,
        "outlet": row.outlet.code,
        "services": [{"service": code, "units": units} for code, units in row.services],
        "date": row.day.isoformat(),
        "status": row.order.status,
        "row_status": row.status,
    }


def _place(row: dict[str, Any]) -> tuple[str, int, int]:
    return row["spreadsheet_id"], row["sheet_id"], row["row"]
