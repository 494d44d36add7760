"""Texts for people, by language and key, from `include/config/messages/LANGUAGE/PART.yaml`.

The first word of a key names the file: `status.done` is `done` in `status.yaml`. A text names its values as
`{{ name }}`; where the number of things changes the words it stands as `one` and `other`, chosen by the value `count`.
Values go in as they are: whoever writes HTML escapes there.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from functools import cache
from pathlib import Path

import yaml
from babel import Locale
from babel.dates import format_date, format_time

from rekap.errors import PermanentError

MESSAGES = Path(__file__).resolve().parents[1] / "config" / "messages"
PLACEHOLDER = re.compile(r"\{\{ (\w+) \}\}")
LOCALES = {"id": "id", "en": "en_GB"}


def text(language: str, key: str, **values: object) -> str:
    """The text of a key with its values. Raises PermanentError that names key and language when the text, a value of it
    or the language is missing."""
    words = entries(language).get(key)
    if words is None:
        raise PermanentError(
            f"there is no text '{key}' in language '{language}': write it into {_file(language, key)} and into the same"
            " file of the other languages."
        )
    if isinstance(words, Mapping):
        if not isinstance(count := values.get("count"), int):
            raise PermanentError(f"the text '{key}' ({language}) has one and other: give it the number 'count'.")
        words = words.get(Locale.parse(LOCALES[language]).plural_form(count), words["other"])

    def filled(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise PermanentError(f"the text '{key}' ({language}) needs a value '{match[1]}' that it was not given.")
        return str(values[match[1]])

    return PLACEHOLDER.sub(filled, words)


@cache
def entries(language: str) -> dict[str, str | dict[str, str]]:
    """Every text of a language by its whole key. Raises PermanentError for a language without texts or a file that does
    not hold keys and texts."""
    files = sorted((MESSAGES / language).glob("*.yaml")) if language in LOCALES else []
    if not files:
        raise PermanentError(f"there are no texts in language '{language}': known are {', '.join(sorted(LOCALES))}.")
    found: dict[str, str | dict[str, str]] = {}
    for path in files:
        for name, words in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).items():
            if not (isinstance(words, str) or (isinstance(words, dict) and set(words) <= {"one", "other"})):
                raise PermanentError(f"{path}: '{name}' must be a text in quotes, or have the texts one and other.")
            found[f"{path.stem}.{name}"] = words
    return found


def placeholders(language: str, key: str) -> set[str]:
    """The names of the values that a text takes."""
    words = entries(language)[key]
    forms = words.values() if isinstance(words, dict) else [words]
    return {name for form in forms for name in PLACEHOLDER.findall(form)}


def day(language: str, on: date) -> str:
    """`7 Okt 2026`."""
    return _dated(language, on, "d MMM y")


def weekday(language: str, on: date) -> str:
    """`Rab 7 Okt`, for lists whose year is plain."""
    return _dated(language, on, "EEE d MMM")


def month(language: str, on: date) -> str:
    """`Oktober 2026`."""
    return _dated(language, on, "LLLL y")


def clock(language: str, at: time) -> str:
    """`10.00` in Indonesian, `10:00` in English."""
    return str(format_time(at, "HH.mm" if language == "id" else "HH:mm", locale=LOCALES[language]))


def moment(language: str, at: datetime) -> str:
    """`7 Okt 2026 10.00`, in the zone that `at` carries."""
    return f"{day(language, at.date())} {clock(language, at.time())}"


def _dated(language: str, on: date, pattern: str) -> str:
    if language not in LOCALES:
        raise PermanentError(f"there are no texts in language '{language}': known are {', '.join(sorted(LOCALES))}.")
    return str(format_date(on, pattern, locale=LOCALES[language]))


def _file(language: str, key: str) -> str:
    return f"include/config/messages/{language}/{key.partition('.')[0]}.yaml"
