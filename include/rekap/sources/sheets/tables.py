"""The tables that stand beside one another under one heading, and which column of each means what."""

from typing import NamedTuple

from rekap.sources.sheets.headings import is_exact, meaning
from rekap.vocabulary import lexicon

LEAST = 3  # columns that must be known before a row counts as a heading that lacks most of the core
TRACKER = 4  # columns that make a heading without a date a tracker's all the same
CORE = frozenset(("service_date", "outlet", "service"))


class Table(NamedTuple):
    """The columns of the table that is read among those of one heading, and where the next tracker begins."""

    columns: dict[str, int]
    start: int = 0
    end: int | None = None
    beside: int | None = None


def table_of(headings: list[str]) -> Table:
    """The first tracker of a heading, else its first table."""
    spans = _spans(headings)
    tables = [(span, _columns(headings, *span)) for span in spans]
    trackers = [(span, found) for span, found in tables if "service_date" in found and len(CORE & found.keys()) >= 2]
    (start, end), columns = (trackers or tables)[0]
    beside = trackers[1][0][0] if len(trackers) > 1 else None
    return Table(columns, start, None if (start, end) == spans[-1] else end, beside)


def _spans(headings: list[str]) -> list[tuple[int, int]]:
    """The columns of each table. Another one begins behind an empty column with a heading that stood before, or
    without such a column where a day and an outlet or a service stand once more."""
    found = [meaning(heading) if heading else None for heading in headings]
    known: dict[str, int] = {}
    starts = [0]
    block = 0
    repeated: dict[str, int] = {}
    for at, each in enumerate(found):
        if at and headings[at] and not headings[at - 1]:
            block = at
        if each is None or not is_exact(each):
            continue
        if each[0] not in known:
            known[each[0]] = at
        elif block > known[each[0]]:
            starts.append(block)
            known, repeated = {name: place for name, place in known.items() if place >= block} | {each[0]: at}, {}
        else:
            repeated.setdefault(each[0], at)
            if "service_date" in repeated and {"outlet", "service"} & repeated.keys():
                starts.append(min(repeated.values()))
                known, repeated = repeated, {}
    return list(zip(starts, [*starts[1:], len(headings)], strict=True))


def _columns(headings: list[str], start: int, end: int) -> dict[str, int]:
    """The best column for each meaning."""
    best: dict[str, tuple[int, int]] = {}
    for at in range(start, end):
        found = meaning(headings[at]) if headings[at] else None
        if found and (found[0] not in best or found[1] < best[found[0]][0]):
            best[found[0]] = (found[1], at)
    return {name: best[name][1] for name in lexicon.spellings("trackers", "headings") if name in best}


def enough(columns: dict[str, int]) -> bool:
    core = CORE & columns.keys()
    return len(core) >= 2 or (len(core) >= 1 and len(columns) >= LEAST)


def is_trackers(columns: dict[str, int]) -> bool:
    core = CORE & columns.keys()
    return len(core) >= 2 and ("service_date" in core or len(columns) >= TRACKER)


def tells_orders(columns: dict[str, int]) -> bool:
    """Whether a table has what makes an order: a day or an outlet with what is done there."""
    core = CORE & columns.keys()
    return len(core) >= 2
