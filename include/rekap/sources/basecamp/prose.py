"""A free text → what it says of an order: each field only where exactly one reading exists, else the reason."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from rekap.sources.basecamp import jobs, moments
from rekap.sources.basecamp.jobs import AMBIGUOUS
from rekap.sources.basecamp.places import Place, Places
from rekap.vocabulary import lexicon
from rekap.vocabulary.folding import fold
from rekap.vocabulary.reading import Reading, refused

LONGEST = 8_000  # characters; a longer text is not read, for a second date may stand anywhere in it
SEVERAL = "several"
FIELDS = frozenset(("outlet", "date", "time", "contact"))  # those of which a piece of a line tells
FEW_WORDS = 3
BLANK = "|"  # stands for what was read already: no word reaches across it
WORD = re.compile(r"[^\W\d_]+(?:[/'][^\W\d_]+)*")
ENDS = re.compile(r"[;!?()\n|•]|[.,](?!\d)|(?<=\s)[-/](?=\s)")
SENTENCE_ENDS = re.compile(r"[;!?\n]|\.(?!\d)")


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
    vague: bool = False  # a number of units that is none: "2-3 unit"


@dataclass
class _Piece:
    start: int
    end: int
    field: str
    what: Any


def read(text: str, places: Places, reference: date, *, is_title: bool = False, row_text: str = "") -> dict[str, Said]:
    """field (outlet, date, time, service, units, contact) → what the text says of it; a field of which it says nothing is
    not there. Problems: `several`, `ambiguous`, and the vocabulary's own. `row_text`: see vocabulary.services."""
    if not text.strip():
        return {}
    if len(text) > LONGEST:
        return unread()
    found = _Found()
    for line in text.split("\n"):
        if not is_title and _is_signature(line):
            break
        _read_line(moments.WHATSAPP.sub("", line), places, reference, found, is_title=is_title)
    return _settled(found, is_title=is_title, row_text=row_text)


def unread() -> dict[str, Said]:
    """What a text says that was not read because of its length."""
    return {name: Said(refused(AMBIGUOUS)) for name in ("outlet", "date", "service", "units")}


def _read_line(line: str, places: Places, reference: date, found: _Found, *, is_title: bool) -> None:
    pieces = [_Piece(place.start, place.end, "outlet", place) for place in places.named(line)]
    rest = _blanked(line, pieces)
    for names, make in (
        ("contact", lambda: moments.phones(rest)),
        ("clear", lambda: moments.SIZES_AND_FLOORS.finditer(rest)),
        ("noise", lambda: moments.NOISE.finditer(rest)),
        ("date", lambda: moments.days(rest, reference, is_title=is_title)),
        ("time", lambda: moments.times(rest)),
        ("vague", lambda: moments.vague_counts(rest)),
    ):
        new = [_Piece(*_ends(each), names, each) for each in make()]
        rest = _blanked(rest, new, " " if names == "clear" else BLANK)
        pieces += new
    found.vague = found.vague or any(piece.field == "vague" for piece in pieces)
    pieces = sorted((piece for piece in pieces if piece.field in FIELDS), key=lambda piece: piece.start)
    clauses = list(_clauses(line, rest, pieces))
    against = [_is_against(rest[start:end]) for start, end in clauses]
    told_before: set[str] = set()
    for at, (start, end) in enumerate(clauses):
        own = [piece for piece in pieces if start <= piece.start < end]
        fields = {piece.field for piece in own}
        # "tidak bisa tgl 7 Agustus, 8 Agustus" refuses both; "tgl 7 Agustus, tidak bisa" takes back what stands before.
        goes_on = at > 0 and against[at - 1] and not WORD.search(rest[start:end]) and fields & told_before
        refuted = against[at] or bool(goes_on) or (at + 1 < len(clauses) and _takes_back(rest, *clauses[at + 1], pieces))
        against[at], told_before = refuted, fields
        if refuted:
            found.doubted.update(piece.field for piece in own)
        else:
            for piece in own:
                _keep(piece, line, rest, reference, found)
    refuted_parts = [clause for clause, no in zip(clauses, against, strict=True) if no]
    for start, end in _spans_between(SENTENCE_ENDS, rest):
        for run in jobs.runs(rest[start:end], is_title=is_title):
            if any(a < start + run.end and start + run.start < b for a, b in refuted_parts):
                found.doubted.add(run.kind)
                continue
            found.runs.append(run)
            if run.kind == "service":
                found.texts.append(line[start + run.start : start + run.end])


