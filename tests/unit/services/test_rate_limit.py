"""Permits: never more than allowed in any ten seconds, in one process and over several."""

from itertools import pairwise

import pytest

from rekap.services.rate_limit import WINDOW, Paced, Shared


class Clock:
    """A clock that moves only when somebody waits."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def most_in_a_window(moments: list[float]) -> int:
    return max(sum(1 for other in moments if at <= other < at + WINDOW) for at in moments)


@pytest.mark.parametrize("per_10_s", [10, 45, 50])
def test_no_ten_seconds_hold_more_than_allowed(per_10_s: int) -> None:
    clock = Clock()
    limit = Paced(per_10_s, clock=clock, sleep=clock.sleep)
    used = []
    for number in range(200):
        limit.take()
        used.append(clock())
        if number == 90:
            clock.sleep(30)
    assert per_10_s - 5 <= most_in_a_window(used) <= per_10_s


def test_a_quiet_tick_does_not_wait_long() -> None:
    clock = Clock()
    limit = Paced(45, clock=clock, sleep=clock.sleep)
    for _ in range(6):
        limit.take()
    assert clock() - 100.0 < 1


def test_two_processes_share_the_permits_of_one_warehouse(warehouse: str) -> None:
    one, other = (Shared(warehouse, "basecamp http://x", 45) for _ in range(2))
    slots = [*one.reserve(5), *other.reserve(5), *one.reserve(5), *other.reserve(40)]
    apart = [later - earlier for earlier, later in pairwise(slots[5:])]
    assert len(set(slots)) >= len(slots) - 5
    assert slots[-1] > WINDOW
    assert all(step > 0 for step in apart)


def test_another_key_has_permits_of_its_own(warehouse: str) -> None:
    Shared(warehouse, "basecamp http://x", 45).reserve(100)
    assert Shared(warehouse, "basecamp http://y", 45).reserve(1)[0] < 1
