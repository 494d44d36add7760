"""The pages about data quality, made from real gates on real tables."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from rekap.errors import PermanentError
from rekap.quality import gate, report
from rekap.quality.report import history_page
from rekap.warehouse import Connection
from tests.sql.reconciliation.house import House

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "quality"
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7*7 }}"


@pytest.fixture
def house(warehouse_connection: Connection) -> House:
    return House(warehouse_connection)


@pytest.fixture
def judge(house: House) -> Callable[..., dict[str, Any]]:
    """Pass the gate of a stage some time later and write the report on it."""

    def judged(later: timedelta = timedelta(minutes=30), stage: Any = "staging", month: str | None = None) -> Any:
        house.runs += 1
        house.now += later
        try:
            gate(house.connection, house.run, stage=stage, month=month)
        except PermanentError:
            house.connection.rollback()
        return report.write(house.connection, house.run, stage=stage, month=month)

    return judged


Judge = Callable[..., dict[str, Any]]


def page(house: House, kind: str = "staging", language: Any = "id") -> str:
    name = report.name_of(kind, "" if kind == "history" else house.run.id, language)
    [(content,)] = house.read(f"select content from outputs.documents where name = '{name}'")
    return bytes(content).decode()


def text_of(html: str) -> str:
    """What a reader sees, one line a block."""
    body = html[html.index("<main>") :]
    body = re.sub(r"</(p|li|h1|h2|h3|td|th|tr|caption|div|nav|footer|section)>|<br>", "\n", body)
    lines = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", line)).strip() for line in body.splitlines()]
    return "\n".join(line for line in lines if line)


def some_trouble(house: House) -> None:
    house.order(1)
    house.order(2, outlet=None, outlet_text="Gudang Baru", units=None, services={})
    house.order(3, outlet="KS-2", units=900)
    house.row(11)
    house.row(12, outlet=None, outlet_text=None)
    house.row(14, outlet=None, outlet_text="Ruko Entah 0812-3456-7890")
    house.row(16, outlet=None, outlet_text="gudang baru")
    house.row(17, units=628123456)


def test_the_first_line_says_the_verdict(house: House, judge: Judge) -> None:
    house.row(11)
    judge()
    assert "<h1>Semua data lolos pemeriksaan.</h1>" in page(house)
    house.row(12, outlet=None, outlet_text=None)
    judge()
    assert "<h1>The data can be used, except for 1 tracker row that was set aside" in page(house, language="en")


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_report_reads_as_reviewed(house: House, judge: Judge, language: str) -> None:
    some_trouble(house)
    judge()
    house.row(18, outlet=None, outlet_text=None)
    house.change("update ops.quarantine set state = 'fixed', fixed_at = '2026-10-06 12:10+07' where row_key = 12")
    judge()
    html = page(house, language=language)
    shown = html[html.index("<main>") :]
    golden = GOLDEN / f"run.{language}.html"
    if not golden.exists():
        golden.write_text(shown)
    assert shown == golden.read_text(), f"look at the difference; delete {golden} to accept the new page"


def test_what_people_wrote_never_becomes_more_than_text(house: House, judge: Judge) -> None:
    house.change("update staging.clients set name = $$" + HOSTILE + "$$ where slug = 'kopi'")
    house.order(2, outlet=None, title=HOSTILE, url="javascript:alert(3)", units=900)
    house.row(12, outlet=None, outlet_text=HOSTILE, cell_url="javascript:alert(4)", tab=HOSTILE)
    house.row(13, outlet=None, outlet_text=HOSTILE, order_ref=2, tab=HOSTILE)
    judge()
    for html in (page(house), page(house, "history")):
        tags = _Tags(html)
        assert not {"script", "img", "iframe", "object", "link", "form"} & {tag for tag, _ in tags.found}
        assert not [name for _, names in tags.found for name in names if name.startswith("on")]
        assert not [href for href in tags.links if not re.match(r"https?://|\?language|quality/|\.\./", href)]
        assert "{{ 7*7 }}" in html  # a text of theirs is no template of ours
        assert "alert(3)" not in html and "alert(4)" not in html


def test_a_page_asks_for_nothing_from_elsewhere(house: House, judge: Judge) -> None:
    some_trouble(house)
    judge()
    for html in (page(house), page(house, "history", "en")):
        assert not re.search(r"<(script|link|img|iframe)\b|@import|url\(|\bsrc=", html)


def test_phones_are_masked_on_the_page(house: House, judge: Judge) -> None:
    some_trouble(house)
    judge()
    assert "0812-3456-7890" not in page(house) and "Ruko Entah 0812•••90" in page(house)


def test_a_row_in_quarantine_stands_with_its_cell_its_original_and_what_to_do(house: House, judge: Judge) -> None:
    house.row(17, units=628123456)
    judge()
    html = page(house)
    assert html.count('<a href="https://sheet.example/17">OKT 26, baris 17</a>') == 2
    assert '<span class="wrong">6281•••56</span>' in html
    assert "Periksa angkanya" in html


def test_a_row_that_only_gets_a_warning_is_shown_where_it_is(house: House, judge: Judge) -> None:
    house.order(2, outlet=None, outlet_text="Gudang Baru", title="Cuci AC Gudang Baru")
    judge()
    assert '<a href="https://bc.example/2">Cuci AC Gudang Baru</a>' in page(house)


def test_what_is_new_and_what_is_fixed_since_the_run_before(house: House, judge: Judge) -> None:
    house.order(1, units=900)
    house.row(12, outlet=None, outlet_text=None)
    judge()
    assert "Yang berubah" not in page(house)
    house.change("update staging.orders set units = 2")
    house.change("update ops.quarantine set state = 'fixed', fixed_at = '2026-10-06 12:10+07'")
    house.row(13, units=999)
    judge()
    changes = re.findall(r'<span class="tag">(.*?)</span> (.*?)</li>', page(house, language="en"))
    assert ("Fixed", "Kopi Senja · 1 row: no outlet and no order number") in changes
    assert ("New", "Kopi Senja · 1 row: the number of units cannot be right") in changes
    assert ("Fixed", "Kopi Senja · 1 order: the number of units cannot be right") in changes


def test_a_gate_that_stopped_the_run_is_told_first(house: House, judge: Judge) -> None:
    house.change("alter table staging.tracker_rows rename column units to jumlah")
    told = judge()
    assert "<h1>The data cannot be used, and nothing was made from them: " in page(house, language="en")
    assert told["report_id"] and told["report_en"]


def test_without_a_gate_there_is_no_report_and_the_history_goes_on(house: House) -> None:
    told = report.write(house.connection, house.run, stage="staging")
    assert "report_id" not in told
    assert "Belum ada pemeriksaan yang tercatat." in page(house, "history")


def test_the_same_content_twice_is_one_document(house: House, judge: Judge) -> None:
    some_trouble(house)
    first = judge()
    again = report.write(house.connection, house.run, stage="staging")
    assert {name: sha for name, sha in again.items() if "_" in name} == {n: s for n, s in first.items() if "_" in n}
    assert (first["kept"], again["kept"]) == (4, 0)
    assert house.read("select count(*) from outputs.documents") == [(4,)]


def test_a_report_written_again_replaces_the_one_before(house: House, judge: Judge) -> None:
    some_trouble(house)
    judge()
    house.change("update ops.quarantine set state = 'fixed', fixed_at = '2026-10-06 12:10+07'")
    assert report.write(house.connection, house.run, stage="staging")["forgotten"] == 4
    assert house.read("select count(*) as all, count(distinct name) as names from outputs.documents") == [(4, 4)]


def test_reports_of_runs_that_left_the_history_are_forgotten_and_other_documents_stay(
    house: House, judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_page, "MOST_RUNS", 2)
    house.change("insert into outputs.documents values ('x', 'Data quality.xlsx', 'a/b', '', '2026-10-01')")
    house.row(11)
    judge()
    oldest = house.run.id
    judge()
    assert house.read("select count(*) from outputs.documents") == [(7,)]
    judge()
    assert house.read("select count(*) from outputs.documents") == [(7,)]
    assert house.read(f"select 1 from outputs.documents where name = '{report.name_of('staging', oldest, 'id')}'") == []


def test_the_history_lists_the_runs_with_their_reports(house: House, judge: Judge) -> None:
    house.row(11)
    judge()
    first = house.run.id
    house.row(12, outlet=None, outlet_text=None)
    judge()
    html = page(house, "history", "en")
    assert f'href="quality/{first}/staging?language=en"' in html
    assert html.index(house.run.id) < html.index(first)
    assert "OKT 26, row 12" in html and "0 days" in html


def test_clients_whose_score_falls_are_named_and_weeks_without_one_leave_a_gap(house: House, judge: Judge) -> None:
    monday = date(2026, 10, 5)
    for weeks, kopi, ruko in ((3, 90, 70), (1, 95.5, 71), (0, 80, 71.02)):
        week = monday - timedelta(weeks=weeks)
        for client, score in (("kopi", kopi), ("ruko", ruko)):
            house.change(
                "insert into ops.quality_scores (client, week_on, score, parts, computed_at)"
                f" values ('{client}', '{week}', {score}, '{{}}', '2026-10-06')"
            )
    house.row(12, outlet=None, outlet_text=None)
    judge()
    html = page(house, "history")
    assert re.findall(r"<li>(.*?)</li>", html[html.index("Nilai yang menurun") :])[0] == "Kopi Senja: 95,5 menjadi 80"
    assert "Ruko Melati:" not in html[html.index("Nilai yang menurun") : html.index("Nilai per klien")]
    assert html.count('<polyline class="score"') == 2 and html.count('<circle class="dot"') == 6
    assert "Nilai minggu ini: <b>80</b>" in page(house)


def test_the_report_on_a_month_shows_its_lines(house: House, judge: Judge) -> None:
    house.connection.execute(
        "insert into outputs.recap_months (month, revision, state, content_sha256, figures, computed_at) values"
        " ('2026-09', 1, 'draft', 'x', '{\"total\": {\"visits\": 1}, \"by_client\": [{\"visits\": 1}]}', %s)",
        (house.now,),
    )
    house.connection.execute(
        "insert into outputs.recap_lines (month, revision, line_key, position, client, client_name, outlet_name,"
        " services, status, units_ordered, units_done, technicians, order_url)"
        " values ('2026-09', 1, 'order:1/1', 1, 'kopi', 'Kopi', 'BSD 1', '', 'done', 2, 3, 'Joko', 'https://bc.example/1')"
    )
    house.connection.commit()
    judge(stage="outputs", month="2026-09")
    html = page(house, "outputs", "en")
    assert "more units were done than ordered" in html and '<a href="https://bc.example/1">BSD 1</a>' in html


class _Tags(HTMLParser):
    """The tags of a page with the names of their attributes, and where its links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, list[str]]] = []
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, [name for name, _ in attrs]))
        self.links += [value or "" for name, value in attrs if name == "href"]
