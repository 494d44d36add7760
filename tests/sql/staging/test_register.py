"""people, clients, client_scopes, outlets, outlet_aliases, technicians, services: the register as sets."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from rekap import warehouse as stored
from rekap.run import Run
from rekap.settings import Config, Register, Settings
from rekap.sources import register
from rekap.vocabulary import services

NOW = datetime(2026, 10, 6, 4, 30, tzinfo=UTC)


def the_register(**changed: Any) -> dict[str, Any]:
    """Two clients of one account manager; the first has two outlets."""
    told: dict[str, Any] = {
        "people": [
            {"code": "sinta", "name": "Sinta", "roles": ["am"], "basecamp_id": 1},
            {"code": "bayu", "name": "Bayu", "roles": ["pic"], "basecamp_id": 2, "days_off": ["2026-10-12"]},
            {"code": "joko", "name": "Joko", "roles": ["technician"], "basecamp_id": 3, "aliases": ["Pak Joko"]},
        ],
        "clients": [
            {
                "slug": "kopi", "name": "Kopi", "active_from": date(2026, 7, 1), "am": "sinta", "pic": "bayu",
                "scopes": [{"kind": "project", "project_id": 10}], "spreadsheet_id": "S1",
                "outlets": [
                    {"code": "K-1", "name": "Kopi BSD", "aliases": ["BSD"]},
                    {"code": "K-2", "name": "Kopi BSD 2", "aliases": ["KOPI BSD2", "BSD"]},
                ],
            },
            {
                "slug": "roti", "name": "Roti", "active_from": date(2026, 7, 1), "am": "sinta", "pic": "bayu",
                "scopes": [{"kind": "title_prefix", "project_id": 11, "value": "[R]"}],
                "outlets": [{"code": "R-1", "name": "Roti BSD"}],
            },
        ],
        "services": [{"code": "cleaning", "minutes_per_unit": 45}, {"code": "other", "minutes_per_unit": 50}],
    }  # fmt: skip
    return told | changed


@pytest.fixture
def conn(warehouse: str) -> Iterator[stored.Connection]:
    with stored.connect(warehouse) as connection:
        yield connection


def load(conn: stored.Connection, told: dict[str, Any]) -> dict[str, int]:
    return register.load(conn, Run("test/1", NOW, Config(Settings(), Register.model_validate(told))))


def table(conn: stored.Connection, name: str) -> list[dict[str, Any]]:
    found = conn.execute(f"select * from staging.{name} order by 1, 2").fetchall()
    conn.commit()
    return found


TABLES = ("people", "clients", "client_scopes", "outlets", "outlet_aliases", "services")


def test_the_register_stands_in_staging(conn: stored.Connection) -> None:
    assert load(conn, the_register()) == {
        "people": 3, "clients": 2, "client_scopes": 2, "outlets": 3, "outlet_aliases": 3, "technicians": 1,
        "services": len(services.codes()),
    }  # fmt: skip
    bayu = table(conn, "people")[0]
    assert (bayu["code"], bayu["days_off"], bayu["active"]) == ("bayu", [date(2026, 10, 12)], True)
    assert conn.execute("select * from staging.technicians").fetchall() == [{"code": "joko", "aliases": ["Pak Joko"]}]


def test_the_same_register_changes_nothing(conn: stored.Connection) -> None:
    load(conn, the_register())
    before = {name: table(conn, name) for name in TABLES}
    load(conn, the_register())
    assert {name: table(conn, name) for name in TABLES} == before


def test_a_spelling_that_two_outlets_share_names_neither(conn: stored.Connection) -> None:
    load(conn, the_register())
    found = {(row["client"], row["alias"]): row["outlet"] for row in table(conn, "outlet_aliases")}
    assert found == {("kopi", "kopi bsd"): "K-1", ("kopi", "kopi bsd 2"): "K-2", ("roti", "roti bsd"): "R-1"}


def test_a_name_stands_before_another_outlets_alias(conn: stored.Connection) -> None:
    told = the_register()
    told["clients"][0]["outlets"][1]["aliases"] = ["Kopi BSD"]
    load(conn, told)
    found = {row["alias"]: row["outlet"] for row in table(conn, "outlet_aliases") if row["client"] == "kopi"}
    assert found["kopi bsd"] == "K-1"


def test_a_spelling_that_becomes_shared_is_taken_back(conn: stored.Connection) -> None:
    told = the_register()
    told["clients"][0]["outlets"][1]["aliases"] = []
    load(conn, told)
    assert {row["alias"]: row["outlet"] for row in table(conn, "outlet_aliases")}["bsd"] == "K-1"
    load(conn, the_register())
    assert "bsd" not in {row["alias"] for row in table(conn, "outlet_aliases")}


def test_a_learned_spelling_stays(conn: stored.Connection) -> None:
    load(conn, the_register())
    conn.execute("insert into staging.outlet_aliases values ('kopi', 'bsd lama', 'K-1', 'decision')")
    conn.commit()
    load(conn, the_register())
    assert "bsd lama" in {row["alias"] for row in table(conn, "outlet_aliases")}


def test_what_left_the_file_is_inactive_and_never_deleted(conn: stored.Connection) -> None:
    load(conn, the_register())
    told = the_register()
    told["clients"] = told["clients"][:1]
    told["clients"][0]["outlets"] = told["clients"][0]["outlets"][:1]
    told["people"] = told["people"][:2]
    load(conn, told)
    assert {row["slug"]: row["active"] for row in table(conn, "clients")} == {"kopi": True, "roti": False}
    assert {row["code"]: row["active"] for row in table(conn, "outlets")} == {"K-1": True, "K-2": False, "R-1": False}
    assert {row["code"]: row["active"] for row in table(conn, "people")} == {"bayu": True, "joko": False, "sinta": True}
    assert [row["client"] for row in table(conn, "client_scopes")] == ["kopi"]
    load(conn, the_register())
    assert all(row["active"] for name in ("clients", "outlets", "people") for row in table(conn, name))
    assert {row["code"]: row["name"] for row in table(conn, "outlets")}["K-2"] == "Kopi BSD 2"


def test_two_may_swap_what_is_unique(conn: stored.Connection) -> None:
    load(conn, the_register())
    told = the_register()
    told["people"][0]["basecamp_id"], told["people"][1]["basecamp_id"] = 2, 1
    told["clients"][0]["spreadsheet_id"], told["clients"][1]["spreadsheet_id"] = None, "S1"
    first, second = told["clients"][0]["outlets"]
    first["name"], second["name"] = second["name"], first["name"]
    load(conn, told)
    assert {row["code"]: row["basecamp_id"] for row in table(conn, "people")} == {"bayu": 1, "joko": 3, "sinta": 2}
    assert {row["slug"]: row["spreadsheet_id"] for row in table(conn, "clients")} == {"kopi": None, "roti": "S1"}
    assert {row["code"]: row["name"] for row in table(conn, "outlets")}["K-1"] == "Kopi BSD 2"


def test_a_service_that_only_the_vocabulary_knows_takes_the_time_of_other(conn: stored.Connection) -> None:
    load(conn, the_register())
    minutes = {row["code"]: row["minutes_per_unit"] for row in table(conn, "services")}
    assert (minutes["cleaning"], minutes["relocation"]) == (45, 50)
