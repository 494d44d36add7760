"""Which row of a new grid is which row of the last one: people sort, insert, edit and move rows, a key follows them.

The order is that of docs/rules.md (row identity): order reference; equal content; date + outlet + service + units;
date + outlet + service; outlet + service within 7 days; then what is left over is looked at once more for slips of the
pen and rewritten services. One to one; the rest is new, or missing. No key goes to a row of another outlet, except by
a reference that stands once in both grids.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

NEAR = 7  # days
MOST_PAIRS = 250_000  # in one group; beyond it equal rows are paired in their order


@dataclass(frozen=True)
class Face:
    """What a row looks like to the matching. `outlet`: its code, else its spelling normalised; `service`: codes in
    order, else the text; both empty when unknown. `outlet_meant` and `service_meant`: the same with slips of the pen
    mended, empty when they are what is written. The rest are texts folded, and only decide between rows that fit."""

    sheet_id: int
    row: int
    content: str
    reference: int | None = None
    day: date | None = None
    outlet: str = ""
    service: str = ""
    units: int | None = None
    outlet_meant: str = ""
    service_meant: str = ""
    outlet_text: str = ""
    service_text: str = ""
    time: str = ""
    crew: str = ""
    status: str = ""
    note: str = ""


def match(known: Sequence[tuple[int, Face]], faces: Sequence[Face]) -> list[int | None]:
    """For each face of the new grid its row_key, or None when the row is new. `known`: (row_key, face when last seen)
    of every living row of the whole spreadsheet. No key is given twice."""
    matching = _Matching(dict(known), faces)
    for alike, fits in CERTAIN:
        matching.tier(alike, fits)
    # A date moved by a day can make one visit look like its neighbour: pairs for which the rest of the row speaks come
    # first, those against which it speaks come last.
    for tiers in ((*TIERS, *MISSPELT), REWRITTEN):
        for support in (2, 1, 0):
            for alike, fits in tiers:
                matching.tier(alike, fits, support)
    for alike, fits in (*TIERS, *MISSPELT, *REWRITTEN, *LAST_LOOK):
        matching.tier(alike, fits)
    return matching.found


Alike = Callable[[Face], Hashable]
Fits = Callable[[Face, Face, "_Matching"], bool]


class _Matching:
    """The keys that are still open and the places found so far."""

    def __init__(self, known: dict[int, Face], faces: Sequence[Face]) -> None:
        self.open, self.known, self.faces = dict(known), known, faces
        self.found: list[int | None] = [None] * len(faces)
        self.references = Counter(face.reference for face in known.values())
        self.references |= Counter(face.reference for face in faces)
        self.anchors: dict[int, tuple[list[int], list[tuple[int, int]]]] = {}

    def tier(self, alike: Alike, fits: Fits, support: int | None = None) -> None:
        """Pair what is alike and fits; `support`: the least that the rest of the row must speak for it."""
        groups: dict[Hashable, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for key, face in self.open.items():
            if (mark := alike(face)) is not None:
                groups[mark][0].append(key)
        for at, face in enumerate(self.faces):
            if self.found[at] is None and (mark := alike(face)) is not None and mark in groups:
                groups[mark][1].append(at)
        self._drop_anchors()
        for keys, places in groups.values():
            for key, at in self._pairs(keys, places, fits, support):
                self.found[at] = key
                del self.open[key]

    def _drop_anchors(self) -> None:
        """For each tab of the last grid, its rows that were found, in order, with their places in the new one."""
        placed: dict[int, list[tuple[int, tuple[int, int]]]] = defaultdict(list)
        for at, key in enumerate(self.found):
            if key is not None:
                old, new = self.known[key], self.faces[at]
                placed[old.sheet_id].append((old.row, (new.sheet_id, new.row)))
        self.anchors = {
            sheet: ([row for row, _ in sorted(rows)], [place for _, place in sorted(rows)])
            for sheet, rows in placed.items()
        }

    def in_place(self, old: Face, new: Face) -> bool:
        """Whether the row stands where it would stand if nothing but rows above the last found one had moved."""
        rows, places = self.anchors.get(old.sheet_id, ([], []))
        at = bisect_right(rows, old.row) - 1
        if at < 0:
            return False
        sheet, row = places[at]
        return (new.sheet_id, new.row) == (sheet, row + old.row - rows[at])

    def support(self, old: Face, new: Face) -> int:
        """How many of the things that could tell the two apart are the same, less those that differ."""
        told = ((old.time, new.time), (old.crew, new.crew), (old.note, new.note), (old.units, new.units))
        return sum(1 if left == right else -1 for left, right in told if left and right) + 2 * self.in_place(old, new)

    def _pairs(self, keys: list[int], places: list[int], fits: Fits, support: int | None) -> list[tuple[int, int]]:
        """Pairs of one group, the most alike first; rows that are alike in everything keep their order."""
        if not keys or not places:
            return []
        faces, known = self.faces, self.open
        keys = sorted(keys, key=lambda key: (known[key].sheet_id, known[key].row))
        places = sorted(places, key=lambda at: (faces[at].sheet_id, faces[at].row))
        in_step = len(keys) == len(places)
        scored = []
        for rank, place in self._worth_a_look(keys, places):
            old, new = known[keys[rank]], faces[places[place]]
            if fits(old, new, self) and (support is None or self.support(old, new) >= support):
                distance = abs(rank - place) if in_step else abs(old.row - new.row)
                scored.append((-self._alikeness(old, new), distance, rank, place))
        taken: list[tuple[int, int]] = []
        used_keys: set[int] = set()
        used_places: set[int] = set()
        for _, _, rank, place in sorted(scored):
            if rank not in used_keys and place not in used_places:
                used_keys.add(rank)
                used_places.add(place)
                taken.append((keys[rank], places[place]))
        return taken

    def _worth_a_look(self, keys: list[int], places: list[int]) -> Iterable[tuple[int, int]]:
        """(rank of the key, rank of the place) of pairs: all, or of a large group those of nearly one day."""
        if len(keys) * len(places) <= MOST_PAIRS:
            return product(range(len(keys)), range(len(places)))
        dated = sorted((self.faces[at].day or date.min, place) for place, at in enumerate(places))
        days = [day for day, _ in dated]
        pairs: list[tuple[int, int]] = []
        for rank, key in enumerate(keys):
            day = self.open[key].day
            first = bisect_left(days, day - timedelta(NEAR) if day else date.min)
            last = bisect_right(days, day + timedelta(NEAR) if day else date.min)
            pairs += [(rank, place) for _, place in dated[first:last]]
            if len(pairs) > MOST_PAIRS:
                return list(zip(range(len(keys)), range(len(places)), strict=False))
        return pairs

    def _alikeness(self, old: Face, new: Face) -> float:
        """How much speaks for one row, not two that look alike: each cell weighs by how rarely others share it."""
        score = 100.0 * (old.content == new.content)
        score += 4 * self.in_place(old, new) + (old.sheet_id == new.sheet_id)
        if old.day and new.day:
            apart = abs((old.day - new.day).days)
            score += 3 if apart == 0 else 1 - apart / 2
        score += 2.0 * (_outlet_meant(old) == _outlet_meant(new)) + 2 * (_service_meant(old) == _service_meant(new))
        score += old.units == new.units
        for weight, left, right in (
            (2, old.time, new.time), (2, old.crew, new.crew), (1, old.status, new.status), (3, old.note, new.note),
            (1, old.service_text, new.service_text), (1, old.outlet_text, new.outlet_text),
        ):  # fmt: skip
            if left and left == right:
                score += weight
        return score


def _outlet_meant(face: Face) -> str:
    return face.outlet_meant or face.outlet


def _service_meant(face: Face) -> str:
    return face.service_meant or face.service


def _same_work(face: Face) -> Hashable:
    return (face.outlet, face.service) if face.outlet and face.service else None


def _same_day(face: Face) -> Hashable:
    return (face.day, face.outlet, face.service) if face.day and _same_work(face) else None


def _same_units(face: Face) -> Hashable:
    return (face.day, face.outlet, face.service, face.units) if _same_day(face) and face.units is not None else None


def _always(old: Face, new: Face, matching: _Matching) -> bool:
    return True


def _same_order(old: Face, new: Face, matching: _Matching) -> bool:
    """An order with several rows, one for each outlet, names the order in all of them: then the outlet decides."""
    alone = matching.references[old.reference] == 1
    return alone or _outlet_meant(old) == _outlet_meant(new) or not (old.outlet and new.outlet)


def _not_contrary(old: Face, new: Face, matching: _Matching) -> bool:
    """Not two rows of two orders."""
    return not (old.reference and new.reference and old.reference != new.reference)


def _near(old: Face, new: Face, matching: _Matching) -> bool:
    """Within a week, and not two rows of two orders. A date that cannot be read is near to any in its own tab."""
    if not _not_contrary(old, new, matching):
        return False
    if old.day is None or new.day is None:
        return old.sheet_id == new.sheet_id
    return abs((old.day - new.day).days) <= NEAR


def _near_and_alike(old: Face, new: Face, matching: _Matching) -> bool:
    """Within a week where both dates can be read, and in its place or with half of what else is written the same."""
    if not _not_contrary(old, new, matching) or (old.day and new.day and not _near(old, new, matching)):
        return False
    told = [
        left == right
        for left, right in (
            (old.time, new.time), (old.crew, new.crew), (old.status, new.status), (old.note, new.note),
            (old.units, new.units),
        )
        if left and right
    ]  # fmt: skip
    return matching.in_place(old, new) or (bool(told) and sum(told) * 2 >= len(told))


def _near_in_its_tab(old: Face, new: Face, matching: _Matching) -> bool:
    return old.sheet_id == new.sheet_id and _near(old, new, matching)


def _one_unnamed(old: Face, new: Face, matching: _Matching) -> bool:
    """Near and alike in its own tab, and at least one of both names no outlet."""
    unnamed = not old.outlet or not new.outlet
    return unnamed and old.sheet_id == new.sheet_id and _near_and_alike(old, new, matching)


CERTAIN: list[tuple[Alike, Fits]] = [
    (lambda face: face.reference, _same_order),
    (lambda face: face.content, _always),
]
TIERS: list[tuple[Alike, Fits]] = [
    (_same_units, _always),
    (_same_day, _always),
    (_same_work, _near),
]
# What is left over on both sides: the outlet or the service was misspelt, or mended.
MISSPELT: list[tuple[Alike, Fits]] = [
    (
        lambda face: (face.day, _outlet_meant(face), _service_meant(face)) if face.day and face.outlet else None,
        _not_contrary,
    ),
    (lambda face: (_outlet_meant(face), _service_meant(face)) if face.outlet and face.service else None, _near),
]
# The service was written anew: another visit of that outlet on that day would stand there beside it.
REWRITTEN: list[tuple[Alike, Fits]] = [
    (lambda face: (face.day, _outlet_meant(face)) if face.day and face.outlet else None, _not_contrary),
    (lambda face: _outlet_meant(face) or None, _near_and_alike),
    # The outlet was taken out, or put in.
    (lambda face: _service_meant(face) or None, _one_unnamed),
]
# Two rows of one outlet and one week, one of which went while the other came: rather one row that was written anew.
LAST_LOOK: list[tuple[Alike, Fits]] = [(lambda face: _outlet_meant(face) or None, _near_in_its_tab)]
