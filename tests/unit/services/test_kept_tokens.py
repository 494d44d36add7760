"""One token for all processes: renewed once, kept sealed, and a rotated refresh token is not lost."""

import logging
import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from rekap.errors import PermanentError
from rekap.services.basecamp import Basecamp
from rekap.services.basecamp_access import Access
from rekap.warehouse import Connection, connect
from sandbox import server

PROCESSES, THREADS = 4, 4


@pytest.fixture(scope="module")
def started() -> Iterator[server.Twin]:
    with server.start(3, clients=5, orders_per_month=5, rate_limit=None) as twin:
        yield twin


@pytest.fixture
def twin(started: server.Twin) -> Iterator[server.Twin]:
    started.faults.clear()
    started.log.clear()
    yield started
    started.basecamp.switches.refresh_refusal = None
    started.basecamp.switches.rotate_refresh_tokens = False
    started.basecamp.grants.refresh_tokens[started.basecamp.refresh_token] = started.world.staff.robot.basecamp_id or 0


def mapping(twin: server.Twin) -> dict[str, Any]:
    told = twin["basecamp"]
    return {
        "conn_id": "basecamp_default",
        "host": f"{told['url']}/{told['account_id']}",
        "login": told["client_id"],
        "password": told["client_secret"],
        "extra": {
            "refresh_token": told["refresh_token"],
            "token_url": told["token_url"],
            "user_agent": "Rekap (data@rekap.example)",
        },
    }


def client(twin: server.Twin, dsn: str) -> Basecamp:
    """A client as a process of its own would have it."""
    return Basecamp.from_connection(mapping(twin), dsn=dsn, per_10_s=50)


def access(twin: server.Twin, dsn: str) -> Access:
    return Access.from_connection(mapping(twin), dsn=dsn)


def renewals(twin: server.Twin) -> int:
    return len(twin.log.calls(route="/authorization/token"))


def work(told: dict[str, Any], dsn: str, ready: Any, expired: Any, done: Any) -> None:
    """A process with several threads that find the token expired at the same moment."""
    found = Access.from_connection(told, dsn=dsn)
    old = found.token()
    ready.wait()
    expired.wait()
    with ThreadPoolExecutor(THREADS) as pool:
        done.put({old, *pool.map(lambda _: found.renew(old), range(THREADS))})


def test_processes_and_threads_that_find_the_token_expired_renew_it_once(twin: server.Twin, warehouse: str) -> None:
    context = multiprocessing.get_context("spawn")
    ready, expired, done = context.Barrier(PROCESSES + 1), context.Event(), context.Queue()
    workers = [
        context.Process(target=work, args=(mapping(twin), warehouse, ready, expired, done)) for _ in range(PROCESSES)
    ]
    for worker in workers:
        worker.start()
    ready.wait(timeout=60)
    assert renewals(twin) == 1, "one fetched the first token, the others found it"
    twin.basecamp.grants.revoke_access()
    expired.set()
    tokens = set[str]().union(*(done.get(timeout=60) for _ in workers))
    for worker in workers:
        worker.join()
    assert renewals(twin) == 2
    assert len(tokens) == 2


def test_requests_go_on_with_the_token_that_another_process_renewed(twin: server.Twin, warehouse: str) -> None:
    one, other = client(twin, warehouse), client(twin, warehouse)
    assert one.get("/my/profile.json") == other.get("/my/profile.json")
    twin.basecamp.grants.revoke_access()
    one.get("/my/profile.json")
    other.get("/my/profile.json")
    assert renewals(twin) == 2


def test_a_token_that_was_left_by_another_process_and_is_refused_too_is_renewed(
    twin: server.Twin, warehouse: str
) -> None:
    idle, other = client(twin, warehouse), client(twin, warehouse)
    idle.get("/my/profile.json")
    for _ in range(2):
        twin.basecamp.grants.revoke_access()
        other.get("/my/profile.json")
    twin.basecamp.grants.revoke_access()
    assert idle.get("/my/profile.json")["id"]


def hold(told: dict[str, Any], dsn: str, holding: Any) -> None:
    shelf = Access.from_connection(told, dsn=dsn).shelf
    assert shelf is not None
    with shelf.turn():
        holding.set()
        time.sleep(600)


def test_a_process_that_is_killed_while_it_renews_holds_nobody_up(twin: server.Twin, warehouse: str) -> None:
    context = multiprocessing.get_context("spawn")
    holding = context.Event()
    holder = context.Process(target=hold, args=(mapping(twin), warehouse, holding))
    holder.start()
    assert holding.wait(60)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(access(twin, warehouse).token)
        time.sleep(0.5)
        assert not waiting.done(), "it was not its turn"
        os.kill(holder.pid or 0, signal.SIGKILL)
        assert waiting.result(timeout=30)
    holder.join()


