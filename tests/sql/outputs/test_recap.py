"""A month from the visits that count to its closed account: lines, figures, revisions, tab, workbook and mails."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from openpyxl import load_workbook

from rekap import recap
from rekap.errors import PermanentError
from rekap.recap.figures import newest
from rekap.run import Run
from rekap.services.google import Google
from rekap.settings import Person
from rekap.warehouse import Connection, complete
from sandbox.server import Twin, start
from tests.sql.outputs.desk import Desk, at, client, people

MONTH = "2026-09"
GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "recap"
MANAGER = Person(code="dewi", name="Dewi", email="dewi@rekap.example", roles=("manager",))


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    with start(5, clients=5, orders_per_month=40, rate_limit=None) as running:
        yield running


@pytest.fixture
def google(twin: Twin) -> Google:
    extra = {
        "keyfile_dict": twin["google"]["service_account"],
        "sheets_endpoint": twin["google"]["sheets_url"],
        "drive_endpoint": twin["google"]["drive_url"],
    }
    return Google.from_connection({"extra": extra})


@pytest.fixture
def desk(warehouse_connection: Connection, twin: Twin) -> Desk:
    desk = Desk.opened(
        warehouse_connection,
        clients=(client(), client("toko", project=200)),
        staff=(*people(), MANAGER),
        house={"master_schedule_id": twin["google"]["master_schedule_id"]},
    )
    for line in LINES:
        visit(desk.conn, **line)
    return desk


LINES: list[dict[str, Any]] = [
    {"line_key": "order:1/1", "service_date": date(2026, 9, 7), "units_ordered": 3, "units_done": 3, "status": "done"},
    {"line_key": "order:2/1", "service_date": date(2026, 9, 3), "units_ordered": 2, "units_done": 1,
     "status": "partial", "technicians": ["joko", "Slamet"], "disputed": ["units", "status"]},
    {"line_key": "order:3/1", "service_date": date(2026, 9, 9), "units_ordered": 5, "status": "cancelled"},
    {"line_key": "order:4/1", "client": "toko", "service_date": None, "status": "scheduled"},
    {"line_key": "row:88", "client": "toko", "service_date": date(2026, 9, 1), "units_done": 4, "status": "done",
     "outlet_name": '=HYPERLINK("http://evil.example")'},
    {"line_key": "order:9/1", "month": "2026-10", "service_date": date(2026, 10, 1), "status": "scheduled"},
]  # fmt: skip


def visit(conn: Connection, line_key: str, **more: Any) -> None:
    kind, _, key = line_key.partition(":")
    order_id, n = (int(part) for part in key.split("/")) if kind == "order" else (None, None)
    row = {
        "line_key": line_key, "order_id": order_id, "n": n, "row_key": None if order_id else int(key), "client": "kopi",
        "month": MONTH, "outlet_name": f"Outlet {key}", "service_date": None, "time_from": time(10),
        "services": json.dumps([{"service": "cleaning", "units": 3}]), "units_ordered": None, "units_done": None,
        "technicians": ["joko"], "disputed": [], "without_order": order_id is None, "without_row": False,
        "first_seen_at": at(8), "changed_at": at(8),
    } | more  # fmt: skip
    names = ", ".join(row)
    values = ", ".join(f"%({name})s" for name in row)
    conn.execute(f"insert into reconciliation.visits ({names}) values ({values})", row)
    conn.commit()


def run(desk: Desk, now: datetime) -> Run:
    return desk.run(now)


def close(desk: Desk, google: Google, sha256: str) -> dict[str, int]:
    approval = {"sha256": sha256, "by": {"id": "7", "name": "Dewi"}, "at": at(12).isoformat()}
    return recap.close(desk.conn, google, run(desk, at(12)), MONTH, approval)


def closed(desk: Desk, google: Google) -> None:
    recap.compute(desk.conn, run(desk, at(9)), MONTH)
    recap.deliver_draft(desk.conn, google, run(desk, at(9)), MONTH)
    close(desk, google, recap.closing(desk.conn, run(desk, at(10)), MONTH)["sha256"])


def test_a_month_holds_its_visits_by_client_and_date_and_no_other_month(desk: Desk) -> None:
    recap.compute(desk.conn, run(desk, at(9)), MONTH)
    lines = newest(desk.conn, MONTH).lines
    assert [line["line_key"] for line in lines] == ["order:2/1", "order:1/1", "order:3/1", "row:88", "order:4/1"]
    assert [line["remark"] for line in lines] == ["disputed:units+status", "", "", "without_order", "no_date"]
    assert lines[0]["technicians"] == "Joko, Slamet"


def test_every_figure_is_the_sum_of_its_lines(desk: Desk) -> None:
    recap.compute(desk.conn, run(desk, at(9)), MONTH)
    figures = newest(desk.conn, MONTH).figures
    assert figures["total"] == {
        "visits": 5, "done": 3, "cancelled": 1, "open": 1, "units_ordered": 5, "units_done": 8, "without_order": 1,
        "without_row": 0, "disputed": 1, "photos": 0,
    }  # fmt: skip
    for name, total in figures["total"].items():
        assert sum(row[name] for row in figures["by_client"]) == total, name
    assert figures["by_technician"] == [
        {"technician": "Joko", "visits": 5, "done": 3, "units_done": 8},
        {"technician": "Slamet", "visits": 1, "done": 1, "units_done": 1},
    ]


def test_computing_again_changes_nothing(desk: Desk) -> None:
    assert recap.compute(desk.conn, run(desk, at(9)), MONTH)["changed"] == 1
    before = newest(desk.conn, MONTH)
    assert recap.compute(desk.conn, run(desk, at(15)), MONTH) == {"revision": 1, "lines": 5, "changed": 0}
    assert newest(desk.conn, MONTH) == before


def test_a_changed_draft_is_replaced_and_a_final_one_gets_a_new_revision(desk: Desk, google: Google) -> None:
    recap.compute(desk.conn, run(desk, at(9)), MONTH)
    visit(desk.conn, "order:5/1", service_date=date(2026, 9, 20), status="done")
    assert recap.compute(desk.conn, run(desk, at(10)), MONTH) == {"revision": 1, "lines": 6, "changed": 1}
    closed(desk, google)
    visit(desk.conn, "order:6/1", service_date=date(2026, 9, 21), status="done")
    assert recap.compute(desk.conn, run(desk, at(13)), MONTH) == {"revision": 2, "lines": 7, "changed": 1}
    assert newest(desk.conn, MONTH).state == "draft"


def test_the_lines_of_a_final_month_cannot_be_changed(desk: Desk, google: Google) -> None:
    closed(desk, google)
    for statement in (
        "update outputs.recap_lines set units_done = 99",
        "delete from outputs.recap_lines",
        "insert into outputs.recap_lines (month, revision, line_key, position, client, client_name, services, status,"
        " technicians) values ('2026-09', 1, 'order:77/1', 9, 'kopi', 'Kopi', '', 'done', '')",
    ):
        with pytest.raises(psycopg.errors.RaiseException, match="is final"):
            desk.conn.execute(statement)
        desk.conn.rollback()


def test_an_incomplete_client_is_named_and_closing_waits_for_it_until_closing_day(desk: Desk) -> None:
    early = datetime.fromisoformat("2026-10-03T09:00:00+07:00")
    desk.conn.execute("update staging.clients set spreadsheet_id = slug")
    complete(desk.conn, run(desk, early), "sheets", "kopi", "complete")
    complete(desk.conn, run(desk, early), "sheets", "toko", "incomplete", "the sheet was emptied")
    recap.compute(desk.conn, run(desk, early), MONTH)
    assert newest(desk.conn, MONTH).incomplete_clients == ["toko"]
    assert not recap.may_close(desk.conn, run(desk, early), MONTH)
    assert recap.may_close(desk.conn, run(desk, datetime.fromisoformat("2026-10-05T09:00:00+07:00")), MONTH)


def test_a_draft_is_delivered_once_as_tab_workbook_and_mail(desk: Desk, google: Google, twin: Twin) -> None:
    recap.compute(desk.conn, run(desk, at(9)), MONTH)
    assert recap.deliver_draft(desk.conn, google, run(desk, at(9)), MONTH) == {"tabs": 1, "mails": 1, "workbooks": 1}
    calls = len(twin.log.calls())
    assert recap.deliver_draft(desk.conn, google, run(desk, at(10)), MONTH) == {"tabs": 0, "mails": 0, "workbooks": 0}
    assert len(twin.log.calls()) == calls
    values = google.sheets.values_get(twin["google"]["master_schedule_id"], f"'{MONTH} DRAF'!A1:N40")
    assert values[0] == ["Master Schedule September 2026"]
    assert [row[0] for row in values if row and isinstance(row[0], int)] == [1, 2, 3, 4, 5]
    assert any('=HYPERLINK("http://evil.example")' in row for row in values), "the text must have stayed a text"


def test_a_killed_delivery_is_repeated_into_the_same_tab(
    desk: Desk, google: Google, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    recap.compute(desk.conn, run(desk, at(9)), MONTH)
    with monkeypatch.context() as patched:
        patched.setattr("rekap.recap.draft.keep_workbook", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            recap.deliver_draft(desk.conn, google, run(desk, at(9)), MONTH)
    desk.conn.rollback()
    assert recap.deliver_draft(desk.conn, google, run(desk, at(9)), MONTH)["mails"] == 1
    sheets = google.sheets.spreadsheet(twin["google"]["master_schedule_id"], "sheets(properties)")["sheets"]
    assert [sheet["properties"]["sheetId"] for sheet in sheets].count(202609) == 1


def test_an_approval_closes_what_was_shown_and_nothing_else(desk: Desk, google: Google, twin: Twin) -> None:
    recap.compute(desk.conn, run(desk, at(9)), MONTH)
    recap.deliver_draft(desk.conn, google, run(desk, at(9)), MONTH)
    asked = recap.closing(desk.conn, run(desk, at(10)), MONTH)
    assert asked["ask"]
    visit(desk.conn, "order:5/1", service_date=date(2026, 9, 20), status="done")
    recap.compute(desk.conn, run(desk, at(10)), MONTH)
    with pytest.raises(PermanentError, match="changed after the approval was asked for"):
        close(desk, google, asked["sha256"])
    recap.deliver_draft(desk.conn, google, run(desk, at(11)), MONTH)
    again = recap.closing(desk.conn, run(desk, at(11)), MONTH)
    assert close(desk, google, again["sha256"]) == {"closed": 1, "mails": 1}
    assert close(desk, google, again["sha256"]) == {"closed": 0, "mails": 0}
    assert not recap.closing(desk.conn, run(desk, at(13)), MONTH)["ask"]
    final = newest(desk.conn, MONTH)
    assert (final.state, final.approved_by) == ("final", "Dewi")
    tabs = google.sheets.spreadsheet(twin["google"]["master_schedule_id"], "sheets(properties)")["sheets"]
    assert {"sheetId": 202609, "title": MONTH}.items() <= tabs[-1]["properties"].items()


@pytest.mark.parametrize("delivery", ["off", "shadow", "redirect"])
def test_a_house_that_is_not_live_writes_no_tab(desk: Desk, google: Google, twin: Twin, delivery: str) -> None:
    house = desk.config.settings.house.model_copy(update={"delivery": delivery})
    settings = desk.config.settings.model_copy(update={"house": house})
    desk.config = replace(desk.config, settings=settings)
    calls = len(twin.log.calls())
    recap.compute(desk.conn, run(desk, at(9)), MONTH)
    assert recap.deliver_draft(desk.conn, google, run(desk, at(9)), MONTH)["tabs"] == 0
    assert len(twin.log.calls()) == calls
    planned = desk.conn.execute("select delivery from outputs.messages").fetchall()
    assert [row["delivery"] for row in planned] == [delivery]


def test_the_workbook_holds_the_lines_and_no_formula(desk: Desk, google: Google) -> None:
    closed(desk, google)
    row = desk.conn.execute(
        "select d.content, d.name from outputs.documents as d"
        " join outputs.recap_months as m on m.workbook_sha256 = d.sha256"
    ).fetchone()
    assert row is not None and row["name"] == "Master Schedule 2026-09 final r1.xlsx"
    summary, lines = load_workbook(BytesIO(row["content"])).worksheets
    assert (summary.title, lines.title) == ("Ringkasan", "Rincian")
    assert "FINAL. Disetujui Dewi" in summary["A2"].value
    assert lines.max_row - 2 == 5
    cells = [cell for page in (summary, lines) for cells in page.iter_rows() for cell in cells]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_mail_of_a_draft_reads_as_reviewed(desk: Desk, language: str) -> None:
    from rekap.recap.mail import rendered

    recap.compute(desk.conn, run(desk, at(9)), MONTH)
    subject, text, html = rendered(run(desk, at(9)), newest(desk.conn, MONTH), "draft", language)
    shown = f"{subject}\n\n{text}\n"
    golden = GOLDEN / f"draft.{language}.txt"
    if not golden.exists():
        golden.write_text(shown)
    assert shown == golden.read_text(), f"look at the difference; delete {golden} to accept the new text"
    assert subject.split(":")[0].split("] ")[1] in html
