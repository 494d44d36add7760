"""What is planned: one message per person, channel and sending time, written from the facts until it leaves."""

from datetime import date, datetime

import pytest

from rekap.channels import plan
from rekap.settings import Person
from rekap.warehouse import Connection
from tests.sql.outputs.desk import Desk, at, client, on, people


def test_the_pic_is_mentioned_in_one_comment_for_each_order(desk: Desk) -> None:
    desk.order(1, on(7), entered=at(8))
    desk.order(2, on(7), entered=at(8))
    desk.tick(at(11, 30))
    comments = desk.messages()
    assert [(row["channel"], row["order_id"]) for row in comments] == [("basecamp_comment", 1), ("basecamp_comment", 2)]
    assert all('<bc-attachment sgid="sgid-bayu"></bc-attachment>' in row["body_html"] for row in comments)
    assert comments[0]["subject"] == "[H-1] 1 order besok belum ada teknisi: Outlet 1 (10.00, cuci 3)"


def test_where_clients_can_see_the_to_do_or_basecamp_does_not_know_the_pic_there_is_a_mail(desk: Desk) -> None:
    desk.order(1, on(7), entered=at(8), visible=True)
    desk.tick(at(11, 30))
    desk.rows("delete from staging.basecamp_people where name = 'Bayu' returning 1")
    desk.order(2, on(7), entered=at(8))
    desk.tick(at(11, 45))
    assert [(row["channel"], row["person"], row["order_id"]) for row in desk.messages()] == [
        ("email", "bayu", None)
    ] * 2


def test_what_leaves_at_one_sending_time_is_one_mail(desk: Desk) -> None:
    desk.order(1, on(12), entered=at(8), visible=True)
    desk.order(2, on(13), entered=at(8, 10), visible=True)
    desk.tick(at(10))
    desk.tick(at(10, 15))
    desk.order(3, on(14), entered=at(8, 30), visible=True)
    desk.tick(at(10, 30))
    (mail,) = desk.messages()
    assert mail["not_before"] == at(11, 30)
    assert mail["subject"].startswith("[H-6] 3 order belum ada teknisi, terdekat Sen 12 Okt: Outlet 1 (10.00, cuci 3)")
    assert all(f"https://basecamp.example/todos/{order}" in mail["body_text"] for order in (1, 2, 3))


@pytest.mark.parametrize(
    ("now", "day", "leaves"),
    [
        (at(11, 30), 12, at(11, 30)),  # a sending time counts as now
        (at(11, 31), 12, at(14, 30)),
        (at(16, 31), 12, at(8, 30, on(7))),
        (at(11, 31), 7, at(11, 31)),  # tomorrow's visit: at once
        (at(11, 31), 6, at(11, 31)),  # today's: at once
    ],
)
def test_mails_are_gathered_unless_they_are_about_today_or_tomorrow(
    desk: Desk, now: datetime, day: int, leaves: datetime
) -> None:
    desk.order(1, on(day), entered=at(8, 0, on(5)), visible=True)
    desk.tick(now)
    assert [row["not_before"] for row in desk.messages()] == [leaves]


def test_a_gathered_mail_forgets_what_was_settled_before_it_left(desk: Desk) -> None:
    desk.order(1, on(12), entered=at(8), visible=True)
    desk.order(2, on(12), entered=at(8), visible=True)
    desk.tick(at(10))
    desk.assigned(1, at(10, 5))
    desk.tick(at(10, 15))
    (mail,) = desk.messages()
    assert mail["state"] == "planned" and "Outlet 2" in mail["subject"] and "Outlet 1" not in mail["body_text"]
    desk.assigned(2, at(10, 20))
    assert desk.tick(at(10, 30))["withdrawn"] == 1
    assert desk.messages()[0]["state"] == "withdrawn"


def test_a_mail_never_mixes_shadow_and_live_clients(warehouse_connection: Connection) -> None:
    desk = Desk.opened(warehouse_connection, [client(), client("toko", "shadow", 200), client("ruko", "redirect", 300)])
    for order, slug in enumerate(("kopi", "toko", "ruko"), 1):
        desk.order(order, on(7), entered=at(8), client=slug, visible=True)
    desk.tick(at(11, 30))
    assert [(row["delivery"], row["client"]) for row in desk.messages()] == [
        ("live", "kopi"),
        ("redirect", "ruko"),
        ("shadow", "toko"),
    ]


def test_a_message_lists_fifty_orders_and_counts_the_rest(desk: Desk) -> None:
    for order in range(1, 54):
        desk.order(order, on(12) if order != 53 else on(7), entered=at(8), visible=True)
    desk.tick(at(11, 30))
    (mail,) = desk.messages()
    assert mail["subject"].startswith("[H-1] 53 order belum ada teknisi, terdekat besok: Outlet 53 (10.00, cuci 3)")
    assert mail["subject"].endswith(", dan 50 lainnya")
    assert mail["body_text"].count("\n- ") == 50 and "… dan 3 order lagi" in mail["body_text"]


