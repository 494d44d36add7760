"""A small twin with a register made from its truth, and a run against a warehouse of the test's own."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local import register as written
from rekap import settings, warehouse
from rekap.run import Run
from rekap.services.basecamp import Basecamp
from rekap.sources import register
from sandbox import server
from sandbox.world import truth


@dataclass
class Bench:
    """`twin` answers, `basecamp` asks, `conn` keeps; `run()` is a run of its own at the twin's present moment."""

    twin: server.Twin
    conn: warehouse.Connection
    config: settings.Config
    folder: Path
    runs: int = 0

    def run(self) -> Run:
        self.runs += 1
        return Run(f"extract_basecamp/{self.runs}", self.twin.clock.now(), self.config)

    def client(self) -> Basecamp:
        """A fresh client, as a task's process would make it; it does not wait between attempts."""
        told = self.twin["basecamp"]
        names = ("account_id", "refresh_token", "token_url", "storage_url")
        made = Basecamp.from_connection(
            {
                "host": told["url"],
                "login": told["client_id"],
                "password": told["client_secret"],
                "extra": {name: told[name] for name in names} | {"user_agent": "Rekap (data@rekap.example)"},
            }
        )
        made.sleep = lambda seconds: None
        made.limit.sleep = lambda seconds: None  # type: ignore[attr-defined]  # the twin does not count here
        return made

    def truth(self) -> dict[str, Any]:
        return truth.tell(self.twin.world)

    def rows(self, statement: str) -> list[dict[str, Any]]:
        found = self.conn.execute(statement).fetchall()
        self.conn.commit()
        return found


@pytest.fixture
def bench(warehouse: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """A twin of six clients with about 100 orders, the register loaded; nothing fetched yet."""
    from rekap.warehouse import connect

    monkeypatch.delenv("REKAP_WAREHOUSE", raising=False)
    with server.start(7, clients=6, orders_per_month=20, rate_limit=None) as twin, connect(warehouse) as conn:
        written.write(truth.tell(twin.world), "", "http://localhost", tmp_path)
        made = Bench(twin, conn, settings.load(tmp_path), tmp_path)
        register.load(conn, made.run())
        yield made
