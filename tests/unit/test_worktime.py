"""The one calendar, to the minute: 6 October 2026 is a Tuesday."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekap.worktime import JAKARTA, Calendar, lead_days, notice

DAILY = Calendar()
HOLIDAY = Calendar(closed={date(2026, 10, 7), date(2026, 10, 8)})
SHORT = Calendar(opens=time(8, 30), closes=time(17))


def at(text: str) -> datetime:
    """`06 09:15` is that moment of October 2026 in Jakarta."""
    day, clock = text.split()
    return datetime.fromisoformat(f"2026-10-{day}T{clock}:00").replace(tzinfo=JAKARTA)


@pytest.mark.parametrize(
    ("calendar", "start", "end", "minutes"),
    [
        (DAILY, "06 09:00", "06 10:30", 90),
        (DAILY, "06 07:00", "06 08:30", 30),
        (DAILY, "06 19:30", "06 21:00", 30),
        (DAILY, "06 20:00", "07 08:00", 0),
        (DAILY, "06 19:59", "07 08:01", 2),
        (DAILY, "06 08:00", "06 20:00", 720),
        (DAILY, "06 08:00", "08 20:00", 3 * 720),
        (DAILY, "06 10:00", "06 09:00", 0),
        (DAILY, "07 10:00", "06 09:00", 0),
        (DAILY, "06 10:00", "06 10:00", 0),
        (DAILY, "10 19:00", "11 09:00", 120),
        (HOLIDAY, "06 19:00", "09 09:00", 120),
        (HOLIDAY, "07 08:00", "08 20:00", 0),
        (SHORT, "06 08:00", "06 18:00", 510),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_minutes_between_two_moments(calendar: Calendar, start: str, end: str, minutes: int) -> None:
    assert calendar.minutes(at(start), at(end)) == minutes


@pytest.mark.parametrize(
    ("calendar", "start", "minutes", "end"),
    [
        (DAILY, "06 09:00", 120, "06 11:00"),
        (DAILY, "06 18:00", 120, "06 20:00"),
        (DAILY, "06 18:00", 121, "07 08:01"),
        (DAILY, "06 19:00", 120, "07 09:00"),
        (DAILY, "06 20:00", 1, "07 08:01"),
        (DAILY, "06 22:15", 120, "07 10:00"),
        (DAILY, "06 05:00", 30, "06 08:30"),
        (DAILY, "06 08:00", 720, "06 20:00"),
        (DAILY, "06 08:00", 1440, "07 20:00"),
        (DAILY, "06 22:15", 0, "06 22:15"),
        (HOLIDAY, "06 19:00", 120, "09 09:00"),
        (HOLIDAY, "07 12:00", 60, "09 09:00"),
        (HOLIDAY, "06 19:00", 60, "06 20:00"),
        (SHORT, "06 16:00", 90, "07 09:00"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_moment_when_working_time_is_over(calendar: Calendar, start: str, minutes: int, end: str) -> None:
    assert calendar.deadline(at(start), minutes) == at(end)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)
hours = st.tuples(st.integers(0, 1439), st.integers(0, 1439)).filter(lambda pair: pair[0] < pair[1])
calendars = st.builds(
    lambda pair, closed: Calendar(time(*divmod(pair[0], 60)), time(*divmod(pair[1], 60)), frozenset(closed)),
    hours,
    st.sets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=10),
)


@given(calendars, moments, st.integers(0, 3000))
def test_as_many_minutes_lie_before_a_deadline_as_were_given(calendar: Calendar, start: datetime, given: int) -> None:
    assert calendar.minutes(start, calendar.deadline(start, given)) == given


@given(calendars, moments, st.integers(1, 3000))
def test_a_deadline_is_the_first_such_moment_and_lies_in_working_time(
    calendar: Calendar, start: datetime, given: int
) -> None:
    deadline = calendar.deadline(start, given)
    assert calendar.minutes(start, deadline - timedelta(minutes=1)) == given - 1
    hours = calendar.hours(deadline.date())
    assert hours is not None
    assert hours[0] < deadline <= hours[1]


@given(calendars, moments, moments, moments)
def test_minutes_of_parts_add_up(calendar: Calendar, one: datetime, two: datetime, three: datetime) -> None:
    one, two, three = sorted((one, two, three))
    assert calendar.minutes(one, two) + calendar.minutes(two, three) == calendar.minutes(one, three)


@given(calendars, moments)
def test_the_next_opening_is_open_and_nothing_was_open_before(calendar: Calendar, moment: datetime) -> None:
    opening = calendar.next_open(moment)
    assert opening >= moment
    assert calendar.is_open(opening)
    assert calendar.minutes(moment, opening) == 0


def test_opening_time_is_open_and_closing_time_is_not() -> None:
    assert DAILY.is_open(at("06 08:00"))
    assert not DAILY.is_open(at("06 20:00"))
    assert not HOLIDAY.is_open(at("07 12:00"))


def test_moments_of_any_zone_are_cut_into_days_in_the_calendars_own() -> None:
    assert DAILY.minutes(datetime(2026, 10, 6, 0, 30, tzinfo=UTC), datetime(2026, 10, 6, 2, 0, tzinfo=UTC)) == 60
    tokyo = Calendar(zone=ZoneInfo("Asia/Tokyo"))
    assert tokyo.deadline(at("06 05:30"), 60) == at("06 07:00")


def test_hours_that_end_before_they_begin_are_refused() -> None:
    with pytest.raises(ValueError, match="must lie after"):
        Calendar(opens=time(20), closes=time(8))


def test_a_calendar_without_any_working_day_says_so_and_does_not_search_for_ever() -> None:
    class Everything:
        def __contains__(self, day: object) -> bool:
            return True

    with pytest.raises(ValueError, match="no working time within ten years"):
        Calendar(closed=Everything()).deadline(at("06 09:00"), 1)  # type: ignore[arg-type]  # only `in` is asked


@pytest.mark.parametrize(
    ("created", "service_on", "days", "told"),
    [
        ("06 09:00", date(2026, 10, 8), 2, "on_time"),
        ("06 23:59", date(2026, 10, 8), 2, "on_time"),
        ("07 00:01", date(2026, 10, 8), 1, "short_notice"),
        ("08 09:00", date(2026, 10, 8), 0, "short_notice"),
        ("09 09:00", date(2026, 10, 8), -1, "short_notice"),
    ],
)
def test_clients_book_two_days_ahead(created: str, service_on: date, days: int, told: str) -> None:
    utc = at(created).astimezone(UTC)
    assert lead_days(utc, service_on) == days
    assert notice(utc, service_on) == told
