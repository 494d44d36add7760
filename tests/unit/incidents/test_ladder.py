"""The unassigned ladder to the minute (docs/rules.md). Today is Tuesday, 6 October 2026; times are WIB."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from rekap.incidents import ladder
from rekap.incidents.ladder import Move, Order
from rekap.settings import Ladder
from rekap.worktime import Calendar

JAKARTA = ZoneInfo("Asia/Jakarta")
RULES = Ladder()


def moment(text: str) -> datetime:
    """`6 11:30`: day of October 2026 and time."""
    day, clock = text.split()
    return datetime.combine(date(2026, 10, int(day)), time.fromisoformat(clock), JAKARTA)


def order(entered: str, day: int | None, *, seen: str | None = None, calendar: Calendar | None = None) -> Order:
    on = date(2026, 10, day) if day else None
    return Order(moment(entered), on, moment(seen or entered), calendar or Calendar())


@pytest.mark.parametrize(
    ("entered", "day", "over"),
    [
        ("6 09:00", 12, "6 11:00"),  # two working hours
        ("6 09:00", None, "6 11:00"),  # without a date too
        ("6 19:00", 12, "7 09:00"),  # the night does not count
        ("6 23:15", 12, "7 10:00"),  # entered after hours: from the next opening
        ("6 09:00", 7, "6 09:30"),  # tomorrow: half an hour
        ("6 19:45", 7, "7 00:00"),  # its day has come before the half hour is over
        ("6 09:00", 6, "6 09:00"),  # today: no grace
        ("5 19:00", 7, "6 00:00"),  # tomorrow since midnight: the half hour lies behind
        ("5 19:50", 7, "6 08:20"),
        ("5 22:00", 6, "6 00:00"),  # for today since midnight
        ("6 09:00", 5, "6 09:00"),  # a day that has passed
        ("6 09:00", 8, "6 11:00"),  # the day after tomorrow: the whole grace
    ],
)
def test_the_grace(entered: str, day: int | None, over: str) -> None:
    assert ladder.grace_over(order(entered, day), RULES) == moment(over)


def test_the_grace_runs_in_the_hours_of_the_person_who_must_act() -> None:
    short = Calendar(time(9), time(12), frozenset({date(2026, 10, 7)}))
    assert ladder.grace_over(order("6 11:00", 12, calendar=short), RULES) == moment("8 10:00")


@pytest.mark.parametrize(
    ("step", "told", "entered", "seen", "day", "now", "expected"),
    [
        # grace
        (0, None, "6 09:00", None, 12, "6 10:59", None),
        (0, None, "6 09:00", None, 12, "6 11:00", (1, "6 11:00")),
        # 2: H-2, 08:00 and four working hours since the PIC was told
        (1, "6 11:30", "6 09:00", None, 12, "9 20:00", None),
        (1, "6 11:30", "6 09:00", None, 12, "10 07:59", None),
        (1, "6 11:30", "6 09:00", None, 12, "10 08:00", (2, "10 08:00")),
        (1, "6 16:30", "6 14:00", None, 9, "7 08:29", None),
        (1, "6 16:30", "6 14:00", None, 9, "7 08:30", (2, "7 08:30")),
        # 3: H-1, 08:00 and two working hours since step 2
        (2, "10 08:30", "6 09:00", None, 12, "11 07:59", None),
        (2, "10 08:30", "6 09:00", None, 12, "11 08:00", (3, "11 08:00")),
        (2, "10 19:00", "6 09:00", None, 12, "11 08:59", None),
        (2, "10 19:00", "6 09:00", None, 12, "11 09:00", (3, "11 09:00")),
        # 4: H-0, 08:00 and half an hour since step 3
        (3, "11 08:00", "6 09:00", None, 12, "12 07:59", None),
        (3, "11 08:00", "6 09:00", None, 12, "12 08:00", (4, "12 08:00")),
        (3, "12 08:00", "6 09:00", None, 12, "12 08:29", None),
        (3, "12 08:00", "6 09:00", None, 12, "12 08:30", (4, "12 08:30")),
        # 5: H-0, 20:00, from whatever step, and then never again
        (4, "12 08:00", "6 09:00", None, 12, "12 19:59", None),
        (4, "12 08:00", "6 09:00", None, 12, "12 20:00", (5, "12 20:00")),
        (2, "12 08:00", "6 09:00", None, 12, "12 20:00", (5, "12 20:00")),
        (0, None, "12 20:30", None, 12, "12 20:45", (5, "12 20:00")),
        (5, "12 08:00", "6 09:00", None, 12, "13 10:00", None),
        # one step at a time, though every date has come
        (1, "12 08:00", "6 09:00", None, 12, "12 12:00", (2, "12 12:00")),
        # seen late (from H-2, 08:00 on): half hours
        (0, None, "12 08:00", None, 12, "12 08:00", (1, "12 08:00")),
        (1, "12 08:00", "12 08:00", None, 12, "12 08:29", None),
        (1, "12 08:00", "12 08:00", None, 12, "12 08:30", (2, "12 08:30")),
        (2, "12 08:30", "12 08:00", None, 12, "12 09:00", (3, "12 09:00")),
        (3, "12 09:00", "12 08:00", None, 12, "12 09:30", (4, "12 09:30")),
        (1, "10 09:00", "6 09:00", "10 08:00", 12, "10 09:30", (2, "10 09:30")),
        (1, "10 09:00", "6 09:00", "10 07:59", 12, "10 12:59", None),
        (1, "10 09:00", "6 09:00", "10 07:59", 12, "10 13:00", (2, "10 13:00")),
        (2, "10 09:30", "6 09:00", "10 08:00", 12, "10 20:00", None),  # late, and still not before its date
        # a date that moved away lowers to what it allows; one that vanished, to the PIC
        (4, "6 08:00", "5 09:00", None, 12, "6 08:10", (1, "6 08:10")),
        (4, "6 08:00", "5 09:00", None, 7, "6 08:10", (3, "6 08:10")),
        (5, "6 08:00", "5 09:00", None, 8, "6 21:00", (2, "6 21:00")),
        (3, "6 08:00", "5 09:00", None, None, "6 08:10", (1, "6 08:10")),
        # without a date it stays with the PIC
        (1, "6 08:00", "1 09:00", None, None, "20 08:10", None),
    ],
)
def test_the_next_step(
    step: int,
    told: str | None,
    entered: str,
    seen: str | None,
    day: int | None,
    now: str,
    expected: tuple[int, str] | None,
) -> None:
    moved = ladder.move(moment(now), order(entered, day, seen=seen), step, moment(told) if told else None, RULES)
    assert moved == (Move(expected[0], moment(expected[1])) if expected else None)


@pytest.mark.parametrize("entered", ["1 09:00", "4 17:00", "6 10:00", "7 07:00", "7 12:00"])
def test_asked_every_minute_it_climbs_one_step_at_a_time_and_never_falls(entered: str) -> None:
    """The PIC is always told before the head, whenever the order came."""
    step, told, reached = 0, None, []
    now, visit = moment(entered), order(entered, 7)
    while now < moment("8 00:00"):
        if moved := ladder.move(now, visit, step, told, RULES):
            assert moved.step in {step + 1, ladder.SILENT} and moved.due_at <= now
            step, told = moved.step, now
            reached.append(step)
        now += timedelta(minutes=1)
    assert reached == sorted(reached) and reached[0] == 1 and reached[-1] == ladder.SILENT


def test_the_last_call_is_on_the_evening_before() -> None:
    assert ladder.last_call(order("6 09:00", 12), RULES) == moment("11 16:30")
    assert ladder.last_call(order("6 09:00", None), RULES) is None
