"""What the doctor proposes for clients.yaml: valid, complete, and nothing guessed in silence."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from rekap import settings
from rekap.config_file import FILL
from rekap.errors import SettingsError
from rekap.sources.sheets.doctor import examine
from rekap.sources.sheets.doctor import told as report_of
from rekap.sources.sheets.doctor.proposal import Surroundings, client_name, entry, name_of, quoted, slug_of
from rekap.sources.sheets.doctor.wording import Said
from tests.unit.sources.sheets.doctor import messy
from tests.unit.sources.sheets.drawing import sheet, spreadsheet

CONFIG = Path(__file__).resolve().parents[5] / "include" / "config"
AROUND = Surroundings({"am": ["sinta"], "pic": ["bayu"]}, project=(2001, "Kopi Senja"))
HEAD = ["Tanggal", "Outlet", "Layanan", "Status"]


def proposed(resource: dict[str, Any] | None = None, client: settings.Client | None = None) -> str:
    names = [name for outlet in client.outlets for name in (outlet.name, *outlet.aliases)] if client else []
    report = examine(resource or messy.tracker(), slug=None, as_of=messy.AS_OF, outlet_names=names)
    return entry(report, client, AROUND, "en")


def told(resource: dict[str, Any], client: settings.Client) -> Said:
    return report_of(
        resource, slug=client.slug, client=client, as_of=messy.AS_OF, language="en", around=AROUND
    )  # fmt: skip


def one_client(text: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(text)[0]
    return found


def blocks(text: str) -> dict[str, Any]:
    """What a known client lacks, with the keys that are there already written before it."""
    whole = re.sub(r"^( *)# under the `(\w+):` that is there already:.*$", r"\1\2:", text, flags=re.M)
    return dict(yaml.safe_load(whole))


def statuses(*rows: list[Any]) -> dict[str, Any]:
    made = spreadsheet(sheet("AGT 26", [["Tanggal", "Jam", "Outlet", "Layanan", "Status"], *rows]))
    made["properties"]["title"] = "Tracker Kopi Senja"
    return made


def test_the_entry_of_a_new_client_holds_all_that_the_sheet_says() -> None:
    told = one_client(proposed())
    assert (told["slug"], told["name"], told["delivery"]) == ("kopi-senja", "Kopi Senja", "shadow")
    assert told["spreadsheet_id"] == messy.tracker()["spreadsheetId"]
    assert told["scopes"] == [{"kind": "project", "project_id": 2001}]
    assert told["active_from"] == date(2026, 8, 1)
    assert [outlet["name"] for outlet in told["outlets"]][:2] == ["Kopi Senja Bintaro", "Kopi Senja Kemang"]
    assert told["words"]["headings"]["technicians"] == ["Nama Tekhnsi"]
    assert told["words"]["headings"]["service_date"] == ["Hari H"]
    assert told["words"]["statuses"][FILL] == ["sip mantap", "\x1b[31msip mantap"]


def test_am_and_pic_are_never_guessed() -> None:
    told = one_client(proposed())
    assert told["am"] == told["pic"] == FILL and "one of: sinta" in proposed()


def test_what_is_left_to_fill_in_stops_the_start_with_its_line(tmp_path: Path) -> None:
    resource = spreadsheet(sheet("AGT 26", [HEAD, [date(2026, 8, 4), "Kopi Senja Kemang", "cuci", "Selesai"]]))
    resource["properties"]["title"] = "Tracker Kopi Senja"
    register = (CONFIG / "clients.yaml").read_text().replace("\nservices:", f"{proposed(resource)}\n\nservices:", 1)
    (tmp_path / "rekap.yaml").write_text((CONFIG / "rekap.yaml").read_text())
    (tmp_path / "clients.yaml").write_text(register)
    with pytest.raises(SettingsError, match=rf"clients\.yaml: {FILL} is still there; .*line \d+, am: .*, pic: "):
        settings.load(tmp_path)
    filled = register.replace(f"am: {FILL}", "am: sinta").replace(f"pic: {FILL}", "pic: bayu")
    (tmp_path / "clients.yaml").write_text(filled)
    client = settings.load(tmp_path).register.clients[1]
    assert [outlet.name for outlet in client.outlets] == ["Kopi Senja Kemang"]


def test_a_known_client_gets_only_what_it_lacks() -> None:
    told = proposed(client=messy.client())
    assert "slug" not in told
    names = {outlet["name"]: outlet["code"] for outlet in blocks(told)["outlets"]}
    assert "Kopi Senja Kemang" not in names and names["Kopi Senja Bintaro"] == "KS-03"


def test_a_name_that_is_nearly_a_registered_one_may_be_an_alias() -> None:
    line = next(line for line in proposed(client=messy.client()).splitlines() if "Kemng" in line)
    assert line.endswith(
        "is it the same as “Kopi Senja Kemang”? Then delete this line and add the name to the aliases there"
    )


def test_where_all_is_known_nothing_is_to_be_written() -> None:
    resource = spreadsheet(sheet("AGT 26", [HEAD, [date(2026, 8, 4), "Kopi Senja Kemang", "cuci", "Selesai"]]))
    assert proposed(resource, messy.client()) == ""


def test_a_sheet_of_endless_names_proposes_the_most_frequent_and_tells_how_many_are_left() -> None:
    names = [f"Toko {number}" for number in range(310)] + ["Toko 7"]
    resource = spreadsheet(sheet("AGT 26", [HEAD, *([date(2026, 8, 4), name, "cuci", "Selesai"] for name in names)]))
    told = proposed(resource, messy.client())
    found = blocks(told)["outlets"]
    assert len(found) == 300 and "# and 10 more that are written seldom" in told
    assert found[0] == {"code": "KS-03", "name": "Toko 7"}


def test_what_was_proposed_and_written_is_understood_the_next_time() -> None:
    names = ["Kopi Senja BSD 2", "Kopi Senja Kemang", "Kopi Senja Bintaro"]
    shops = tuple(settings.Outlet(code=f"KS-{n}", name=name) for n, name in enumerate(names))
    before = told(messy.july_alone(), client=messy.client(outlets=shops))
    assert "0 rows read" in before.summary
    words = yaml.safe_load(before.yaml)["words"]
    after = told(messy.july_alone(), client=messy.client(outlets=shops, words=words))
    assert "3 rows read" in after.summary and after.yaml == ""


def test_prose_is_no_word_to_teach() -> None:
    prose = "nanti dulu ya tunggu kabar dari pusat"
    resource = spreadsheet(sheet("AGT 26", [HEAD, [date(2026, 8, 4), "Kopi Senja Kemang", "cuci", prose]]))
    assert prose not in proposed(resource)


D, SHOP = date(2026, 8, 4), "Kopi Senja Kemang"


@pytest.mark.parametrize(
    ("rows", "is_proposed"),
    [
        ([[D, None, SHOP, "cuci", "lihat grup WA"]], False),
        ([[D, None, SHOP, "cuci", "lihat grup WA"]] * 2, True),
        ([[D, "lihat grup WA", SHOP, "cuci", "lihat grup WA"]] * 2, False),
        ([[D, None, SHOP, "cuci", "sip mantap"]], True),
    ],
    ids=["once at length", "in two rows", "in two columns of a row", "once but short"],
)
def test_only_what_people_use_as_a_word_is_proposed_and_hinted_at(rows: list[list[Any]], is_proposed: bool) -> None:
    report = told(statuses(*rows), messy.client())
    assert (str(rows[0][-1]) in report.yaml) == is_proposed == (FILL in report.yaml)
    hint = next(group.hint for group in report.tabs[0].groups if group.what == "unknown status")
    assert ("have this word taught" in hint) == is_proposed


def test_a_word_that_says_nothing_is_written_behind_nothing_and_not_asked_for_again() -> None:
    resource = statuses(*[[D, None, SHOP, "cuci", "lihat grup WA"]] * 2)
    assert "nothing" in told(resource, messy.client()).yaml
    taught = messy.client(words={"statuses": {"nothing": ("lihat grup WA",)}})
    assert told(resource, taught).yaml == "" and not told(resource, taught).tabs[0].groups


def test_where_words_are_there_already_only_the_lines_below_them_are_printed() -> None:
    resource = statuses([D, None, SHOP, "cuci", "selesaaii"], [D, None, "Kopi Senja Bintaro", "cuci", "sip mantap"])
    own = {"statuses": {"done": ("kelar bos",)}, "headings": {}}
    lines = [line.strip() for line in told(resource, messy.client(words=own)).yaml.splitlines()]
    assert "words:" not in lines and "statuses:" not in lines and "outlets:" not in lines
    assert any(line.startswith("# under the `words:` that is there already:") for line in lines)
    assert "# under the `statuses:` that is there already:" in lines
    line = next(line for line in told(messy.july_alone(), messy.client()).yaml.splitlines() if "words:" in line)
    assert line.startswith("    words:")


def test_a_code_that_has_words_already_is_printed_with_them() -> None:
    own = {"headings": {"service_date": ("Hari Kerja",)}}
    found = blocks(told(messy.july_alone(), messy.client(words=own)).yaml)
    assert found["words"]["headings"]["service_date"] == ["Hari Kerja", "Hari H"]


def test_a_spelling_in_capitals_alone_gives_way_to_another() -> None:
    shops = ["BAKSO BSD 2", "BAKSO BSD 2", "Bakso BSD 2", "BAKSO TEBET"]
    resource = statuses(*([D, None, shop, "cuci", "Selesai"] for shop in shops))
    assert [outlet["name"] for outlet in one_client(proposed(resource))["outlets"]] == ["Bakso BSD 2", "BAKSO TEBET"]


def test_rows_of_an_outlet_that_are_refused_are_counted_apart() -> None:
    resource = statuses([D, None, SHOP, "cuci", "Selesai"], ["besok", None, SHOP, "cuci", "Selesai"])
    assert "# 2 rows, 1 of them refused" in proposed(resource)


def test_active_from_says_how_much_of_the_sheet_is_older() -> None:
    resource = statuses([date(2026, 7, 30), None, SHOP, "cuci", "Selesai"], [D, None, SHOP, "cuci", "Selesai"])
    assert "active_from: 2026-08-01  # older orders are loaded and raise nothing: 1 of the 2 rows" in proposed(resource)


def test_projects_that_it_may_be_stand_beside_the_number_to_fill_in() -> None:
    around = Surroundings(candidates={7: "Roti Pagi", 9: "Roti Lembayung"})
    report = examine(messy.tracker(), slug=None, as_of=messy.AS_OF)
    line = next(line for line in entry(report, None, around, "en").splitlines() if "project_id" in line)
    assert FILL in line and line.endswith("perhaps 9 (Roti Lembayung), 7 (Roti Pagi)")


@pytest.mark.parametrize(
    ("slug", "title", "name"),
    [
        ("roti-lembayung", "Jadwal cuci AC - Roti Lembayung", "Roti Lembayung"),
        ("roti-lembayung", "LEMBAYUNG, Roti (AC)", "Roti LEMBAYUNG"),
        ("roti-senja", "Jadwal AC Roti Lembayung", "Roti Lembayung"),
        (None, "Jadwal AC Roti Lembayung", "Roti Lembayung"),
    ],
)
def test_the_words_of_the_slug_are_found_in_the_title(slug: str | None, title: str, name: str) -> None:
    assert client_name(slug, title) == name


@pytest.mark.parametrize(
    ("title", "name", "slug"),
    [
        ("Tracker Service AC - Kopi Senja 2026", "Kopi Senja", "kopi-senja"),
        ("JADWAL_RUKO MELATI", "RUKO MELATI", "ruko-melati"),
        ("Tracker 2026", "", ""),
        ("Café Ünïk", "Café Ünïk", "caf-n-k"),
        ("", "", ""),
    ],
)
def test_name_and_slug_come_from_the_title(title: str, name: str, slug: str) -> None:
    assert name_of(title) == name
    if name != "Café Ünïk":
        assert slug_of(name) == slug


@given(st.text(max_size=60).filter(lambda text: not any("\ud800" <= sign <= "\udfff" for sign in text)))
def test_whatever_a_cell_says_stays_one_text_in_one_line_of_yaml(text: str) -> None:
    assert "\n" not in quoted(text) and yaml.safe_load(f"[{quoted(text)}]") == [text]
