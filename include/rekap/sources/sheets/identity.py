"""Which row of a new grid is which row of the last one: people sort, insert, edit and move rows, a key follows them.

The order is that of docs/rules.md (row identity): order reference; equal content; date + outlet + service + units;
date + outlet + service; outlet + service within 7 days. One to one; what is left is new, or missing.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date

NEAR = 7  # days
MOST_PAIRS = 250_000  # in one group; beyond it equal rows are paired in their order


@dataclass(frozen=True)
class Face:
    """What a row looks like to the matching. `outlet` normalised, `service` codes in order; both empty when unknown."""

    sheet_id: int
    row: int
    content: str
    reference: int | None = None
    day: date | None = None
    outlet: str = ""
    service: str = ""
    units: int | None = None


def match(known: Sequence[tuple[int, Face]], faces: Sequence[Face]) -> list[int | None]:
    """For each face of the new grid its row_key, or None when the row is new. `known`: (row_key, face when last seen)
    of every living row of the whole spreadsheet. No key is given twice."""
    found: list[int | None] = [None] * len(faces)
    open_keys = dict(known)
    for alike, fits in TIERS:
        groups: dict[Hashable, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for key, face in open_keys.items():
            if (mark := alike(face)) is not None:
                groups[mark][0].append(key)
        for at, face in enumerate(faces):
            if found[at] is None and (mark := alike(face)) is not None and mark in groups:
                groups[mark][1].append(at)
        for keys, places in groups.values():
            for key, at in _pairs(keys, places, open_keys, faces, fits):
                found[at] = key
                del open_keys[key]
    return found


def _same_work(face: Face) -> Hashable:
    return (face.outlet, face.service) if face.outlet and face.service else None


def _same_day(face: Face) -> Hashable:
    return (face.day, face.outlet, face.service) if face.day and _same_work(face) else None


def _same_units(face: Face) -> Hashable:
    return (face.day, face.outlet, face.service, face.units) if _same_day(face) and face.units is not None else None


def _always(old: Face, new: Face) -> bool:
    return True


def _near(old: Face, new: Face) -> bool:
    """Within a week, and not two rows of two orders. A date that cannot be read is near to any in its own tab."""
    if old.reference and new.reference and old.reference != new.reference:
        return False
    if old.day is None or new.day is None:
        return old.sheet_id == new.sheet_id
    return abs((old.day - new.day).days) <= NEAR


TIERS: list[tuple[Callable[[Face], Hashable], Callable[[Face, Face], bool]]] = [
    (lambda face: face.reference, _always),
    (lambda face: face.content, _always),
    (_same_units, _always),
    (_same_day, _always),
    (_same_work, _near),
]


def _pairs(
    keys: list[int],
    places: list[int],
    known: dict[int, Face],
    faces: Sequence[Face],
    fits: Callable[[Face, Face], bool],
) -> list[tuple[int, int]]:
    """Pairs of one group, the most alike first; rows that are alike in everything keep their order."""
    if not keys or not places:
        return []
    keys = sorted(keys, key=lambda key: (known[key].sheet_id, known[key].row))
    places = sorted(places, key=lambda at: (faces[at].sheet_id, faces[at].row))
    if len(keys) * len(places) > MOST_PAIRS:
        return [pair for pair in zip(keys, places, strict=False) if fits(known[pair[0]], faces[pair[1]])]
    in_step = len(keys) == len(places)
    scored = []
    for rank, key in enumerate(keys):
        for place, at in enumerate(places):
            old, new = known[key], faces[at]
            if fits(old, new):
                distance = abs(rank - place) if in_step else abs(old.row - new.row)
                scored.append((_difference(old, new), distance, rank, place))
    taken: list[tuple[int, int]] = []
    used_keys: set[int] = set()
    used_places: set[int] = set()
    for _, _, rank, place in sorted(scored):
        if rank not in used_keys and place not in used_places:
            used_keys.add(rank)
            used_places.add(place)
            taken.append((keys[rank], places[place]))
    return taken


def _difference(old: Face, new: Face) -> tuple[int, ...]:
    apart = abs((old.day - new.day).days) if old.day and new.day else 0 if old.day == new.day else NEAR
    return (
        old.content != new.content, old.outlet != new.outlet, apart, old.service != new.service,
        old.units != new.units, old.sheet_id != new.sheet_id,
    )  # fmt: skip
