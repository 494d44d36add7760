"""The ordinary orders: most went as planned, some were cancelled, moved or put on hold, and both sides say so."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from random import Random

from sandbox.world.desk import UPCOMING_DAYS, Desk
from sandbox.world.model import Client, Order

#: shares of orders with photos, by how many months they lie back; the newest full month has most
PHOTO_SHARES = (0.012, 0.02, 0.09)
#: drawing photos takes longer than all the rest: a month of a benchmark has no more orders with photos than this
MOST_WITH_PHOTOS = 100
HOLD_WORDS = "Hold dulu ya, menunggu approval dari kantor pusat"
CANCEL_WORDS = "Order dibatalkan oleh customer"


def plant(desk: Desk, per_month: int) -> None:
    """Write ``per_month`` ordinary orders for each full month, and as many a day for today and the ten days after."""
    for number, first in enumerate(desk.months):
        rng = Random(f"{desk.seed}/ordinary/{number}")
        last = monthrange(first.year, first.month)[1]
        for n in range(per_month):
            day = first.replace(day=rng.randint(1 if number else 2, last))
            past(desk, client_for(desk, rng), day, rng, n)
        with_photos(desk, first, PHOTO_SHARES[number], rng)
    rng = Random(f"{desk.seed}/ordinary/upcoming")
    for n in range(max(12, round(per_month * (UPCOMING_DAYS + 1) / 30))):
        upcoming(desk, client_for(desk, rng), desk.today + timedelta(days=n % (UPCOMING_DAYS + 1)), rng, n)


def client_for(desk: Desk, rng: Random) -> Client:
    """Clients differ in size: the first ones order most."""
    return rng.choices(desk.clients, cum_weights=desk.sizes)[0]


def past(desk: Desk, client: Client, day: date, rng: Random, n: int) -> Order | None:
    outlet = desk.free_outlet(client, day, rng)
    if outlet is None:
        return None
    turn = rng.random()
    if turn < 0.06:
        order = cancelled(desk, client, day, rng)
    elif turn < 0.09 and not client.ticks_boxes:
        order = desk.done(client, day, rng, outlet=outlet, status="partial", tracker_status="partial")
    else:
        order = desk.done(client, day, rng, outlet=outlet)
    tell(desk, order, rng, n)
    if order.status == "done" and client.whole_project and client.number == 0 and day.month == desk.first_day.month:
        order.life_cycle = "archived"
        order.place = "list"
    return order


def cancelled(desk: Desk, client: Client, day: date, rng: Random) -> Order:
    """Cancelled on both sides: trashed or ticked off with a cancelling word; struck, named or absent in the tracker."""
    order = desk.order(client, day, rng, status="cancelled", tracker_status="cancelled")
    if rng.random() < 0.5:
        order.life_cycle = "trashed"
    else:
        order.mark = "BATAL - "
        order.last_words = CANCEL_WORDS
        order.completed_at = order.entered_at + timedelta(hours=rng.randint(2, 20), milliseconds=rng.randint(0, 999))
        order.completed_by = client.am
    order.struck = client.ticks_boxes or rng.random() < 0.4
    order.in_tracker = rng.random() < 0.7
    return order


def upcoming(desk: Desk, client: Client, day: date, rng: Random, n: int) -> Order | None:
    outlet = desk.free_outlet(client, day, rng)
    if outlet is None:
        return None
    if n % 23 == 11:
        order = cancelled(desk, client, day, rng)
        if order.completed_at is not None:
            order.completed_at = min(order.completed_at, desk.now - timedelta(minutes=rng.randint(20, 50)))
        return order
    if day == desk.today and n % 2 == 0:
        order = desk.done(client, day, rng, outlet=outlet, time=rng.choice(("08:30", "09:00")))
    else:
        order = desk.order(client, day, rng, outlet=outlet)
        order.tracker_status = rng.choice(("scheduled", "scheduled", "assigned", "requested", "rescheduled"))
    tell(desk, order, rng, n)
    return order


def tell(desk: Desk, order: Order, rng: Random, n: int) -> None:
    """How people wrote an ordinary order down: who is assigned where, form or title, with or without due date."""
    turn = rng.random()
    if turn < 0.07:
        order.assigned_by = "subtasks"
    elif turn < 0.15:
        order.assigned_by = "form"
        order.technicians = [rng.choice(desk.staff.without_account)]
        if order.completed_by is not None:
            order.completed_by = order.client.pic
    elif turn < 0.25:
        order.office = [rng.choice((order.client.am, order.client.pic))]
    turn = rng.random()
    if turn < 0.08 and order.assigned_by != "form" and len(order.services) == 1:
        order.style = "title"
        if not order.in_tracker:
            order.time = None  # a title names no hour, and no row does
    elif turn < 0.14:
        order.due_on_set = False
    elif turn < 0.18 and order.day - timedelta(days=1) > order.entered_at.date():
        order.form_day = order.day - timedelta(days=rng.randint(1, 3))
    order.visible_to_clients = order.client.number in (0, 2) and rng.random() < 0.12
    if order.client.number == 1:
        order.place = rng.choice(("list", "group", "group"))
    elif order.client.number == 0:
        order.place = rng.choice(("list", "list", "loose", "second"))
    order.with_reference = rng.random() < 0.85
    order.plain_name = not order.with_reference


def with_photos(desk: Desk, first: date, share: float, rng: Random) -> None:
    """Give photos to orders done in the month that starts on ``first``; at least two orders of it have some."""
    done = [o for o in desk.orders if o.status == "done" and (o.day.year, o.day.month) == (first.year, first.month)]
    chosen = rng.sample(done, min(len(done), MOST_WITH_PHOTOS, max(2, round(len(done) * share * 1.25))))
    for number, order in enumerate(chosen):
        order.photos = rng.randint(2, 4)
        if number == 0:
            order.odd_files = ("pdf",)
        elif number == 1:
            order.odd_files = ("no_extension",)


def show_to_clients(desk: Desk, wanted: int) -> None:
    """See to it that at least ``wanted`` orders are visible to clients, in projects that clients can open."""
    seen = sum(order.visible_to_clients for order in desk.orders)
    for order in desk.orders:
        if seen >= wanted:
            return
        open_to_clients = order.client.number in (0, 2) and order.client.whole_project
        if open_to_clients and order.assigned and order.in_basecamp and not order.visible_to_clients:
            order.visible_to_clients = True
            seen += 1
