"""Who is told, and when, on Tuesday, 6 October 2026."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rekap.channels import hours
from rekap.run import Run
from rekap.settings import Client, Config, Person, Register, Scope, Service, Settings

JAKARTA = ZoneInfo("Asia/Jakarta")


def moment(text: str) -> datetime:
    day, clock = text.split()
    return datetime.combine(date(2026, 10, int(day)), time.fromisoformat(clock), JAKARTA)


def run(*people: Person, **settings: Any) -> Run:
    office = (Person(code="am", name="A", roles=("am",)), Person(code="pic", name="P", roles=("pic",)))
    client = Client(
        slug="k", name="K", active_from=date(2026, 7, 1), am="am", pic="pic",
        scopes=(Scope(kind="project", project_id=1),),
    )  # fmt: skip
    services = (Service(code="cleaning", minutes_per_unit=1),)
    register = Register(people=(*office, *people), clients=(client,), services=services)
    return Run("test/1", moment("6 11:30"), Config(Settings(**settings), register))


def person(code: str = "x", **more: Any) -> Person:
    return Person(code=code, name=code, roles=("manager",), **more)


@pytest.mark.parametrize(
    ("opens", "closes", "now", "gathered", "at_once"),
    [
        ("08:00", "20:00", "6 07:45", "6 08:30", "6 08:00"),
        ("08:00", "20:00", "6 08:30", "6 08:30", "6 08:30"),
        ("08:00", "20:00", "6 11:31", "6 14:30", "6 11:31"),
        ("08:00", "20:00", "6 20:00", "7 08:30", "7 08:00"),
        ("06:00", "23:00", "6 06:30", "6 08:30", "6 08:00"),  # never outside 08:00-20:00
        ("09:00", "12:00", "6 08:30", "6 11:30", "6 09:00"),
        ("12:00", "14:00", "6 08:30", "6 12:00", "6 12:00"),  # no sending time within: at opening
        ("21:00", "23:00", "6 09:00", "6 11:30", "6 09:00"),  # hours of the night give way to those of the house
    ],
)
def test_when_a_message_leaves(opens: str, closes: str, now: str, gathered: str, at_once: str) -> None:
    someone = person(opens=time.fromisoformat(opens), closes=time.fromisoformat(closes))
    company = run(someone)
    assert hours.leaves(company, someone, moment(now), at_once=False) == (someone, moment(gathered))
    assert hours.leaves(company, someone, moment(now), at_once=True) == (someone, moment(at_once))


def test_seconds_do_not_miss_a_sending_time() -> None:
    someone = person()
    late = moment("6 11:30").replace(second=41)
    assert hours.leaves(run(someone), someone, late, at_once=False)[1] == moment("6 11:30")


def test_on_a_day_off_the_deputy_and_the_deputys_deputy_stand_in() -> None:
    off = (date(2026, 10, 6),)
    first, second, third = person("a", days_off=off, deputy="b"), person("b", days_off=off, deputy="c"), person("c")
    company = run(first, second, third)
    assert hours.present(company, first, date(2026, 10, 6)) is third
    assert hours.present(company, first, date(2026, 10, 7)) is first


def test_deputies_of_one_another_who_are_both_off_wait_for_the_person() -> None:
    off = (date(2026, 10, 6),)
    first, second = person("a", days_off=off, deputy="b"), person("b", days_off=off, deputy="a")
    company = run(first, second)
    assert hours.leaves(company, first, moment("6 11:30"), at_once=True) == (first, moment("7 08:00"))


def test_without_deputy_a_message_waits_for_the_next_working_day_of_the_house() -> None:
    someone = person(days_off=(date(2026, 10, 6),))
    company = run(someone, closed_days=(date(2026, 10, 7),))
    assert hours.leaves(company, someone, moment("6 11:30"), at_once=False) == (someone, moment("8 08:30"))
