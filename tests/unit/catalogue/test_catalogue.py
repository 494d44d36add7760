"""Texts for people: complete in every language, and loud when one is missing."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
import yaml

from rekap import catalogue
from rekap.errors import PermanentError


def test_both_languages_have_the_same_keys() -> None:
    assert set(catalogue.entries("id")) == set(catalogue.entries("en"))


def test_both_languages_take_the_same_values() -> None:
    different = {
        key: (catalogue.placeholders("id", key), catalogue.placeholders("en", key))
        for key in catalogue.entries("id")
        if catalogue.placeholders("id", key) != catalogue.placeholders("en", key)
    }
    assert different == {}


def test_no_text_is_empty_and_every_plural_has_its_other() -> None:
    for language in ("id", "en"):
        for key, words in catalogue.entries(language).items():
            forms = words if isinstance(words, dict) else {"other": words}
            assert "other" in forms and all(form.strip() for form in forms.values()), (language, key)


def test_no_key_stands_twice_in_a_file() -> None:
    for path in catalogue.MESSAGES.glob("*/*.yaml"):
        node = yaml.compose(path.read_text(encoding="utf-8"))
        names = [key.value for key, _ in node.value]
        assert len(names) == len(set(names)), path


def test_a_text_is_filled_and_its_values_are_left_as_they_are() -> None:
    assert catalogue.text("id", "unassigned.of_pic", pic="{{ x }} <b>") == "PIC {{ x }} <b>"


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [
        ("en", 1, "1 order without date has"),
        ("en", 2, "2 orders without date have"),
        ("id", 1, "1 order tanpa tanggal"),
    ],
)
def test_the_number_of_things_chooses_the_words(language: str, count: int, said: str) -> None:
    assert catalogue.text(language, "unassigned.lead_undated", count=count, orders="-").startswith(said)


def test_a_missing_text_names_key_language_and_file() -> None:
    with pytest.raises(PermanentError, match=r"'unassigned\.nothing' in language 'en'.*messages/en/unassigned\.yaml"):
        catalogue.text("en", "unassigned.nothing")


def test_a_missing_value_names_key_language_and_value() -> None:
    with pytest.raises(PermanentError, match=r"'unassigned\.of_pic' \(id\) needs a value 'pic'"):
        catalogue.text("id", "unassigned.of_pic")


def test_a_plural_without_number_says_so() -> None:
    with pytest.raises(PermanentError, match="number 'count'"):
        catalogue.text("en", "unassigned.lead_undated", orders="-")


def test_an_unknown_language_names_the_known_ones() -> None:
    with pytest.raises(PermanentError, match="known are en, id"):
        catalogue.text("fr", "unassigned.today")
    with pytest.raises(PermanentError, match="'fr'"):
        catalogue.day("fr", date(2026, 10, 7))


@pytest.mark.parametrize(
    ("language", "day", "weekday", "month", "clock", "moment"),
    [
        ("id", "17 Agu 2026", "Sen 17 Agu", "Agustus 2026", "09.05", "17 Agu 2026 14.07"),
        ("en", "17 Aug 2026", "Mon 17 Aug", "August 2026", "09:05", "17 Aug 2026 14:07"),
    ],
)
def test_dates_and_times_as_people_write_them(
    language: str, day: str, weekday: str, month: str, clock: str, moment: str
) -> None:
    on = date(2026, 8, 17)
    assert (catalogue.day(language, on), catalogue.weekday(language, on), catalogue.month(language, on)) == (
        day,
        weekday,
        month,
    )
    assert catalogue.clock(language, time(9, 5)) == clock
    assert catalogue.moment(language, datetime(2026, 8, 17, 14, 7, tzinfo=ZoneInfo("Asia/Jakarta"))) == moment
