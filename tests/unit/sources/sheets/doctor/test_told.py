"""The report as reviewed: tests/golden/doctor holds terminal and page of one messy tracker. `REKAP_GOLDEN=write` renews
them."""

import io
import json
import os
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from rekap.settings import Language
from rekap.sources.sheets.__main__ import main
from rekap.sources.sheets.doctor import page, terminal, told
from rekap.sources.sheets.doctor.proposal import Surroundings
from rekap.sources.sheets.doctor.shown import shown
from rekap.sources.sheets.doctor.wording import Check, Said
from tests.unit.sources.sheets.doctor import messy
from tests.unit.sources.sheets.drawing import sheet, spreadsheet

GOLDEN = Path(__file__).resolve().parents[4] / "golden" / "doctor"
AROUND = Surroundings({"am": ["sinta"], "pic": ["bayu"]})


def said(language: Language = "en", *, known: bool = False) -> Said:
    client = messy.client() if known else None
    return told(
        messy.tracker(), slug="kopi-senja", client=client, as_of=messy.AS_OF, language=language, around=AROUND,
        checks=[Check("Google", "good", "Drive answers"), Check("Basecamp", "bad", "<b>not</b> an administrator")],
    )  # fmt: skip


def on_terminal(of: Said, width: int | None = None) -> str:
    out = io.StringIO()
    terminal.write(of, out, width)
    return out.getvalue()


def with_what_is_left(of: Said) -> str:
    out = io.StringIO()
    terminal.write(of, out)
    terminal.write_left(of, out)
    return out.getvalue()


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("language", ["id", "en"])
def test_it_reads_as_reviewed(language: Language, known: bool) -> None:
    report = said(language, known=known)
    name = f"{'known' if known else 'new'}_client.{language}"
    for file, text in ((f"{name}.txt", with_what_is_left(report)), (f"{name}.html", page.html(report))):
        if os.environ.get("REKAP_GOLDEN") == "write":
            (GOLDEN / file).write_text(text, encoding="utf-8")
        assert text == (GOLDEN / file).read_text(encoding="utf-8"), file


def test_lines_fit_into_100_columns_but_for_what_is_copied_whole() -> None:
    report = said()
    lines = on_terminal(report).removesuffix(report.yaml + "\n").splitlines()
    assert [line for line in lines if len(line) > 100 and "https://docs.google.com/" not in line] == []


def test_colour_is_for_terminals_and_not_where_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    terminal.write(said(), coloured := Terminal())
    monkeypatch.setenv("NO_COLOR", "1")
    terminal.write(said(), plain := Terminal())
    assert "\x1b[32m" in coloured.getvalue() and not re.search(r"\x1b\[3[0-9]m", plain.getvalue())
    assert "\x1b" not in on_terminal(said())


