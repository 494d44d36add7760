"""A free text → what it says of an order: each field only where exactly one reading exists, else the reason."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rekap.sources.basecamp import clauses, jobs, moments
from rekap.sources.basecamp.clauses import BLANK, WORD
from rekap.sources.basecamp.jobs import AMBIGUOUS
from rekap.sources.basecamp.places import Place, Places
from rekap.vocabulary import lexicon
from rekap.vocabulary.folding import fold
from rekap.vocabulary.reading import Reading, refused

LONGEST = 8_000  # characters; a longer text is not read, for a second date may stand anywhere in it
MOST_PIECES = 300  # days, times, outlets, numbers of one text; more is a list that nobody can mean as one visit
SEVERAL = "several"
FIELDS = frozenset(("outlet", "date", "time", "contact"))  # those of which a piece of a line tells


@dataclass(frozen=True)
class Said:
    """What one source says about one field; `text` as written, None where it is no text of its own."""

    reading: Reading[Any]
    text: str | None = None


@dataclass
class _Found:
    """What was found while the clauses went by. `doubted`: fields of which something was said that may not count."""

    dates: list[Reading[Any]] = field(default_factory=list)
    times: list[Reading[Any]] = field(default_factory=list)
    places: list[tuple[Place, str]] = field(default_factory=list)
    contacts: list[Said] = field(default_factory=list)
    runs: list[jobs.Run] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    doubted: set[str] = field(default_factory=set)
    pieces: int = 0
    vague: bool = False  # a number of units that is none: "2-3 unit"


@dataclass
class _Piece:
    start: int
    end: int
    field: str
    what: Any


def read(text: str, places: Places, reference: date, *, is_title: bool = False, row_text: str = "") -> dict[str, Said]:
    """field (outlet, date, time, service, units, contact) → what the text says of it; a field of which it says nothing
    is not there. Problems: `several`, `ambiguous`, and the vocabulary's own. `row_text`: see vocabulary.services."""
    if not text.strip():
        return {}
    if len(text) > LONGEST:
        return unread()
    found = _Found()
    for line in text.split("\n"):
        if not is_title and clauses.is_signature(line):
            break
        _read_line(moments.WHATSAPP.sub("", line), places, reference, found, is_title=is_title)
        if found.pieces > MOST_PIECES:
            return unread()
    return _settled(found, is_title=is_title, row_text=row_text)


def unread() -> dict[str, Said]:
    """What a text says that was not read, because it is longer than what anybody orders with."""
    return {name: Said(refused(AMBIGUOUS)) for name in ("outlet", "date", "service", "units")}


def _read_line(line: str, places: Places, reference: date, found: _Found, *, is_title: bool) -> None:
    pieces = [_Piece(place.start, place.end, "outlet", place) for place in places.named(line)]
    rest = _blanked(line, pieces)
    for name, finds in _finders(reference, is_title=is_title):
        new = [_Piece(*_ends(each), name, each) for each in finds(rest)]
        rest = _blanked(rest, new, " " if name == "clear" else BLANK)
        pieces += new
    found.pieces += len(pieces)
    if found.pieces > MOST_PIECES:
        return
    found.vague = found.vague or any(piece.field == "vague" for piece in pieces)
    pieces = sorted((piece for piece in pieces if piece.field in FIELDS), key=lambda piece: piece.start)
    parts = list(clauses.clauses(line, rest))
    against = [clauses.is_against(rest[start:end]) for start, end in parts]
    told_before: set[str] = set()
    for at, (start, end) in enumerate(parts):
        own = [piece for piece in pieces if start <= piece.start < end]
        fields = {piece.field for piece in own}
        # "tidak bisa tgl 7 Agustus, 8 Agustus" refuses both; "tgl 7 Agustus, tidak bisa" takes back what stands before.
        goes_on = at > 0 and against[at - 1] and not WORD.search(rest[start:end]) and bool(fields & told_before)
        taken_back = at + 1 < len(parts) and clauses.takes_back(rest[slice(*parts[at + 1])])
        against[at], told_before = against[at] or goes_on or taken_back, fields
        if against[at]:
            found.doubted.update(fields)
            continue
        for piece in own:
            _keep(piece, line, rest, reference, found)
    refuted_parts = [clause for clause, no in zip(parts, against, strict=True) if no]
    for start, end in clauses.sentences(rest):
        for run in jobs.runs(rest[start:end], is_title=is_title):
            if any(a < start + run.end and start + run.start < b for a, b in refuted_parts):
                found.doubted.add(run.kind)
                continue
            found.runs.append(run)
            if run.kind == "service":
                found.texts.append(line[start + run.start : start + run.end])


