"""The report in a person's words, as terminal and page lay it out; every text is plain, nothing is escaped yet."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from rekap import catalogue
from rekap.sources.sheets.doctor import examples
from rekap.sources.sheets.doctor.brand import Brand
from rekap.sources.sheets.doctor.report import Column, Group, Report, TabReport
from rekap.sources.sheets.doctor.shown import shown
from rekap.sources.sheets.rows import TrackerRow
from rekap.sources.sheets.staging import cell_url
from rekap.vocabulary.folding import fold

Tone = Literal["good", "look", "bad", "other"]
UNTROUBLED = ("struck", "time_about", "date_other_month")  # flags of what is understood and only unusual
NEEDED = ("service_date", "outlet", "service", "units", "status", "technicians")
MOST_PLACES = 8  # cells of a group that are named, each with its link
Taught = Collection[tuple[str, str]]  # flag and folded text of the words that can be taught


@dataclass(frozen=True)
class ColumnSaid:
    """`tone`: good where the column is read, look where it perhaps should be, else other."""

    letter: str
    heading: str
    meaning: str
    tone: Tone
    examples: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class RowSaid:
    cell: str
    url: str
    written: str
    beside: str
    reason: str
    todo: str


@dataclass(frozen=True)
class GroupSaid:
    """`places`: the first cells with their links; `rows`: how many rows there are in words."""

    tone: Tone
    what: str
    written: str
    rows: str
    places: tuple[tuple[str, str], ...]
    has_more: bool
    hint: str


@dataclass(frozen=True)
class TabSaid:
    """`facts`: one line each; `warnings`: what a person should do about the tab as a whole; `strange`: rows that are
    read and want a look."""

    title: str
    tone: Tone
    kind: str
    facts: tuple[str, ...]
    warnings: tuple[tuple[Tone, str], ...]
    columns: tuple[ColumnSaid, ...]
    refused: tuple[RowSaid, ...]
    groups: tuple[GroupSaid, ...]
    strange: int = 0


@dataclass(frozen=True)
class Check:
    """One thing that was looked at beside the sheet: section, tone and sentence."""

    title: str
    tone: Tone
    text: str


@dataclass(frozen=True)
class Said:
    """All of a report. `write`: the sentence over `yaml`, which is empty where nothing is to be written; `warnings`:
    about the sheet as a whole; `left`: who has what to do, and at the end whether all is done."""

    language: str
    title: str
    as_of: str
    summary: str
    tabs: tuple[TabSaid, ...]
    write: str
    yaml: str
    checks: tuple[Check, ...] = ()
    warnings: tuple[str, ...] = ()
    left: tuple[tuple[Tone, str], ...] = ()

    @property
    def has_to_correct(self) -> bool:
        """Whether somebody has to correct something in the sheet."""
        return any(tab.tone == "bad" for tab in self.tabs)

    @property
    def legend(self) -> list[str]:
        """What each sign means."""
        return [self.say(f"legend_{tone}") for tone in get_args(Tone)]

    def say(self, key: str, **values: object) -> str:
        """A text of the catalogue, for headings of the layout."""
        return catalogue.text(self.language, f"doctor.{key}", **values)


def said(
    report: Report, yaml: str, write: str, language: str, *, checks: Sequence[Check] = (), taught: Taught = (),
    brand: Brand | None = None, name: str = "", stands_still: bool = False,
) -> Said:  # fmt: skip
    """The report in a language; `yaml` and the sentence `write` over it as `proposal` made them. `taught`: the words
    that stand in `yaml`; `brand`: what most outlets begin with where it is not the client's `name`; `stands_still`: the
    clock does, as where one practises."""
    tabs = report.tabs
    return Said(
        language=language,
        title=_say(language, "title", name=shown(report.title) or _say(language, "untitled")),
        as_of=_say(language, "as_of_still" if stands_still else "as_of", day=catalogue.day(language, report.as_of)),
        summary=_say(
            language, "summary", months=len(report.months), tabs=len(tabs), read=sum(len(tab.rows) for tab in tabs),
            refused=sum(len(tab.refused) for tab in tabs), skipped=sum(tab.skipped.total() for tab in tabs),
        ),
        tabs=tuple(_tab(report, tab, language, taught) for tab in tabs),
        write=write,
        yaml=yaml,
        checks=tuple(checks),
        warnings=(
            _say(
                language, "warning_brand", brand=shown(brand.words), count=brand.outlets, outlets=brand.of,
                name=shown(name),
            ),
        ) if brand else (),
    )  # fmt: skip


def _tab(report: Report, tab: TabReport, language: str, taught: Taught) -> TabSaid:
    if tab.other:
        example = f"{catalogue.month(language, report.as_of)}"
        why = _say(language, f"other_{tab.other}", **({} if tab.other in _PLAIN else {"example": example}))
        return TabSaid(shown(tab.title), "other", _say(language, "tab_other"), (why,), (), (), (), ())
    month = _month(language, tab.month or "")
    warnings = tuple(_warnings(tab, language))
    strange = {row for group in tab.groups if group.flag not in UNTROUBLED for row in group.rows}
    tone: Tone = "bad" if tab.problems or tab.refused else "look" if warnings or strange else "good"
    return TabSaid(
        title=shown(tab.title),
        tone=tone,
        kind=_say(language, "tab_month", month=month),
        facts=tuple(_facts(tab, language)),
        warnings=warnings,
        columns=tuple(_column(column, language) for column in tab.columns),
        refused=tuple(_row(report, tab, row, language) for row in tab.refused),
        groups=tuple(
            _group(report, tab, group, language, taught)
            for group in sorted(tab.groups, key=lambda group: group.flag in UNTROUBLED)
        ),
        strange=len(strange),
    )


_PLAIN = ("hidden", "no_cells")


def _facts(tab: TabReport, language: str) -> Iterator[str]:
    if tab.heading:
        yield _say(language, "heading", rows="–".join(map(str, dict.fromkeys((tab.heading[0], tab.heading[-1])))))
    counts = _say(
        language, "counts", read=len(tab.rows), refused=len(tab.refused), skipped=tab.skipped.total()
    )  # fmt: skip
    reasons = ", ".join(f"{count} {_coded(language, 'skip', reason)}" for reason, count in tab.skipped.most_common())
    yield f"{counts} ({reasons})" if reasons else counts
    if not tab.first or not tab.last:
        yield _say(language, "dates_none")
        return
    span = _say(language, "dates", first=catalogue.day(language, tab.first), last=catalogue.day(language, tab.last))
    months = ", ".join(f"{_month(language, month)} {count}" for month, count in sorted(tab.days.items()))
    yield span if len(tab.days) == 1 else f"{span}; {_say(language, 'dates_by_month', months=months)}"


def _warnings(tab: TabReport, language: str) -> Iterator[tuple[Tone, str]]:
    for problem in tab.problems:
        yield "bad", (f"{problem.cell}: " if problem.cell else "") + _coded(language, "problem", problem.code)
    if tab.guessed:
        yield "look", _say(language, "problem_guessed", row=tab.guessed)
    elsewhere = tab.days.most_common(1)
    if elsewhere and elsewhere[0][0] != tab.month and elsewhere[0][1] * 2 > tab.days.total():
        month, named = _month(language, elsewhere[0][0]), _month(language, tab.month or "")
        yield "look", _say(language, "dates_elsewhere", month=month, tab=named)
    found = {column.meaning for column in tab.columns}
    if any(units for row in tab.rows for _, units in row.read.services):
        found.add("units")  # said within the text of the service
    if tab.heading and (lacking := [name for name in NEEDED if name not in found]):
        meanings = ", ".join(_say(language, f"meaning_{name}") for name in lacking)
        yield "look", _say(language, "missing", meanings=meanings)


def _column(column: Column, language: str) -> ColumnSaid:
    meaning = column.meaning or column.perhaps
    name = _say(language, f"meaning_{meaning}") if meaning else ""
    if column.meaning:
        told = name
    elif not column.perhaps:
        told = _say(language, "not_used")
    elif column.known == fold(column.heading):
        told = _say(language, "perhaps_known", meaning=name)
    elif column.known:
        told = _say(language, "perhaps_heading", word=shown(column.known), meaning=name)
    else:
        told = _say(language, "perhaps_cells", meaning=name)
    tone: Tone = "good" if column.meaning else "look" if column.perhaps else "other"
    seen = tuple(examples.told(column.meaning, example, language) for example in column.examples)
    return ColumnSaid(column.letter, shown(column.heading, 40), told, tone, seen)


def _row(report: Report, tab: TabReport, row: TrackerRow, language: str) -> RowSaid:
    cell = row.date_cell or f"A{row.row}"
    today = f"{report.as_of:%d/%m/%Y}"  # plainly not the day of the row
    problems = list(dict.fromkeys(row.problems))
    reason = " ".join(_coded(language, "reason", problem) for problem in problems)
    todo = " ".join(filter(None, (_todo(language, problem, today) for problem in problems)))
    beside = [shown(text, 40) for name in ("outlet", "service") if (text := row.cells.get(name))]
    written = shown(row.cells.get("service_date", ""), 60) or _say(language, "empty")
    return RowSaid(cell, _link(report, tab, cell), written, " · ".join(beside), reason, todo)


def _todo(language: str, problem: str, today: str) -> str:
    key = f"todo_{problem}"
    return _say(language, key, today=today) if _is_text(language, key) else ""


def _group(report: Report, tab: TabReport, group: Group, language: str, taught: Taught) -> GroupSaid:
    is_taught = (group.flag, fold(group.written)) in taught
    key = f"hint_{group.flag}{'_taught' if is_taught else ''}"
    hint = _say(language, key) if _is_text(language, key) else ""
    near = _say(language, "near", near=shown(group.near)) if group.near else ""
    return GroupSaid(
        tone="other" if group.flag in UNTROUBLED else "look",
        what=_coded(language, "flag", group.flag),
        written=shown(group.written),
        rows=_say(language, "rows", count=len(group.rows)),
        places=tuple((cell, _link(report, tab, cell)) for cell in group.cells[:MOST_PLACES]),
        has_more=len(group.cells) > MOST_PLACES,
        hint=" ".join(filter(None, (f"{near[:1].upper()}{near[1:]}." if near else "", hint))),
    )


def _link(report: Report, tab: TabReport, cell: str) -> str:
    """The address of a cell; empty for a resource that does not say which spreadsheet it is."""
    return cell_url(report.spreadsheet_id, tab.sheet_id, cell) if report.spreadsheet_id else ""


def _coded(language: str, kind: str, code: str) -> str:
    """The text of a code; a code that has none yet is shown as it is rather than hidden."""
    if _is_text(language, f"{kind}_{code}"):
        return _say(language, f"{kind}_{code}")
    other = f"{kind}_other"
    return _say(language, other, code=code) if _is_text(language, other) else code


def _is_text(language: str, key: str) -> bool:
    return f"doctor.{key}" in catalogue.entries(language)


def _month(language: str, month: str) -> str:
    return catalogue.month(language, date.fromisoformat(f"{month}-01"))


def _say(language: str, key: str, **values: object) -> str:
    return catalogue.text(language, f"doctor.{key}", **values)
