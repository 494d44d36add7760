"""Rekap as its DAGs call it, without Airflow: register, fetch, stage; register, changed, read."""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from bench.contenders.job import Job, run
from local.environment import connections
from rekap import settings, warehouse
from rekap.run import Run
from rekap.sources import basecamp, register, sheets

WITHOUT_LIMIT = 1_000_000
Done = TypeVar("Done")


def _run(job: Job, source: str) -> Run:
    """The run of a tick. The paces that keep the published limits are off here, as the twin's limits are."""
    config = settings.load(job.config)
    free = {"basecamp_requests_per_10_s": WITHOUT_LIMIT, "google_requests_per_minute": WITHOUT_LIMIT}
    reading = config.settings.reading.model_copy(update=free)
    config = replace(config, settings=config.settings.model_copy(update={"reading": reading}))
    return Run(f"bench_{source}/{job.now}", datetime.fromisoformat(job.now), config)


def _connection(job: Job, name: str) -> dict[str, Any]:
    return dict(json.loads(connections(job.ready)[f"AIRFLOW_CONN_{name}"]))


class _Steps:
    """The steps of one tick, each with its seconds and what it counted. Settings are read within the tick: whoever has
    a thousand clients pays for it each time."""

    def __init__(self, job: Job, source: str) -> None:
        self.seconds: dict[str, float] = {}
        self.counts: dict[str, Any] = {}
        self.run = self.timed("settings", lambda: _run(job, source))

    def timed(self, name: str, step: Callable[[], Done]) -> Done:
        began = time.perf_counter()
        done = step()
        self.seconds[name] = time.perf_counter() - began
        return done

    def counted(self, name: str, step: Callable[[], dict[str, int]]) -> None:
        self.counts[name] = self.timed(name, step)

    def told(self) -> dict[str, Any]:
        return {"steps": self.seconds, "counts": self.counts}


def read_basecamp(job: Job) -> Callable[[], dict[str, Any]]:
    from rekap.services.basecamp import Basecamp

    connection = warehouse.connect(job.dsn)
    client = Basecamp.from_connection(_connection(job, "BASECAMP_DEFAULT"), dsn=job.dsn, per_10_s=WITHOUT_LIMIT)

    def work() -> dict[str, Any]:
        steps = _Steps(job, "basecamp")
        steps.counted("register", lambda: register.load(connection, steps.run))
        steps.counted("fetch", lambda: basecamp.fetch(connection, client, steps.run))
        steps.counted("stage", lambda: basecamp.stage(connection, steps.run))
        found = connection.execute("select count(*) as todos from raw.basecamp_newest where kind = 'todo'")
        steps.counts |= found.fetchone() or {}
        return steps.told()

    return work


def read_sheets(job: Job) -> Callable[[], dict[str, Any]]:
    from rekap.services.google import Google

    connection = warehouse.connect(job.dsn)
    google = Google.from_connection(_connection(job, "REKAP_GOOGLE"), dsn=job.dsn, per_minute=WITHOUT_LIMIT)

    def work() -> dict[str, Any]:
        steps = _Steps(job, "sheets")
        steps.counted("register", lambda: register.load(connection, steps.run))
        batches = steps.timed("changed", lambda: sheets.changed(connection, google, steps.run))
        total: Counter[str] = Counter()

        def read() -> dict[str, int]:
            for clients in batches:
                total.update(sheets.read(connection, google, steps.run, clients))
            return dict(total)

        steps.counted("read", read)
        return steps.told()

    return work


if __name__ == "__main__":
    if profile := os.environ.get("REKAP_BENCH_PROFILE"):
        import cProfile

        Path(profile).parent.mkdir(parents=True, exist_ok=True)
        with cProfile.Profile() as profiler:
            run({"basecamp": read_basecamp, "sheets": read_sheets}, sys.argv[1:])
        profiler.dump_stats(profile)
    else:
        run({"basecamp": read_basecamp, "sheets": read_sheets}, sys.argv[1:])
