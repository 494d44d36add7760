"""The words of a quality page in one language, and what of a source's text may stand on it."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal

from rekap import catalogue
from rekap.quality.report.found import RULES
from rekap.settings import Language

OTHER: dict[Language, Language] = {"id": "en", "en": "id"}
LONGEST = 120  # characters of a cell
NAMED = 5  # names in one sentence
PHONE = re.compile(r"(?<![\w#])(?:\+?62|0)[\d\s().-]{6,}\d")
# What says which visit a row is about; notes, contacts and technicians stay where they are.
SHOWN = {
    "service_date": "date", "time": "time", "outlet": "outlet", "service": "service", "units": "units",
    "status": "status",
}  # fmt: skip
WHEN_WRONG = {"technicians": "technicians"}


class _Counted(int):
    """A number that chooses the words of a text and is written as the language writes it."""

    written: str

    def __str__(self) -> str:
        return self.written


class Speaker:
    """`zone` cuts moments into days."""

    def __init__(self, language: Language, zone: ZoneInfo) -> None:
        self.language: Language = language
        self.zone = zone

    def __call__(self, key: str, **values: object) -> str:
        told = {name: self._counted(value) if isinstance(value, int) else value for name, value in values.items()}
        return catalogue.text(self.language, f"quality_report.{key}", **told)

    def number(self, number: float) -> str:
        return str(format_decimal(number, locale=catalogue.LOCALES[self.language]))

    def moment(self, at: datetime) -> str:
        return catalogue.moment(self.language, at.astimezone(self.zone))

    def day(self, at: datetime) -> str:
        return catalogue.day(self.language, at.astimezone(self.zone).date())

    def reason(self, code: str) -> str:
        """Why something failed, in plain words; the code itself where there are none for it."""
        return self._or(f"quality.{code}", code)

    def action(self, code: str) -> str:
        return self._or(f"quality_action.{code}", catalogue.text(self.language, "quality_action.other"))

    def suite(self, name: str) -> str:
        return self._or(f"quality_report.suite_{name.replace('.', '_')}", name)

    def units(self, suite: str, count: int) -> str:
        """`3 rows`: how many of what a suite judges."""
        key = f"unit_{suite.replace('.', '_')}"
        known = f"quality_report.{key}" in catalogue.entries(self.language)
        return self(key if known else "unit_other", count=count)

    def names(self, names: Sequence[str]) -> str:
        """The first few, and how many more there are."""
        shown = ", ".join(shown_text(name) for name in names[:NAMED])
        return self("and_more", names=shown, count=len(names) - NAMED) if len(names) > NAMED else shown

    def scope(self, scope: str, name: str | None) -> str:
        """A client by its name; else what of a source was judged by itself, such as `account` or `project:12`."""
        kind, _, number = scope.partition(":")
        key = f"quality_report.scope_{kind}"
        if name is None and key in catalogue.entries(self.language):
            return catalogue.text(self.language, key, number=number)
        return shown_text(name or scope)

    def place(self, original: Mapping[str, Any]) -> str:
        return self("place", tab=shown_text(original.get("tab") or "-"), row=original.get("row") or "-")

    def cells(self, original: Mapping[str, Any], wrong: Sequence[str]) -> list[dict[str, Any]]:
        """What a row says about its visit, the wrong fields marked; a wrong field stands there even when empty."""
        cells = original.get("cells") or {}
        told = []
        for field, name in (SHOWN | WHEN_WRONG).items():
            value = self._dated(cells.get(field)) if field == "service_date" else shown_text(cells.get(field))
            if field in wrong or (value and field in SHOWN):
                told.append(
                    {
                        "label": catalogue.text(self.language, f"field.{name}"),
                        "value": value or self("nothing_written"),
                        "wrong": field in wrong,
                    }
                )
        return told

    def _dated(self, value: object) -> str:
        """A date that was read is told in words; one that was not stays as it was written."""
        text = shown_text(value)
        try:
            return catalogue.day(self.language, date.fromisoformat(text))
        except ValueError:
            return text

    def _counted(self, number: int) -> _Counted:
        counted = _Counted(number)
        counted.written = self.number(number)
        return counted

    def _or(self, key: str, otherwise: str) -> str:
        return catalogue.text(self.language, key) if key in catalogue.entries(self.language) else otherwise


def reason_of(rule_id: str) -> str:
    """The reason code of a rule, also of one that the registry does not know any more."""
    known = RULES.get(rule_id)
    return known[1].reason if known else rule_id.rpartition(".")[2]


def shown_text(value: object) -> str:
    """A source's text in one short line: phones masked, nothing that is invisible or turns the direction of reading."""
    text = "" if value is None else str(value)
    visible = "".join(" " if sign.isspace() else sign for sign in text if sign.isspace() or _visible(sign))
    line = masked(" ".join(visible.split()))
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"


def masked(text: str) -> str:
    """The text with every phone number but its first and last digits hidden."""

    def hide(match: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", match[0])
        return f"{digits[:4]}•••{digits[-2:]}" if len(digits) >= 9 else match[0]

    return PHONE.sub(hide, text)


def safe_link(url: object) -> str | None:
    """An address that a browser may open from a page of ours; None for any other, such as javascript: or data:."""
    text = str(url or "")
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in ("http", "https") and parts.hostname else None


def _visible(sign: str) -> bool:
    return unicodedata.category(sign)[0] != "C"
