"""`make doctor` against the twin: in order, it says so; every kind of trouble gets a sentence that says what to do."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.doctor.doctor import Doctor
from sandbox.google import world_ops
from sandbox.server import Twin
from tests.production.compose import ROOT

Said = list[tuple[str, str]]
HASTE = 100_000  # the twin of these tests does not count


@pytest.fixture
def examine(surroundings: dict[str, str]) -> Callable[..., Said]:
    """What is wrong: (title, sentence) of each finding, in an environment with these changes."""

    def look(**changed: str) -> Said:
        wrong: Said = []
        doctor = Doctor(
            surroundings | changed,
            lambda title, sign, text: sign == "✘" and wrong.append((title, text)),
            per_10_s=HASTE,
        )
        assert doctor.examine() == len(wrong)
        return wrong

    return look


@pytest.fixture
def rewrite(surroundings: dict[str, str]) -> Callable[[str, Callable[[Any], None]], None]:
    """Change a config file as a person would."""

    def change(name: str, edit: Callable[[Any], None]) -> None:
        path = Path(surroundings["REKAP_CONFIG"]) / name
        told = yaml.safe_load(path.read_text())
        edit(told)
        path.write_text(yaml.safe_dump(told, allow_unicode=True))

    return change


def only(said: Said, title: str) -> str:
    """The one sentence that was said, which must be of this section."""
    assert [found for found, _ in said] == [title], said
    return said[0][1]


def edited(surroundings: dict[str, str], name: str, **changed: Any) -> dict[str, str]:
    """A connection with other values."""
    told = json.loads(surroundings[name])
    extra = told["extra"] | changed.pop("extra", {})
    return {name: json.dumps(told | changed | {"extra": extra})}


def command(surroundings: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "REKAP_"))}
    return subprocess.run(
        [sys.executable, "-m", "local.doctor", *arguments], cwd=ROOT, env=kept | surroundings,
        capture_output=True, text=True,
    )  # fmt: skip


def test_what_is_in_order_is_said_and_ends_with_status_0(surroundings: dict[str, str], warehouse: str) -> None:
    done = command(surroundings | {"REKAP_WAREHOUSE": warehouse})
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✘" not in done.stdout
    for title in ("Settings", "Warehouse", "Basecamp", "Google", "Mail"):
        assert f"✔ {title}" in done.stdout
    assert done.stdout.endswith("Everything that can be checked by reading is in order.\n")


def test_nothing_is_written_anywhere(twin: Twin, examine: Callable[..., Said]) -> None:
    assert examine() == []
    assert {call.method for call in twin.log.calls() if call.route not in ("/token", "/authorization/token")} == {"GET"}
    assert twin.postbox.mails == []


def test_trouble_ends_with_status_1_and_tells_no_secret(twin: Twin, surroundings: dict[str, str]) -> None:
    twin.basecamp.switches.refresh_refusal = "authorization_expired"
    done = command(surroundings)
    assert done.returncode == 1 and "1 thing to do." in done.stdout
    told = twin["basecamp"]
    assert not [told[name] for name in ("client_secret", "refresh_token") if told[name] in done.stdout + done.stderr]


def test_a_withdrawn_consent_asks_for_a_new_one(twin: Twin, examine: Callable[..., Said]) -> None:
    twin.basecamp.switches.refresh_refusal = "authorization_expired"
    assert "run `make connect-basecamp` and sign in as that user" in only(examine(), "Basecamp")


def test_a_wrong_client_secret_points_to_the_integrations_page(
    surroundings: dict[str, str], examine: Callable[..., Said]
) -> None:
    said = examine(**edited(surroundings, "AIRFLOW_CONN_BASECAMP_DEFAULT", password="another"))
    assert "copy both from the integrations page" in only(said, "Basecamp")


def test_an_account_that_is_switched_off_is_its_owners_business(twin: Twin, examine: Callable[..., Said]) -> None:
    twin.basecamp.switches.account_inactive = True
    assert "its owner must reactivate it" in only(examine(), "Basecamp")


def test_a_user_who_is_no_administrator_sees_masked_addresses(twin: Twin, examine: Callable[..., Said]) -> None:
    twin.basecamp.account.users[twin.world.staff.robot.basecamp_id or 0].admin = False
    assert "e-mail addresses come masked: make it one in Basecamp, Adminland" in only(examine(), "Basecamp")


def test_a_robot_that_the_register_does_not_know_would_hear_itself(
    examine: Callable[..., Said], rewrite: Callable[..., None]
) -> None:
    def forget(register: Any) -> None:
        next(person for person in register["people"] if "robot" in person["roles"]).pop("basecamp_id")

    rewrite("clients.yaml", forget)
    assert "its own comments for a person's: give it to the person with the role robot" in only(examine(), "Basecamp")


def test_a_project_that_is_not_visible_names_client_and_project(
    examine: Callable[..., Said], rewrite: Callable[..., None]
) -> None:
    slugs = []

    def move(register: Any) -> None:
        slugs.append(register["clients"][0]["slug"])
        register["clients"][0]["scopes"] = [{"kind": "project", "project_id": 4711}]

    rewrite("clients.yaml", move)
    said = only(examine(), "Basecamp")
    assert f"client {slugs[0]}: project 4711 is not visible: add Rekap's user to it" in said


def test_a_person_whom_basecamp_does_not_know_is_named(
    examine: Callable[..., Said], rewrite: Callable[..., None]
) -> None:
    def mistype(register: Any) -> None:
        next(person for person in register["people"] if "am" in person["roles"])["basecamp_id"] = 4711

    rewrite("clients.yaml", mistype)
    assert "Basecamp knows no 4711: correct basecamp_id in clients.yaml" in only(examine(), "Basecamp")


def test_an_address_that_is_missing_is_named(examine: Callable[..., Said], rewrite: Callable[..., None]) -> None:
    def forget(register: Any) -> None:
        next(person for person in register["people"] if "manager" in person["roles"]).pop("email")

    rewrite("clients.yaml", forget)
    assert "has no e-mail address, messages could not reach them: add it" in only(examine(), "Basecamp")


def test_a_sheet_that_is_no_longer_shared_names_the_client_and_the_address_to_share_with(
    twin: Twin, examine: Callable[..., Said]
) -> None:
    client = twin.world.clients[0]
    world_ops.revoke(twin.google, client.spreadsheet_id)
    said = only(examine(), "Google")
    assert said.startswith(f"client {client.slug}: tracker: ") and "share it or correct the id" in said
    assert twin["google"]["service_account"]["client_email"] in said


def test_a_tracker_in_the_bin_is_to_be_restored(twin: Twin, examine: Callable[..., Said]) -> None:
    world_ops.trash_file(twin.google, twin.world.clients[0].spreadsheet_id)
    assert "lies in the bin: restore it" in only(examine(), "Google")


def test_a_folder_on_no_shared_drive_cannot_take_files(twin: Twin, examine: Callable[..., Said]) -> None:
    client = next(client for client in twin.world.clients if client.documentation == "drive")
    file = twin.google.find(client.drive_folder_id)
    assert file is not None
    file.pop("driveId")
    said = only(examine(), "Google")
    assert said.startswith(f"client {client.slug}: folder '") and said.endswith("move the folder to a shared drive")


def test_an_empty_master_schedule_says_what_to_make(examine: Callable[..., Said], rewrite: Callable[..., None]) -> None:
    rewrite("rekap.yaml", lambda settings: settings["house"].pop("master_schedule_id"))
    assert "make a spreadsheet, share it with" in only(examine(), "Google")


def test_a_disabled_service_account_is_told_once_and_not_for_every_file(
    twin: Twin, examine: Callable[..., Said]
) -> None:
    twin.google_app.state.accounts.disabled = True
    assert "make a new key and paste it" in only(examine(), "Google")


def test_a_mail_server_that_does_not_answer_is_named(
    surroundings: dict[str, str], examine: Callable[..., Said]
) -> None:
    said = only(examine(**edited(surroundings, "AIRFLOW_CONN_REKAP_SMTP", port=9)), "Mail")
    assert "127.0.0.1:9 does not answer as a mail server" in said


@pytest.mark.parametrize("name", ["BASECAMP_DEFAULT", "REKAP_GOOGLE", "REKAP_SMTP"])
@pytest.mark.parametrize("value", ["", "[1]", "https://rekap:geheim@3.basecampapi.com"])
def test_a_connection_that_is_missing_or_no_json_names_its_variable(
    examine: Callable[..., Said], name: str, value: str
) -> None:
    ((_, said),) = examine(**{f"AIRFLOW_CONN_{name}": value})
    assert said.startswith(f"AIRFLOW_CONN_{name} is n") and ".env.example" in said and "geheim" not in said


def test_a_warehouse_at_an_older_revision_says_how_to_bring_it_on(
    examine: Callable[..., Said], warehouse_connection: Any, warehouse: str
) -> None:
    warehouse_connection.execute("update ops.migrations set version_num = '0001'")
    warehouse_connection.commit()
    said = only(examine(REKAP_WAREHOUSE=warehouse), "Warehouse")
    assert said.startswith("is at revision 0001") and "python -m rekap.warehouse migrate" in said


def test_a_warehouse_that_does_not_answer_keeps_the_rest_from_nothing(examine: Callable[..., Said]) -> None:
    said = only(examine(REKAP_WAREHOUSE="postgresql://rekap:geheim@127.0.0.1:9/warehouse"), "Warehouse")
    assert "does not answer" in said and "geheim" not in said


def test_a_wrong_setting_names_file_and_field(examine: Callable[..., Said], rewrite: Callable[..., None]) -> None:
    rewrite("rekap.yaml", lambda settings: settings["house"].update(delivery="maybe"))
    said = only(examine(), "Settings")
    assert "rekap.yaml" in said and "delivery" in said


def test_a_role_that_nobody_has_is_named(examine: Callable[..., Said], rewrite: Callable[..., None]) -> None:
    def demote(register: Any) -> None:
        for person in register["people"]:
            person["roles"] = [role for role in person["roles"] if role != "engineer"] or ["technician"]

    rewrite("clients.yaml", demote)
    assert "nobody has the role engineer: give it to a person in clients.yaml" in only(examine(), "Settings")
