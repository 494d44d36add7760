"""What to write in clients.yaml so that everything in a tracker is known: a whole entry, or what a client lacks."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count, islice

from rekap import catalogue
from rekap.settings import Client
from rekap.sources.sheets.doctor.nearness import nearest
from rekap.sources.sheets.doctor.report import Report
from rekap.sources.sheets.doctor.shown import is_hostile, shown
from rekap.vocabulary import lexicon, outlets
from rekap.vocabulary.folding import fold

FILL = "FILL_IN"  # the start is refused, naming file, line and field, for as long as it stands somewhere
MOST_OUTLETS = 300  # that are proposed: the most frequent ones
MOST_UNKNOWN = 50  # words of a kind, likewise
MOST_WORDS = 4  # a cell of more is prose, no word to teach
LONGEST = 60  # characters, likewise
UNKNOWN_WORDS = {"status_unknown": "statuses", "service_unknown": "services"}


@dataclass(frozen=True)
class Surroundings:
    """What is known beside the sheet. `people`: codes by role; `crew`: names of technicians; `project`: id and name of
    the project in Basecamp that is called like the client."""

    people: Mapping[str, Sequence[str]] = field(default_factory=dict)
    crew: Sequence[str] = ()
    project: tuple[int, str] | None = None


def entry(report: Report, client: Client | None, around: Surroundings, language: str) -> str:
    """YAML: the whole entry of a client who is not in clients.yaml, else what to add to the one who is; empty where
    nothing is to be added. Comments are in `language`. Every text of the sheet stands quoted."""
    words = list(_words(report, language))
    if client:
        return "\n".join([*_outlets(report, client, language), *words])
    return "\n".join([*_head(report, around, language), *_outlets(report, None, language), *words])


def name_of(title: str) -> str:
    """The client's name in the title of a sheet; empty where nothing but other words stands there."""
    words = re.findall(r"[^\s_|/()\[\]–—:;-]+", title)
    other = lexicon.words("titles", "not_names")
    return " ".join(word for word in words if fold(word) not in other and not re.fullmatch(r"(?:19|20)\d\d", word))


def slug_of(name: str) -> str:
    """A slug of a client's name; empty when it has neither letters nor digits of ASCII."""
    return "-".join(re.findall(r"[a-z0-9]+", fold(name)))


def _head(report: Report, around: Surroundings, language: str) -> Iterator[str]:
    say = partial(_comment, language)
    name = name_of(report.title)
    project = around.project
    number, told = (project[0], say("yaml_project", name=shown(project[1]))) if project else (FILL, "")
    yield f"  - slug: {report.slug or slug_of(name) or FILL}{say('yaml_slug')}"
    yield f"    name: {quoted(name or FILL)}{say('yaml_name')}"
    yield "    delivery: shadow"
    yield f"    active_from: {report.as_of.replace(day=1)}{say('yaml_active_from')}"
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
    prefix = prefix or _prefix(client.name if client else name_of(report.title) or report.slug or "")
    free = (code for number in count(1) if (code := f"{prefix}-{number:02}") not in used)
    yield f"    outlets:{_comment(language, 'yaml_outlets')}"
    for key, (name, rows) in islice(found.items(), MOST_OUTLETS):
        near = nearest(key, known)
        yield _outlet(next(free), name, rows, known[near] if near else None, language)
        known[key] = name
    if len(found) > MOST_OUTLETS:
        yield f"    {_comment(language, 'yaml_more', count=len(found) - MOST_OUTLETS)}"


def _outlet(code: str, name: str, rows: int, near: str | None, language: str) -> str:
    told = catalogue.text(language, "doctor.yaml_rows", count=rows)
    if near:
        told += "; " + catalogue.text(language, "doctor.yaml_alias", near=shown(near))
    return f"      - {{code: {code}, name: {quoted(name)}}}  # {told}"


def _found(report: Report) -> dict[str, tuple[str, int]]:
    """Outlets of all months by their normalised name: the spelling that is written most, and in how many rows they
    stand; the most frequent first."""
    spellings: dict[str, Counter[str]] = {}
    for tab in report.months:
        for row in (*tab.rows, *tab.refused):
            if key := outlets.normalise(row.read.outlet or ""):
                spellings.setdefault(key, Counter())[row.read.outlet or ""] += 1
    ordered = sorted(spellings.items(), key=lambda item: (-item[1].total(), item[0]))
    return {key: (counted.most_common(1)[0][0], counted.total()) for key, counted in ordered}


def _words(report: Report, language: str) -> Iterator[str]:
    """The block `words:` of a client: headings and words that only this client writes."""
    parts = {
        "statuses": list(_unknown(report, "status_unknown", language)),
        "services": list(_unknown(report, "service_unknown", language)),
        "headings": list(_headings(report, language)),
    }
    if not any(parts.values()):
        return
    yield f"    words:{_comment(language, 'yaml_words')}"
    for name, lines in parts.items():
        if lines:
            yield f"      {name}:"
            yield from lines


def _unknown(report: Report, flag: str, language: str) -> Iterator[str]:
    """Words that no list knows: behind the code of the word that they are nearly, the others to be decided."""
    part = UNKNOWN_WORDS[flag]
    known = lexicon.meanings(part, "codes")
    counted: Counter[str] = Counter()
    written: dict[str, str] = {}
    for tab in report.months:
        for group in tab.groups:
            if group.flag == flag and _is_word(group.written):
                counted[fold(group.written)] += len(group.rows)
                written.setdefault(fold(group.written), group.written)
    meant: dict[str, list[tuple[str, str]]] = {}
    undecided = []
    for word, rows in counted.most_common(MOST_UNKNOWN):
        if near := nearest(word, known):
            meant.setdefault(str(known[near]), []).append((written[word], near))
        else:
            undecided.append((written[word], rows))
    for code, pairs in meant.items():
        told = ", ".join(dict.fromkeys(shown(near) for _, near in pairs))
        yield f"        {code}: [{_list(word for word, _ in pairs)}]{_comment(language, 'yaml_near', near=told)}"
    if undecided:
        codes = ", ".join(dict.fromkeys(map(str, known.values())))
        yield f"      {_comment(language, 'yaml_choose', codes=codes)}"
        told = ", ".join(catalogue.text(language, "doctor.yaml_rows", count=rows) for _, rows in undecided)
        yield f"        {FILL}: [{_list(word for word, _ in undecided)}]  # {told}"


def _headings(report: Report, language: str) -> Iterator[str]:
    found: dict[str, dict[str, tuple[str | None, str]]] = {}
    for tab in report.months:
        for column in tab.columns:
            is_new = not column.meaning and fold(column.heading) != column.known
            if column.perhaps and is_new and _is_word(column.heading):
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
        yield f"        {meaning}: [{_list(spellings)}]  # {'; '.join(dict.fromkeys(whys))}; {places}"


def _is_word(text: str) -> bool:
    """Whether a text can be taught: some letters, and no prose."""
    return len(text) <= LONGEST and 0 < len(text.split()) <= MOST_WORDS and any(map(str.isalpha, text))


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
