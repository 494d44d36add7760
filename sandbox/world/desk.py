"""The desk where orders are written down: keeps every (client, outlet, day) apart, so that no two visits look alike."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import accumulate
from random import Random
from typing import Any

from sandbox.world.model import WIB, Client, Order, Outlet, Person, Trouble
from sandbox.world.people import Staff

UPCOMING_DAYS = 10
SERVICES = (
    ("cleaning", 52),
    ("deep_cleaning", 9),
    ("repair", 12),
    ("inspection", 6),
    ("freon_topup", 8),
    ("installation", 4),
    ("dismantle", 2),
    ("relocation", 3),
    ("part_replacement", 4),
)
TIMES = ("08:30", "09:00", "09:30", "10:00", "10:30", "11:00", "13:00", "13:30", "14:00", "15:00", "16:00", "17:00")


class Desk:
    """Where the seeded orders and troubles come from."""

    def __init__(self, seed: int, now: datetime, staff: Staff, clients: list[Client]) -> None:
        self.seed = seed
        self.now = now
        self.today = now.astimezone(WIB).date()
        self.staff = staff
        self.clients = clients
        self.orders: list[Order] = []
        self.troubles: list[Trouble] = []
        self._taken: set[tuple[str, str, date]] = set()
        self._kept_apart: set[tuple[str, str]] = set()

    @cached_property
    def sizes(self) -> list[int]:
        """How much the clients order, each weight added to the ones before it."""
        return list(accumulate(3 + (len(self.clients) - client.number) for client in self.clients))

    @property
    def months(self) -> list[date]:
        """First days of the three full months before today, oldest first."""
        first = self.today.replace(day=1)
        found: list[date] = []
        for _ in range(3):
            first = (first - timedelta(days=1)).replace(day=1)
            found.insert(0, first)
        return found

    @property
    def first_day(self) -> date:
        return self.months[0]

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(day, time(hour, minute), WIB)

    def is_free(self, order: Order, day: date) -> bool:
        """Whether the outlet of ``order`` has no visit on ``day``."""
        return (order.client.slug, order.outlet.code, day) not in self._taken

    def free_outlet(self, client: Client, day: date, rng: Random) -> Outlet | None:
        """An outlet of the client without a visit on that day, None when there is none."""
        free = [
            o for o in client.outlets if (client.slug, o.code, day) not in self._taken and not self.apart(client, o)
        ]
        return rng.choice(free) if free else None

    def keep_apart(self, client: Client, rng: Random) -> Outlet:
        """An outlet that only one planted trouble uses: a row that may be any order must not hide another trouble."""
        free = [o for o in client.outlets if not self.apart(client, o)]
        used = {(slug, code) for slug, code, _ in self._taken}
        unused = [o for o in free if (client.slug, o.code) not in used]
        if not unused:
            raise LookupError(f"{client.slug} has no outlet left for another trouble of its own")
        outlet = rng.choice(unused)
        self._kept_apart.add((client.slug, outlet.code))
        return outlet

    def apart(self, client: Client, outlet: Outlet) -> bool:
        return (client.slug, outlet.code) in self._kept_apart

    def write(self, order: Order) -> Order:
        """Note an order; raises ValueError when its outlet already has a visit on that day."""
        key = (order.client.slug, order.outlet.code, order.day)
        if key in self._taken:
            raise ValueError(f"{key} already has an order")
        self._taken.add(key)
        self.orders.append(order)
        return order

    def trouble(self, kind: str, order: Order, about: str = "order", **told: Any) -> None:
        """Write a trouble down; ``told`` is ``settles_at`` or ``problem``."""
        self.troubles.append(Trouble(kind, order, about, **told))

    def services(self, rng: Random) -> list[tuple[str, int]]:
        """What is ordered: mostly one service, sometimes cleaning with freon."""
        if rng.random() < 0.08:
            units = rng.randint(2, 6)
            return [("cleaning", units), ("freon_topup", rng.randint(1, units))]
        code = rng.choices([code for code, _ in SERVICES], [weight for _, weight in SERVICES])[0]
        return [(code, rng.randint(1, 8) if code in {"cleaning", "deep_cleaning", "inspection"} else rng.randint(1, 3))]

    def crew(self, rng: Random) -> list[Person]:
        people = self.staff.with_account
        return rng.sample(people, 2 if rng.random() < 0.3 else 1)

    def entered(self, day: date, rng: Random) -> datetime:
        """When an ordinary order was entered: two to nine days before the visit, never before the first seeded day."""
        at = self.at(day - timedelta(days=rng.randint(2, 9)), rng.randint(8, 19), rng.randint(0, 59))
        at += timedelta(seconds=rng.randint(0, 59), milliseconds=rng.randint(0, 999))
        earliest = self.at(self.first_day, 7) + timedelta(
            seconds=rng.randint(0, 5400), milliseconds=rng.randint(0, 999)
        )
        latest = self.now - timedelta(hours=3, seconds=rng.randint(0, 5400), milliseconds=rng.randint(0, 999))
        return min(max(at, earliest), latest)

    def order(self, client: Client, day: date, rng: Random, outlet: Outlet | None = None, **told: Any) -> Order:
        """Write an order with ordinary contents; ``told`` overrides any field of Order.

        Raises LookupError when every outlet of the client already has a visit on that day.
        """
        outlet = outlet or self.free_outlet(client, day, rng)
        if outlet is None:
            raise LookupError(f"{client.slug} has no outlet free on {day}")
        fields: dict[str, Any] = {
            "time": rng.choice(TIMES),
            "services": self.services(rng),
            "technicians": self.crew(rng),
            "status": "assigned",
            "entered_at": self.entered(day, rng),
            "tracker_status": "scheduled",
        }
        fields.update(told)
        return self.write(Order(client, outlet, day, **fields))

    def done(self, client: Client, day: date, rng: Random, **told: Any) -> Order:
        """Write an order that was carried out on its day, told alike by both sides."""
        order = self.order(client, day, rng, **{"status": "done", "tracker_status": "done", **told})
        self.finish(order, rng)
        return order

    def finish(self, order: Order, rng: Random) -> None:
        """Tick the order off in Basecamp one to three hours after the visit's time, not later than now."""
        hour, minute = (int(part) for part in (order.time or "13:00").split(":"))
        at = self.at(order.day, hour, minute) + timedelta(
            minutes=rng.randint(55, 200), milliseconds=rng.randint(0, 999)
        )
        order.completed_at = min(at, self.now - timedelta(minutes=rng.randint(3, 20)))
        accounts = [person for person in order.technicians if person.basecamp_id is not None]
        order.completed_by = accounts[0] if accounts and rng.random() < 0.7 else order.client.pic
