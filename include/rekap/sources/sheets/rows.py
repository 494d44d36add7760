"""What one sheet row is: an order, an order that nobody can read, or a line that is neither and why."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import date

from rekap.sources.sheets import fields, headers
from rekap.sources.sheets.cells import EMPTY, Cell, Grid, is_folded_in
from rekap.sources.sheets.fields import Fields
from rekap.sources.sheets.headers import Header
from rekap.vocabulary import dates, lexicon, outlets, services
from rekap.vocabulary.dates import month_of_word
from rekap.vocabulary.folding import fold

RUNNING_NUMBER = re.compile(r"\d{1,4}[.)]?")
LONGEST_NAME = 60  # characters; what stands alone in the outlet's column and is longer is prose


@dataclass(frozen=True)
class TrackerRow:
    """One sheet row that is an order. `row`: 1-based; `problems`: why it cannot be used, empty when it can; `cells`:
    the texts as written, by meaning or else by column letter; `date_cell`: where the date stands or should stand."""

    row: int
    read: Fields
    problems: tuple[str, ...]
    cells: dict[str, str]
    date_cell: str | None = None

    @property
    def content_sha256(self) -> str:
        """The same for the same words, wherever the row stands and however the columns are ordered."""
        return hashlib.sha256(json.dumps(self.cells, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class Skipped:
    """One sheet row that is no order: title, header, blank, total or note."""

    row: int
    reason: str


@dataclass
class Lines:
    """The rows of a tab, each in exactly one list."""

    rows: list[TrackerRow] = field(default_factory=list)
    rejected: list[TrackerRow] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def lines_of(grid: Grid, header: Header | None, *, month: str | None, as_of: date, known: frozenset[str]) -> Lines:
    """Sort every row of a tab. `known`: the normalised names of the client's outlets."""
    lines = Lines()
    first = header.rows[0] if header else 0
    for at, cells in enumerate(grid.rows):
        if header is None or at < first:
            said = any(_says(cell) for cell in cells if cell.own)
            lines.skipped.append(Skipped(at + 1, ("title" if header else "note") if said else "blank"))
        elif at in header.rows or headers.repeats(grid, header, at):
            lines.skipped.append(Skipped(at + 1, "header"))
            # A heading further down may order the columns anew; what it leaves out is gone from there on.
            if at not in header.rows and (again := headers.at(grid, at)):
                header = Header(header.rows, again.columns)
        elif reason := _no_order(_Line(cells, header), known):
            lines.skipped.append(Skipped(at + 1, reason))
        else:
            row = _read(at + 1, _Line(cells, header), month, as_of)
            (lines.rejected if row.problems else lines.rows).append(row)
    return lines


class _Line:
    """The cells of a row by their meaning."""

    def __init__(self, cells: list[Cell], header: Header) -> None:
        self.cells, self.columns = cells, header.columns
        self.mapped = set(header.columns.values())

    def __getitem__(self, name: str) -> Cell:
        column = self.columns.get(name, -1)
        return self.cells[column] if 0 <= column < len(self.cells) else EMPTY

    def says(self, name: str) -> bool:
        """Whether the column holds more than nothing, a drawn line or an empty box."""
        return _says(self[name])

    def content(self) -> list[tuple[int, Cell]]:
        """What the row itself says: neither merged in from above, nor a running number, box or drawn line."""
        return [
            (at, cell)
            for at, cell in enumerate(self.cells)
            if cell.own and _says(cell) and not (at not in self.mapped and RUNNING_NUMBER.fullmatch(cell.text))
        ]

    def texts(self) -> dict[str, str]:
        names = {column: name for name, column in self.columns.items()}
        return {
            names.get(at, headers.letter(at)): _as_written(cell)
            for at, cell in enumerate(self.cells)
            if not cell.is_empty and (at in names or not RUNNING_NUMBER.fullmatch(cell.text))
        }


def _as_written(cell: Cell) -> str:
    return f"{cell.text} <{cell.link}>" if cell.link and cell.link not in cell.text else cell.text


def _says(cell: Cell) -> bool:
    return not (cell.is_empty or cell.is_line or (cell.kind == "bool" and not cell.number))


def _no_order(line: _Line, known: frozenset[str]) -> str | None:
    """Why a row below the heading is no order, or None when it is one or should be."""
    content = line.content()
    if not content:
        return "blank"
    dated, outlet, service = (line.says(name) for name in ("service_date", "outlet", "service"))
    first = content[0][1]
    if _is_total(line, content):
        return "total"
    if len(content) == 1:
        return _alone(line, *content[0], known)
    # "Minggu 9/8" begins like "Minggu 1" and is a Sunday: with outlet and service beside it, it is left to the reader.
    if _is_note(first) and not (outlet and service) and not (dated and line["service_date"].kind != "text"):
        return None if (outlet or service) and _names_a_day(first) else "note"
    if not (outlet or service):
        return None if dated and line["service_date"].kind in ("date", "number") else "note"
    return None