def test_an_absent_person_is_stood_in_for_and_the_mail_speaks_the_deputys_language(
    warehouse_connection: Connection,
) -> None:
    staff = [
        person.model_copy(update={"days_off": (on(6),), "deputy": "dewi"}) if person.code == "bayu" else person
        for person in people()
    ]
    staff.append(Person(code="dewi", name="Dewi", email="dewi@rekap.example", roles=("pic",), language="en"))
    desk = Desk.opened(warehouse_connection, staff=staff)
    desk.order(1, on(7), entered=at(8))
    desk.tick(at(11, 30))
    (mail,) = desk.messages()
    assert (mail["person"], mail["channel"]) == ("dewi", "email")
    assert mail["subject"] == "[H-1] 1 order for tomorrow has no technician: Outlet 1 (10:00, cleaning 3)"
    assert "Please assign a technician in Basecamp." in mail["body_text"]


def test_office_hours_hold_a_message_until_the_person_is_there(warehouse_connection: Connection) -> None:
    staff = [
        person.model_copy(update={"opens": at(9).time(), "closes": at(17).time()}) if person.code == "bayu" else person
        for person in people()
    ]
    desk = Desk.opened(warehouse_connection, staff=staff)
    desk.order(1, on(7), entered=at(17, 30), visible=True)
    desk.tick(at(19))
    assert desk.messages() == []  # the clock uses Bayu's hours too
    desk.order(2, on(8), entered=at(9, 0, on(5)), visible=True)
    desk.tick(at(19))
    assert [row["not_before"] for row in desk.messages()] == [at(11, 30, on(7))]


def test_what_was_due_before_the_client_went_live_is_one_summary(warehouse_connection: Connection) -> None:
    desk = Desk.opened(warehouse_connection, [client(live_from=on(6))])
    desk.order(1, on(12), entered=at(9, 0, on(2)))
    desk.order(2, on(13), entered=at(9, 0, on(2)))
    desk.order(3, on(14), entered=at(8))
    desk.tick(at(11, 30))
    comment, summary = desk.messages()
    assert summary["channel"] == "email"
    assert summary["subject"].startswith("[H-6] Ringkasan: 2 order lama masih belum ada teknisi: Outlet 1")
    assert (comment["channel"], comment["order_id"]) == ("basecamp_comment", 3)


def test_what_fell_due_in_an_outage_of_more_than_a_day_is_one_summary(desk: Desk) -> None:
    desk.tick(at(9, 0, on(4)))
    for order in range(1, 6):
        desk.order(order, on(12), entered=at(9, 0, on(5)))
    desk.tick(at(11, 30))
    (summary,) = desk.messages()
    assert summary["channel"] == "email" and "Ringkasan: 5 order" in summary["subject"]


def test_an_outage_of_a_night_is_none(desk: Desk) -> None:
    desk.tick(at(20, 0, on(5)))
    desk.order(1, on(12), entered=at(9, 0, on(5)))
    desk.tick(at(11, 30))
    assert [row["channel"] for row in desk.messages()] == ["basecamp_comment"]


def test_phones_are_masked_and_titles_escaped(desk: Desk) -> None:
    desk.order(1, on(7), entered=at(8), visible=True, title="Cuci <b>AC</b> Bu Sari 0812-3456-7890")
    desk.order(2, on(7), entered=at(8), title="Cuci <script>x</script> +62 812 3456 7890")
    desk.tick(at(11, 30))
    everything = " ".join(row["subject"] + row["body_text"] + row["body_html"] for row in desk.messages())
    assert "0812•••90" in everything and "3456" not in everything
    html = " ".join(row["body_html"] for row in desk.messages())
    assert "<b>AC" not in html and "<script>" not in html and "&lt;script&gt;" in html