def _finders(reference: date, *, is_title: bool) -> list[tuple[str, Callable[[str], Iterable[Any]]]]:
    """What looks for pieces, in the order in which one takes a text from the next."""
    return [
        ("contact", moments.phones),
        ("clear", moments.SIZES_AND_FLOORS.finditer),
        ("noise", moments.noise),
        ("date", lambda rest: moments.days(rest, reference, is_title=is_title)),
        ("time", moments.times),
        ("vague", moments.vague_counts),
    ]


def _keep(piece: _Piece, line: str, rest: str, reference: date, found: _Found) -> None:
    before = rest[max(0, piece.start - 40) : piece.start]
    if piece.field == "outlet":
        if clauses.ends_with(before, "other_places"):
            found.doubted.add("outlet")
        else:
            found.places.append((piece.what, line[piece.start : piece.end]))
    elif piece.field == "date":
        # Who writes freely of a day before the order was entered tells what was, not what is wanted.
        past = piece.what.reading.value is not None and piece.what.reading.value[0] < reference
        if not piece.what.sure or past or clauses.ends_with(before, "other_days"):
            found.doubted.add("date")
        else:
            found.dates.append(piece.what.reading)
    elif piece.field == "time":
        if piece.what.sure:
            found.times.append(piece.what.reading)
        else:
            found.doubted.add("time")
    elif said := _contact(piece, line, rest):
        found.contacts.append(said)


def _settled(found: _Found, *, is_title: bool, row_text: str) -> dict[str, Said]:
    told: dict[str, Said] = {}
    if found.places:
        outlets = {place.outlet for place, _ in found.places}
        sure = {place.outlet for place, _ in found.places if not place.doubtful}
        text = found.places[0][1]
        if len(outlets) > 1:
            told["outlet"] = Said(refused(SEVERAL))
        elif not sure:
            told["outlet"] = Said(refused(AMBIGUOUS), text)
        else:
            told["outlet"] = Said(Reading(outlets.pop()), text)
    if found.dates:
        told["date"] = Said(_one_day(found.dates))
    if found.times:
        spans = {reading.value for reading in found.times}
        told["time"] = Said(found.times[0] if len(spans) == 1 else refused(SEVERAL))
    if found.contacts:
        texts = {said.text for said in found.contacts}
        told["contact"] = found.contacts[0] if len(texts) == 1 else Said(refused(SEVERAL))
    if read := jobs.read_jobs(found.runs, is_title=is_title, row_text=row_text):
        services, units = read
        if found.vague:
            services, units = (
                Reading([(code, None) for code, _ in services.value or ()] or None, services.problem),
                refused(AMBIGUOUS),
            )
        told["service"] = Said(services, ", ".join(found.texts))
        if units.value is not None or units.problem != "empty":
            told["units"] = Said(units)
    for name in found.doubted - told.keys():
        told[name] = Said(refused(AMBIGUOUS))
    return told


def _one_day(dates: Sequence[Reading[Any]]) -> Reading[Any]:
    """The one day or range of a text; "tgl 7" beside it must be its day. Without any, the first problem."""
    whole = list({reading.value: reading for reading in dates if reading.value}.values())
    broken = [reading for reading in dates if not reading.value]
    if len(whole) > 1:
        return refused(SEVERAL)
    if whole:
        return refused(AMBIGUOUS) if broken else whole[0]
    return broken[0]


def _contact(piece: _Piece, line: str, rest: str) -> Said | None:
    """A phone number with the name before it ("CP Bu Sari 0812…") or behind it in brackets; a number without either is
    anybody's."""
    before = rest[max(0, piece.start - 60) : piece.start].rpartition(BLANK)[2]
    names = re.search(r"(?:[^\W\d_][\w.'/]*[\s:,.(-]*){0,6}$", before)
    words = WORD.findall(names[0]) if names else []
    behind = re.match(r"\s?\(\s?([^()|\d]{2,40})\)", rest[piece.end :])
    cued = [at for at, word in enumerate(words) if fold(word) in lexicon.words("order_form", "contacts")]
    addressed = [at for at, word in enumerate(words) if fold(word) in lexicon.words("people", "honorifics")]
    if not (cued or addressed or behind):
        return None
    number = line[piece.start : piece.end].strip()
    if piece.what.reading.value is None:
        return Said(piece.what.reading, number)
    first = cued[-1] + 1 if cued else addressed[-1] if addressed else len(words)
    name = " ".join(words[first:][:4]) or (behind[1].strip() if behind else "")
    return Said(Reading(f"{name} {number}".strip()), f"{name} {number}".strip())


def _blanked(line: str, pieces: Sequence[_Piece], sign: str = BLANK) -> str:
    for piece in pieces:
        line = line[: piece.start] + sign * (piece.end - piece.start) + line[piece.end :]
    return line


def _ends(found: Any) -> tuple[int, int]:
    return found.span() if isinstance(found, re.Match) else (found.start, found.end)
