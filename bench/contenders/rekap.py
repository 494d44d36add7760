"""Rekap as its DAGs call it, without Airflow: register, fetch, stage; register, changed, read."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.contenders.job import Job, run
from local.environment import connections
from rekap import settings, warehouse
from rekap.run import Run
from rekap.sources import basecamp, register, sheets

WITHOUT_LIMIT = 1_000_000


def _run(job: Job, source: str) -> Run:
    """The run of a tick. The paces that keep the published limits are off here, as the twin's limits are."""
    config = settings.load(job.config)
    free = {"basecamp_requests_per_10_s": WITHOUT_LIMIT, "google_requests_per_minute": WITHOUT_LIMIT}
    reading = config.settings.reading.model_copy(update=free)
    config = replace(config, settings=config.settings.model_copy(update={"reading": reading}))
    return Run(f"bench_{source}/{job.now}", datetime.fromisoformat(job.now), config)


def _connection(job: Job, name: str) -> dict[str, Any]:
    return dict(json.loads(connections(job.ready)[f"AIRFLOW_CONN_{name}"]))


def _steps(**steps: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    told: dict[str, Any] = {"steps": {}, "counts": {}}
    for name, step in steps.items():
        began = time.perf_counter()
        told["counts"][name] = step()
        told["steps"][name] = time.perf_counter() - began
    return told


def read_basecamp(job: Job) -> Callable[[], dict[str, Any]]:
    from rekap.services.basecamp import Basecamp

    job_run = _run(job, "basecamp")
    connection = warehouse.connect(job.dsn)
    client = Basecamp.from_connection(_connection(job, "BASECAMP_DEFAULT"), dsn=job.dsn, per_10_s=WITHOUT_LIMIT)

    def work() -> dict[str, Any]:
        told = _steps(
            register=lambda: register.load(connection, job_run),
            fetch=lambda: basecamp.fetch(connection, client, job_run),
            stage=lambda: basecamp.stage(connection, job_run),
        )
        found = connection.execute("select count(distinct id) as todos from raw.basecamp_items where kind = 'todo'")
        told["counts"] |= found.fetchone() or {}
        return told

    return work


def read_sheets(job: Job) -> Callable[[], dict[str, Any]]:
    from rekap.services.google import Google

    job_run = _run(job, "sheets")
    connection = warehouse.connect(job.dsn)
    google = Google.from_connection(_connection(job, "REKAP_GOOGLE"), dsn=job.dsn, per_minute=WITHOUT_LIMIT)
    batches: list[list[str]] = []

    def changed() -> dict[str, int]:
        batches.extend(sheets.changed(connection, google, job_run))
        return {"trackers": sum(map(len, batches))}

    def read() -> dict[str, int]:
        counts: dict[str, int] = {}
        for clients in batches:
            for name, number in sheets.read(connection, google, job_run, clients).items():
                counts[name] = counts.get(name, 0) + number
        return counts

    return lambda: _steps(register=lambda: register.load(connection, job_run), changed=changed, read=read)


if __name__ == "__main__":
    if profile := os.environ.get("REKAP_BENCH_PROFILE"):
        import cProfile

        Path(profile).parent.mkdir(parents=True, exist_ok=True)
        with cProfile.Profile() as profiler:
            run({"basecamp": read_basecamp, "sheets": read_sheets}, sys.argv[1:])
        profiler.dump_stats(profile)
    else:
        run({"basecamp": read_basecamp, "sheets": read_sheets}, sys.argv[1:])
