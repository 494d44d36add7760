"""The unassigned ladder (docs/rules.md): on which step an order without technician stands. Pure: no warehouse, no
wall.

| step | from | answering time of the step before | told |
|---|---|---|---|
| 1 | grace over | - | PIC |
| 2 | H-2, 08:00 | 4 working hours | PIC, AM |
| 3 | H-1, 08:00 | 2 working hours | PIC, AM; the head in the 16:30 list |
| 4 | H-0, 08:00 | 30 minutes | PIC, AM, head |
| 5 | H-0, 20:00 | - | nobody |
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from rekap import settings
from rekap.worktime import Calendar

SILENT = 5


@dataclass(frozen=True)
class Order:
    """What the ladder looks at. `entered_at`: entry in Basecamp. `date_seen_at`: when Rekap first saw this service
    date; from H-2 on that is late. `calendar`: the hours of the person who must act."""

    entered_at: datetime
    service_date: date | None
    date_seen_at: datetime
    calendar: Calendar


@dataclass(frozen=True)
class Move:
    """The step reached now, and since when it was due."""

    step: int
    due_at: datetime


def grace_over(order: Order, ladder: settings.Ladder) -> datetime:
    """When assigning stops being the PIC's normal work: 2 working hours after entry; 30 minutes as soon as the visit is
    tomorrow, nothing as soon as it is today."""
    over = order.calendar.deadline(order.entered_at, ladder.grace_minutes)
    if order.service_date is None:
        return over
    tomorrow = order.calendar.deadline(order.entered_at, ladder.grace_minutes_tomorrow)
    return min(
        over,
        max(tomorrow, _at(order, order.service_date - timedelta(days=1), time())),
        max(order.entered_at, _at(order, order.service_date, time())),
    )


def move(now: datetime, order: Order, step: int, told_at: datetime | None, ladder: settings.Ladder) -> Move | None:
    """The next step of an order that stands on `step` (0: never told) since `told_at`, the moment at which the person
    who must act was told; None while it stays. One step up at a time; down to what the date allows, when it moved away.
    A visit whose evening has come goes to the silent step at once."""
    highest = _highest(now, order, ladder)
    if highest == SILENT:
        assert order.service_date is not None  # only a date leads there
        return None if step == SILENT else Move(SILENT, _at(order, order.service_date, ladder.ends))
    if step == 0 or told_at is None:
        due = grace_over(order, ladder)
        return Move(1, due) if due <= now else None
    if step > highest:
        return Move(highest, now)
    if step == highest or order.service_date is None:
        return None
    due = max(
        starts(step + 1, order, order.service_date, ladder),
        order.calendar.deadline(told_at, _answering(step + 1, order, order.service_date, ladder)),
    )
    return Move(step + 1, due) if due <= now else None


def starts(step: int, order: Order, service_date: date, ladder: settings.Ladder) -> datetime:
    """From when a step from 2 on may be reached."""
    if step == SILENT:
        return _at(order, service_date, ladder.ends)
    return _at(order, service_date - timedelta(days=4 - step), ladder.step_time)


def last_call(order: Order, ladder: settings.Ladder) -> datetime | None:
    """When the head is given the list of what still has no technician for tomorrow: H-1, 16:30."""
    return None if order.service_date is None else _at(order, order.service_date - timedelta(days=1), ladder.last_call)


def _highest(now: datetime, order: Order, ladder: settings.Ladder) -> int:
    """The highest step whose date is reached."""
    if order.service_date is None:
        return 1
    return max(
        (step for step in range(2, SILENT + 1) if starts(step, order, order.service_date, ladder) <= now), default=1
    )


def _answering(step: int, order: Order, service_date: date, ladder: settings.Ladder) -> int:
    """Working minutes that the step before `step` is given."""
    if order.date_seen_at >= starts(2, order, service_date, ladder):
        return ladder.answer_minutes_late
    return {2: ladder.answer_minutes_2, 3: ladder.answer_minutes_3, 4: ladder.answer_minutes_4}[step]


def _at(order: Order, on: date, at: time) -> datetime:
    return datetime.combine(on, at, order.calendar.zone)
