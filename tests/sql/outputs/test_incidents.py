"""Findings and the clock → incidents, and whom each step tells."""

from rekap.warehouse import Connection
from tests.sql.outputs.desk import Desk, at, client, on


def test_nobody_is_told_during_the_grace_of_two_working_hours(desk: Desk) -> None:
    desk.order(1, on(12), entered=at(9, 31))
    assert desk.tick(at(11, 30)) == {} and desk.rows("select * from outputs.incidents") == []
    assert desk.tick(at(11, 31))["opened"] == 1
    assert desk.told() == {("bayu", "basecamp_comment", "1")}


def test_a_tick_run_twice_more_changes_nothing(desk: Desk) -> None:
    desk.order(1, on(7), entered=at(8))
    desk.tick(at(11, 30))
    before = desk.rows("select * from outputs.incidents"), desk.rows("select * from outputs.messages")
    for _ in range(2):
        assert desk.tick(at(11, 30)) == {}
    assert (desk.rows("select * from outputs.incidents"), desk.rows("select * from outputs.messages")) == before


def test_the_ladder_tells_pic_then_am_then_head(desk: Desk) -> None:
    desk.order(1, on(12), entered=at(9))
    desk.tick(at(11))
    assert desk.told() == {("bayu", "basecamp_comment", "1")}
    desk.tick(at(8, 0, on(10)))
    assert {("bayu", "email", "2"), ("sinta", "email", "2")} <= desk.told()
    desk.tick(at(8, 0, on(11)))
    assert {("bayu", "email", "3"), ("sinta", "email", "3")} <= desk.told()
    assert not {told for told in desk.told() if told[0] == "ratih"}
    desk.tick(at(16, 30, on(11)))
    assert ("ratih", "email", "3.last_call") in desk.told()
    desk.tick(at(8, 0, on(12)))
    assert {("bayu", "email", "4"), ("sinta", "email", "4"), ("ratih", "email", "4")} <= desk.told()
    assert desk.messages()[-1]["subject"].startswith("MENDESAK [H-0] 1 order hari ini belum ada teknisi: Outlet 1")
    before = desk.told()
    desk.tick(at(20, 0, on(12)))
    assert desk.incident(1)["step"] == 5 and desk.incident(1)["state"] == "open" and desk.told() == before


def test_an_order_seen_late_starts_at_the_pic_and_climbs_in_half_hours(desk: Desk) -> None:
    desk.order(1, on(6), entered=at(8, 30))
    told = [
        (desk.tick(at(*clock)), desk.incident(1)["step"])[1] for clock in ((9, 0), (9, 29), (9, 30), (10, 0), (10, 30))
    ]
    assert told == [1, 1, 2, 3, 4]


def test_a_later_date_lowers_the_step_without_a_word(desk: Desk) -> None:
    desk.order(1, on(7), entered=at(8))
    for clock in ((8, 30), (9, 0), (9, 30)):
        desk.tick(at(*clock))
    assert desk.incident(1)["step"] == 3
    told = desk.told()
    desk.moved(1, on(14))
    assert desk.tick(at(9, 45))["lowered"] == 1
    assert desk.incident(1)["step"] == 1 and desk.told() == told


def test_an_assignment_resolves_and_says_to_whom(desk: Desk) -> None:
    desk.order(1, on(7), entered=at(8))
    desk.tick(at(11, 30))
    desk.assigned(1, at(11, 40))
    assert desk.tick(at(11, 45))["resolved"] == 1
    assert (desk.incident(1)["state"], desk.incident(1)["resolution"]) == ("resolved", "assigned: Joko")


def test_incomplete_basecamp_resolves_nothing_and_keeps_climbing(desk: Desk) -> None:
    desk.order(1, on(7), entered=at(8))
    desk.tick(at(9))
    desk.cleared(1, at(9, 10))
    desk.basecamp_read("incomplete", "a page was cut", at(9, 10))
    counts = desk.tick(at(9, 30))
    assert "resolved" not in counts and counts["stepped"] == 1
    mail = desk.messages()[-1]
    assert "Data Basecamp belum lengkap" in mail["body_text"] and "Data Basecamp belum lengkap" in mail["body_html"]


def test_a_visit_that_nobody_was_assigned_to_stays_open_and_silent_the_day_after(desk: Desk) -> None:
    desk.order(1, on(6), entered=at(8))
    desk.tick(at(9))
    desk.tick(at(20))
    desk.cleared(1, at(0, 0, on(7)))
    told = desk.told()
    desk.tick(at(11, 0, on(7)))
    assert (desk.incident(1)["state"], desk.incident(1)["step"]) == ("open", 5) and desk.told() == told


