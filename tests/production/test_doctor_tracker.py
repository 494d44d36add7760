"""`make doctor CLIENT=…` and `SHEET=…` against the twin: what was understood of the tracker, what the client lacks."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.doctor import __main__ as command
from local.doctor.basecamp import called_like, listed
from local.doctor.tracker import spreadsheet_id
from rekap import settings
from rekap.errors import PermanentError
from sandbox.google import world_ops
from sandbox.server import Twin
from sandbox.world.model import Client

Look = Callable[..., tuple[int, str]]


@pytest.fixture
def look(
    surroundings: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Look:
    """Status and text of the command with these options, in English."""
    for name, value in surroundings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("REKAP_WAREHOUSE", raising=False)

    def run(*options: str) -> tuple[int, str]:
        html = tmp_path / "report.html"
        status = command.main([*options, "--language", "en", "--html", str(html), "--as-of", "2026-10-06"])
        told = capsys.readouterr()
        return status, told.out + told.err

    return run


@pytest.fixture
def register(surroundings: dict[str, str]) -> Path:
    return Path(surroundings["REKAP_CONFIG"]) / "clients.yaml"


def change(path: Path, edit: Callable[[Any], object]) -> None:
    told = yaml.safe_load(path.read_text())
    edit(told)
    path.write_text(yaml.safe_dump(told, allow_unicode=True, sort_keys=False))


def protect(twin: Twin, spreadsheet: str, sheet_id: int, **told: Any) -> None:
    """A protection whose editors are other people."""
    book = twin.google.book(spreadsheet)
    assert book is not None
    sheet = next(sheet for sheet in book["sheets"] if sheet["properties"]["sheetId"] == sheet_id)
    made = {"protectedRangeId": 7, "range": {"sheetId": sheet_id}, "editors": {"users": ["am@rekap.example"]}}
    sheet.setdefault("protectedRanges", []).append(made | told)


def with_folder(twin: Twin) -> Client:
    return next(client for client in twin.world.clients if client.documentation == "drive")


def test_a_client_in_order_is_told_with_every_tab_and_status_0(twin: Twin, look: Look, tmp_path: Path) -> None:
    client = with_folder(twin)
    status, told = look("--client", client.slug)
    assert status == 0 and "✘ Google" not in told and "✘ Basecamp" not in told, told
    for said in ("Drive answers", "Sheets answers", "the consent holds", "takes files", "is visible", "are known"):
        assert said in told
    book = twin.google.book(client.spreadsheet_id)
    assert book and all(sheet["properties"]["title"] in told for sheet in book["sheets"])
    assert (tmp_path / "report.html").read_text().startswith("<!doctype html>")


def test_nothing_is_written_anywhere(twin: Twin, look: Look) -> None:
    look("--client", twin.world.clients[0].slug)
    assert {call.method for call in twin.log.calls() if call.route not in ("/token", "/authorization/token")} == {"GET"}


def test_a_sheet_nobody_registered_brings_the_whole_entry_and_the_project_in_basecamp(
    twin: Twin, look: Look, register: Path
) -> None:
    client = next(client for client in twin.world.clients if client.scopes[0]["kind"] == "project")
    known = yaml.safe_load(register.read_text())
    entry = next(entry for entry in known["clients"] if entry["slug"] == client.slug)
    change(register, lambda told: told["clients"].remove(entry))
    address = f"https://docs.google.com/spreadsheets/d/{client.spreadsheet_id}/edit?usp=sharing#gid=0"
    status, told = look("--sheet", address, "--client", client.slug)
    assert status == 0, told
    proposed = told[told.index("  - slug:") : told.index("\n\nThe same as a page")]
    filled = yaml.safe_load(
        proposed.replace("am: FILL_IN", f"am: {entry['am']}").replace("pic: FILL_IN", f"pic: {entry['pic']}")
    )
    assert filled[0]["spreadsheet_id"] == client.spreadsheet_id
    assert filled[0]["scopes"] == entry["scopes"]
    change(
        register,
        lambda told: told["clients"].append({name: value for name, value in filled[0].items() if name != "words"}),
    )
    assert settings.load(register.parent).register.client_by_slug[client.slug].outlets


def forget(client: Client) -> Callable[[Any], None]:
    """Take a client out of the register."""

    def edit(told: Any) -> None:
        told["clients"] = [entry for entry in told["clients"] if entry["slug"] != client.slug]

    return edit


def test_the_project_is_found_by_the_slug_whatever_else_the_title_of_the_sheet_says(
    twin: Twin, look: Look, register: Path
) -> None:
    client = next(client for client in twin.world.clients if client.scopes[0]["kind"] == "project")
    number = client.scopes[0]["project_id"]
    twin.world.account.projects[number].name = "Roti Lembayung"
    book = twin.google.book(client.spreadsheet_id)
    assert book is not None
    book["properties"]["title"] = "Jadwal cuci AC - Roti Lembayung"
    change(register, forget(client))
    _, told = look("--sheet", client.spreadsheet_id, "--client", "roti-lembayung")
    assert f"project {number} is called 'Roti Lembayung'" in told and f"project_id: {number}}}" in told
    assert 'name: "Roti Lembayung"' in told and "code: RL-01" in told


def test_where_the_project_cannot_be_told_those_of_no_client_yet_are_listed_with_their_numbers(
    twin: Twin, look: Look, register: Path
) -> None:
    client = next(client for client in twin.world.clients if client.scopes[0]["kind"] == "project")
    number = client.scopes[0]["project_id"]
    other = next(each for each in twin.world.clients if each.scopes[0]["project_id"] != number)
    twin.world.account.projects[number].name = "Nothing of the Kind"
    change(register, forget(client))
    _, told = look("--sheet", client.spreadsheet_id, "--client", client.slug)
    plain = " ".join(told.split())
    assert "no visible project is called like" in plain and f"Nothing of the Kind ({number})" in plain
    assert f"({other.scopes[0]['project_id']})" not in plain, "it is another client's"
    assert re.search(rf"perhaps .*{number} \(Nothing of the Kind\)", told)


def test_a_number_that_is_no_visible_project_lists_those_of_no_client_yet(
    twin: Twin, look: Look, register: Path
) -> None:
    client = next(client for client in twin.world.clients if client.scopes[0]["kind"] == "project")
    number, slug = client.scopes[0]["project_id"], client.slug

    def mistype(told: Any) -> None:
        next(entry for entry in told["clients"] if entry["slug"] == slug)["scopes"] = [
            {"kind": "project", "project_id": 1}
        ]

    change(register, mistype)
    status, told = look("--client", slug)
    name = twin.world.account.projects[number].name
    plain = " ".join(told.split())
    assert status == 1 and "visible and of no client yet: " in plain and f"{name} ({number})" in plain, told


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["roti lembayung", "cuci Roti Lembayung"], [1]),
        (["", "cuci Roti Lembayung"], [1]),
        (["roti"], [1, 3]),
        (["", "Lembayung Bersama"], []),
        (["", "Griya Bersama Cuci"], [2]),
        ([""], []),
    ],
)
def test_a_project_is_called_like_a_client_by_the_words_that_both_share(names: list[str], found: list[int]) -> None:
    visible = {1: "PT. Roti Lembayung - AC", 2: "Griya Bersama", 3: "Roti Senja"}
    assert called_like(visible, names) == found


def test_many_projects_are_listed_up_to_a_bound() -> None:
    told = listed({number: f"Project {number:02}" for number in range(30)})
    assert told.startswith("Project 00 (0), Project 01 (1)") and told.endswith("Project 11 (11) and 18 more")


def test_the_last_line_says_whether_all_is_done(twin: Twin, look: Look, register: Path) -> None:
    client = twin.world.clients[0]
    change(register, forget(client))
    _, told = look("--sheet", client.spreadsheet_id, "--client", client.slug)
    assert told.strip().splitlines()[-1].strip() == "! Not done yet. Look again when this is written."
    assert "Everything that can be checked" not in told


def test_a_forgotten_fill_in_is_told_in_lines_that_fit(look: Look, register: Path, twin: Twin) -> None:
    def leave(told: Any) -> None:
        told["clients"][0] |= {"am": "FILL_IN", "pic": "FILL_IN"}

    change(register, leave)
    status, told = look("--client", twin.world.clients[0].slug)
    plain = " ".join(told.split())
    assert status == 1 and "am: the code of a person with the role am; line" in plain and "1 thing to do." in plain
    assert all(len(line) <= 100 for line in told.splitlines() if "/" not in line)


def test_a_client_that_does_not_exist_names_those_that_do(twin: Twin, look: Look) -> None:
    status, told = look("--client", "nobody")
    assert status == 1 and twin.world.clients[0].slug in told and "make doctor CLIENT=nobody SHEET=" in told
    status, told = look("--client", f"{twin.world.clients[0].slug}x")
    assert status == 1 and f"do you mean {twin.world.clients[0].slug}?" in told


def test_a_client_without_a_sheet_says_where_to_write_it(look: Look, register: Path) -> None:
    change(register, lambda told: told["clients"][0].pop("spreadsheet_id"))
    slug = yaml.safe_load(register.read_text())["clients"][0]["slug"]
    status, told = look("--client", slug)
    assert status == 1 and f"client {slug} has no spreadsheet_id in clients.yaml" in told


@pytest.mark.parametrize("text", ["", "no", "https://docs.google.com/document/d/1abcdef"])
def test_what_is_no_sheet_is_refused_with_what_to_copy(text: str) -> None:
    with pytest.raises(PermanentError, match="copy what stands in the browser's"):
        spreadsheet_id(text)


def test_a_sheet_that_is_not_shared_is_told_once_with_the_address_to_share_it_with(twin: Twin, look: Look) -> None:
    client = twin.world.clients[0]
    world_ops.revoke(twin.google, client.spreadsheet_id)
    status, told = look("--client", client.slug)
    assert status == 1 and told.count("share it or correct the id") == 1
    assert twin["google"]["service_account"]["client_email"] in told


def test_a_folder_on_no_shared_drive_tells_the_storage_rule(twin: Twin, look: Look) -> None:
    client = with_folder(twin)
    file = twin.google.find(client.drive_folder_id)
    assert file is not None
    file.pop("driveId")
    status, told = look("--client", client.slug)
    assert status == 1 and "a service account has no storage of its own" in " ".join(told.split())


@pytest.mark.parametrize(
    ("told_of", "hinders"),
    [
        ({}, "the whole tab"),
        ({"range": {"sheetId": 202609, "startColumnIndex": 1, "endColumnIndex": 3}}, "columns B to C"),
        ({"range": {"sheetId": 202609, "startColumnIndex": 40, "endColumnIndex": 41}}, None),
        ({"warningOnly": True}, None),
    ],
)
def test_a_protection_in_the_way_of_the_months_tab_names_it(
    twin: Twin, look: Look, told_of: dict[str, Any], hinders: str | None
) -> None:
    master = twin["google"]["master_schedule_id"]
    book = twin.google.book(master)
    assert book is not None
    book["sheets"].append(
        {"properties": {"sheetId": 202609, "title": "2026-09", "index": 9}, "data": [{"rowData": []}]}
    )
    protect(twin, master, 202609, **told_of)
    status, told = look("--client", twin.world.clients[0].slug)
    plain = " ".join(told.split())
    assert status == (1 if hinders else 0), told
    assert (f"in tab '2026-09' {hinders} is protected" in plain) == bool(hinders)


def test_protections_in_the_tracker_do_not_hinder_reading(twin: Twin, look: Look) -> None:
    client = twin.world.clients[0]
    book = twin.google.book(client.spreadsheet_id)
    assert book is not None
    protect(twin, client.spreadsheet_id, book["sheets"][0]["properties"]["sheetId"])
    status, told = look("--client", client.slug)
    assert status == 0 and "1 protected ranges do not hinder reading" in told


def test_a_user_who_is_no_administrator_sees_masked_addresses(twin: Twin, look: Look) -> None:
    twin.basecamp.account.users[twin.world.staff.robot.basecamp_id or 0].admin = False
    status, told = look("--client", twin.world.clients[0].slug)
    assert status == 1 and "e-mail addresses come masked" in " ".join(told.split())


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        ({"value": "4711"}, "list 4711 is not visible: correct the scope's value"),
        ({"kind": "project", "project_id": 4711, "value": None}, "project 4711 is not visible"),
    ],
)
def test_a_scope_that_cannot_be_reached_is_named(
    twin: Twin, look: Look, register: Path, edit: dict[str, Any], said: str
) -> None:
    client = next(client for client in twin.world.clients if client.scopes[0]["kind"] == "list")

    def mistype(told: Any) -> None:
        entry = next(entry for entry in told["clients"] if entry["slug"] == client.slug)
        made = entry["scopes"][0] | edit
        entry["scopes"] = [{name: value for name, value in made.items() if value is not None}]

    change(register, mistype)
    status, told = look("--client", client.slug)
    assert status == 1 and said in " ".join(told.split()), told


def test_a_list_of_another_project_names_both(twin: Twin, look: Look, register: Path) -> None:
    client = next(client for client in twin.world.clients if client.scopes[0]["kind"] == "list")
    other = next(
        c.scopes[0]["project_id"]
        for c in twin.world.clients
        if c.scopes[0]["project_id"] != client.scopes[0]["project_id"]
    )

    def mistype(told: Any) -> None:
        entry = next(entry for entry in told["clients"] if entry["slug"] == client.slug)
        entry["scopes"][0]["project_id"] = other

    change(register, mistype)
    status, told = look("--client", client.slug)
    assert status == 1 and f"not in {other}: correct the scope's project_id" in " ".join(told.split()), told


def test_a_basecamp_id_of_somebody_else_is_noticed(twin: Twin, look: Look, register: Path) -> None:
    def swap(told: Any) -> None:
        people = {person["code"]: person for person in told["people"]}
        am, pic = (people[told["clients"][0][role]] for role in ("am", "pic"))
        am["basecamp_id"], pic["basecamp_id"] = pic["basecamp_id"], am["basecamp_id"]

    change(register, swap)
    status, told = look("--client", yaml.safe_load(register.read_text())["clients"][0]["slug"])
    assert status == 0 and " ".join(told.split()).count("in clients.yaml if that is somebody else") == 2


def test_without_basecamp_the_tracker_is_shown_all_the_same(
    look: Look, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_BASECAMP_DEFAULT", "")
    status, told = look("--client", twin.world.clients[0].slug)
    assert (
        status == 1 and "AIRFLOW_CONN_BASECAMP_DEFAULT is not set" in told and "What to write in clients.yaml" in told
    )


def test_make_hands_over_what_was_asked_for() -> None:
    asked = [
        "make",
        "--dry-run",
        "doctor",
        "CLIENT=kopi",
        "SHEET=https://x/spreadsheets/d/1a/edit?usp=s#gid=0",
        "LANGUAGE=en",
    ]
    told = subprocess.run(
        asked,
        capture_output=True,
        text=True,
        cwd=Path(command.__file__).parents[2],
        env={"PATH": "/usr/bin:/bin", "LANGUAGE": "fr"},
        check=True,
    ).stdout
    assert "--client 'kopi' --sheet 'https://x/spreadsheets/d/1a/edit?usp=s#gid=0' --language 'en'" in " ".join(
        told.split()
    )