def test_work_goes_on_after_a_rotation_in_this_and_in_a_new_process(twin: server.Twin, warehouse: str) -> None:
    twin.basecamp.switches.rotate_refresh_tokens = True
    one, other = client(twin, warehouse), client(twin, warehouse)
    for _ in range(2):
        for each in (one, other, client(twin, warehouse)):
            assert each.get("/my/profile.json")["id"]
        twin.basecamp.grants.revoke_access()
    assert renewals(twin) == 2
    assert client(twin, warehouse).get("/my/profile.json")["id"]


def test_a_rotation_is_trouble_until_the_connection_is_replaced(
    twin: server.Twin, warehouse: str, caplog: pytest.LogCaptureFixture
) -> None:
    first = access(twin, warehouse)
    first.token()
    with connect(warehouse) as connection:
        assert first.trouble(connection) is None
    twin.basecamp.switches.rotate_refresh_tokens = True
    first.renew(first.token())
    assert "run `make connect-basecamp`" in caplog.text
    twin.basecamp.switches.rotate_refresh_tokens = False
    second = access(twin, warehouse)
    second.renew(second.token())
    with connect(warehouse) as connection:
        for each in (first, second, access(twin, warehouse)):
            told = each.trouble(connection) or ""
            assert "connection 'basecamp_default'" in told and "run `make connect-basecamp`" in told
        replaced = mapping(twin)
        robot = twin.world.staff.robot.basecamp_id or 0
        replaced["extra"]["refresh_token"] = twin.basecamp.grants.issue_refresh(robot)
        fresh = Access.from_connection(replaced, dsn=warehouse)
        fresh.token()
        assert fresh.trouble(connection) is None


def test_a_warehouse_restored_from_a_copy_does_not_cost_the_consent(twin: server.Twin, warehouse: str) -> None:
    twin.basecamp.switches.rotate_refresh_tokens = True
    first = access(twin, warehouse)
    token = first.token()
    grants = twin.basecamp.grants
    grants.refresh_tokens.clear()
    grants.refresh_tokens[first.refresh_token] = twin.world.staff.robot.basecamp_id or 0
    assert access(twin, warehouse).renew(token) != token


@pytest.mark.parametrize("kind", ["authorization_expired", "unknown_id"])
def test_a_revoked_grant_says_who_must_consent_and_where(twin: server.Twin, warehouse: str, kind: str) -> None:
    client(twin, warehouse).get("/my/profile.json")
    twin.basecamp.grants.revoke_access()
    twin.basecamp.switches.refresh_refusal = kind
    with pytest.raises(PermanentError, match=r"Basecamp user must consent again: run `make connect-basecamp`"):
        client(twin, warehouse).get("/my/profile.json")


def test_neither_the_database_nor_the_log_gives_a_secret_away(
    twin: server.Twin, warehouse: str, warehouse_connection: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    twin.basecamp.switches.rotate_refresh_tokens = True
    found = access(twin, warehouse)
    tokens = [found.token(), found.renew(found.token())]
    [row] = warehouse_connection.execute("select * from ops.access_tokens").fetchall()
    secrets = [*tokens, *twin.basecamp.grants.refresh_tokens, found.refresh_token, found.client_secret]
    shown = f"{row['key']} {bytes(row['sealed'])!r} {caplog.text} {found!r} {found.shelf!r}"
    assert not [secret for secret in secrets if secret in shown]
    assert row["key"].startswith("basecamp_default ")


def test_what_was_sealed_with_another_secret_counts_as_nothing(twin: server.Twin, warehouse: str) -> None:
    told = mapping(twin)
    token = access(twin, warehouse).token()
    twin.basecamp.grants.client_secret = told["password"] = "another"
    try:
        assert Access.from_connection(told, dsn=warehouse).token() != token
        assert renewals(twin) == 2
    finally:
        twin.basecamp.grants.client_secret = twin["basecamp"]["client_secret"]


def test_a_restart_of_the_warehouse_while_a_token_is_renewed_loses_nothing(
    twin: server.Twin, warehouse: str, warehouse_connection: Connection
) -> None:
    """The renewal's own connection is ended between the answer of Basecamp and the writing down."""
    twin.basecamp.switches.rotate_refresh_tokens = True
    found = access(twin, warehouse)
    ask = found._ask

    def ask_and_lose(refresh_token: str) -> dict[str, Any]:
        answer = ask(refresh_token)
        warehouse_connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
        return answer

    found._ask = ask_and_lose  # type: ignore[method-assign]  # the moment between two servers cannot be met otherwise
    token = found.token()
    assert access(twin, warehouse).token() == token
    assert renewals(twin) == 1
    assert access(twin, warehouse).renew(token) != token


def test_without_a_warehouse_the_token_stays_in_the_process(twin: server.Twin) -> None:
    twin.basecamp.switches.rotate_refresh_tokens = True
    found = Access.from_connection(mapping(twin))
    assert found.renew(found.token())
    assert found.rotated