def _alone(line: _Line, at: int, cell: Cell, known: frozenset[str]) -> str | None:
    """One thing said in a row: an outlet or a service is an order without its date, all else a remark. What a merge
    brings from above counts for the row."""
    if at == line.columns.get("service"):
        named = line["service"].kind == "text" and services.read_services(cell.text).value
        return None if named or line.says("outlet") else "note"
    if at == line.columns.get("outlet"):
        if outlets.normalise(cell.text) in known or line.says("service") or line.says("service_date"):
            return None
        return "note" if _is_note(cell) or len(cell.text) > LONGEST_NAME or cell.kind != "text" else None
    if line.says("outlet") and line.says("service") and at in line.mapped:
        return None
    return "total" if at == line.columns.get("units") else "note"


def _names_a_day(cell: Cell) -> bool:
    return dates.read_date(cell.text, tab_month="2000-01").problem not in ("no_date", "bad_date")


def _is_total(line: _Line, content: list[tuple[int, Cell]]) -> bool:
    """ "TOTAL", "Jumlah unit: 12": a word of totals first in a cell of a row that names neither day nor state."""
    if line["service_date"].kind in ("date", "number") or line.says("status"):
        return False
    totals = [cell for _, cell in content if cell.kind == "text" and _total_words().match(fold(cell.text))]
    rest = [cell for _, cell in content if cell not in totals and cell.kind == "text" and not _is_amount(cell)]
    return bool(totals) and not rest


def _is_amount(cell: Cell) -> bool:
    return re.fullmatch(r"(?:rp\.? ?)?[\d.,: ]+(?: ?(?:unit|u|order|outlet|ac|kali|x))*", fold(cell.text)) is not None


@lexicon.by_words()
def _total_words() -> re.Pattern[str]:
    words = sorted(lexicon.words("trackers", "totals"), key=len, reverse=True)
    return re.compile(
        rf"(?:{'|'.join(map(re.escape, words))})(?: (?:unit|ac|order|outlet|bulan|minggu|per)\b.*)?[ :=\d.,]*(?:unit)?$"
    )


def _is_note(cell: Cell) -> bool:
    """A label such as "MINGGU 1", "Catatan: …", "LIBUR", or the name of a month alone."""
    folded = fold(cell.text)
    if cell.kind != "text":
        return False
    if is_folded_in(cell, lexicon.words("trackers", "notes")):
        return True
    begun = re.match(r"[^\W\d_]+(?: [^\W\d_]+)?", folded)
    words = lexicon.words("trackers", "notes")
    heads = {begun[0], begun[0].split()[0]} if begun else set()
    if heads & words and re.match(
        r"[^\W\d_]+(?: [^\W\d_]+)? ?(?:[:=-]|(?:ke ?-? ?)?(?:\d+|[ivx]+)\b|nasional|lebaran|$)", folded
    ):
        return True
    return bool(
        re.fullmatch(r"[^\W\d_]+(?: \d{2,4})?", folded) and month_of_word(folded.split()[0])
    ) or folded.startswith("*")


def _read(number: int, line: _Line, month: str | None, as_of: date) -> TrackerRow:
    found = Fields()
    others = [cell for at, cell in enumerate(line.cells) if at != line.columns.get("order_ref")]
    beside = " ; ".join(
        cell.text for at, cell in enumerate(line.cells) if at != line.columns.get("service") and cell.kind == "text"
    )
    fields.read_day(found, line["service_date"], as_of=as_of, month=month)
    fields.read_clock(found, line["time"], line["service_date"])
    fields.read_outlet(found, line["outlet"])
    fields.read_work(found, line["service"], line["units"], beside)
    fields.read_state(found, line["status"], _struck(line))
    fields.read_crew(found, line["technicians"])
    fields.read_reference(found, line["order_ref"], others)
    column = line.columns.get("service_date")
    return TrackerRow(
        number, found, found.date_problems, line.texts(),
        f"{headers.letter(column)}{number}" if column is not None else None,
    )  # fmt: skip


def _struck(line: _Line) -> bool:
    main = [line[name] for name in ("outlet", "service") if line.says(name)]
    if len(main) == 2 and all(cell.struck for cell in main):
        return True
    said = [cell for _, cell in line.content()]
    return bool(said) and all(cell.struck for cell in said)
