"""What a contender is told, and what it tells: seconds of its work, peak memory of its process."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Job:
    """`ready` is the twin's ready line, `folder` a place for state that lives from tick to tick, `now` the tick's time,
    `spreadsheets` the ids of every tracker."""

    ready: dict[str, Any]
    dsn: str
    folder: Path
    config: Path
    now: str
    spreadsheets: list[str]

    def as_json(self) -> str:
        return json.dumps(vars(self), default=str)

    @classmethod
    def of(cls, told: dict[str, Any]) -> Job:
        return cls(**{**told, "folder": Path(told["folder"]), "config": Path(told["config"])})


Way = Callable[[Job], "Callable[[], dict[str, Any]]"]


def run(ways: Mapping[str, Way], arguments: list[str]) -> None:
    """Do the job of stdin and print one JSON line. A way first makes ready (imports, connections) and returns the work;
    only the work's seconds count."""
    job = Job.of(json.load(sys.stdin))
    work = ways[arguments[0]](job)
    began, used = time.perf_counter(), time.process_time()
    told = work()
    seconds, cpu = time.perf_counter() - began, time.process_time() - used
    print(json.dumps({"seconds": seconds, "cpu": cpu, "peak_mb": peak_megabytes(), **told}))


def peak_megabytes() -> float:
    """The most memory this process ever held. Linux tells it for the program alone; elsewhere the parent's at the time
    of the start may be in it."""
    status = Path("/proc/self/status")
    if status.exists():
        peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(peak.split()[1]) / 1024
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / 1024 / (1024 if sys.platform == "darwin" else 1)
