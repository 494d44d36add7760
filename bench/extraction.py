"""Requests, seconds and memory of reading Basecamp and trackers, side by side in one run.

Every contender goes through the same ticks of the same world: a first load, a tick after which nothing changed, and
ticks after 1 %, 10 % and all of it changed. The twin's limits are off; what the published ones would add is computed
from its log of requests.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.contenders.job import Job
from bench.environment import DLT_PYTHON
from bench.ground import Ground, Size
from bench.limits import LIMITS
from local import environment
from local.installation import PYTHON
from local.postgres import Server
from local.state import ROOT, State
from sandbox.world import DEFAULT_NOW

SOURCES = ("basecamp", "sheets")
ONE = 0.000_001  # a share so small that it is one of each
TOKENS = ("oauth", "/authorization/")


@dataclass(frozen=True)
class Contender:
    """`reads_everything` names the sources that it reads whole at every tick, whatever changed."""

    name: str
    module: str
    python: str | Path
    reads_everything: tuple[str, ...]
    migrated: bool = False


REKAP = Contender("Rekap", "bench.contenders.rekap", PYTHON, (), migrated=True)
TEXTBOOK = Contender("textbook", "bench.contenders.textbook", PYTHON, SOURCES)
DLT = Contender("dlt", "bench.contenders.dlt_rest", DLT_PYTHON, ("sheets",))
BY_TAB = Contender("textbook, opened for each tab", "bench.contenders.textbook_by_tab", PYTHON, SOURCES)
CONTENDERS = (REKAP, TEXTBOOK, DLT)


@dataclass(frozen=True)
class Case:
    """A tick, and the share of everything that people changed since the one before."""

    name: str
    share: float


CASES = (
    Case("first load", 0.0),
    Case("quiet tick", 0.0),
    Case("1 % changed", 0.01),
    Case("10 % changed", 0.1),
    Case("100 % changed", 1.0),
)


@dataclass
class Measurement:
    """What one contender needed for one source at one tick. `requests` are those that count against the limit of the
    source, `added` the seconds that this limit would add; `twin` are seconds in which the twin worked, `capped` says
    that the time was up before the work was done, `same_as` that it was measured at another tick of the same work."""

    size: Size
    case: str
    source: str
    contender: str
    requests: int
    routes: dict[str, int]
    seconds: float
    added: float
    twin: float
    peak_mb: float
    cpu: float = 0.0
    counts: dict[str, Any] = field(default_factory=dict)
    steps: dict[str, float] = field(default_factory=dict)
    capped: bool = False
    same_as: str | None = None


class Extraction:
    """All measurements of one run. `cap` is the longest that one contender may take for one source at one tick."""

    def __init__(
        self, folder: Path, *, seed: int = 7, cap: float = 600.0, contenders: Sequence[Contender] = CONTENDERS,
        cases: Sequence[Case] = CASES, server: Server | None = None, say: Callable[[str], None] = print,
    ) -> None:  # fmt: skip
        self.state, self.server = State(folder), server or Server(folder / "postgres")
        self.seed, self.cap, self.contenders, self.cases, self.say = seed, cap, contenders, cases, say
        self.measured: list[Measurement] = []

    @contextmanager
    def server_running(self) -> Iterator[None]:
        """Postgres for all contenders."""
        self.server.start()
        try:
            yield
        finally:
            self.server.stop()

    def run(self, sizes: Iterable[Size]) -> list[Measurement]:
        """Measure all sizes, one after the other. Raises RuntimeError with what a contender said when it fails."""
        for number, size in enumerate(sizes):
            with Ground(self.state, self.server, size, self.seed) as ground:
                jobs = {contender.name: self._job(ground, contender) for contender in self.contenders}
                self._ticks(ground, jobs)
                if not number:
                    self._one_tracker(ground, jobs)
                for contender in self.contenders:
                    self.server.drop(_database(contender))
        return self.measured

    def _ticks(self, ground: Ground, jobs: Mapping[str, Job]) -> None:
        now = DEFAULT_NOW
        for number, case in enumerate(self.cases):
            if number:
                before, now = now, now + timedelta(hours=1)
                changed = self._changed(ground, case.share, before, now)
                self.say(f"{ground.size}, {case.name}: {changed['todos']} to-dos, {changed['trackers']} trackers")
            else:
                self.say(f"{ground.size}, {case.name}")
            for source in SOURCES:
                for contender in self.contenders:
                    job = Job(**{**vars(jobs[contender.name]), "now": now.isoformat()})
                    self.measured.append(self._tick(ground, case, source, contender, job))

    def _one_tracker(self, ground: Ground, jobs: Mapping[str, Job]) -> None:
        """What a single tracker costs after somebody changed it, for each way of reading one; the textbook has two."""
        now = DEFAULT_NOW + timedelta(hours=len(self.cases))
        self._changed(ground, ONE, now - timedelta(hours=1), now)
        self.say(f"{ground.size}, one tracker")
        for contender in (*self.contenders, *([BY_TAB] if TEXTBOOK in self.contenders else [])):
            job = jobs.get(contender.name, jobs.get(TEXTBOOK.name))
            assert job is not None
            only = job.spreadsheets[:1] if "sheets" in contender.reads_everything else job.spreadsheets
            told = Job(**{**vars(job), "now": now.isoformat(), "spreadsheets": only})
            self.measured.append(self._tick(ground, Case("one tracker", ONE), "sheets", contender, told, fresh=True))

    def _job(self, ground: Ground, contender: Contender) -> Job:
        folder = self.state.folder / "contenders" / contender.name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        dsn = ground.database(_database(contender), migrated=contender.migrated)
        return Job(ground.ready, dsn, folder, ground.config, "", ground.spreadsheets())

    def _changed(self, ground: Ground, share: float, before: datetime, now: datetime) -> dict[str, int]:
        """Changes lie evenly between two ticks; the last ones long enough ago that Drive's delay has passed."""
        since, until = before + timedelta(minutes=5), now - timedelta(minutes=20)
        return ground.change(share, since.isoformat(), until.isoformat(), now.isoformat())

    def _tick(self, ground: Ground, case: Case, source: str, contender: Contender, job: Job, *,
              fresh: bool = False) -> Measurement:  # fmt: skip
        whole = source in contender.reads_everything and not fresh
        same = self._same(ground.size, source, contender) if whole else None
        if same is not None:
            return Measurement(**{**vars(same), "case": case.name, "same_as": same.case})
        ground.forget_calls()
        told, capped = self._contend(contender, source, job)
        calls, busy = ground.calls()
        counted = [call for call in calls if call[0] == source and not call[1].split()[-1].startswith(TOKENS)]
        made = Measurement(
            size=ground.size, case=case.name, source=source, contender=contender.name, requests=len(counted),
            routes=dict(Counter(f"{service} {route}" for service, route, _, _ in calls)),
            added=LIMITS[source].adds([at for *_, at in counted]), twin=busy, capped=capped, **told,
        )  # fmt: skip
        self.say(
            f"  {source:9} {contender.name:9} {'more than ' if capped else ''}{made.requests} requests,"
            f" {made.seconds:.1f} s (+{made.added:.0f} s by the limits), {made.peak_mb:.0f} MB"
        )
        return made

    def _same(self, size: Size, source: str, contender: Contender) -> Measurement | None:
        """The tick at which the same work was measured. The first load and the quiet tick are both measured, so that
        the claim of the same work can be seen; not where the time was up."""
        known = [m for m in self.measured if (m.size, m.source, m.contender) == (size, source, contender.name)]
        enough = len(known) >= 2 or any(m.capped or m.seconds > self.cap / 10 for m in known)
        return known[-1] if enough else None

    def _contend(self, contender: Contender, source: str, job: Job) -> tuple[dict[str, Any], bool]:
        command = [str(contender.python), "-m", contender.module, source]
        # A person's own settings of dlt must not change what is measured.
        own = {"PYTHONPATH": str(ROOT), "DLT_DATA_DIR": str(job.folder), "DLT_PROJECT_DIR": str(job.folder)}
        began = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment.whole(own), text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        try:
            out, errors = process.communicate(job.as_json(), timeout=self.cap)
        except subprocess.TimeoutExpired:
            peak = _peak_of(process.pid)
            process.kill()
            process.communicate()
            return {"seconds": time.perf_counter() - began, "peak_mb": peak}, True
        if process.returncode:
            raise RuntimeError(f"{contender.name} failed at {source}:\n{errors[-3000:]}")
        return dict(json.loads(out.strip().splitlines()[-1])), False


def _database(contender: Contender) -> str:
    return f"bench_{contender.name.lower()}"


def _peak_of(pid: int) -> float:
    status = Path(f"/proc/{pid}/status")
    told = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in told if line.startswith("VmHWM")), 0.0)


def as_json(measured: Sequence[Measurement]) -> str:
    """The measurements, for whoever wants more than the page shows."""
    return json.dumps([asdict(one) for one in measured], indent=1)
