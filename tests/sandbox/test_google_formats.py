"""Masks, number formats and A1 names of the twin, without a server."""

from __future__ import annotations

import pytest

from sandbox.google import a1, formats, masks


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a", {"a": {}}),
        ("a/b,a/c", {"a": {"b": {}, "c": {}}}),
        ("a.b(c,d/e)", {"a": {"b": {"c": {}, "d": {"e": {}}}}}),
        ("a(b),a", {"a": {}}),
        ("a,a/b", {"a": {}}),
        (" a , b ( c ) ", {"a": {}, "b": {"c": {}}}),
    ],
)
def test_a_mask_is_read_into_a_tree(text: str, tree: masks.Tree) -> None:
    assert masks.parse(text) == tree


@pytest.mark.parametrize("text", ["", ",", "a,", "a(", "a(b", "a)", "a//b", "a b", "a()", "a;b"])
def test_a_mask_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(masks.BadMask):
        masks.parse(text)


def test_a_star_selects_every_name() -> None:
    value = {"a": {"x": 1, "y": 2}, "b": [{"x": 3, "y": 4}]}
    assert masks.select(value, masks.parse("*/x")) == {"a": {"x": 1}, "b": [{"x": 3}]}


@pytest.mark.parametrize(
    ("number", "kind", "pattern", "locale", "shown"),
    [
        (46241, "DATE", "", "id_ID", "07/08/2026"),
        (46241, "DATE", "", "en_US", "8/7/2026"),
        (46241, "DATE", "dddd, d mmmm yyyy", "id_ID", "Jumat, 7 Agustus 2026"),
        (46241, "DATE", "ddd d-mmm-yy", "id_ID", "Jum 7-Agu-26"),
        (46241.4375, "DATE_TIME", "dd/mm/yyyy hh.mm", "id_ID", "07/08/2026 10.30"),
        (0.604166666666667, "TIME", "h:mm am/pm", "en_US", "2:30 PM"),
        (1234.5, "", "", "id_ID", "1234,5"),
        (1234.5, "NUMBER", "#,##0.00", "id_ID", "1.234,50"),
        (1234.5, "NUMBER", "#,##0.##", "en_US", "1,234.5"),
        (0.125, "PERCENT", "0.0%", "id_ID", "12,5%"),
        (-1500000, "CURRENCY", '"Rp"#,##0;("Rp"#,##0)', "id_ID", "(Rp1.500.000)"),
        (7, "NUMBER", "000", "id_ID", "007"),
        (8.085807e16, "", "", "en_US", "8.085807E+16"),
    ],
)
def test_a_number_is_shown_by_its_format_and_locale(
    number: float, kind: str, pattern: str, locale: str, shown: str
) -> None:
    assert formats.shown({"numberValue": number}, {"type": kind, "pattern": pattern}, locale) == shown


def test_serial_numbers_count_days_from_the_end_of_1899() -> None:
    assert formats.moment_of(43831).isoformat() == "2020-01-01T00:00:00"
    assert formats.serial(formats.moment_of(36162)) == 36162


def test_column_letters_go_beyond_z() -> None:
    assert [a1.letters(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert [a1.column_index(text) for text in ("A", "Z", "AA", "ZZ", "AAA")] == [0, 25, 26, 701, 702]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Sheet1", "Sheet1"),
        ("AGT26", "'AGT26'"),
        ("AGT 26", "'AGT 26'"),
        ("Arsip", "Arsip"),
        ("Budi's", "'Budi''s'"),
        ("🌵", "'🌵'"),
    ],
)
def test_titles_are_quoted_only_where_needed(title: str, name: str) -> None:
    assert a1.quoted(title) == name
