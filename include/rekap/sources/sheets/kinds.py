"""What one sheet row below a heading is: an order, or blank, a total or a note."""

import re
from functools import cached_property

from rekap.sources.sheets.cells import EMPTY, Cell, Grid
from rekap.sources.sheets.headers import Header, letter, names_day
from rekap.vocabulary import date_grammar, lexicon, outlets, services
from rekap.vocabulary.dates import month_of_word
from rekap.vocabulary.folding import fold

RUNNING_NUMBER = re.compile(r"\d{1,4}[.)]?")
LONGEST_NAME = 60  # characters; what stands alone in the outlet's column and is longer is prose
# Beside a day they make an order of a row that names neither outlet nor service.
DETAILS = ("time", "units", "status", "technicians", "order_ref")
BANNER = 3  # columns with a meaning over which a merged cell is a label


class Line:
    """The cells of one row by their meaning. `says_beside`: a second tracker has content in this row;
    `says_outside`: something outside the tracker has, whatever it is."""

    def __init__(self, grid: Grid, at: int, header: Header) -> None:
        cells = grid.rows[at]
        self.says_beside = header.beside is not None and any(cell.says for cell in cells[header.beside :])
        self.says_outside = at in grid.beyond
        if header.start or header.end is not None:
            inside = [EMPTY] * header.start + cells[header.start : header.end]
            self.says_outside |= any(cell.own and cell.says for cell in cells[: header.start])
            self.says_outside |= header.end is not None and any(cell.own and cell.says for cell in cells[header.end :])
            cells = inside
        self.cells = cells
        self.columns = header.columns
        self.names = header.names
        self.grid, self.at = grid, at

    def __getitem__(self, name: str) -> Cell:
        column = self.columns.get(name, -1)
        return self.cells[column] if 0 <= column < len(self.cells) else EMPTY

    def says(self, name: str) -> bool:
        """Whether the column holds more than nothing, a drawn line or an empty box."""
        return self[name].says

    @cached_property
    def content(self) -> list[tuple[int, Cell]]:
        """What the row itself says: neither merged in from above, nor a running number, box or drawn line."""
        return [
            (at, cell)
            for at, cell in enumerate(self.cells)
            if cell.kind != "empty" and cell.own and cell.says and not (at not in self.names and _is_running(cell))
        ]

    @property
    def beside_service(self) -> list[str]:
        """The texts of the row outside the service column."""
        service = self.columns.get("service")
        return [cell.text for at, cell in enumerate(self.cells) if at != service and cell.kind == "text"]

    def others(self, name: str) -> list[Cell]:
        """The cells of all other columns."""
        column = self.columns.get(name)
        return [cell for at, cell in enumerate(self.cells) if at != column]

    def texts(self) -> dict[str, str]:
        """The texts as written, by meaning or else by column letter."""
        return {
            self.names[at] if at in self.names else letter(at): _as_written(cell)
            for at, cell in enumerate(self.cells)
            if cell.kind != "empty" and (at in self.names or not _is_running(cell))
        }

    def is_banner(self, column: int) -> bool:
        """Whether a cell is merged over several columns with a meaning, as labels are and values never."""
        return any(
            left == column and sum(left <= meant < right for meant in self.names) >= BANNER
            for _, _, left, right in self.grid.merges_from.get(self.at, ())
        )  # fmt: skip


def no_order(line: Line, known: frozenset[str]) -> str | None:
    """Why a row below the heading is no order, or None when it is one or should be. `known`: the normalised names of
    the client's outlets."""
    content = line.content
    if not content:
        return None if line.says_beside else "note" if line.says_outside else "blank"
    if _is_total(line):
        return "total"
    service = line.says("service")
    outlet = line.says("outlet") and (service or not _is_note(line["outlet"]) or _is_known(line["outlet"], known))
    if len(content) == 1:
        return _alone(line, *content[0], known)
    dated = _is_dated(line["service_date"])
    if (outlet and service) or (dated and (outlet or service)):
        return None
    # "Minggu 9/8" begins like "Minggu 1" and is a Sunday.
    if _is_note(content[0][1]) and not dated:
        return "note"
    if outlet or service:
        return None
    if dated and any(line.says(name) for name in DETAILS):
        return None
    return None if line.says_beside or _is_reference(line["order_ref"]) else "note"


def is_below_heading(grid: Grid, row: int) -> bool:
    """Whether a row right below a heading only numbers its columns, or says in brackets what to write into them."""
    own = [cell for cell in (grid.rows[row] if row < len(grid.rows) else ()) if cell.own and not cell.is_empty]
    if len(own) < 3:
        return False
    if all(cell.kind == "text" and re.fullmatch(r"\(.+\)", cell.text, re.DOTALL) for cell in own):
        return True
    numbers = [int(cell.text) for cell in own if re.fullmatch(r"\d{1,2}", cell.text) and cell.kind != "bool"]
    return len(numbers) == len(own) and numbers == list(range(1, len(own) + 1))


