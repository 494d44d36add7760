"""What a measurement stands on: the large twin and one Postgres server, each a process of its own."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import requests

from local import environment
from local.installation import PYTHON
from local.postgres import Server
from local.processes import Processes
from local.state import State

START_SECONDS = 300  # a world of 100,000 to-dos is drawn first
TEMPLATE = "bench_template"


@dataclass(frozen=True)
class Size:
    """How large the world is; `todos` are about as many."""

    trackers: int
    todos: int

    def __str__(self) -> str:
        return f"{self.trackers:,} trackers, {self.todos:,} to-dos"


@dataclass
class Ground:
    """A running twin of one size and empty databases: `with Ground(...) as ground`."""

    state: State
    server: Server
    size: Size
    seed: int
    ready: dict[str, Any] = field(default_factory=dict)

    def __enter__(self) -> Ground:
        self.processes = Processes(self.state)
        self.processes.stop(0)  # what an earlier run left behind
        self.session = requests.Session()
        self.session.trust_env = False
        try:
            self.ready = self._started()
        except BaseException:
            self.processes.stop(0)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.processes.stop(0)

    def _started(self) -> dict[str, Any]:
        line = self.state.folder / "twin.json"
        line.unlink(missing_ok=True)
        told = {"seed": self.seed, "trackers": self.size.trackers, "todos": self.size.todos, "config": self.config}
        options = [part for name, value in told.items() for part in (f"--{name}", str(value))]
        self.processes.start("twin", [PYTHON, "-m", "bench.twin", *options], environment.whole({}), out=line)
        until = time.monotonic() + START_SECONDS
        while not (line.exists() and line.read_text().endswith("\n")):
            if self.processes.dead() or time.monotonic() > until:
                raise RuntimeError(f"the twin did not start:\n{self.processes.tail('twin')}")
            time.sleep(0.1)
        return dict(json.loads(line.read_text()))

    @property
    def config(self) -> Path:
        return self.state.config

    def database(self, name: str, *, migrated: bool) -> str:
        """The DSN of a new database, at the warehouse's newest revision or empty."""
        if migrated:
            from rekap import warehouse

            warehouse.migrate(self.server.create(TEMPLATE))
        self.server.drop(name)
        return self.server.create(name, template=TEMPLATE if migrated else "template1")

    def spreadsheets(self) -> list[str]:
        """The ids of all trackers, from the register."""
        import yaml

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        register = yaml.load((self.config / "clients.yaml").read_text(), Loader=loader)
        return [client["spreadsheet_id"] for client in register["clients"]]

    def change(self, share: float, since: str, until: str, now: str) -> dict[str, int]:
        """Let people change a share of everything; see bench.changes."""
        told = {"share": share, "since": since, "until": until, "now": now}
        return dict(self._asked("POST", "/_bench/change", json=told))

    def forget_calls(self) -> None:
        self._asked("DELETE", "/_bench/calls")

    def calls(self) -> tuple[list[tuple[str, str, int, float]], float]:
        """(service, route, status, moment) of every request since the last forgetting; the twin's seconds of work."""
        told = self._asked("GET", "/_bench/calls")
        return [tuple(call) for call in told["calls"]], float(told["busy"])

    def _asked(self, method: str, path: str, **more: Any) -> Any:
        answer = self.session.request(method, f"{self.ready['control']}{path}", timeout=600, **more)
        answer.raise_for_status()
        return answer.json()
