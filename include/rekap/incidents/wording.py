"""What a message about orders without technician says. The first line is the whole message (docs/rules.md); one
action, one link; phones are masked."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from rekap import catalogue
from rekap.channels import hours
from rekap.channels.rendering import rendered
from rekap.incidents.case import Case
from rekap.run import Run
from rekap.settings import Person

PHONE = re.compile(r"(?<![\w#])(?:\+?62|0)[\d\s().-]{6,}\d")
IN_FIRST_LINE = 3
URGENT_STEP = 4


def lead(language: str, leaves_on: date, told: Sequence[Case], *, summary: bool = False) -> str:
    """The first line: how near, how many, which ones. `told` is sorted, most urgent first."""
    say = _Speaker(language)
    tag = _tag(say, leaves_on, told)
    return f"{tag} {_heading(say, leaves_on, told, summary)}" if tag else _heading(say, leaves_on, told, summary)


def comment(language: str, leaves_on: date, one: Case) -> list[str]:
    """The lines of a comment; the to-do that it stands on is its link."""
    say = _Speaker(language)
    notice = [] if one.is_complete else [say("incomplete")]
    return [lead(language, leaves_on, [one]), say("action_here"), *notice]


def mail(
    run: Run, person: Person, at: datetime, told: Sequence[Case], *, summary: bool = False
) -> tuple[str, str, str]:
    """Subject, text and HTML of the e-mail that reaches `person` at `at`."""
    say = _Speaker(person.language)
    leaves_on = at.astimezone(run.zone).date()
    told = sorted(told, key=_urgency)
    subject = lead(person.language, leaves_on, told, summary=summary)
    shown = told[: run.config.settings.messages.most_orders_a_message]
    lines = [_line(say, run, person, leaves_on, one) for one in shown]
    part = {
        "language": person.language,
        "lead": subject,
        "heading": _heading(say, leaves_on, told, summary),
        "tone": _tone(leaves_on, told[0]),
        "tag": _tag(say, leaves_on, told).replace(" [", " · ").strip("[]"),
        "notice": None if all(one.is_complete for one in told) else say("incomplete"),
        "ask": _ask(say, run, person, leaves_on, told),
        "action": say("button_one" if len(told) == 1 else "button_many"),
        "link": shown[0].url,
        "lines": lines,
        "more": say("more", count=len(told) - len(shown)) if len(told) > len(shown) else None,
        "why": say("why_old" if summary else "why"),
    }
    return subject, rendered("unassigned.txt", part), rendered("unassigned.html", part)


def masked(text: str) -> str:
    """The text with every phone number but its first and last digits hidden."""

    def hide(match: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", match[0])
        return f"{digits[:4]}•••{digits[-2:]}" if len(digits) >= 9 else match[0]

    return PHONE.sub(hide, text)


class _Speaker:
    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, **values: object) -> str:
        return catalogue.text(self.language, f"unassigned.{key}", **values)


def _tag(say: _Speaker, leaves_on: date, told: Sequence[Case]) -> str:
    """`MENDESAK [H-0]`, or nothing for an order without date."""
    first = told[0].service_date
    countdown = f"[{_countdown(leaves_on, first)}]" if first else ""
    urgent = say("urgent") if any(one.step == URGENT_STEP for one in told) else ""
    return f"{urgent} {countdown}".strip()


def _heading(say: _Speaker, leaves_on: date, told: Sequence[Case], summary: bool) -> str:
    first = told[0].service_date
    one_day = len({one.service_date for one in told}) == 1
    kind = "old" if summary else "undated" if first is None else "one_day" if one_day else "several_days"
    orders = _listed(say, [_short(say, one) for one in told])
    return say(f"lead_{kind}", count=len(told), orders=orders, when=_when(say, leaves_on, first))


def _urgency(one: Case) -> tuple[Any, ...]:
    return (
        one.step != URGENT_STEP, one.service_date or date.max, one.time_from is None, str(one.time_from), one.order_id
    )  # fmt: skip


def _countdown(leaves_on: date, service_date: date | None) -> str:
    return "" if service_date is None else f"H-{max(0, (service_date - leaves_on).days)}"


def _when(say: _Speaker, leaves_on: date, service_date: date | None) -> str:
    if service_date is None:
        return say("undated")
    days = (service_date - leaves_on).days
    if days <= 0:
        return say("today")
    return say("tomorrow") if days == 1 else catalogue.weekday(say.language, service_date)


def _tone(leaves_on: date, first: Case) -> str:
    """How loud the mail looks: today, tomorrow or later."""
    days = (first.service_date - leaves_on).days if first.service_date else 9
    return "today" if days <= 0 or first.step == URGENT_STEP else "tomorrow" if days == 1 else "later"


def _short(say: _Speaker, one: Case) -> str:
    """`Kopi Senja BSD 2 (10.00, cuci 3)`."""
    about = [catalogue.clock(say.language, one.time_from) if one.time_from else say("no_time"), _services(say, one)]
    return f"{_name(one)} ({', '.join(filter(None, about))})"


def _name(one: Case) -> str:
    return masked(one.outlet_name or one.title)


def _services(say: _Speaker, one: Case) -> str:
    named = []
    for item in one.services:
        units = "" if item.get("units") is None else f" {item['units']}"
        named.append(catalogue.text(say.language, f"service.{item['service']}") + units)
    return ", ".join(named)


def _listed(say: _Speaker, names: list[str]) -> str:
    shown = ", ".join(names[:IN_FIRST_LINE])
    rest = len(names) - IN_FIRST_LINE
    return say("and_more", shown=shown, count=rest) if rest > 0 else shown


def _line(say: _Speaker, run: Run, person: Person, leaves_on: date, one: Case) -> dict[str, Any]:
    """One order of the list."""
    remarks = [say("entered", at=catalogue.moment(say.language, one.created_at.astimezone(run.zone)))]
    if not _stands_for(run, person, one.pic, leaves_on):
        remarks.append(say("of_pic", pic=run.config.register.person_by_code[one.pic].name))
    near = one.is_near(leaves_on) and one.service_date is not None
    return {
        "when": _when(say, leaves_on, one.service_date),
        "date": catalogue.weekday(say.language, one.service_date) if near and one.service_date else "",
        "time": catalogue.clock(say.language, one.time_from) if one.time_from else say("no_time"),
        "name": _name(one),
        "client": one.client_name,
        "services": _services(say, one) or say("no_service"),
        "remarks": remarks,
        "hint": say("in_tracker", technicians=masked(", ".join(one.in_tracker))) if one.in_tracker else None,
        "url": one.url,
    }


def _ask(say: _Speaker, run: Run, person: Person, leaves_on: date, told: Sequence[Case]) -> str:
    """The one action, by what the reader is to these orders."""
    if all(_stands_for(run, person, one.pic, leaves_on) for one in told):
        return say("ask_pic", count=len(told))
    names = sorted({run.config.register.person_by_code[one.pic].name for one in told})
    if all(_stands_for(run, person, one.am, leaves_on) for one in told):
        return say("ask_am", pic=", ".join(names))
    return say("ask_head", pic=", ".join(names))


def _stands_for(run: Run, person: Person, code: str, on: date) -> bool:
    """Whether it is that person, or the one who stands in on that day."""
    return person.code == code or hours.present(run, run.config.register.person_by_code[code], on) is person
