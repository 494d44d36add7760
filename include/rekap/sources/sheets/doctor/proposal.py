"""What to write in clients.yaml so that everything in a tracker is known: a whole entry, or what a client lacks."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count, islice

from rekap import catalogue
from rekap.config_file import FILL
from rekap.settings import Client
from rekap.sources.sheets.doctor import words
from rekap.sources.sheets.doctor.nearness import nearest_name
from rekap.sources.sheets.doctor.report import Report
from rekap.sources.sheets.doctor.shown import is_hostile, shown
from rekap.vocabulary import lexicon, outlets
from rekap.vocabulary.folding import fold

MOST_OUTLETS = 300  # that are proposed: the most frequent ones
MOST_UNKNOWN = 50  # words of a kind, likewise
MOST_CANDIDATES = 12  # projects that a comment names


@dataclass(frozen=True)
class Surroundings:
    """What is known beside the sheet. `people`: codes by role; `crew`: names of technicians; `project`: id and name of
    the project in Basecamp that is called like the client; `candidates`: where it cannot be told, id → name of those
    that it may be."""

    people: Mapping[str, Sequence[str]] = field(default_factory=dict)
    crew: Sequence[str] = ()
    project: tuple[int, str] | None = None
    candidates: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Seen:
    """An outlet as a sheet names it: the spelling to register, in how many rows, and how many of them are refused."""

    name: str
    rows: int
    refused: int


def entry(report: Report, client: Client | None, around: Surroundings, language: str) -> str:
    """YAML: the whole entry of a client who is not in clients.yaml, else what to add to the one who is; empty where
    nothing is to be added. Comments are in `language`. Every text of the sheet stands quoted."""
    head = [] if client else _head(report, around, language)
    return "\n".join([*head, *_outlets(report, client, language), *_words(report, client, language)])


def outlet_names(report: Report) -> list[str]:
    """The outlets that all months of a sheet name, each once."""
    return [seen.name for seen in _found(report).values()]


def client_name(slug: str | None, title: str) -> str:
    """The client's name: the words of its slug as the title of the sheet writes them, else what `name_of` finds."""
    own = slug.split("-") if slug else []
    found = {key: word for word in reversed(_title_words(title)) if (key := slug_of(word)) in own}
    return " ".join(found[key] for key in own) if own and set(own) == set(found) else name_of(title)


def name_of(title: str) -> str:
    """The client's name in the title of a sheet; empty where nothing but other words stands there."""
    other = lexicon.words("titles", "not_names")
    said = (word for word in _title_words(title) if fold(word) not in other)
    return " ".join(word for word in said if not re.fullmatch(r"(?:19|20)\d\d", word))


def slug_of(name: str) -> str:
    """A slug of a client's name; empty when it has neither letters nor digits of ASCII."""
    return "-".join(re.findall(r"[a-z0-9]+", fold(name)))


def _title_words(title: str) -> list[str]:
    return re.findall(r"[^\s_|,;/()\[\]–—:;-]+", title)


def _head(report: Report, around: Surroundings, language: str) -> Iterator[str]:
    say = partial(_comment, language)
    name = client_name(report.slug, report.title)
    project = around.project
    number, told = (project[0], say("yaml_project", name=shown(project[1]))) if project else (FILL, "")
    if not project and around.candidates:
        few = sorted(around.candidates.items(), key=lambda each: (fold(each[1]), each[0]))[:MOST_CANDIDATES]
        told = say("yaml_project_of", projects=", ".join(f"{one} ({shown(called, 40)})" for one, called in few))
    yield f"  - slug: {report.slug or slug_of(name) or FILL}{say('yaml_slug')}"
    yield f"    name: {quoted(name or FILL)}{say('yaml_name')}"
    yield "    delivery: shadow"
    first = report.as_of.replace(day=1)
    days = [row.read.service_date for tab in report.months for row in tab.rows if row.read.service_date]
    older = sum(day < first for day in days)
    yield f"    active_from: {first}{say('yaml_active_from', older=older, rows=len(days))}"
    for role in ("am", "pic"):
        people = ", ".join(around.people.get(role, ()))
        yield f"    {role}: {FILL}" + (say("yaml_person", people=people) if people else say("yaml_nobody"))
    yield "    scopes:"
    yield f"      - {{kind: project, project_id: {number}}}{told or say('yaml_project_unknown')}"
    yield f"    spreadsheet_id: {quoted(report.spreadsheet_id)}"
    yield f"    documentation: none{say('yaml_documentation')}"


