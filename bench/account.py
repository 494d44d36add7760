"""The account of one extraction benchmark: tables, ratios, and what each word in them means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.extraction import SOURCES, Measurement
from bench.ground import Size
from bench.page import table

TITLES = {"basecamp": "Basecamp", "sheets": "Trackers"}
REKAP = "Rekap"
INTO_RAW = ("settings", "register", "fetch")
DRIVE_LIST = "drive GET /drive/v3/files"
ABOUT = """## Extraction

Requests, seconds and memory of one tick, against the two ways that people would take otherwise. All contenders go
through the same ticks of the same seeded world, each in a process of its own, each into a Postgres database of its own:
a first load, a tick after which nothing changed, and ticks after 1 %, 10 % and all to-dos and trackers were changed.

- **Rekap**: settings, register, `sources.basecamp` and `sources.sheets` as the DAGs call them, without Airflow. Its
  seconds go further than the others': they hold the register and the reading of all texts into staging, with history,
  quarantine and ledger; *into raw* is the part that the others do as well, with settings and register.
- **textbook**: gspread opens each spreadsheet and gets all values of each tab; Basecamp is walked from the projects
  through to-do sets, lists and groups to the to-dos in their four states, and to the comments of each to-do that has
  some. It cannot know what changed and reads everything at every tick; to-dos outside any list are not on its way.
- **dlt**: its REST source with the `header_link` paginator, newest first by `updated_at` with `row_order`, so that it
  stops where its last load ended, merging by id; spreadsheets with two calls a load, tabs and then all values.

