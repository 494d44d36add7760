"""`python -m rekap.sources.sheets`: one JSON object on stdout, the exit status says what became of it."""

import json
from pathlib import Path

import pytest

from rekap.sources.sheets.__main__ import main
from tests.unit.sources.sheets.conftest import Desk

SAMPLES = Path(__file__).resolve().parents[3] / "samples" / "trackers"


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.glob("*.json") if ".expected" not in path.name))
def test_samples_are_read_as_expected(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(SAMPLES / name), "--client", "kopi-senja", "--as-of", "2026-08-31"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == json.loads((SAMPLES / name.replace(".json", ".expected.json")).read_text())


def test_an_unknown_client_is_said_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    sample = SAMPLES / "heading_of_two_rows.json"
    main(["read", str(sample), "--client", "nobody-at-all", "--as-of", "2026-08-31"])
    assert capsys.readouterr().err.splitlines() == ["client 'nobody-at-all' is not in clients.yaml: defaults are used"]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"sheets": 3}', '{"sheets": ["x"]}', '{"sheets": [{"data": 7}]}'])
def test_refused_input_is_status_1_with_one_sentence(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "grid.json"
    file.write_text(content)
    assert main(["read", str(file), "--client", "x", "--as-of", "2026-08-31"]) == 1
    assert str(file) in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["read"], ["read", "x", "--client", "y", "--as-of", "soon"], ["fly"]])
def test_wrong_usage_is_status_2(arguments: list[str]) -> None:
    assert main(arguments) == 2


def test_extract_without_a_connection_says_what_to_set(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("AIRFLOW_CONN_REKAP_GOOGLE", raising=False)
    assert main(["extract"]) == 1
    assert "AIRFLOW_CONN_REKAP_GOOGLE" in capsys.readouterr().err


def test_extract_runs_alone_with_its_environment(
    desk: Desk, warehouse: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = desk.twin["google"]
    extra = {
        "keyfile_dict": told["service_account"],
        "sheets_endpoint": told["sheets_url"],
        "drive_endpoint": told["drive_url"],
    }
    monkeypatch.setenv("AIRFLOW_CONN_REKAP_GOOGLE", json.dumps({"conn_type": "rekap_google", "extra": extra}))
    monkeypatch.setenv("REKAP_WAREHOUSE", warehouse)
    monkeypatch.setenv("REKAP_NOW", desk.twin.clock.now().isoformat())
    monkeypatch.setenv("REKAP_CONFIG", str(tmp_path))  # where the twin's register was written
    assert main(["extract"]) == 0
    counted, read = capsys.readouterr().out.splitlines()
    assert counted == "trackers that may have changed: 6"
    assert json.loads(read)["failed"] == 0
    assert main(["extract"]) == 0
    assert capsys.readouterr().out.splitlines() == ["trackers that may have changed: 0"]
