"""Reading Basecamp, killed with SIGKILL at any moment and run again: the same warehouse as undisturbed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from local import register as written
from local.postgres import Server
from rekap import warehouse as stored
from sandbox import server
from sandbox.happenings import happen
from sandbox.world import truth

ROOT = Path(__file__).resolve().parents[3]
KEPT = {
    "versions": "select kind, id, content_sha256 from raw.basecamp_items",
    "newest": "select kind, id, content_sha256, status, project_id from raw.basecamp_newest",
    "orders": "select to_jsonb(o) - '{first_seen_at,last_seen_at}'::text[] as row from staging.orders as o",
    "services": "select * from staging.order_services",
    "technicians": "select * from staging.order_technicians",
    "visits": "select * from staging.visits",
    "comments": "select to_jsonb(c) - 'last_seen_at' as row from staging.comments as c",
    "files": "select * from staging.attachments",
    "changes": "select order_id, field, changed_at, old, new from staging.order_changes",
    "under way": "select scope from ops.watermarks where scope like '%under way'",
    "met": "select sweep from raw.basecamp_met",
    "marks": "select scope, value from ops.watermarks where source = 'basecamp' and scope not in ('staged', 'daily')",
}


# The command itself, without waiting for the vendor's rate: this twin does not count.
COMMAND = """
import sys
from rekap.services import basecamp
from rekap.services.rate_limit import Unlimited
basecamp.Shared = lambda *told, **more: Unlimited()
from rekap.sources.basecamp.__main__ import main
sys.exit(main([]))
"""


class Command:
    """`python -m rekap.sources.basecamp` against a twin, into one warehouse."""

    def __init__(self, twin: server.Twin, dsn: str, folder: Path) -> None:
        self.twin, self.dsn = twin, dsn
        told = twin["basecamp"]
        names = ("account_id", "refresh_token", "token_url", "storage_url")
        connection = {
            "host": told["url"], "login": told["client_id"], "password": told["client_secret"],
            "extra": {name: told[name] for name in names} | {"user_agent": "Rekap (data@rekap.example)"},
        }  # fmt: skip
        self.environment = os.environ | {
            "AIRFLOW_CONN_BASECAMP_DEFAULT": json.dumps(connection), "REKAP_WAREHOUSE": dsn,
            "REKAP_CONFIG": str(folder), "REKAP_NOW": twin.clock.base.isoformat(), "PYTHONPATH": str(ROOT / "include"),
        }  # fmt: skip

    def start(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-c", COMMAND], cwd=ROOT, env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def finish(self) -> int:
        """Run it to its end; how many requests it sent."""
        before = self.sent()
        process = self.start()
        _, told = process.communicate(timeout=120)
        assert process.returncode == 0, told
        return self.sent() - before

    def kill_after(self, requests: int, wait: float) -> bool:
        """Kill it `wait` seconds after that many requests; whether it was still running."""
        before = self.sent()
        process = self.start()
        while process.poll() is None and self.sent() - before < requests:
            time.sleep(0.01)
        time.sleep(wait)
        alive = process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.communicate()
        return alive

    def sent(self) -> int:
        return len(self.twin.log.calls("basecamp", method="GET"))

    def kept(self) -> dict[str, list[str]]:
        with stored.connect(self.dsn) as connection:
            found = {name: connection.execute(statement).fetchall() for name, statement in KEPT.items()}
        return {
            name: sorted(json.dumps(row, default=str, sort_keys=True) for row in rows) for name, rows in found.items()
        }


@pytest.fixture(scope="module")
def twin() -> Iterator[server.Twin]:
    with server.start(29, clients=6, orders_per_month=500, rate_limit=None) as made:
        yield made


@pytest.fixture
def two(
    twin: server.Twin, postgres: Server, warehouse_template: str, tmp_path: Path
) -> Iterator[tuple[Command, Command]]:
    """The same command for two empty warehouses: one is left in peace."""
    written.write(truth.tell(twin.world), "", "http://localhost", tmp_path)
    names = [f"killed_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.urandom(3).hex()}" for _ in range(2)]
    made = [Command(twin, postgres.create(name, template=warehouse_template), tmp_path) for name in names]
    yield made[0], made[1]
    for name in names:
        postgres.drop(name)


def some_changes(twin: server.Twin, rng: Random) -> None:
    todos = list(twin.world.account.todos.values())
    orders = [order for order in twin.world.orders if order.in_basecamp and order.life_cycle == "active"]
    for order in rng.sample(orders, 150):
        happen(twin, "comment", order_id=order.order_id, text="Sudah dikonfirmasi ke toko.")
    for order in rng.sample(orders, 20):
        happen(twin, "trash", order_id=order.order_id)
    assert len(twin.world.account.todos) == len(todos)


def test_a_first_load_killed_again_and_again_goes_on_and_ends_as_undisturbed(
    two: tuple[Command, Command], twin: server.Twin
) -> None:
    disturbed, quiet = two
    needed = quiet.finish()
    rng = Random(5)
    killed = 0
    before = disturbed.sent()
    for _ in range(6):
        killed += disturbed.kill_after(rng.randint(needed // 3, needed // 2), rng.random() * 0.05)
    disturbed.finish()
    assert killed >= 2, "the first kills must meet it at work"
    assert disturbed.kept() == quiet.kept()
    assert disturbed.sent() - before < 7 * needed * 0.8, "each try went on where the one before was killed"


def test_a_tick_killed_at_any_moment_ends_as_undisturbed(two: tuple[Command, Command], twin: server.Twin) -> None:
    disturbed, quiet = two
    quiet.finish()
    disturbed.finish()
    some_changes(twin, Random(7))
    needed = quiet.finish()
    rng = Random(8)
    killed = sum(disturbed.kill_after(rng.randint(1, needed), rng.random() * 0.2) for _ in range(5))
    disturbed.finish()
    assert killed >= 2
    assert disturbed.kept() == quiet.kept()


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(12))
def test_loads_and_ticks_killed_at_many_moments(two: tuple[Command, Command], twin: server.Twin, seed: int) -> None:
    disturbed, quiet = two
    rng = Random(seed)
    for _ in range(3):
        needed = quiet.finish()
        for _ in range(6):
            disturbed.kill_after(rng.randint(1, needed + 2), rng.random() * 0.5)
        disturbed.finish()
        assert disturbed.kept() == quiet.kept()
        some_changes(twin, rng)
