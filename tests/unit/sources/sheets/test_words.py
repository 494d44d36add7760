"""A client's own words in its tracker: read where they are in force, and read again when they change."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from rekap.settings import Register
from rekap.sources.sheets.__main__ import main
from tests.unit.sources.sheets.conftest import Desk
from tests.unit.sources.sheets.drawing import sheet, spreadsheet

HEADINGS = ["Hari H", "Outlet", "Layanan", "Unit", "Status"]
WORDS = {"statuses": {"done": ["sip"]}, "headings": {"service_date": ["hari h"]}}
ROWS: list[list[Any]] = [HEADINGS, *([f"{day}/10/2026", "Kopi BSD", "cuci AC", 2, "sip"] for day in (1, 2, 3))]


def say(desk: Desk, words: dict[str, dict[str, Any]]) -> None:
    """The register with words of these clients."""
    told = desk.bench.config.register.model_dump(mode="json")
    for client in told["clients"]:
        client["words"] = words.get(client["slug"], {})
    desk.bench.config = replace(desk.bench.config, register=Register.model_validate(told))


def statuses(desk: Desk, client: str) -> list[str | None]:
    return [row["status"] for row in desk.rows(f"select status from staging.tracker_rows where client = '{client}'")]


def test_a_clients_words_hold_for_its_tracker_and_a_change_of_them_reads_it_again(desk: Desk) -> None:
    one, other, *_ = [client for client in desk.bench.config.register.clients if client.spreadsheet_id]
    plain = [["Tanggal", *HEADINGS[1:]], *ROWS[1:]]
    for client in (one, other):
        book = desk.twin.world.spreadsheets[str(client.spreadsheet_id)]
        book["sheets"] = [sheet("OKT 26", plain)]
    say(desk, {one.slug: WORDS})
    desk.extract()
    assert statuses(desk, one.slug) == ["done"] * 3
    assert statuses(desk, other.slug) == [None] * 3

    desk.twin.clock.set(desk.twin.clock.now() + timedelta(minutes=30))
    desk.extract()
    desk.twin.clock.set(desk.twin.clock.now() + timedelta(minutes=30))
    assert not {one.slug, other.slug} & {slug for batch in desk.changed() for slug in batch}
    say(desk, {other.slug: WORDS})
    assert {one.slug, other.slug} <= {slug for batch in desk.changed() for slug in batch}
    desk.extract()
    assert statuses(desk, one.slug) == [None] * 3
    assert statuses(desk, other.slug) == ["done"] * 3


@pytest.mark.parametrize(("slug", "found"), [("kopi", ["done"] * 3), ("roti", [])])
def test_the_command_reads_by_the_words_of_its_client(
    slug: str, found: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    client = "{slug: %s, name: X, active_from: 2026-07-01, am: sinta, pic: sinta, scopes: [%s]%s}"
    scopes = ["{kind: project, project_id: 1}", "{kind: project, project_id: 2}"]
    clients = [client % ("kopi", scopes[0], f", words: {json.dumps(WORDS)}"), client % ("roti", scopes[1], "")]
    (tmp_path / "rekap.yaml").write_text("timezone: Asia/Jakarta\n")
    (tmp_path / "clients.yaml").write_text(
        f"people: [{{code: sinta, name: Sinta, roles: [am, pic]}}]\nclients: [{', '.join(clients)}]\n"
        "services: [{code: cleaning, minutes_per_unit: 45}]\n"
    )
    (tmp_path / "grid.json").write_text(json.dumps(spreadsheet(sheet("OKT 26", ROWS))))
    monkeypatch.setenv("REKAP_CONFIG", str(tmp_path))
    assert main(["read", str(tmp_path / "grid.json"), "--client", slug, "--as-of", "2026-10-06"]) == 0
    [tab] = json.loads(capsys.readouterr().out)["tabs"]
    assert [row["status"] for row in tab["rows"]] == found