The limits of the services are off. What the published ones would add is computed from the log of requests: Basecamp 50
requests in 10 seconds, Sheets 60 reads a minute; Drive's limit is far away. Requests are those that count against the
limit of the source. A number with `=` was measured at another tick of the very same work, `>` says that the time was
up before the work was done."""


TARGETS = (
    ("requests to Basecamp, quiet tick", 6, "basecamp", "quiet tick", None),
    ("calls to Drive for all trackers, quiet tick", 1, "sheets", "quiet tick", DRIVE_LIST),
    ("reads of Sheets, quiet tick", 0, "sheets", "quiet tick", None),
    ("reads of one changed tracker", 2, "sheets", "one tracker", None),
)


@dataclass(frozen=True)
class Account:
    """Everything that was measured in one run."""

    measured: Sequence[Measurement]
    machine: Mapping[str, str]
    seed: int
    day: str
    picture: str | None

    def text(self) -> str:
        """The part of docs/benchmarks.md."""
        machine = table(("measured on", ""), [(name, value) for name, value in self.machine.items()])
        parts = [ABOUT, f"Seed {self.seed}, {self.day}.", machine]
        if self.picture:
            parts.append(f"![How long one tick takes at the published limits]({self.picture})")
        return "\n\n".join([*parts, self.tables()])

    def tables(self) -> str:
        """All tables, as they also end the command's output."""
        parts = ["### Targets", self._targets()]
        for source in SOURCES:
            for size in self.sizes:
                parts += [f"### {TITLES[source]}, {size}", self._ticks(source, size), *self._ratios(source, size)]
        parts += ["### Peak memory, MB", self._memory(), "### To-dos found at the first load", self._found()]
        return "\n\n".join([*parts, *self._one_tracker()])

    @property
    def sizes(self) -> list[Size]:
        return list(dict.fromkeys(m.size for m in self.measured))

    @property
    def contenders(self) -> list[str]:
        return list(dict.fromkeys(m.contender for m in self.measured if m.case != "one tracker"))

    def _of(self, **wanted: object) -> list[Measurement]:
        return [m for m in self.measured if all(getattr(m, name) == value for name, value in wanted.items())]

    def _ticks(self, source: str, size: Size) -> str:
        names = self.contenders
        head = ["tick", *(f"requests {name}" for name in names), *(f"seconds {name}" for name in names)]
        head += [f"limits add {name}" for name in names]
        if source == "basecamp":
            head.insert(1 + len(names) + 1, "into raw")
        rows = []
        for case in dict.fromkeys(m.case for m in self._of(source=source, size=size) if m.case != "one tracker"):
            found = [self._of(source=source, size=size, case=case, contender=name)[0] for name in names]
            row = [case, *(_marked(m, f"{m.requests:,}") for m in found)]
            for m in found:
                row.append(_marked(m, seconds(m.seconds)))
                if source == "basecamp" and m.contender == REKAP:
                    row.append(seconds(sum(m.steps.get(step, 0.0) for step in INTO_RAW)))
            rows.append([*row, *(_marked(m, duration(m.added)) for m in found)])
        return table(head, rows)

    def _ratios(self, source: str, size: Size) -> list[str]:
        """One sentence for each tick: how many times Rekap's requests, how many times its time at the limits."""
        lines = []
        for case in ("quiet tick", "1 % changed", "100 % changed"):
            ours = self._of(source=source, size=size, case=case, contender=REKAP)
            others = [m for m in self._of(source=source, size=size, case=case) if m.contender != REKAP]
            if ours and others:
                told = ", ".join(f"{m.contender} {_times(m, ours[0])}" for m in others)
                lines.append(f"- {case}, at the limits {duration(whole(ours[0]))}: {told}")
        return ["\n".join(lines)] if lines else []

    def _targets(self) -> str:
        """What a quiet tick of Rekap and one changed tracker may cost, and what they did at each size."""
        rows: list[list[str]] = []
        for told, most, source, case, route in TARGETS:
            found = [self._of(source=source, size=size, case=case, contender=REKAP) for size in self.sizes]
            spent = [str(_spent(of[0], route)) if of else "-" for of in found]
            if set(spent) != {"-"}:
                rows.append([told, f"at most {most}", *spent])
        return table(["Rekap", "target", *map(str, self.sizes)], rows)

    def _memory(self) -> str:
        rows = []
        for source in SOURCES:
            for name in self.contenders:
                peaks = [
                    max(m.peak_mb for m in self._of(source=source, size=size, contender=name)) for size in self.sizes
                ]
                rows.append([f"{TITLES[source]}, {name}", *(f"{peak:,.0f}" for peak in peaks)])
        return table(["the whole process, at its most", *map(str, self.sizes)], rows)

    def _found(self) -> str:
        """A way that misses records is no cheaper for it: the textbook never meets to-dos outside any list."""
        rows = []
        for name in self.contenders:
            loads = [self._of(source="basecamp", size=size, contender=name)[0] for size in self.sizes]
            rows.append([name, *(_marked(m, f"{m.counts.get('todos', 0):,}") if not m.capped else "-" for m in loads)])
        return table(["", *map(str, self.sizes)], rows)

    def _one_tracker(self) -> list[str]:
        found = self._of(case="one tracker")
        if not found:
            return []
        tabs = max(m.counts.get("tabs", 0) for m in found)
        rows = [[m.contender, str(m.requests)] for m in found]
        return [f"### Reads of one changed tracker with {tabs} tabs", table(["", "reads"], rows)]


def _spent(one: Measurement, route: str | None) -> int:
    return one.routes.get(route, 0) if route else one.requests


def whole(one: Measurement) -> float:
    """Seconds of a tick at the published limits."""
    return one.seconds + one.added


def seconds(value: float) -> str:
    return f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def duration(value: float) -> str:
    """ "0 s", "12 s", "3 min", "2.1 h"."""
    if value < 100:
        return f"{value:.1f} s" if 0 < value < 10 else f"{value:.0f} s"
    return f"{value / 60:.0f} min" if value < 100 * 60 else f"{value / 3600:.1f} h"


def _marked(one: Measurement, number: str) -> str:
    return f"> {number}" if one.capped else f"= {number}" if one.same_as else number


def _times(one: Measurement, ours: Measurement) -> str:
    mark = "more than " if one.capped else ""
    if not ours.requests:
        return f"{duration(whole(one))} ({mark}{one.requests:,} requests, Rekap none)"
    times = one.requests / ours.requests
    asked = f"{times:,.1f} times the requests" if times < 10 else f"{times:,.0f} times the requests"
    return f"{duration(whole(one))} ({mark}{asked})"