class Tags(HTMLParser):
    """The elements of a page, and their addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.addresses: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses |= {value or "" for name, value in attrs if name in ("href", "src")}


def test_cells_never_become_part_of_the_page() -> None:
    text = page.html(said())
    tags = Tags()
    tags.feed(text)
    assert not tags.names & {"img", "script", "iframe", "b", "link"}
    assert not [name for name in tags.attributes if name.startswith("on")]
    assert all(address.startswith("https://docs.google.com/spreadsheets/d/") for address in tags.addresses)
    assert "&lt;img src=x onerror=" in text and "&lt;b&gt;not&lt;/b&gt;" in text


def test_cells_never_steer_the_terminal() -> None:
    text = on_terminal(said())
    assert "\x1b" not in text and "‮" not in text and "�[31msip mantap" in text


@pytest.mark.parametrize(
    ("written", "seen"),
    [("a\nb\tc", "a b c"), ("\x07x\ud800", "�x�"), ("✅ 👩‍🔧", "✅ 👩‍🔧"), ("y" * 90, "y" * 79 + "…")],
)
def test_a_cell_is_shown_in_one_plain_line(written: str, seen: str) -> None:
    assert shown(written) == seen


def test_what_a_person_corrects_in_the_sheet_stands_before_what_the_engineer_needs() -> None:
    text = page.html(said())
    own, rest = text.split("<details>")
    assert own.index("For you to correct in the sheet") < own.index("“32/8/2026”") < own.index("<table>")
    assert "No heading was found" in own[: own.index("<table>")], "a tab of which nothing is read"
    assert "FILL_IN" not in own and "Drive answers" not in own
    assert "Drive answers" in rest and "<code>clients:</code>" in rest and "`" not in rest[: rest.index("<pre>")]


def test_a_tab_with_refused_rows_is_marked_as_bad_and_its_hints_as_what_they_are() -> None:
    august, july = said().tabs[:2]
    assert august.tone == july.tone == "bad"
    assert [tone for tone, _ in august.warnings] == ["look"] and [tone for tone, _ in july.warnings] == ["bad", "look"]


def test_each_strange_cell_is_named_and_linked_itself() -> None:
    groups = {(group.what, group.written): group for group in said().tabs[0].groups}
    assert [cell for cell, _ in groups["unknown status", "sip mantap"].places] == ["H6", "H16"]
    assert [url[-3:] for _, url in groups["no outlet", ""].places] == ["D17"]
    assert groups["struck through", ""].places[0][0] == "D15"


def test_the_cells_of_many_rows_are_named_up_to_a_bound() -> None:
    rows = [[date(2026, 8, 4), "Kopi", "cuci", "sip mantap"]] * 12
    made = spreadsheet(sheet("AGT 26", [["Tanggal", "Outlet", "Layanan", "Status"], *rows]))
    group = of(made).tabs[0].groups[0]
    assert (group.rows, len(group.places), group.has_more) == ("12 rows", 8, True)
    assert of(made).tabs[0].strange == 12


def of(resource: dict[str, Any], **options: Any) -> Said:
    given = {"slug": "kopi-senja", "client": None, "as_of": messy.AS_OF, "language": "en", "around": AROUND}
    return told(resource, **(given | options))


def test_units_within_the_text_of_the_service_are_not_missing() -> None:
    head = ["Tanggal", "Outlet", "Layanan", "Status", "Teknisi"]
    rows = [[date(2026, 8, 4), "Kopi", "cuci 2 unit", "Selesai", "Budi"]]
    assert of(spreadsheet(sheet("AGT 26", [head, *rows]))).tabs[0].warnings == ()
    rows = [[date(2026, 8, 4), "Kopi", "cuci", "Selesai", "Budi"]]
    assert "found for: units" in of(spreadsheet(sheet("AGT 26", [head, *rows]))).tabs[0].warnings[0][1]


def test_a_dash_says_nothing_and_what_is_not_understood_names_its_row() -> None:
    head = ["Tanggal", "Outlet", "Layanan", "Status", "Link Basecamp"]
    rows = [[date(2026, 8, 4), "Kopi", "cuci", "Selesai", said_there] for said_there in ("97", "-")]
    column = of(spreadsheet(sheet("AGT 26", [head, *rows]))).tabs[0].columns[4]
    assert column.examples == (("97", "not understood (row 2)"), ("-", "nothing"))


def test_the_example_of_a_date_is_no_answer_for_the_row() -> None:
    row = next(row for row in said().tabs[0].refused if row.written == "32/8/2026")
    assert row.todo == "Write the day of this row in the form DD/MM/YYYY; today would be 31/08/2026."


def test_a_clock_that_stands_still_is_named() -> None:
    assert "stands still" in of(messy.tracker(), stands_still=True).as_of and "stands still" not in said().as_of


def test_outlets_of_another_brand_ask_whether_it_is_the_right_sheet() -> None:
    head = ["Tanggal", "Outlet", "Layanan", "Status"]
    shops = ["Bakso Gerimis Tebet", "Bakso Gerimis BSD", "BAKSO GERIMIS Blok M", "Bakso Gerimis Senen", "Total Jaya"]
    made = spreadsheet(sheet("AGT 26", [head, *([date(2026, 8, 4), shop, "cuci", "Selesai"] for shop in shops)]))
    assert "4 of 5 outlets begin with “Bakso Gerimis”" in of(made, slug="roti-lembayung").warnings[0]
    assert of(made, slug="bakso-gerimis").warnings == of(made, slug="baksogerimis").warnings == ()
    assert of(made, client=messy.client()).warnings == (), "who is registered has been looked at"


def test_the_end_says_who_has_what_to_do_and_is_not_done_while_the_engineer_has() -> None:
    assert [text for _, text in said().left] == [
        "Connections and rights: 1 to do, marked ✘ above.",
        "Left for you: write the entry into clients.yaml, with values in the place of 5 FILL_IN.",
        "Left for the account manager, in the sheet: 1 tab that is not read well, 5 refused rows, 5 rows to look at.",
        "Not done yet. Look again when this is written.",
    ]


def test_rows_for_the_account_manager_keep_nobody_from_being_done() -> None:
    head = ["Tanggal", "Outlet", "Layanan", "Status"]
    resource = spreadsheet(sheet("AGT 26", [head, ["besok", "Kopi Senja Kemang", "cuci", "Selesai"]]))
    left = of(resource, client=messy.client(), checks=[Check("Google", "good", "Drive answers")]).left
    assert [tone for tone, _ in left] == ["good", "good", "look", "good"] and left[-1][1].startswith("Done: ")
    assert left[2][1] == "Left for the account manager, in the sheet: 1 refused row."


def test_a_code_without_a_text_is_shown_rather_than_hidden() -> None:
    resource = messy.tracker()
    report = told(resource, slug=None, client=None, as_of=messy.AS_OF, language="en", around=AROUND)
    assert all(group.what and "_" not in group.what for tab in report.tabs for group in tab.groups)


def test_the_command_writes_the_terminal_text_and_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, html = tmp_path / "sheet.json", tmp_path / "new" / "report.html"
    file.write_text(json.dumps(messy.tracker()))
    options = ["--client", "kopi-senja", "--as-of", "2026-08-31", "--language", "en", "--html", str(html)]
    assert main(["doctor", str(file), *options]) == 0
    told_there = capsys.readouterr()
    assert "What to write in clients.yaml" in told_there.out and str(html) in told_there.out
    assert "client 'kopi-senja' is not in clients.yaml" in told_there.err
    assert html.read_text().startswith("<!doctype html>")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"sheets": 3}', '{"sheets": ["x"]}', '{"sheets": [{"data": 7}]}'])
def test_refused_input_is_status_1_with_one_sentence(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "grid.json"
    file.write_text(content)
    assert main(["doctor", str(file)]) == 1
    assert str(file) in capsys.readouterr().err


def test_a_page_that_cannot_be_written_is_status_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "sheet.json"
    file.write_text(json.dumps(messy.tracker()))
    assert main(["doctor", str(file), "--html", str(file / "x.html")]) == 1
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["doctor"], ["doctor", "x", "--language", "fr"], ["doctor", "x", "--as-of", "soon"]]
)
def test_wrong_usage_is_status_2(arguments: list[str]) -> None:
    assert main(arguments) == 2
