"""When a person may be reached, and who stands in (docs/rules.md): messages leave within office hours, never outside
08:00-20:00, and what is for an absent person goes to the deputy."""

from datetime import date, datetime, time, timedelta

from rekap.run import Run
from rekap.settings import Person
from rekap.worktime import Calendar

OPENS, CLOSES = time(8), time(20)


def calendar(run: Run, person: Person) -> Calendar:
    """A person's working hours, days off and the house's closed days taken out. Hours that lie wholly outside those of
    the house give way to them."""
    opens, closes = max(person.opens, OPENS), min(person.closes, CLOSES)
    if opens >= closes:
        opens, closes = OPENS, CLOSES
    settings = run.config.settings
    return Calendar(opens, closes, frozenset(settings.closed_days) | frozenset(person.days_off), settings.zone)


def present(run: Run, person: Person, on: date) -> Person:
    """The person, or on a day off the deputy, or the deputy's; the person alone when everybody in that row is off."""
    people, asked = run.config.register.person_by_code, [person]
    while on in asked[-1].days_off:
        deputy = people.get(asked[-1].deputy or "")
        if deputy is None or deputy in asked:
            return person
        asked.append(deputy)
    return asked[-1]


def leaves(run: Run, person: Person, at: datetime, *, at_once: bool) -> tuple[Person, datetime]:
    """Who gets what is for `person` from `at` on, and when: at once within office hours, else gathered at the next
    sending time (the minute of a sending time still counts as it)."""
    moment = at.astimezone(run.zone).replace(second=0, microsecond=0)
    for day in range(3660):
        on = moment.date() + timedelta(days=day)
        reached = present(run, person, on)
        hours = calendar(run, reached).hours(on)
        if hours is None:
            continue
        times = [datetime.combine(on, time_, run.zone) for time_ in run.config.settings.messages.sending_times]
        within = [time_ for time_ in times if hours[0] <= time_ < hours[1]] or [hours[0]]
        if at_once and moment < hours[1]:
            return reached, max(moment, hours[0])
        if not at_once and (later := [time_ for time_ in within if time_ >= moment]):
            return reached, min(later)
    raise ValueError(f"{person.code} has no working day within ten years: look at the days off and the closed days")
