"""An order without technician, as the ladder and its messages look at it."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from rekap import warehouse
from rekap.incidents import ladder
from rekap.run import Run
from rekap.settings import Delivery
from rekap.worktime import Calendar


@dataclass
class Case:
    """The facts of now, and where its incident stands; `incident_id` is None and `step` 0 before it opens. `services`
    are {service, units}; `in_tracker` the technicians whom only the tracker names; `is_held` when a gate stopped the
    client."""

    order_id: int
    subject: str
    client: str
    client_name: str
    delivery: Delivery
    live_from: date | None
    am: str
    pic: str
    service_date: date | None
    time_from: time | None
    outlet_name: str | None
    services: list[dict[str, Any]]
    title: str
    url: str
    visible_to_clients: bool
    life_cycle: str
    completed: bool
    assigned: bool
    technicians: list[str]
    in_tracker: list[str]
    created_at: datetime
    first_seen_at: datetime
    is_found: bool
    is_complete: bool
    is_held: bool
    incident_id: int | None = None
    state: str | None = None
    step: int = 0
    told_at: datetime | None = None
    told_date: date | None = None
    snoozed_until: datetime | None = None
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def value(self) -> dict[str, Any]:
        """What a dismissal was about: it opens again when this changes."""
        return {
            "service_date": self.service_date and self.service_date.isoformat(),
            "time": self.time_from and self.time_from.isoformat("minutes"),
            "outlet": self.outlet_name,
            "services": self.services,
        }

    def date_seen_at(self, now: datetime) -> datetime:
        """When Rekap first saw the present service date."""
        if self.incident_id is None:
            return self.first_seen_at
        if self.service_date != self.told_date:
            return now
        kept = self.details.get("date_seen_at")
        return datetime.fromisoformat(kept) if kept else self.first_seen_at

    def order(self, now: datetime, calendar: Calendar) -> ladder.Order:
        """What the ladder needs; `calendar` is the hours of the person who must act."""
        return ladder.Order(self.created_at, self.service_date, self.date_seen_at(now), calendar)

    def is_near(self, on: date) -> bool:
        """Whether the visit is today or tomorrow, seen from the day `on`."""
        return self.service_date is not None and (self.service_date - on).days <= 1


def read(conn: warehouse.Connection, run: Run) -> list[Case]:
    """Every order that is found without technician, or whose incident is not over; most urgent first."""
    rows = warehouse.execute(conn, "40_outputs/incidents_unassigned", {"today": run.today})
    return [Case(**row | {"step": row["step"] or 0, "details": row["details"] or {}}) for row in rows]
