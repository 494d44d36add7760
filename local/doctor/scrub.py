"""Records of an account without anything that came from it: the structure and the types stay, no word does.

What may stay is listed (`vendor_words`): fields, words out of a vendor's list, moments, truth values, small counts. All
else is replaced, the same by the same, so that records still fit together.
"""

import re
from html import escape
from html.parser import HTMLParser
from typing import Any

from local.doctor.vendor_words import (
    ATTRIBUTES,
    CHOICES,
    ENDINGS,
    FIELDS,
    HOSTS,
    MAY_STAY,
    SIGNS,
    STEPS,
    TAGS,
    listed,
)  # fmt: skip

CONSONANTS = "bcdfghjklmnpqrstvwxz"  # of which made-up words consist: no word of any language comes out
MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?")
ADDRESS = re.compile(r"[^@\s<>\"']+@[^@\s<>\"']+")
PIECE = re.compile(r"[^\W\d_]+|\d+")
ATTRIBUTE_VALUES = ("application/vnd.basecamp.mention", "gallery", "true", "false")
MARKUP = frozenset({"content", "description", "caption"})
NAMED = re.compile(r"(^|_)(id|ids)$|I(d|ds)$|^(sgid|attachable_sgid|resourceKey|parents|spaces)$")
COUNTED = listed(
    """
    position comments_count boosts_count subtasks_count subtasks_completed_count width height byte_size index
    startRowIndex endRowIndex startColumnIndex endColumnIndex rowCount columnCount startRow startColumn
    """
)
LARGEST_SERIAL = 60_000  # numbers up to it are dates, units and times of day; above it may stand a phone or a price


class NotClean(Exception):
    """A word of the account is left: nothing is written."""


class Scrubber:
    """One mapping for all records of a sample."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, str], str] = {}

    def clean(self, record: Any) -> Any:
        """The record with everything replaced that is not the vendor's. Raises NotClean when a word was left."""
        made = self._value("", record)
        if left := words(made) & words(record) - MAY_STAY:
            raise NotClean(f"{len(left)} words of the account would have stayed; nothing was written: report it.")
        return made

    def _value(self, name: str, value: Any) -> Any:
        field = name if name in FIELDS else ""
        if isinstance(value, dict):
            return {
                self._field(name): self._value(name if name in FIELDS else "", each) for name, each in value.items()
            }
        if isinstance(value, list):
            return [self._value(field, each) for each in value]
        if isinstance(value, bool) or value is None:
            return value
        if isinstance(value, int | float):
            return self._number(field, value)
        return self._text(field, str(value))

    def _field(self, name: str) -> str:
        return name if name in FIELDS else f"unknown_{self._other('field', name)}"

    def _number(self, field: str, value: float) -> float:
        counted = field in COUNTED or (field == "numberValue" and 0 <= value <= LARGEST_SERIAL)
        if counted and not NAMED.search(field):
            return value
        return type(value)(int(self._digits(str(int(abs(value))))))

    def _text(self, field: str, text: str) -> str:
        if text in CHOICES.get(field, ()) or MOMENT.fullmatch(text):
            return text
        if field == "pattern" and set(text) <= SIGNS:
            return text
        if ADDRESS.fullmatch(text):
            return f"person{self._nth('address', text.lower())}@example.com"
        if text.startswith(("http://", "https://")):
            return self._url(text)
        if field in MARKUP and "<" in text:
            return self._markup(text)
        if NAMED.search(field) and not text.isdigit():
            return self._token(text)
        return self._plain(text)

    def _plain(self, text: str) -> str:
        return PIECE.sub(lambda found: self._piece(found[0]), text)

    def _piece(self, text: str) -> str:
        if text.isdigit():
            return self._digits(text)
        made = self._other("word", text.casefold())
        return made.upper() if text.isupper() and len(text) > 1 else made.capitalize() if text[0].isupper() else made

    def _url(self, text: str) -> str:
        """Scheme, vendor's host and steps stay; a query may hold a signature and goes."""
        scheme, _, rest = re.split(r"[?#]", text, maxsplit=1)[0].partition("://")
        origin, *steps = rest.split("/")
        named = origin.rpartition(":")[0] if origin.rpartition(":")[2].isdigit() else origin
        host = named if named in HOSTS else f"host{self._nth('host', origin)}.example"
        return "/".join((f"{scheme}://{host}", *map(self._step, steps)))

    def _step(self, step: str) -> str:
        stem, dot, ending = step.rpartition(".")
        if dot and f".{ending}" in ENDINGS:
            return f"{self._step(stem)}.{ending}"
        if step in STEPS or not step:
            return step
        return self._digits(step) if step.isdigit() else self._token(step)

    def _token(self, text: str) -> str:
        """An opaque key: another of the same length at least."""
        return self._other("token", text).ljust(len(text), "q")

    def _markup(self, text: str) -> str:
        writer = _Writer(self)
        writer.feed(text)
        writer.close()
        return "".join(writer.parts)

    def _digits(self, text: str) -> str:
        """Another number of as many digits; the same for the same."""
        nth = self._nth(f"digits {len(text)}", text)
        return str(10 ** (len(text) - 1) + nth)[: max(len(text), 1)] if len(text) > 1 else str(nth % 10)

    def _other(self, kind: str, text: str) -> str:
        """A made-up word of five letters or more; the same for the same."""
        nth, made = self._nth(kind, text) + len(CONSONANTS) ** 3, ""
        while nth:
            nth, left = divmod(nth, len(CONSONANTS))
            made = CONSONANTS[left] + made
        return "q" + made

    def _nth(self, kind: str, text: str) -> int:
        nth = sum(1 for known, _ in self._made if known == kind) + 1
        return int(self._made.setdefault((kind, text), str(nth)))


class _Writer(HTMLParser):
    """HTML again, with the vendor's tags and attributes and other texts."""

    def __init__(self, scrubber: Scrubber) -> None:
        super().__init__(convert_charrefs=True)
        self.scrubber = scrubber
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            return
        kept = "".join(f' {name}="{self._attribute(name, value or "")}"' for name, value in attrs if name in ATTRIBUTES)
        self.parts.append(f"<{tag}{kept}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in TAGS:
            self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.parts.append(escape(self.scrubber._plain(data), quote=False))

    def _attribute(self, name: str, value: str) -> str:
        if value in CHOICES["content_type"] or value in (
            "application/vnd.basecamp.mention",
            "gallery",
            "true",
            "false",
        ):
            return value
        return escape(self.scrubber._text(name, value), quote=True)


def words(value: Any) -> set[str]:
    """Every run of two or more letters in the texts of a record, and the names of fields that no vendor has."""
    if isinstance(value, dict):
        names = {word for name in value if name not in FIELDS for word in _letters(name)}
        return names.union(*(words(each) for each in value.values()))
    if isinstance(value, list):
        return set().union(*(words(each) for each in value))
    return set(_letters(value)) if isinstance(value, str) else set()


def _letters(text: str) -> list[str]:
    return [word.casefold() for word in re.findall(r"[^\W\d_]{2,}", text)]