def test_who_stands_only_in_the_tracker_is_named(desk: Desk) -> None:
    desk.order(1, on(7), entered=at(8), visible=True)
    desk.conn.execute(
        """
        insert into staging.visits (order_id, n) values (1, 1);
        insert into staging.tracker_row_keys (client, spreadsheet_id, sheet_id, row, content_sha256, first_seen_at,
            last_seen_at)
        values ('kopi', 's', 1, 5, 'x', '2026-10-06', '2026-10-06');
        insert into staging.tracker_rows (row_key, client, spreadsheet_id, sheet_id, tab, row, cell_url, service_date,
            technicians, content_sha256, first_seen_at, last_seen_at)
        select row_key, 'kopi', 's', 1, 'OKT', 5, 'u', '2026-10-07', '{joko,Pak Udin}', 'x', '2026-10-06', '2026-10-06'
        from staging.tracker_row_keys;
        insert into reconciliation.links (order_id, n, row_key, client, score, rule, decision, first_linked_at,
            last_linked_at)
        select 1, 1, row_key, 'kopi', 1, 'exact', 'accepted', '2026-10-06', '2026-10-06' from staging.tracker_row_keys
        """
    )
    desk.conn.commit()
    desk.tick(at(11, 30))
    assert "di tracker tertulis Joko, Pak Udin, di Basecamp belum" in desk.messages()[0]["body_text"]


def test_a_mail_of_others_is_planned_once_by_its_key(desk: Desk) -> None:
    def planned(subject: str) -> int | None:
        with desk.conn.transaction():
            return plan.mail(
                desk.conn, desk.run(at(11)), key="recap:2026-09:1:draft:ratih", person="ratih", subject=subject,
                text="t", html="<p>t</p>", delivery="live",
            )  # fmt: skip

    assert planned("first") is not None and planned("second") is None
    assert [row["subject"] for row in desk.messages()] == ["first"]


def test_a_source_that_fails_twice_in_a_row_is_told_once_and_once_when_it_is_back(desk: Desk) -> None:
    desk.basecamp_read("incomplete", "token refused", at(9))
    assert desk.tick(at(9, 15)) == {}
    desk.basecamp_read("incomplete", "token refused", at(9, 15))
    desk.tick(at(9, 30))
    desk.basecamp_read("unknown", None, at(9, 30))
    desk.tick(at(9, 45))
    told = desk.messages()
    assert [row["person"] for row in told] == ["data", "ratih"]
    assert told[0]["subject"] == "Basecamp's data are incomplete: it could not be read whole twice in a row"
    assert "token refused" in told[0]["body_text"] and told[0]["urgent"]
    desk.rows("update outputs.messages set state = 'sent' returning 1")
    desk.basecamp_read(now=at(10))
    desk.tick(at(10))
    desk.tick(at(10, 15))
    assert [(row["person"], row["subject"]) for row in desk.messages()[2:]] == [
        ("data", "Basecamp's data are complete again"),
        ("ratih", "Data Basecamp lengkap lagi"),
    ]


def test_a_project_that_is_not_whole_is_told_once_to_the_engineers_and_once_when_it_is(desk: Desk) -> None:
    for minute in (0, 15, 30):
        desk.project_read(100, "incomplete", "project 100 cannot be seen", at(9, minute))
        desk.tick(at(9, minute))
    told = desk.messages()
    assert [row["person"] for row in told] == ["data", "ratih"]
    assert "project 100 cannot be seen" in told[0]["body_text"]
    desk.rows("update outputs.messages set state = 'sent' returning 1")
    desk.project_read(100, "complete", None, at(10))
    desk.tick(at(10))
    assert [row["subject"] for row in desk.messages()[2:]] == [
        "Basecamp's data are complete again",
        "Data Basecamp lengkap lagi",
    ]


def test_who_was_not_told_that_it_broke_is_not_told_that_it_is_back(desk: Desk) -> None:
    for minute in (0, 15):
        desk.basecamp_read("incomplete", "down", at(9, minute))
    desk.tick(at(9, 15))
    desk.basecamp_read(now=at(9, 20))
    desk.tick(at(9, 20))
    assert [row["state"] for row in desk.messages()] == ["withdrawn", "withdrawn"]


def test_trackers_that_fail_are_one_mail_to_their_am(warehouse_connection: Connection) -> None:
    desk = Desk.opened(
        warehouse_connection, [client(spreadsheet_id="s1"), client("toko", project=200, spreadsheet_id="s2")]
    )
    for slug in ("kopi", "toko"):
        for minute in (0, 30):
            desk.tracker_read(slug, "incomplete", "the tab OKT 26 is gone", at(9, minute))
    desk.tick(at(10))
    (mail,) = desk.messages()
    assert (mail["person"], mail["client"]) == ("sinta", None)
    assert mail["subject"] == "Data belum lengkap: tracker Kopi, Toko dua kali berturut-turut tidak terbaca utuh"
    assert mail["body_text"].count("the tab OKT 26 is gone") == 2


def test_a_closed_day_moves_a_message_to_the_next_open_one(warehouse_connection: Connection) -> None:
    desk = Desk.opened(warehouse_connection, closed_days=(date(2026, 10, 7),))
    desk.order(1, on(9), entered=at(16), visible=True)
    desk.tick(at(18))
    assert [row["not_before"] for row in desk.messages()] == [at(8, 30, on(8))]
