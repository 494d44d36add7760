"""A week of what people do in Basecamp and in their trackers: at its end staging is the twin's truth, row by row."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from local import register as written
from local.postgres import Server
from local.truth import staged
from local.truth.differences import Differences
from local.truth.evidence import Evidence
from rekap import settings, warehouse
from rekap.run import Run
from rekap.services.basecamp import Basecamp
from rekap.services.google import Google
from rekap.services.rate_limit import Unlimited
from rekap.sources import basecamp, register, sheets
from sandbox import server, week
from sandbox.world import truth
from sandbox.world.model import WIB

SUNDAY = 6


class House:
    """Rekap's two extracts and its night, run by hand against a twin."""

    def __init__(self, twin: server.Twin, conn: warehouse.Connection, folder: Path) -> None:
        self.twin, self.conn, self.runs = twin, conn, 0
        written.write(truth.tell(twin.world), "", "http://localhost", folder)
        self.config = settings.load(folder)
        register.load(conn, self.run(twin.clock.now()))
        self.nights = twin.clock.now().astimezone(WIB).date()

    def run(self, now: datetime) -> Run:
        self.runs += 1
        return Run(f"run/{self.runs}", now, self.config)

    def tick(self) -> None:
        """Both extracts at the twin's moment, and before them the nights that have passed since the last tick."""
        now = self.twin.clock.now()
        while self.nights < now.astimezone(WIB).date():
            self.nights += timedelta(days=1)
            self.night(self.nights)
        run = self.run(now)
        basecamp.fetch(self.conn, self.basecamp(), run)
        basecamp.stage(self.conn, run)
        for batch in sheets.changed(self.conn, self.google(), run):
            sheets.read(self.conn, self.google(), run, batch)

    def night(self, day: date) -> None:
        run = self.run(datetime.combine(day, time(3), WIB))
        basecamp.count_projects(self.conn, self.basecamp(), run)
        basecamp.sweep(self.conn, self.basecamp(), run)

    def basecamp(self) -> Basecamp:
        told = self.twin["basecamp"]
        names = ("account_id", "refresh_token", "token_url", "storage_url")
        made = Basecamp.from_connection(
            {
                "host": told["url"], "login": told["client_id"], "password": told["client_secret"],
                "extra": {name: told[name] for name in names} | {"user_agent": "Rekap (data@rekap.example)"},
            }
        )  # fmt: skip
        made.limit = Unlimited()
        return made

    def google(self) -> Google:
        told = self.twin["google"]
        return Google.from_connection(
            {
                "extra": {
                    "keyfile_dict": told["service_account"], "sheets_endpoint": told["sheets_url"],
                    "drive_endpoint": told["drive_url"],
                }
            },
            sleep=lambda seconds: None,
        )  # fmt: skip

    def differences(self) -> list[str]:
        """What staging says otherwise than the truth, once the sweep of a Sunday and the night after have passed."""
        now = self.twin.clock.now().astimezone(WIB)
        sunday = now.date() + timedelta(days=(SUNDAY - now.weekday()) % 7 or 7)
        self.tick()  # a row that a person took out is gone when a second reading says so
        for day in (sunday, sunday + timedelta(days=1)):
            self.night(day)
        self.tick()
        found = Differences()
        evidence = Evidence(truth.tell(self.twin.world), [], [], self.conn, None, "")
        staged.check(evidence, found)
        return found.told()


@contextmanager
def house(postgres: Server, template: str, folder: Path, seed: int, **size: Any) -> Iterator[House]:
    name = f"week_{seed}_{folder.name[-12:]}".lower().replace("-", "_")
    with server.start(seed, rate_limit=None, **size) as twin:
        twin.google_app.state.quota.per_minute = None
        with warehouse.connect(postgres.create(name, template=template)) as conn:
            yield House(twin, conn, folder)
    postgres.drop(name)


def lived(made: House, seed: int, days: int, a_day: int, busy: float) -> list[str]:
    made.tick()
    for _ in week.steps(made.twin, seed=seed, days=days, a_day=a_day, busy=busy):
        made.tick()
    return made.differences()


def test_after_some_days_staging_is_the_truth(postgres: Server, warehouse_template: str, tmp_path: Path) -> None:
    seed = 20260
    with house(postgres, warehouse_template, tmp_path, seed, clients=6, orders_per_month=30) as made:
        assert lived(made, seed, days=4, a_day=3, busy=0.5) == []


@pytest.mark.soak
@pytest.mark.parametrize("seed", [3, 17, 58, 101, 977, 4096])
def test_after_a_week_staging_is_the_truth(
    postgres: Server, warehouse_template: str, tmp_path: Path, seed: int
) -> None:
    with house(postgres, warehouse_template, tmp_path, seed, clients=14, orders_per_month=420) as made:
        assert lived(made, seed, days=7, a_day=6, busy=1.0) == []
