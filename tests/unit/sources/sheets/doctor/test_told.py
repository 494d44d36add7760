"""The report as reviewed: tests/golden/doctor holds terminal and page of one messy tracker. `REKAP_GOLDEN=write` renews
them."""

import io
import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from rekap.settings import Language
from rekap.sources.sheets.__main__ import main
from rekap.sources.sheets.doctor import page, terminal, told
from rekap.sources.sheets.doctor.proposal import Surroundings
from rekap.sources.sheets.doctor.shown import shown
from rekap.sources.sheets.doctor.wording import Check, Said
from tests.unit.sources.sheets.doctor import messy

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


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("language", ["id", "en"])
def test_it_reads_as_reviewed(language: Language, known: bool) -> None:
    report = said(language, known=known)
    name = f"{'known' if known else 'new'}_client.{language}"
    for file, text in ((f"{name}.txt", on_terminal(report)), (f"{name}.html", page.html(report))):
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
