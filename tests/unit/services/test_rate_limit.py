"""Permits: never more than allowed in any window, in one process and over several, and nobody asks in a pause."""

import multiprocessing
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from local.postgres import Server, remove
from rekap import warehouse as library
from rekap.errors import TransientError
from rekap.services.basecamp import Basecamp
from rekap.services.google import Google
from rekap.services.rate_limit import STALE, Paced, Rate, Shared, basecamp, google
from sandbox import server

PUBLISHED = 50  # requests in 10 s, Basecamp


class Clock:
    """A clock that moves only when somebody waits."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def most_in_a_window(moments: list[float], window: float) -> int:
    moments = sorted(moments)
    return max(sum(1 for other in moments if at <= other < at + window) for at in moments)


@pytest.fixture
def shared(warehouse: str) -> Callable[..., Shared]:
    """Each is a process of its own, as far as permits go."""
    return lambda key="basecamp http://x", **paced: Shared(warehouse, key, basecamp(49), **paced)


@pytest.mark.parametrize("rate", [basecamp(1), basecamp(10), basecamp(49), basecamp(50), google(55), google(60)])
def test_no_window_holds_more_than_allowed_even_when_permits_are_used_late(rate: Rate) -> None:
    clock = Clock()
    limit = Paced(rate, clock=clock, sleep=clock.sleep)
    used = []
    for number in range(300):
        limit.take()
        used.append(clock() + (STALE if number % 7 == 0 else 0.0))
        if number in (90, 200):
            clock.sleep(3 * rate.window)
    assert most_in_a_window(used, rate.window) <= rate.permits
    assert most_in_a_window(used[10:80], rate.window) >= min(rate.permits - rate.burst - 1, 45)


def test_a_quiet_tick_does_not_wait_long() -> None:
    clock = Clock()
    limit = Paced(basecamp(49), clock=clock, sleep=clock.sleep)
    for _ in range(6):
        limit.take()
    assert clock() - 100.0 < 1


def test_a_few_changed_trackers_are_read_at_once_and_a_minute_still_holds_less_than_sixty() -> None:
    clock = Clock()
    limit = Paced(google(55), clock=clock, sleep=clock.sleep)
    used = []
    for _ in range(200):
        limit.take()
        used.append(clock())
    assert used[14] == 100.0
    assert most_in_a_window(used, 60.0) <= 55
    assert used[-1] - 100.0 < 300


def test_a_process_that_is_slower_than_its_permits_takes_fewer_so_that_others_can_use_them() -> None:
    clock = Clock()
    limit = Paced(basecamp(49), clock=clock, sleep=clock.sleep)
    taken = []
    limit.reserve = lambda permits: taken.append(permits) or Paced.reserve(limit, permits)  # type: ignore[method-assign,func-returns-value]  # notes what is asked for
    for _ in range(20):
        limit.take()
    assert taken == [1, 2, 3, 4, 5, 5]
    for _ in range(6):
        clock.sleep(1.0)
        limit.take()
    assert taken[-5:] == [1] * 5


def test_two_processes_share_the_permits_of_one_warehouse(shared: Callable[..., Shared]) -> None:
    one, other = shared(), shared()
    slots = [*one.reserve(5), *other.reserve(5), *one.reserve(5), *other.reserve(40)]
    apart = [later - earlier for earlier, later in pairwise(slots[2:])]
    assert slots[:2] == [0.0, 0.0]
    assert slots[-1] > 10.0
    assert all(step > 0 for step in apart)


def test_another_key_has_permits_of_its_own(shared: Callable[..., Shared]) -> None:
    shared().reserve(100)
    assert shared(key="basecamp http://y").reserve(1)[0] < 1


def test_whoever_shares_the_key_waits_when_the_service_asked_one_of_them_to(shared: Callable[..., Shared]) -> None:
    waits: list[float] = []
    told, other, elsewhere = shared(), shared(sleep=waits.append), shared(key="basecamp http://y")
    other.take()
    assert waits == []
    told.pause(7.0)
    told.pause(3.0)
    other.take()
    assert [wait for wait in waits if wait > 1] == [pytest.approx(7.0, abs=0.5)]
    assert elsewhere.paused() <= 0


def test_in_a_pause_of_more_than_a_minute_everybody_frees_the_worker(shared: Callable[..., Shared]) -> None:
    told, other = shared(), shared()
    told.pause(600.0)
    with pytest.raises(TransientError) as raised:
        other.take()
    assert 590 < (raised.value.retry_after or 0) <= 600
    told.pause(10.0**9)
    assert other.paused() <= 3600


def test_threads_of_one_process_wait_together_without_a_warehouse() -> None:
    clock = Clock()
    limit = Paced(basecamp(49), clock=clock, sleep=clock.sleep)
    limit.take()
    limit.pause(20.0)
    limit.take()
    assert clock() >= 120.0


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_permits_survive_a_restart_of_the_warehouse_in_between(tmp_path: Path, mode: str) -> None:
    postgres = Server(tmp_path / "postgres", durable=True).start()
    try:
        dsn = postgres.create("warehouse")
        library.migrate(dsn)
        limit = Shared(dsn, "basecamp http://x", basecamp(49))
        far = limit.reserve(200)[-1]
        with ThreadPoolExecutor(1) as aside:
            # Not stop and start: that would take another port.
            restarted = aside.submit(
                postgres._call, "pg_ctl", "-w", "-D", postgres.data, "-l", postgres.log, "-m", mode, "restart"
            )
            waits = []
            while not restarted.done():
                waits += limit.reserve(1)
        assert restarted.result().returncode == 0
        waits += limit.reserve(1)
        assert min(waits) > far - 15, "the restart forgot what was used"
    finally:
        remove(tmp_path / "postgres")


def mapping(told: dict[str, Any]) -> dict[str, Any]:
    return {
        "host": f"{told['url']}/{told['account_id']}",
        "login": told["client_id"],
        "password": told["client_secret"],
        "extra": {
            "refresh_token": told["refresh_token"],
            "token_url": told["token_url"],
            "user_agent": "Rekap (data@rekap.example)",
        },
    }


def read(mapping: dict[str, Any], dsn: str, seconds: float, answers: Any) -> None:
    """A process that asks as fast as it is let, and says when each answer came."""
    client = Basecamp.from_connection(mapping, dsn=dsn)
    client.get("/my/profile.json")
    until, came = time.monotonic() + seconds, []
    while time.monotonic() < until:
        client.get("/my/profile.json")
        came.append(time.monotonic())
    answers.put(came)


def together(processes: int, told: dict[str, Any], dsn: str, seconds: float) -> list[float]:
    """When the answers to all processes came."""
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    workers = [context.Process(target=read, args=(mapping(told), dsn, seconds, answers)) for _ in range(processes)]
    for worker in workers:
        worker.start()
    came = [moment for _ in workers for moment in answers.get(timeout=seconds + 60)]
    for worker in workers:
        worker.join()
    return came


@pytest.fixture
def counting() -> Iterator[server.Twin]:
    """A twin that counts as Basecamp does: 50 requests in any 10 seconds of one address."""
    with server.start(3, clients=5, orders_per_month=5) as twin:
        yield twin


@pytest.mark.parametrize("seconds", [13.0, pytest.param(60.0, marks=pytest.mark.soak)])
def test_four_processes_together_come_close_to_the_published_rate_without_one_refusal(
    counting: server.Twin, warehouse: str, seconds: float
) -> None:
    came = together(4, counting["basecamp"], warehouse, seconds)
    assert [call for call in counting.log.calls("basecamp") if call.status == 429] == []
    reached = most_in_a_window(came, 10.0)
    print(f"{reached} requests in 10 s, {len(came)} in {seconds:.0f} s")
    assert 0.9 * PUBLISHED <= reached <= PUBLISHED


def test_one_refusal_makes_every_process_wait(counting: server.Twin, warehouse: str) -> None:
    counting.faults.add(service="basecamp", route="GET /my/profile", status=429, headers={"Retry-After": "4"}, after=20)
    came = sorted(together(3, counting["basecamp"], warehouse, 9.0))
    assert len([call for call in counting.log.calls("basecamp") if call.status == 429]) == 1
    assert max(later - earlier for earlier, later in pairwise(came)) > 3.0, "somebody went on asking"


def read_sheets(told: dict[str, Any], spreadsheet: str, dsn: str, seconds: float, answers: Any) -> None:
    """A process that reads as fast as it is let, and says when each answer came."""
    extra = {"keyfile_dict": told["service_account"], "sheets_endpoint": told["sheets_url"]}
    client = Google.from_connection({"extra": extra}, dsn=dsn)
    until, came = time.monotonic() + seconds, []
    while time.monotonic() < until:
        client.sheets.spreadsheet(spreadsheet, "spreadsheetId")
        came.append(time.monotonic())
    answers.put(came)


@pytest.mark.soak
def test_three_processes_with_one_google_credential_stay_below_its_quota(counting: server.Twin, warehouse: str) -> None:
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    book = counting["google"]["master_schedule_id"]
    arguments = (counting["google"], book, warehouse, 130.0, answers)
    workers = [context.Process(target=read_sheets, args=arguments) for _ in range(3)]
    for worker in workers:
        worker.start()
    came = [moment for _ in workers for moment in answers.get(timeout=200)]
    for worker in workers:
        worker.join()
    assert [call for call in counting.log.calls("sheets") if call.status == 429] == []
    reached = most_in_a_window(came, 60.0)
    print(f"{reached} reads in 60 s, {len(came)} in 130 s")
    assert 50 <= reached <= 55


def test_reads_and_writes_of_a_credential_have_permits_of_their_own(warehouse: str, key_file: dict[str, str]) -> None:
    made = [Google.from_connection({"extra": {"keyfile_dict": key_file}}, dsn=warehouse) for _ in range(2)]
    for client in made:
        client.sheets._reads.reserve(3)
    made[0].sheets._writes.reserve(2)
    with library.connect(warehouse) as connection:
        rows = connection.execute("select key, used from ops.rate_limits order by key").fetchall()
    email = key_file["client_email"]
    assert [(row["key"], row["used"]) for row in rows] == [(f"google {email} read", 6), (f"google {email} write", 2)]


@pytest.fixture
def key_file() -> dict[str, str]:
    from sandbox.google.accounts import Accounts

    return dict(Accounts().keyfile("http://127.0.0.1:9/token"))