def _keep(piece: _Piece, line: str, rest: str, reference: date, found: _Found) -> None:
    before = rest[max(0, piece.start - 40) : piece.start]
    if piece.field == "outlet":
        if _ends_with(before, "other_places"):
            found.doubted.add("outlet")
        else:
            found.places.append((piece.what, line[piece.start : piece.end]))
    elif piece.field == "date":
        # Who writes freely of a day before the order was entered tells what was, not what is wanted.
        past = piece.what.reading.value is not None and piece.what.reading.value[0] < reference
        if not piece.what.sure or past or _ends_with(before, "other_days"):
            found.doubted.add("date")
        else:
            found.dates.append(piece.what.reading)
    elif piece.field == "time":
        (found.times.append(piece.what.reading) if piece.what.sure else found.doubted.add("time"))
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
            services, units = Reading([(code, None) for code, _ in services.value or ()] or None, services.problem), refused(AMBIGUOUS)
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


def _clauses(line: str, rest: str, pieces: Sequence[_Piece]) -> Iterator[tuple[int, int]]:
    """Where the clauses of a line begin and end; a mark inside a piece ends none."""
    inside = [(piece.start, piece.end) for piece in pieces]
    marks = [match.span() for match in ENDS.finditer(line) if not any(a <= match.start() < b for a, b in inside)]
    marks += [(match.start(), match.start()) for match in _but().finditer(rest)]
    yield from _between(sorted(marks), len(line))


def _spans_between(ends: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    return _between([match.span() for match in ends.finditer(text)], len(text))


def _between(marks: Sequence[tuple[int, int]], length: int) -> Iterator[tuple[int, int]]:
    start = 0
    for begin, end in marks:
        if begin > start:
            yield start, begin
        start = max(start, end)
    if start < length:
        yield start, length


def _is_against(clause: str) -> bool:
    """Whether a clause says the opposite, another time or a condition; "tidak dingin" is a fault and says neither."""
    plain = _harmless().sub(" ", fold(clause))
    return any(word in lexicon.words("order_form", "not_so") for word in WORD.findall(plain))


def _takes_back(rest: str, start: int, end: int, pieces: Sequence[_Piece]) -> bool:
    """Whether a clause holds nothing but a refusal of the clause before it: "tidak bisa", "jangan ya"."""
    words = WORD.findall(_harmless().sub(" ", fold(rest[start:end])))
    if not words or any(start <= piece.start < end for piece in pieces):
        return False
    plain = " ".join(word for word in words if word not in lexicon.words("order_form", "fillers"))
    begins = words[0] in lexicon.words("order_form", "but") and words[0] in lexicon.words("order_form", "not_so")
    return plain in lexicon.words("order_form", "taken_back") or (begins and len(words) <= FEW_WORDS)


def _ends_with(before: str, words: str) -> bool:
    last = WORD.findall(fold(before))[-2:]
    known = lexicon.words("order_form", words)
    stripped = [word for word in last if word not in ("tgl", "tanggal", "hari")]
    end = re.search(r"[|.,;!?)]\s*$", before)
    return not end and bool(stripped) and (stripped[-1] in known or " ".join(last) in known)


def _is_signature(line: str) -> bool:
    folded = fold(line).lstrip("-*_ ")
    first = lexicon.words("order_form", "signatures")
    return fold(line).strip() == "--" or any(re.match(rf"{re.escape(word)}(?:[\s,.!]|$)", folded) for word in first)


def _blanked(line: str, pieces: Sequence[_Piece], sign: str = BLANK) -> str:
    for piece in pieces:
        line = line[: piece.start] + sign * (piece.end - piece.start) + line[piece.end :]
    return line


def _ends(found: Any) -> tuple[int, int]:
    return found.span() if isinstance(found, re.Match) else (found.start, found.end)


@cache
def _but() -> re.Pattern[str]:
    words = "|".join(map(re.escape, lexicon.words("order_form", "but")))
    return re.compile(rf"(?<![^\W_])(?:{words})(?![^\W_])", re.IGNORECASE)


@cache
def _harmless() -> re.Pattern[str]:
    """Phrases that hold a word of `not_so` without meaning it: faults of the trade, and "jangan lupa"."""
    against = lexicon.words("order_form", "not_so")
    spellings = lexicon.meanings("services", "codes")
    faults = {spelling for spelling in spellings if any(word in against for word in spelling.split())}
    words = sorted(faults | lexicon.words("order_form", "so_all_the_same"), key=len, reverse=True)
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, words))})(?![^\W_])")
