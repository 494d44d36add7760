"""Public holidays and cuti bersama, pinned per year in include/config/vocabulary/holidays.yaml.

The days come from the package `holidays` (Indonesia, categories public and government) and are kept as data: those of
the moon are estimated until the decree, and an update of the package must not move a deadline unseen. `overrides` of
the file win. `python -m rekap.vocabulary.holidays YEAR` prints one year for review, to be put under `years:`.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TextIO

from rekap.errors import SettingsError
from rekap.vocabulary import lexicon

Category = Literal["public", "government"]  # government: cuti bersama, by decree
CATEGORIES: tuple[Category, ...] = ("public", "government")
LANGUAGES = {"id": "id", "en": "en_US"}
ESTIMATED = {"id": " (perkiraan)", "en": " (estimated)"}


@dataclass(frozen=True)
class Holiday:
    """One day. `names`: by language; `estimated`: the decree may still move it."""

    day: date
    category: Category
    names: dict[str, str]
    estimated: bool = False


def of_year(year: int) -> dict[date, Holiday]:
    """The holidays of a year in the order of their days; overrides win.
    Raises SettingsError when the year is not pinned, or when an entry is not of the form that the file describes."""
    content = lexicon.read("holidays")
    if year not in content["years"]:
        pinned = ", ".join(map(str, content["years"]))
        raise SettingsError(
            f"holidays.yaml: {year} is not pinned, only {pinned}; put there what"
            f" `python -m rekap.vocabulary.holidays {year}` prints, once it was compared with the decree."
        )
    found = {day: _holiday(day, told) for day, told in content["years"][year].items()}
    for day, told in (content.get("overrides") or {}).items():
        if day.year == year:
            found.pop(day, None)
            if told is not None:
                found[day] = _holiday(day, told)
    return dict(sorted(found.items()))


def of_package(year: int) -> dict[date, Holiday]:
    """The same as the installed package `holidays` knows it."""
    import holidays

    found: dict[date, Holiday] = {}
    for category in CATEGORIES:
        names = {
            language: holidays.country_holidays("ID", years=year, categories=(category,), language=code)
            for language, code in LANGUAGES.items()
        }
        for day in names["id"]:
            told = {language: str(names[language][day]) for language in LANGUAGES}
            estimated = any(ESTIMATED[language] in name for language, name in told.items())
            plain = {language: name.replace(ESTIMATED[language], "") for language, name in told.items()}
            found.setdefault(day, Holiday(day, category, plain, estimated))
    return dict(sorted(found.items()))


def _holiday(day: date, told: dict[str, Any]) -> Holiday:
    if not isinstance(day, date) or not {"category", *LANGUAGES} <= told.keys() or told["category"] not in CATEGORIES:
        raise SettingsError(
            f"holidays.yaml: {day} must be a day with category ({' or '.join(CATEGORIES)}), id and en, not {told}."
        )
    names = {language: str(told[language]) for language in LANGUAGES}
    return Holiday(day, told["category"], names, bool(told.get("estimated", False)))


def main(arguments: Sequence[str], out: TextIO) -> int:
    if len(arguments) != 1 or not arguments[0].isdigit() or not 2001 <= int(arguments[0]) <= 2099:
        print("usage: python -m rekap.vocabulary.holidays YEAR", file=sys.stderr)
        return 2
    year = int(arguments[0])
    print(f"  {year}:", file=out)
    for day, holiday in of_package(year).items():
        names = ", ".join(f'{language}: "{name}"' for language, name in holiday.names.items())
        estimated = ", estimated: true" if holiday.estimated else ""
        print(f"    {day}: {{category: {holiday.category}, {names}{estimated}}}", file=out)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.stdout))