def test_a_dismissed_incident_opens_again_only_when_a_value_changes(desk: Desk) -> None:
    desk.order(1, on(12), entered=at(8))
    desk.tick(at(11, 30))
    desk.rows("update outputs.incidents set state = 'dismissed' returning 1")
    assert "reopened" not in desk.tick(at(12)) and desk.incident(1)["state"] == "dismissed"
    desk.moved(1, on(13))
    assert desk.tick(at(14, 30))["reopened"] == 1
    assert (desk.incident(1)["state"], desk.incident(1)["step"]) == ("open", 1)
    assert len(desk.rows("select * from outputs.incidents")) == 1


def test_a_snooze_is_silent_until_the_next_step(desk: Desk) -> None:
    desk.order(1, on(8), entered=at(8, 0, on(5)), seen=at(8, 0, on(5)))
    desk.tick(at(11, 30, on(5)))
    desk.rows("update outputs.incidents set state = 'snoozed', snoozed_until = %s returning 1", at(20, 0, on(9)))
    desk.tick(at(7, 45))
    assert desk.incident(1)["state"] == "snoozed"
    desk.tick(at(8))
    assert (desk.incident(1)["state"], desk.incident(1)["step"]) == ("open", 2)


def test_a_client_that_is_off_has_incidents_and_no_messages(warehouse_connection: Connection) -> None:
    desk = Desk.opened(warehouse_connection, [client(delivery="off")])
    desk.order(1, on(7), entered=at(8))
    desk.tick(at(11, 30))
    assert desk.incident(1)["step"] == 1 and desk.messages() == []


def test_what_a_gate_vetoes_neither_opens_nor_climbs(desk: Desk) -> None:
    desk.order(1, on(7), entered=at(8))
    desk.rows(
        "insert into ops.quality_runs values ('r', 'reconciliation.alertable', 'kopi', false, 'critical', 1, %s)"
        " returning 1",
        at(9),
    )
    assert desk.tick(at(11, 30)) == {}


def test_the_events_tell_the_whole_life(desk: Desk) -> None:
    desk.order(1, on(7), entered=at(8))
    desk.tick(at(8, 30))
    desk.tick(at(9))
    desk.assigned(1, at(9, 10))
    desk.tick(at(9, 15))
    events = desk.rows("select event, step, service_date, details from outputs.incident_events order by event_id")
    assert [(row["event"], row["step"]) for row in events] == [("opened", 1), ("step", 2), ("resolved", 2)]
    assert {row["service_date"] for row in events} == {on(7)} and events[2]["details"]["resolution"] == "assigned: Joko"


def test_a_visit_of_several_days_is_todays_until_its_last(desk: Desk) -> None:
    desk.order(1, on(5), entered=at(8, 0, on(5)), visible=True)
    desk.rows("update reconciliation.visits set service_date_end = %s returning 1", on(7))
    desk.tick(at(9))
    assert (desk.incident(1)["step"], desk.incident(1)["service_date"]) == (1, on(6))
    assert "[H-0]" in desk.messages()[0]["subject"]


def test_of_several_visits_the_earliest_one_to_come_sets_the_clock(desk: Desk) -> None:
    desk.order(1, on(5), entered=at(8, 0, on(1)))
    for n, day, status in ((2, 12, "requested"), (3, 9, "requested"), (4, 8, "done")):
        desk.rows(
            """
            insert into reconciliation.visits (line_key, order_id, n, client, service_date, status, without_order,
                without_row, first_seen_at, changed_at)
            values (%s, 1, %s, 'kopi', %s, %s, false, true, %s, %s) returning 1
            """,
            f"order:1/{n}", n, on(day), status, at(8), at(8),
        )  # fmt: skip
    desk.tick(at(11, 30))
    assert desk.incident(1)["service_date"] == on(9)


def test_a_project_that_is_not_whole_holds_its_own_client_and_no_other(warehouse_connection: Connection) -> None:
    desk = Desk.opened(warehouse_connection, [client(), client("teh", project=200)])
    for slug, project in (("kopi", 100), ("teh", 200)):
        desk.conn.execute("insert into staging.client_scopes values (%s, 'project', %s)", (slug, project))
    desk.order(1, on(7), entered=at(8))
    desk.order(2, on(7), entered=at(8), client="teh")
    desk.tick(at(9))
    desk.cleared(1, at(9, 10))
    desk.cleared(2, at(9, 10))
    desk.project_read(100, "incomplete", "Basecamp counts 7, read were 6", at(9, 10))
    assert desk.tick(at(9, 15))["resolved"] == 1
    assert (desk.incident(1)["state"], desk.incident(2)["state"]) == ("open", "resolved")
    desk.project_read(100, "complete", None, at(9, 30))
    assert desk.tick(at(9, 30))["resolved"] == 1
