"""Puts the world together: people, clients, orders and troubles first, then what each service shows of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sandbox.world import clients as client_register
from sandbox.world import drive, entries, ordinary, people, rows, trackers, troubles
from sandbox.world.account import Account
from sandbox.world.desk import Desk
from sandbox.world.model import WIB, Client, Order, TrackerRow, Trouble
from sandbox.world.people import Staff
from sandbox.world.projects import Projects

DEFAULT_NOW = datetime(2026, 10, 6, 11, 30, tzinfo=WIB)
DEFAULT_CLIENTS = 14
DEFAULT_ORDERS_PER_MONTH = 420
VISIBLE_ORDERS = 20
VISITS_A_MONTH = 26
ACCOUNT_ID = 5_318_204


@dataclass
class World:
    """Everything there is. ``orders`` hold the truth, ``account`` what Basecamp shows, the rest what Google shows.

    ``spreadsheets`` maps ids to Spreadsheet resources (Sheets API v4), ``drive_files`` are File resources (Drive v3)
    of the shared drive in ``shared_drives``. ``rows`` are what the trackers' rows tell, by spreadsheet; ``marked`` says
    that the rows of the sheets carry their numbers.
    """

    seed: int
    now: datetime
    staff: Staff
    clients: list[Client]
    orders: list[Order]
    troubles: list[Trouble]
    account: Account
    first_day: date
    master_schedule_id: str
    spreadsheets: dict[str, dict[str, Any]] = field(default_factory=dict)
    shared_drives: list[dict[str, Any]] = field(default_factory=list)
    drive_files: list[dict[str, Any]] = field(default_factory=list)
    rows: dict[str, list[TrackerRow]] = field(default_factory=dict, repr=False)
    marked: bool = False
    _by_id: dict[int, Order] = field(default_factory=dict, repr=False)

    def order(self, order_id: int) -> Order | None:
        """The order with this to-do id, purged ones included."""
        if order_id not in self._by_id:
            self._by_id = {order.order_id: order for order in self.orders if order.in_basecamp}
        return self._by_id.get(order_id)


def build(
    seed: int,
    now: datetime = DEFAULT_NOW,
    clients: int = DEFAULT_CLIENTS,
    orders_per_month: int = DEFAULT_ORDERS_PER_MONTH,
) -> World:
    """The world of one seed.

    Orders lie in the three full months before ``now`` and from today to ten days ahead; troubles come on top of them.
    Raises ValueError when ``now`` has no zone or lies outside 10:00-17:30 WIB: the planted graces end around it.
    """
    if now.tzinfo is None:
        raise ValueError(f"now needs a zone, got {now.isoformat()}: add +07:00")
    local = now.astimezone(WIB)
    if not 10 * 60 <= local.hour * 60 + local.minute <= 17 * 60 + 30:
        raise ValueError(f"the sandbox plants graces around now, which must lie in 10:00-17:30 WIB, not {local:%H:%M}")
    # Nobody can be at more than two visits a day, however many orders a benchmark asks for.
    technicians = max(people.TECHNICIANS, orders_per_month // VISITS_A_MONTH)
    staff = people.make(Random(f"{seed}/people"), technicians)
    register = client_register.make(clients, staff, Random(f"{seed}/clients"))
    desk = Desk(seed, local, staff, register)
    account = Account(ACCOUNT_ID)
    projects = Projects(account, staff, desk.at(desk.first_day - timedelta(days=40), 9))
    projects.users()
    shelves = projects.shelves(register, desk.first_day.month)
    troubles.plant(desk)
    ordinary.plant(desk, orders_per_month)
    ordinary.show_to_clients(desk, VISIBLE_ORDERS)
    projects.internal(seed, local)
    entries.write(account, desk.orders, shelves, seed, local)
    world = World(
        seed=seed,
        now=local,
        staff=staff,
        clients=register,
        orders=desk.orders,
        troubles=desk.troubles,
        account=account,
        first_day=desk.first_day,
        master_schedule_id=trackers.file_id(seed, "master"),
    )
    in_tracker: dict[str, list[Order]] = defaultdict(list)
    for order in desk.orders:
        if order.in_tracker:
            in_tracker[order.client.slug].append(order)
    for client in register:
        client.spreadsheet_id = trackers.file_id(seed, f"tracker/{client.slug}")
        client.drive_folder_id = drive.folder_id(seed, client.slug)
        world.spreadsheets[client.spreadsheet_id] = trackers.draw(client, in_tracker[client.slug], seed, account.id)
        for order in in_tracker[client.slug]:
            rows.note(world, order)
    world.spreadsheets[world.master_schedule_id] = trackers.master_schedule(world.master_schedule_id)
    world.shared_drives, world.drive_files = drive.files(world)
    return world
