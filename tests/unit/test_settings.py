"""The two files of a config directory: what is refused, where, and what is used while one of them is wrong."""

import signal
import subprocess
import sys
from datetime import date, time
from pathlib import Path

import pytest

from rekap import settings
from rekap.errors import SettingsError
from rekap.settings import Config, load, load_or_last_good

SETTINGS = """\
timezone: Asia/Jakarta
house:
  delivery: shadow
  language: id
closed_days: [2027-03-10]
messages:
  sending_times: [08:30, 11:30, "14:30"]
ladder:
  last_call: 16:30
"""
REGISTER = """\
people:
  - {code: rekap, name: Rekap, roles: [robot], basecamp_id: 1000}
  - code: sinta
    name: Sinta Contoh
    roles: [am]
    basecamp_id: 1001
    opens: 08:30
    closes: 17:00
  - code: bayu
    name: Bayu Contoh
    roles: [pic, manager]
    deputy: sinta
clients:
  - slug: kopi
    name: Kopi Contoh
    active_from: 2026-07-01
    am: sinta
    pic: bayu
    scopes:
      - {kind: project, project_id: 2000}
    spreadsheet_id: sheet-kopi
  - slug: ruko
    name: Ruko Contoh
    active_from: 2026-07-01
    am: sinta
    pic: bayu
    scopes:
      - kind: list
        project_id: 2001
        value: 77
    outlets:
      - {code: RC-1, name: Ruko Satu}
services:
  - {code: cleaning, minutes_per_unit: 45}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    return write(tmp_path / "config")


def write(folder: Path, settings: str = SETTINGS, register: str = REGISTER) -> Path:
    (folder / "rekap.yaml").write_text(settings, encoding="utf-8")
    (folder / "clients.yaml").write_text(register, encoding="utf-8")
    return folder


def refusal(folder: Path) -> str:
    with pytest.raises(SettingsError) as error:
        load(folder)
    return str(error.value)


def test_the_example_that_is_shipped_is_right_and_sends_nothing() -> None:
    config = load(Path(settings.__file__).parents[1] / "config")
    assert config.settings.house.delivery == "shadow"
    assert {client.delivery for client in config.register.clients} == {"shadow"}
    assert config.problem is None


def test_what_a_person_writes_means_what_it_says(folder: Path) -> None:
    config = load(folder)
    assert config.settings.messages.sending_times == (time(8, 30), time(11, 30), time(14, 30))
    assert config.settings.ladder.last_call == time(16, 30)
    assert config.settings.closed_days == (date(2027, 3, 10),)
    assert config.register.person_by_code["sinta"].opens == time(8, 30)
    assert config.register.client_by_slug["ruko"].scopes[0].value == "77"
    assert [person.code for person in config.register.with_role("manager")] == ["bayu"]


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "allowed"),
    [
        ("delivery: shadow", "delivry: shadow", 3, "house.delivry", "not permitted"),
        ("delivery: shadow", "delivery: maybe", 3, "house.delivery", "'off', 'shadow', 'redirect' or 'live'"),
        ("Asia/Jakarta", "Jakarta", 1, "timezone", "write one such as Asia/Jakarta"),
        ("last_call: 16:30", "last_call: 25:00", 9, "ladder.last_call", "hour"),
        ("last_call: 16:30", "last_call: 16", 9, "ladder.last_call", "such as 08:30"),
        ("last_call: 16:30", "last_call: 16.30", 9, "ladder.last_call", "such as 08:30"),
        ("[08:30, 11:30,", "[08:30, 12:61,", 7, "messages.sending_times.1", "minute"),
        ("[2027-03-10]", "[2027-02-30]", 5, "closed_days.0", "date"),
        ("ladder:", "quality:\n  most_quarantined_share: 1.5\nladder:", 9, "quality.most_quarantined_share", "equal"),
    ],
)
def test_a_wrong_setting_is_named_with_line_field_and_what_is_allowed(
    folder: Path, old: str, new: str, line: int, field: str, allowed: str
) -> None:
    assert old in SETTINGS
    told = refusal(write(folder, settings=SETTINGS.replace(old, new, 1)))
    assert told.startswith(f"{folder / 'rekap.yaml'}, line {line}, {field}: ")
    assert allowed in told


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "allowed"),
    [
        ("    roles: [am]", "    rolls: [am]", 3, "people.1.roles", "required"),
        ("    name: Kopi Contoh\n", "", 14, "clients.0.name", "required"),
        ("roles: [pic, manager]", "roles: []", 11, "people.2.roles", "at least 1"),
        ("roles: [pic, manager]", "roles: [boss]", 11, "people.2.roles.0", "'technician', 'pic', 'am'"),
        ("opens: 08:30", "opens: 8", 7, "people.1.opens", "such as 08:30"),
        ("closes: 17:00", "closes: 07:00", 8, "people.1.closes", "after opening"),
        ("deputy: sinta", "deputy: nobody", 12, "people.2.deputy", "not among the people"),
        ("code: bayu", "code: sinta", 9, "people.2.code", "person 'sinta' stands twice"),
        ("basecamp_id: 1001", "basecamp_id: 1000", 6, "people.1.basecamp_id", "basecamp_id '1000' stands twice"),
        ("slug: ruko", "slug: kopi", 22, "clients.1.slug", "client 'kopi' stands twice"),
        ("slug: ruko", "slug: Ruko!", 22, "clients.1.slug", "pattern"),
        ("slug: ruko", "spreadsheet_id: sheet-kopi\n    slug: ruko", 22, "clients.1.spreadsheet_id", "stands twice"),
        ("    am: sinta", "    am: nobody", 17, "clients.0.am", "no person with the role am; sinta has it"),
        ("    pic: bayu", "    pic: sinta", 18, "clients.0.pic", "no person with the role pic; bayu has it"),
        ("2026-07-01", "1 Juli 2026", 16, "clients.0.active_from", "valid date"),
        ("    am: sinta", "    delivery: live\n    am: sinta", 17, "clients.0.delivery", "needs live_from"),
        ("    am: sinta", "    documentation: drive\n    am: sinta", 17, "clients.0.documentation", "needs drive"),
        ("        value: 77\n", "", 28, "clients.1.scopes.0.value", "needs a value"),
        ("kind: project,", "kind: project, value: 9,", 20, "clients.0.scopes.0.value", "takes no value"),
        ("minutes_per_unit: 45", "minutes_per_unit: 0", 34, "services.0.minutes_per_unit", "greater than 0"),
        (
            "  - {code: cleaning", "  - {code: cleaning, minutes_per_unit: 1}\n  - {code: cleaning", 35,
            "services.1.code", "service 'cleaning' stands twice",
        ),
        ("Ruko Satu}", "Ruko Satu}\n      - {code: RC-1, name: Dua}", 33, "clients.1.outlets.1.code", "stands twice"),
    ],
)  # fmt: skip
def test_a_wrong_register_is_named_with_line_field_and_what_is_allowed(
    folder: Path, old: str, new: str, line: int, field: str, allowed: str
) -> None:
    assert old in REGISTER
    told = refusal(write(folder, register=REGISTER.replace(old, new, 1)))
    assert told.startswith(f"{folder / 'clients.yaml'}, line {line}, {field}: ")
    assert allowed in told


def test_every_fill_in_that_was_left_is_told_at_once_with_its_line_and_what_to_write(folder: Path) -> None:
    left = REGISTER.replace("    am: sinta", "    am: FILL_IN", 1).replace("project_id: 2000", "project_id: FILL_IN")
    left = left.replace("    spreadsheet_id: sheet-kopi\n", "    words: {statuses: {FILL_IN: [sip]}}\n")
    told = refusal(write(folder, register=left))
    assert told.startswith(f"{folder / 'clients.yaml'}: FILL_IN is still there; in its place: line 17, am: the code of")
    assert "; line 20, project_id: the number in the address" in told
    assert "; line 21, FILL_IN: the code that the words behind it stand for" in told
    assert "Tuple" not in told and "valid integer" not in told


def test_a_list_is_not_called_too_short_because_of_what_is_wrong_in_it(folder: Path) -> None:
    told = refusal(write(folder, register=REGISTER.replace("project_id: 2000", "project_id: two")))
    assert "line 20, clients.0.scopes.0.project_id" in told and "Tuple" not in told and "at least" not in told


@pytest.mark.parametrize(
    "empty", ["words:", "words: {statuses: }", "words: {statuses: {done: }, services: }", "outlets:"]
)
def test_a_key_whose_lines_were_deleted_holds_nothing(folder: Path, empty: str) -> None:
    register = REGISTER.replace("    spreadsheet_id: sheet-kopi\n", f"    {empty}\n")
    client = load(write(folder, register=register)).register.client_by_slug["kopi"]
    assert not client.outlets and not any(word for lists in client.words.values() for word in lists.values())


def test_everything_that_is_wrong_in_a_file_is_told_at_once(folder: Path) -> None:
    told = refusal(write(folder, settings=SETTINGS.replace("shadow", "maybe").replace("16:30", "late")))
    assert "line 3, house.delivery" in told
    assert "line 9, ladder.last_call" in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("house: [", "line 1: is no YAML"),
        ("house:\n  delivery: live\n\tlanguage: id\n", "line 3: is no YAML"),
        ("house:\n  delivery: live\n  delivery: shadow\n", "line 3, delivery: stands here and in line 2"),
        ("house: {}\n\x00", "line 2: is no YAML"),
        ("", "is empty"),
        ("# nothing but a remark\n", "is empty"),
        ("- a list\n", "line 1, the whole file: "),
    ],
    ids=["open bracket", "tab character", "written twice", "control character", "empty", "only remarks", "a list"],
)
@pytest.mark.parametrize("name", ["rekap.yaml", "clients.yaml"])
def test_a_file_that_holds_something_else_is_refused_by_name(folder: Path, name: str, text: str, told: str) -> None:
    (folder / name).write_text(text)
    said = refusal(folder)
    assert said.startswith(str(folder / name))
    assert told in said


def test_a_file_that_cannot_be_read_is_refused_by_name(folder: Path) -> None:
    (folder / "clients.yaml").unlink()
    assert refusal(folder).startswith(f"{folder / 'clients.yaml'}: cannot be read (No such file or directory)")
    (folder / "clients.yaml").mkdir()
    assert refusal(folder).startswith(f"{folder / 'clients.yaml'}: cannot be read (Is a directory)")


def test_a_file_in_another_encoding_is_refused_with_its_line(folder: Path) -> None:
    (folder / "clients.yaml").write_bytes(REGISTER.replace("Sinta Contoh", "Sinta Cafè").encode("latin-1"))
    assert f"{folder / 'clients.yaml'}, line 4: is no text in UTF-8" in refusal(folder)


def test_a_byte_order_mark_does_no_harm(folder: Path) -> None:
    (folder / "clients.yaml").write_text(REGISTER, encoding="utf-8-sig")
    assert load(folder).register.client_by_slug.keys() == {"kopi", "ruko"}


@pytest.mark.parametrize(("name", "good"), [("rekap.yaml", SETTINGS), ("clients.yaml", REGISTER)])
def test_a_file_that_becomes_wrong_leaves_the_last_good_pair_in_use_until_it_is_repaired(
    folder: Path, tmp_path: Path, name: str, good: str
) -> None:
    before = load_or_last_good(folder, tmp_path / "kept")
    assert before.problem is None
    (folder / name).write_text(good.replace("name: Kopi Contoh", "nam: Kopi").replace("shadow", "maybe"))
    used = load_or_last_good(folder, tmp_path / "kept")
    assert (used.settings, used.register) == (before.settings, before.register)
    assert used.problem is not None
    assert used.problem.startswith(f"{folder / name}, line ")
    assert used.problem.endswith("The last good settings stay in use until it is repaired.")
    (folder / name).write_text(good)
    assert load_or_last_good(folder, tmp_path / "kept").problem is None


def test_a_wrong_file_stops_the_start_when_there_never_was_a_good_one(folder: Path, tmp_path: Path) -> None:
    write(folder, settings="house: {delivery: maybe}\n")
    with pytest.raises(SettingsError, match="delivery"):
        load_or_last_good(folder, tmp_path / "kept")


def test_a_last_good_pair_that_this_version_cannot_read_does_not_hide_what_is_wrong_now(
    folder: Path, tmp_path: Path
) -> None:
    load_or_last_good(folder, tmp_path / "kept")
    write(folder, settings="house: {delivery: maybe}\n")
    for unreadable in ("", "{}", '{"rekap.yaml": "old: 1", "clients.yaml": "old: 1"}'):
        (tmp_path / "kept" / "pair.json").write_text(unreadable)
        with pytest.raises(SettingsError, match="delivery"):
            load_or_last_good(folder, tmp_path / "kept")


def test_a_good_pair_that_cannot_be_remembered_is_used_all_the_same(
    folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "kept").write_text("a file stands where the folder should be")
    assert load_or_last_good(folder, tmp_path / "kept").problem is None
    assert "cannot be written" in caplog.text


def pair(folder: Path, number: int) -> None:
    """Write a pair whose halves name each other."""
    write(
        folder,
        SETTINGS.replace("delivery: shadow", f"delivery: shadow\n  master_schedule_id: pair-{number}"),
        REGISTER.replace("Kopi Contoh", f"pair-{number}"),
    )


def halves(config: Config) -> set[str]:
    return {config.settings.house.master_schedule_id, config.register.clients[0].name}


KILLED = """
import os, signal, sys
from pathlib import Path
from rekap.settings import load_or_last_good

folder, kept, at = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
calls = 0

def counted(event, arguments):
    global calls
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
    if (writes or event in ("os.mkdir", "os.rename")) and str(kept) in str(arguments[:2]):
        calls += 1
        if calls == at:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(counted)
load_or_last_good(folder, kept)
"""


def test_killed_at_any_moment_the_two_files_that_are_kept_are_of_one_pair(folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    pair(folder, 1)
    load_or_last_good(folder, kept)
    exits = []
    for at in range(1, 20):
        pair(folder, 2)
        exits.append(subprocess.run([sys.executable, "-c", KILLED, folder, kept, str(at)], check=False).returncode)
        (folder / "clients.yaml").write_text("wrong: [")
        assert halves(load_or_last_good(folder, kept)) == ({"pair-1"} if exits[-1] else {"pair-2"})
        if exits[-1] == 0:
            break
    assert exits == [-signal.SIGKILL] * (len(exits) - 1) + [0]
    assert len(exits) > 2
