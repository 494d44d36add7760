"""The pinned holidays: as the package has them, with what the decree says otherwise on top."""

import io
from datetime import date

import pytest

from rekap.errors import SettingsError
from rekap.vocabulary import holidays, lexicon


@pytest.mark.parametrize("year", [2025, 2026, 2027])
def test_the_pinned_days_are_those_of_the_package(year: int) -> None:
    """An update of the package that moves a day fails here: compare it with the decree, then pin it anew."""
    pinned = {day: holidays._holiday(day, told) for day, told in lexicon.read("holidays")["years"][year].items()}
    assert pinned == holidays.of_package(year)


def test_both_categories_have_names_in_both_languages_and_estimates_are_kept() -> None:
    of_2027 = holidays.of_year(2027)
    assert of_2027[date(2027, 3, 10)].estimated
    assert of_2027[date(2027, 3, 10)].names == {"id": "Hari Raya Idul Fitri", "en": "Eid al-Fitr"}
    joint = {day for day, holiday in holidays.of_year(2026).items() if holiday.category == "government"}
    expected = {(2, 16), (3, 18), (3, 20), (3, 23), (3, 24), (5, 15), (5, 28), (12, 24)}
    assert {(day.month, day.day) for day in joint} == expected
    assert list(of_2027) == sorted(of_2027)


def test_a_year_that_is_not_pinned_says_what_to_do() -> None:
    with pytest.raises(SettingsError, match=r"python -m rekap\.vocabulary\.holidays 2031"):
        holidays.of_year(2031)


def test_an_override_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    content = dict(lexicon.read("holidays"))
    content["overrides"] = {
        date(2027, 3, 10): None,
        date(2027, 3, 12): {"category": "public", "id": "Idul Fitri", "en": "Eid al-Fitr"},
    }
    monkeypatch.setattr(lexicon, "read", lambda name: content)
    of_2027 = holidays.of_year(2027)
    assert date(2027, 3, 10) not in of_2027
    assert (of_2027[date(2027, 3, 12)].category, of_2027[date(2027, 3, 12)].estimated) == ("public", False)
    content["overrides"] = {date(2027, 3, 12): {"id": "Idul Fitri"}}
    with pytest.raises(SettingsError, match="2027-03-12 must be a day with category"):
        holidays.of_year(2027)


def test_the_command_prints_what_is_pinned() -> None:
    out = io.StringIO()
    assert holidays.main(["2026"], out) == 0
    path = lexicon.DIRECTORY / "holidays.yaml"
    assert out.getvalue() in path.read_text(encoding="utf-8")
    assert holidays.main(["soon"], out) == 2
