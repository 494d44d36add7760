"""Messages as reviewed: tests/golden/messages holds each as text and HTML. `REKAP_GOLDEN=write` renews them."""

import os
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rekap.channels.rendering import rendered
from rekap.incidents import wording, wording_data
from rekap.incidents.case import Case
from rekap.run import Run
from rekap.settings import Client, Config, Person, Register, Scope, Service, Settings

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "messages"
NOW = datetime(2026, 10, 6, 11, 30, tzinfo=ZoneInfo("Asia/Jakarta"))
PEOPLE = (
    Person(code="sinta", name="Sinta Dewi", roles=("am",), email="s@rekap.example"),
    Person(code="bayu", name="Bayu Aji", roles=("pic",), email="b@rekap.example"),
    Person(code="ratih", name="Ratih", roles=("head_of_operations",), email="r@rekap.example"),
    Person(code="dana", name="Dana", roles=("pic",), email="d@rekap.example", language="en"),
)


def run() -> Run:
    client = Client(
        slug="kopi", name="Kopi", active_from=date(2026, 7, 1), am="sinta", pic="bayu",
        scopes=(Scope(kind="project", project_id=1),),
    )  # fmt: skip
    register = Register(people=PEOPLE, clients=(client,), services=(Service(code="cleaning", minutes_per_unit=1),))
    return Run("test/1", NOW, Config(Settings(), register))


def order(order_id: int, day: int | None, outlet: str | None, **more: Any) -> Case:
    given: dict[str, Any] = {
        "order_id": order_id, "subject": f"order:{order_id}", "client": "kopi", "client_name": "Kopi Senja",
        "delivery": "live", "live_from": None, "am": "sinta", "pic": "bayu", "time_from": time(10),
        "service_date": date(2026, 10, day) if day else None, "outlet_name": outlet,
        "services": [{"service": "cleaning", "units": 3}], "title": "Cuci AC - Bu Sari 0812-3456-7890 <segera>",
        "url": f"https://3.basecamp.example/1/buckets/2/todos/{order_id}", "visible_to_clients": False,
        "life_cycle": "active", "completed": False, "assigned": False, "technicians": [], "in_tracker": [],
        "created_at": datetime(2026, 10, 5, 14, 20, tzinfo=ZoneInfo("Asia/Jakarta")), "first_seen_at": NOW,
        "is_found": True, "is_complete": True, "is_held": False, "incident_id": order_id, "state": "open", "step": 1,
    }  # fmt: skip
    return Case(**(given | more))


TOMORROW = [
    order(12, 7, "Kopi Senja BSD 2"),
    order(13, 7, "Ruko Melati", time_from=None, in_tracker=["Budi"], client_name="Toko Melati"),
]
SEVERAL = [
    order(21, 6, "Kopi Senja BSD 2", step=4, time_from=time(13, 30)),
    order(22, 6, "Kos Anggrek & Mawar", step=4, time_from=time(15), client_name="Kos Anggrek"),
    order(23, 7, "Ruko Melati", step=3, services=[], client_name="Toko Melati"),
    order(24, 12, None, step=1, services=[{"service": "cleaning", "units": 3}, {"service": "freon_topup", "units": 1}]),
    order(25, None, "Kantor Cendana", step=1, time_from=None, services=[{"service": "repair", "units": None}]),
]
SHEETS = [
    {
        "source": "sheets", "client": slug, "client_name": name, "spreadsheet_id": f"sheet-{slug}",
        "reason": "the tab 'OKT 26' is gone", "since": "2026-10-06T10:30:00+07:00", "back": "2026-10-06T11:15:00+07:00",
    }
    for slug, name in (("kopi", "Kopi Senja"), ("kos", "Kos Anggrek"))
]  # fmt: skip
BASECAMP = [
    SHEETS[0]
    | {"source": "basecamp", "client": None, "client_name": None, "spreadsheet_id": None, "reason": "HTTP 503"}
]


def person(code: str) -> Person:
    return next(each for each in PEOPLE if each.code == code)


def reminder(code: str, told: list[Case], **more: Any) -> tuple[str, str, str]:
    return wording.mail(run(), person(code), NOW, told, **more)


def source(code: str, sources: list[dict[str, Any]], *, back: bool) -> tuple[str, str, str]:
    draft = wording_data.mail(run(), person(code), sources, back=back)
    return draft.subject, draft.text, draft.html


MAILS = {
    "pic_tomorrow": lambda: reminder("bayu", TOMORROW),
    "pic_one_order_en": lambda: reminder("dana", [order(12, 7, "Kopi Senja BSD 2", pic="dana")]),
    "am_several": lambda: reminder("sinta", SEVERAL),
    "head_urgent": lambda: reminder("ratih", SEVERAL[:2]),
    "summary": lambda: reminder("bayu", [*SEVERAL[3:], *TOMORROW], summary=True),
    "incomplete": lambda: reminder("bayu", [order(31, 9, "Kopi Senja BSD 2", is_complete=False)]),
    "data_trackers": lambda: source("sinta", SHEETS, back=False),
    "data_basecamp_en": lambda: source("dana", BASECAMP, back=False),
    "data_back": lambda: source("ratih", BASECAMP, back=True),
}


@pytest.mark.parametrize("name", MAILS)
def test_a_mail_reads_as_reviewed(name: str) -> None:
    subject, text, html = MAILS[name]()
    assert text.split("\n")[0] == subject
    for path, made in ((GOLDEN / f"{name}.txt", text), (GOLDEN / f"{name}.html", html)):
        if os.environ.get("REKAP_GOLDEN") == "write":
            path.write_text(made, encoding="utf-8")
        assert made == path.read_text(encoding="utf-8"), path


@pytest.mark.parametrize(
    ("told", "lead"),
    [
        (TOMORROW, "[H-1] 2 order besok belum ada teknisi: Kopi Senja BSD 2 (10.00, cuci 3), "
            "Ruko Melati (tanpa jam, cuci 3)"),
        (SEVERAL[:1], "MENDESAK [H-0] 1 order hari ini belum ada teknisi: Kopi Senja BSD 2 (13.30, cuci 3)"),
        (SEVERAL[4:], "1 order tanpa tanggal belum ada teknisi: Kantor Cendana (tanpa jam, perbaikan)"),
    ],
)  # fmt: skip
def test_the_first_line_is_the_whole_message(told: list[Case], lead: str) -> None:
    assert wording.lead("id", NOW.date(), told) == lead


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Bu Sari 0812-3456-7890", "Bu Sari 0812•••90"),
        ("+62 812 3456 7890, lantai 2", "6281•••90, lantai 2"),
        ("(021) 5555 1234 / 0856.1111.2222", "(0215•••34 / 0856•••22"),
        ("Ruko 12 No. 034", "Ruko 12 No. 034"),
        ("Order 20261007", "Order 20261007"),
    ],
)
def test_phones_are_masked_and_other_numbers_are_not(text: str, shown: str) -> None:
    assert wording.masked(text) == shown


def test_a_value_that_a_template_is_not_given_is_an_error() -> None:
    with pytest.raises(Exception, match="undefined"):
        rendered("unassigned.txt", {"lead": "x"})
