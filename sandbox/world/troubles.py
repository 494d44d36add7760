"""Planted troubles, each written down where it is planted, with the time its grace ends; no rule works them out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle
from random import Random
from typing import Any

from sandbox.world.desk import Desk
from sandbox.world.model import Client, Order
from sandbox.world.ordinary import CANCEL_WORDS, HOLD_WORDS


def plant(desk: Desk) -> None:
    """Plant every trouble of the findings that exist, and the orders that only look like one."""
    rng = Random(f"{desk.seed}/troubles")
    missing_in_tracker(desk, rng)
    quarantined(desk, rng)
    missing_in_basecamp(desk, rng)
    unassigned(desk, rng)
    incomplete(desk, rng)
    differs_status(desk, rng)
    decoys(desk, rng)


def live(desk: Desk) -> list[Client]:
    return [client for client in desk.clients if client.delivery == "live"]


def wordy(desk: Desk) -> Iterator[Client]:
    """Live clients whose tracker has a status in words, in turn."""
    return cycle([client for client in live(desk) if not client.ticks_boxes])


def month_day(desk: Desk, months_back: int, rng: Random) -> date:
    """A day of a full month before today, 1 being the newest."""
    return desk.months[-months_back].replace(day=rng.randint(3, 27))


def unassigned(desk: Desk, rng: Random) -> None:
    now, today = desk.now, desk.today
    first, second = desk.clients[0], desk.clients[1]
    shadow = next(client for client in desk.clients if client.delivery == "shadow")
    turn = wordy(desk)

    def nobody(
        client: Client, days: int, entered: tuple[int, int, int], settles: tuple[int, int, int], **told: Any
    ) -> Order:
        at = desk.at(today - timedelta(days=entered[0]), *entered[1:]) + timedelta(milliseconds=rng.randint(0, 999))
        order = _open(desk, client, days, rng, entered_at=at, **told)
        desk.trouble("unassigned", order, settles_at=desk.at(today - timedelta(days=settles[0]), *settles[1:]))
        return order

    client = next(turn)
    order = _open(desk, client, 0, rng, time="14:00", entered_at=now - timedelta(minutes=40))
    desk.trouble("unassigned", order, settles_at=order.entered_at)
    client = next(turn)
    nobody(client, 0, (2, 13, 0), (2, 15, 0), time="16:00", office=[client.am])
    client = next(turn)
    nobody(client, 1, (1, 19, 30), (0, 9, 30), office=[client.pic])
    named = desk.staff.technicians[0]  # in the tracker alone
    nobody(next(turn), 1, (0, 7, 30), (0, 8, 30), technicians=[named], tracker_technicians=f"Pak {named.aliases[0]}")
    nobody(first, 1, (3, 9, 15), (3, 11, 15), visible_to_clients=True)
    shown = desk.clients[2] if desk.clients[2].whole_project else first
    nobody(shown, 3, (4, 10, 0), (4, 12, 0), visible_to_clients=True)
    nobody(shadow, 4, (2, 9, 0), (2, 11, 0))
    half = {"assigned_by": "half_of_the_subtasks", "helper": desk.staff.with_account[0]}
    nobody(second, 5, (2, 14, 20), (2, 16, 20), place="group", **half)
    nobody(first, 6, (5, 8, 0), (5, 10, 0), place="loose")
    nobody(first, 7, (3, 16, 45), (3, 18, 45), place="second", form={"Teknisi": "Slamet"})
    order = nobody(next(turn), 2, (4, 11, 10), (4, 13, 10), tracker_status="cancelled")
    desk.trouble("differs.status", order, "visit")
    for days, minutes_ago, minutes_left in ((1, 20, 10), (5, 90, 30), (6, 5, 115)):
        order = _open(desk, next(turn), days, rng, entered_at=now - timedelta(minutes=minutes_ago))
        desk.trouble("unassigned", order, settles_at=now + timedelta(minutes=minutes_left))


def _open(desk: Desk, client: Client, days: int, rng: Random, **told: Any) -> Order:
    """An order of today or later that nobody is assigned to, readable in both sources."""
    defaults: dict[str, Any] = {
        "technicians": [],
        "assigned_by": "nobody",
        "status": "scheduled",
        "tracker_status": "scheduled",
    }
    return desk.order(client, desk.today + timedelta(days=days), rng, **(defaults | told))


def missing_in_tracker(desk: Desk, rng: Random) -> None:
    turn = cycle(live(desk))
    for months_back in (1, 1, 1, 2):
        client = next(turn)
        day = month_day(desk, months_back, rng)
        order = desk.done(client, day, rng, outlet=desk.keep_apart(client, rng), in_tracker=False)
        desk.trouble("missing_in_tracker", order, "visit")
    for days in (3, 7):
        client = next(turn)
        day = desk.today + timedelta(days=days)
        entered = desk.at(desk.today - timedelta(days=3), 10, 20)
        outlet = desk.keep_apart(client, rng)
        order = desk.order(client, day, rng, outlet=outlet, in_tracker=False, entered_at=entered)
        desk.trouble("missing_in_tracker", order, "visit")


def missing_in_basecamp(desk: Desk, rng: Random) -> None:
    turn = cycle(reversed(live(desk)))
    alone: dict[str, Any] = {"in_basecamp": False, "with_reference": False, "plain_name": True}
    for months_back in (1, 1, 1, 2):
        order = desk.done(next(turn), month_day(desk, months_back, rng), rng, **alone)
        desk.trouble("missing_in_basecamp", order, "row")
    for days in (2, 5):
        order = desk.order(next(turn), desk.today + timedelta(days=days), rng, **alone)
        desk.trouble("missing_in_basecamp", order, "row")
    words = wordy(desk)
    for months_back in (1, 2):
        cancelled: dict[str, Any] = {**alone, "status": "cancelled", "tracker_status": "cancelled", "struck": True}
        desk.order(next(words), month_day(desk, months_back, rng), rng, **cancelled)


def quarantined(desk: Desk, rng: Random) -> None:
    """Rows whose date no program may guess: empty or to follow, not a date, or contradicted by its weekday."""
    turn = wordy(desk)
    cases = (
        ("menyusul", "no_date"),
        ("", "no_date"),
        ("TBA", "no_date"),
        ("#REF!", "bad_date"),
        ("32/{month}/{year}", "bad_date"),
        ("12 Septober", "bad_date"),
        ("WEEKDAY", "date_conflict"),
        ("WEEKDAY", "date_conflict"),
    )
    for number, (text, problem) in enumerate(cases):
        client = next(turn)
        told: dict[str, Any] = {"tracker_day": text, "with_reference": number % 2 == 0, "plain_name": True}
        if text in {"TBA", "12 Septober"}:
            day = desk.today + timedelta(days=4 + number)
            order = desk.order(client, day, rng, outlet=desk.keep_apart(client, rng), **told)
        else:
            order = desk.done(client, month_day(desk, 1, rng), rng, outlet=desk.keep_apart(client, rng), **told)
        desk.trouble("quarantined", order, "row", problem=problem)


def incomplete(desk: Desk, rng: Random) -> None:
    """Orders with a technician and a field that cannot be read; the tracker knows what the order does not say."""
    turn = wordy(desk)
    cases: tuple[tuple[str, dict[str, str | None]], ...] = (
        ("date", {"Tanggal": "menyusul"}),
        ("date", {"Tanggal": None}),
        ("units", {"Unit": "?"}),
        ("units", {"Unit": "semua unit"}),
        ("outlet", {"Outlet": "menyusul"}),
        ("outlet", {"Outlet": "?"}),
    )
    for number, (unknown, form) in enumerate(cases):
        order = desk.order(
            next(turn),
            desk.today + timedelta(days=3 + number),
            rng,
            services=[(rng.choice(("cleaning", "repair", "inspection")), rng.randint(2, 5))],
            entered_at=desk.at(desk.today - timedelta(days=2), 9 + number, 5),
            form=form,
            field_unknown=frozenset({unknown}),
            due_on_set=unknown != "date",
        )
        desk.trouble("incomplete", order)


def differs_status(desk: Desk, rng: Random) -> None:
    """Every way in which the two sides contradict each other about what became of a visit."""
    turn = wordy(desk)

    def differs(order: Order) -> None:
        desk.trouble("differs.status", order, "visit")

    for _ in range(3):  # carried out, never ticked off in Basecamp
        differs(desk.order(next(turn), month_day(desk, 1, rng), rng, status="done", tracker_status="done"))
    for _ in range(2):  # ticked off this morning, the tracker not kept yet
        differs(desk.done(next(turn), desk.today, rng, time="08:30", tracker_status="scheduled"))
    trashed = desk.order(next(turn), desk.today + timedelta(days=5), rng, status="cancelled", life_cycle="trashed")
    differs(trashed)
    refused = desk.order(next(turn), month_day(desk, 2, rng), rng, status="cancelled", tracker_status="done")
    refused.mark, refused.last_words = "BATAL - ", CANCEL_WORDS
    refused.completed_at, refused.completed_by = refused.entered_at + timedelta(hours=3), refused.client.am
    differs(refused)
    differs(desk.order(next(turn), desk.today + timedelta(days=4), rng, tracker_status="cancelled"))
    differs(desk.done(next(turn), month_day(desk, 3, rng), rng, tracker_status="cancelled", struck=True))


def decoys(desk: Desk, rng: Random) -> None:
    """Orders that look like a trouble and are none."""
    turn = wordy(desk)
    held: dict[str, Any] = {"technicians": [], "assigned_by": "nobody", "status": "on_hold"}
    entered = desk.at(desk.today - timedelta(days=3), 10, 30)
    soon = [desk.today + timedelta(days=days) for days in (1, 2, 4)]
    desk.order(next(turn), soon[0], rng, entered_at=entered, tracker_status="on_hold", **held)
    both = desk.order(next(turn), soon[1], rng, entered_at=entered, tracker_status="on_hold", **held)
    basecamp_only = desk.order(next(turn), soon[2], rng, entered_at=entered, **held)
    for order in (both, basecamp_only):
        order.mark, order.last_words = "HOLD - ", HOLD_WORDS
    desk.order(next(turn), month_day(desk, 1, rng), rng, status="on_hold", tracker_status="on_hold")
    for client in live(desk)[:3]:  # a follow-up at the same outlet
        day = month_day(desk, 1, rng)
        before = desk.done(client, day, rng)
        later = next(day + timedelta(days=n) for n in range(1, 28) if desk.is_free(before, day + timedelta(days=n)))
        desk.done(client, later, rng, outlet=before.outlet, services=[("repair", 1)])
    desk.order(desk.clients[0], soon[1], rng, assigned_by="subtasks", surveyed=True)
    desk.order(next(turn), soon[0], rng, assigned_by="form", technicians=[desk.staff.without_account[0]])
    desk.order(next(turn), soon[2], rng, entered_at=desk.at(desk.today, 9, 40))
