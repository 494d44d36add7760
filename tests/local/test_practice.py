"""`make practice`: a new client for the company that runs, set up from the README."""

import json
from pathlib import Path

import pytest

from local import practice
from rekap.sources.sheets.reader import read_tabs
from sandbox.server import start
from tests.unit.sources.sheets.doctor.messy import AS_OF


def test_the_new_clients_sheet_is_shared_and_its_project_open_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(practice, "READY", tmp_path / "twin.json")
    with start(seed=5, clients=5, orders_per_month=2) as twin:
        practice.READY.write_text(json.dumps(dict(twin)) + "\n")
        assert practice.main() == 0
        assert practice.main() == 0
        sheet = json.loads(practice.SHEET.read_text())["spreadsheetId"]
        assert twin.google.book(sheet)
        names = [project.name for project in twin.world.account.projects.values()]
        assert names.count("Kopi Pelangi") == 1
    told = capsys.readouterr().out
    assert f"make doctor CLIENT=kopi-pelangi SHEET={sheet}" in told, "the command of step 2"
    assert "make doctor CLIENT=kopi-pelangi LANGUAGE=en" in told, "the command of step 4"


def test_without_a_company_that_runs_it_says_what_to_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(practice, "READY", tmp_path / "twin.json")
    assert practice.main() == 1 and "`make up`" in capsys.readouterr().err


def test_the_sheet_to_practise_with_is_as_messy_as_people_keep_them() -> None:
    tabs = read_tabs(json.loads(practice.SHEET.read_text()), as_of=AS_OF)
    assert any(tab.lines.rejected for tab in tabs) and any(not tab.header for tab in tabs if tab.kind == "month")