def _is_dated(cell: Cell) -> bool:
    """Whether the date column holds a day, or an error or a number where one should stand."""
    return cell.kind in ("date", "number", "error") or (cell.kind == "text" and names_day(cell.text))


def _is_reference(cell: Cell) -> bool:
    return cell.link is not None or re.search(r"\d{7}|/todos/\d", cell.text) is not None


def _is_running(cell: Cell) -> bool:
    return len(cell.text) <= 5 and RUNNING_NUMBER.fullmatch(cell.text) is not None


def _is_known(cell: Cell, known: frozenset[str]) -> bool:
    return outlets.normalise(cell.text) in known


def _as_written(cell: Cell) -> str:
    return f"{cell.text} <{cell.link}>" if cell.link and cell.link not in cell.text else cell.text


def _alone(line: Line, at: int, cell: Cell, known: frozenset[str]) -> str | None:
    """One thing said in a row: an outlet or a service is an order without its date, all else a remark. What a merge
    brings from above counts for the row."""
    if line.is_banner(at) or line.says_beside:
        return None if line.says_beside else "note"
    name = line.names.get(at)
    if name == "service":
        named = cell.kind == "text" and services.read_services(cell.text).value
        return None if named or line.says("outlet") else "note"
    if name == "outlet":
        if _is_known(cell, known) or line.says("service") or line.says("service_date"):
            return None
        prose = len(cell.text) > LONGEST_NAME or cell.kind != "text" or names_day(cell.text)
        return "note" if prose or _is_note(cell) else None
    if line.says("outlet") and line.says("service") and name:
        return None
    if name == "order_ref" and _is_reference(cell):
        return None
    return "total" if name == "units" and _is_amount(cell) else "note"


def _is_total(line: Line) -> bool:
    """ "TOTAL", "Jumlah unit: 12": a word of totals first in a cell of a row that names neither day nor state; or
    nothing but amounts."""
    content = line.content
    totals = [cell for _, cell in content if cell.kind == "text" and _says_total(cell.text)]
    day = line["service_date"]
    if _is_dated(day) and day not in totals:
        return False
    if line.says("status") and line["status"] not in totals and not _is_amount(line["status"]):
        return False
    if not totals:
        return len(content) > 1 and all(cell.kind == "number" for _, cell in content) and line.says("units")
    return all(cell in totals or cell.kind != "text" or _is_amount(cell) for _, cell in content)


@lexicon.by_words(16_000)
def _says_total(text: str) -> bool:
    return _total_words().match(fold(text[:200])) is not None


def _is_amount(cell: Cell) -> bool:
    return _amounts().fullmatch(fold(cell.text[:200])) is not None


@lexicon.by_words()
def _amounts() -> re.Pattern[str]:
    counted = "|".join(map(re.escape, lexicon.words("trackers", "totalled") | {"u", "kali", "x"}))
    return re.compile(rf"(?:rp\.? ?)?[\d.,: ]*(?: ?(?:{counted}))*")


@lexicon.by_words()
def _total_words() -> re.Pattern[str]:
    words = "|".join(map(re.escape, sorted(lexicon.words("trackers", "totals"), key=len, reverse=True)))
    of = "|".join(map(re.escape, sorted(lexicon.words("trackers", "totalled"), key=len, reverse=True)))
    months = "|".join(sorted(map(re.escape, date_grammar.months()), key=len, reverse=True))
    return re.compile(rf"(?:{words})(?: (?:{of}|{months})\b.*)?[ :=\d.,]*(?:rp|{of})?[ :=\d.,]*$")


def _is_note(cell: Cell) -> bool:
    """A label such as "MINGGU 1", "Catatan: …", "LIBUR", or the name of a month alone."""
    return cell.kind == "text" and _says_note(cell.text)


@lexicon.by_words(16_000)
def _says_note(text: str) -> bool:
    folded = fold(text[:200])
    words = lexicon.words("trackers", "notes")
    if folded.strip(" .:*()") in words or folded.startswith("*"):
        return True
    begun = re.match(r"[^\W\d_]+(?: [^\W\d_]+)?", folded)
    heads = {begun[0], begun[0].split()[0]} if begun else set()
    if heads & words and re.match(
        r"[^\W\d_]+(?: [^\W\d_]+)? ?(?:[:=-]|(?:ke ?-? ?)?(?:\d+|[ivx]+)\b|nasional|lebaran|$)", folded
    ):
        return True
    return re.fullmatch(r"[^\W\d_]+(?: \d{2,4})?", folded) is not None and bool(month_of_word(folded.split()[0]))
