"""When the grace of an order without technician ends, reckoned in the hours in which people here answer."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sandbox.world.model import WIB

OPENS, CLOSES = time(8), time(20)


def grace_ends(entered: datetime, day: date) -> datetime:
    """Two working hours after entry, 30 working minutes when the visit is tomorrow, at once when it is today."""
    local = entered.astimezone(WIB)
    ahead = (day - local.date()).days
    if ahead <= 0:
        return local
    return _after(local, timedelta(minutes=30) if ahead == 1 else timedelta(hours=2))


def _after(at: datetime, left: timedelta) -> datetime:
    while True:
        opens, closes = datetime.combine(at, OPENS, WIB), datetime.combine(at, CLOSES, WIB)
        at = max(at, opens)
        if at + left <= closes:
            return at + left
        left -= max(closes - at, timedelta(0))
        at = opens + timedelta(days=1)