def _outlets(report: Report, client: Client | None, language: str) -> Iterator[str]:
    """The outlets that are not registered yet, the most frequent first, each with a code that is free."""
    registered = client.outlets if client else ()
    known = {outlets.normalise(name): outlet.name for outlet in registered for name in (outlet.name, *outlet.aliases)}
    found = {key: told for key, told in _found(report).items() if key not in known}
    if not found:
        return
    used = {outlet.code for outlet in registered}
    prefix = registered[0].code.rpartition("-")[0] if registered else ""
    prefix = prefix or _prefix(client.name if client else client_name(report.slug, report.title) or report.slug or "")
    free = (code for number in count(1) if (code := f"{prefix}-{number:02}") not in used)
    yield _key("outlets", "yaml_outlets", language, client)
    for key, seen in islice(found.items(), MOST_OUTLETS):
        near = nearest_name(key, known)
        yield _outlet(next(free), seen, known[near] if near else None, language)
        known[key] = seen.name
    if len(found) > MOST_OUTLETS:
        yield f"    {_comment(language, 'yaml_more', count=len(found) - MOST_OUTLETS)}"


def _outlet(code: str, seen: Seen, near: str | None, language: str) -> str:
    told = catalogue.text(language, "doctor.yaml_rows", count=seen.rows)
    if seen.refused:
        told += ", " + catalogue.text(language, "doctor.yaml_refused", count=seen.refused)
    if near:
        told += "; " + catalogue.text(language, "doctor.yaml_alias", near=shown(near))
    return f"      - {{code: {code}, name: {quoted(seen.name)}}}  # {told}"


def _found(report: Report) -> dict[str, Seen]:
    """Outlets of all months by their normalised name, the most frequent first."""
    spellings: dict[str, Counter[str]] = {}
    refused: Counter[str] = Counter()
    for tab in report.months:
        for row in (*tab.rows, *tab.refused):
            if key := outlets.normalise(row.read.outlet or ""):
                spellings.setdefault(key, Counter())[row.read.outlet or ""] += 1
                refused[key] += bool(row.problems)
    ordered = sorted(spellings.items(), key=lambda item: (-item[1].total(), item[0]))
    return {key: Seen(_spelling(counted), counted.total(), refused[key]) for key, counted in ordered}


def _spelling(counted: Counter[str]) -> str:
    """The spelling that is written most; one in capitals alone only where nobody writes another."""
    return max(counted, key=lambda name: (not name.isupper(), counted[name]))


def _words(report: Report, client: Client | None, language: str) -> Iterator[str]:
    """The block `words:` of a client: headings and words that only this client writes."""
    own = client.words if client else {}
    parts = {part: list(_unknown(report, flag, own.get(part, {}), language)) for flag, part in words.PARTS.items()}
    parts["headings"] = list(_headings(report, own.get("headings", {}), language))
    if not any(parts.values()):
        return
    yield _key("words", "yaml_words", language, client)
    for name, lines in parts.items():
        if lines:
            yield f"      # {_there(language, name)}" if name in own else f"      {name}:"
            yield from lines


def _key(name: str, comment: str, language: str, client: Client | None) -> str:
    """The line over a block; a comment where the key is there already: written twice it would stop the start."""
    told = catalogue.text(language, f"doctor.{comment}")
    is_there = client is not None and name in client.model_fields_set
    return f"    # {_there(language, name)} {told}" if is_there else f"    {name}:  # {told}"


