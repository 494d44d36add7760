"""One calendar for every rule: working minutes, deadlines and H-2 (docs/rules.md).

Working time is the hours from `opens` to `closes` of every day, less `closed` days; moments are aware, and cut into
days in `zone`. Lead days are calendar days.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

JAKARTA = ZoneInfo("Asia/Jakarta")
NOTICE_DAYS = 2


@dataclass(frozen=True)
class Calendar:
    """Office hours of a person or of the house. A day lasts from `opens` to `closes`, except the `closed` ones."""

    opens: time = time(8)
    closes: time = time(20)
    closed: Collection[date] = field(default_factory=frozenset)
    zone: ZoneInfo = JAKARTA

    def __post_init__(self) -> None:
        if self.closes <= self.opens:
            raise ValueError(f"closing time {self.closes} must lie after opening time {self.opens}")

    def hours(self, day: date) -> tuple[datetime, datetime] | None:
        """Opening and closing moment of a day, or None when it is closed."""
        if day in self.closed:
            return None
        return datetime.combine(day, self.opens, self.zone), datetime.combine(day, self.closes, self.zone)

    def minutes(self, start: datetime, end: datetime) -> int:
        """Whole working minutes between two moments; 0 when the end lies before the start."""
        total = timedelta()
        start, end = start.astimezone(self.zone), end.astimezone(self.zone)
        day = start.date()
        while day <= end.date():
            if hours := self.hours(day):
                total += max(timedelta(), min(end, hours[1]) - max(start, hours[0]))
            day += timedelta(days=1)
        return int(total.total_seconds() // 60)

    def deadline(self, start: datetime, minutes: int) -> datetime:
        """The moment at which `minutes` of working time have passed; one that falls on closing time stays on that day.
        Nothing to wait for is over at once. Raises ValueError when no working day is found within ten years."""
        left = timedelta(minutes=minutes)
        at = start.astimezone(self.zone)
        if not left:
            return at
        day = at.date()
        for _ in range(3660):
            if hours := self.hours(day):
                begin = max(at, hours[0])
                if begin < hours[1]:
                    if left <= hours[1] - begin:
                        return begin + left
                    left -= hours[1] - begin
            day += timedelta(days=1)
        raise ValueError(f"no working time within ten years after {start.isoformat()}: look at the closed days")

    def is_open(self, at: datetime) -> bool:
        """Whether a moment lies within working time (closing time itself does not)."""
        local = at.astimezone(self.zone)
        hours = self.hours(local.date())
        return hours is not None and hours[0] <= local < hours[1]

    def next_open(self, at: datetime) -> datetime:
        """The moment itself when it is working time, else the next opening."""
        if self.is_open(at):
            return at
        opening = self.deadline(at, 1) - timedelta(minutes=1)
        return max(opening, at.astimezone(self.zone))


def lead_days(created: datetime, service_on: date, zone: ZoneInfo = JAKARTA) -> int:
    """Calendar days between the local date of entry and the service date."""
    return (service_on - created.astimezone(zone).date()).days


def notice(created: datetime, service_on: date, zone: ZoneInfo = JAKARTA) -> str:
    """`on_time` or `short_notice`: clients book at least two days ahead (H-2)."""
    return "on_time" if lead_days(created, service_on, zone) >= NOTICE_DAYS else "short_notice"