def _there(language: str, name: str) -> str:
    return catalogue.text(language, "doctor.yaml_there", name=name)


def _unknown(report: Report, flag: str, own: Mapping[str, Sequence[str]], language: str) -> Iterator[str]:
    """Words that no list knows: behind the code of the word that they are nearly, the others to be decided. `own`: what
    this client's words of the kind are already."""
    known = lexicon.meanings(words.PARTS[flag], "codes")
    meant: dict[str, list[tuple[str, str]]] = {}
    undecided = []
    found = (word for (of, _), word in words.teachable(report).items() if of == flag)
    for word in islice(found, MOST_UNKNOWN):
        if word.near:
            meant.setdefault(str(known[word.near]), []).append((word.written, word.near))
        else:
            undecided.append(word)
    for code, pairs in meant.items():
        told = ", ".join(dict.fromkeys(shown(near) for _, near in pairs))
        near = catalogue.text(language, "doctor.yaml_near", near=told)
        yield _spellings(code, [word for word, _ in pairs], own, near, language)
    if undecided:
        codes = ", ".join(dict.fromkeys(map(str, known.values())))
        yield f"      {_comment(language, 'yaml_choose', codes=codes)}"
        told = ", ".join(catalogue.text(language, "doctor.yaml_rows", count=word.rows) for word in undecided)
        yield f"        {FILL}: [{_list(word.written for word in undecided)}]  # {told}"


def _spellings(code: str, new: Sequence[str], own: Mapping[str, Sequence[str]], why: str, language: str) -> str:
    """The words of one code; those that are there already stand before the new ones."""
    there = own.get(code, ())
    told = f"{why}; {catalogue.text(language, 'doctor.yaml_instead', name=code)}" if code in own else why
    return f"        {code}: [{_list((*there, *new))}]  # {told}"


def _headings(report: Report, own: Mapping[str, Sequence[str]], language: str) -> Iterator[str]:
    found: dict[str, dict[str, tuple[str | None, str]]] = {}
    for tab in report.months:
        for column in tab.columns:
            is_new = not column.meaning and fold(column.heading) != column.known
            if column.perhaps and is_new and words.is_word(column.heading):
                place = f"{shown(tab.title)}!{column.letter}"
                found.setdefault(column.perhaps, {}).setdefault(column.heading, (column.known, place))
    for meaning, spellings in found.items():
        whys = [
            catalogue.text(language, "doctor.yaml_near", near=word)
            if word
            else catalogue.text(language, "doctor.yaml_cells")
            for word, _ in spellings.values()
        ]
        places = catalogue.text(language, "doctor.yaml_found", place=", ".join(at for _, at in spellings.values()))
        yield _spellings(meaning, list(spellings), own, f"{'; '.join(dict.fromkeys(whys))}; {places}", language)


def quoted(text: str) -> str:
    """A text as a YAML scalar in quotes, in one line; what steers or hides stands escaped, so that a person sees it.
    Half a character, which no file can hold, becomes the replacement character."""
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(character: str) -> str:
    number = ord(character)
    if character in '"\\':
        return f"\\{character}"
    if 0xD800 <= number <= 0xDFFF:
        return "\N{REPLACEMENT CHARACTER}"
    if not is_hostile(character):
        return character
    return f"\\x{number:02X}" if number < 0x100 else f"\\u{number:04X}" if number < 0x10000 else f"\\U{number:08X}"


def _list(texts: Iterable[str]) -> str:
    return ", ".join(map(quoted, texts))


def _prefix(name: str) -> str:
    words = re.findall(r"[a-z0-9]+", fold(name))
    letters = "".join(word[0] for word in words) if len(words) > 1 else "".join(words)[:3]
    return letters[:4].upper() or "O"


def _comment(language: str, key: str, **values: object) -> str:
    return f"  # {catalogue.text(language, f'doctor.{key}', **values)}"
