"""The outbox: at most once, within hours, and never where it must not."""

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest

from rekap import warehouse as rekap_warehouse
from rekap.channels import basecamp_comment, plan
from rekap.errors import PermanentError, Refused, TransientError, UnknownOutcome
from rekap.settings import House, Messages
from rekap.warehouse import Connection
from tests.sql.outputs.desk import Desk, at, client, on, people
from tests.sql.outputs.doubles import FakeBasecamp, FakeSmtp


def states(desk: Desk) -> list[str]:
    return [row["state"] for row in desk.messages()]


def mail(desk: Desk, key: str = "k", person: str = "ratih", **more: Any) -> int | None:
    given: dict[str, Any] = {"subject": "s", "text": "t", "html": "<p>h</p>", "delivery": "live", "not_before": at(9)}
    with desk.conn.transaction():
        return plan.mail(desk.conn, desk.run(at(9)), key=key, person=person, **(given | more))


def test_a_comment_is_posted_with_its_mention_and_its_reference(desk: Desk) -> None:
    desk.order(1, on(7), entered=at(8))
    desk.tick(at(11, 30))
    basecamp = FakeBasecamp()
    assert desk.send(at(11, 30), basecamp, FakeSmtp()) == {"comments": 1}
    (message,) = desk.messages()
    (comment,) = basecamp.threads[1]
    assert comment["content"] == (
        '<div><bc-attachment sgid="sgid-bayu"></bc-attachment> <strong>[H-1] 1 order besok belum ada teknisi: Outlet 1'
        " (10.00, cuci 3)</strong><br>Mohon tetapkan teknisi di to-do ini.</div>"
        f"<div>Rekap #{message['message_id']}</div>"
    )
    assert (message["state"], message["external_id"], message["sent_at"]) == ("sent", "1000", at(11, 30))


def test_a_second_run_sends_nothing(desk: Desk) -> None:
    desk.order(1, on(7), entered=at(8))
    desk.order(2, on(7), entered=at(8), visible=True)
    desk.tick(at(11, 30))
    basecamp, smtp = FakeBasecamp(), FakeSmtp()
    desk.send(at(11, 30), basecamp, smtp)
    for now in (at(11, 30), at(11, 35)):
        assert desk.send(now, basecamp, smtp) == {}
    assert basecamp.posted == [1] and smtp.to == ["bayu@rekap.example"]


def test_shadow_and_off_never_leave(warehouse_connection: Connection) -> None:
    desk = Desk.opened(warehouse_connection, [client(delivery="shadow")])
    desk.order(1, on(7), entered=at(8))
    desk.order(2, on(7), entered=at(8), visible=True)
    desk.tick(at(11, 30))
    mail(desk, delivery="off")
    basecamp, smtp = FakeBasecamp(), FakeSmtp()
    assert desk.send(at(12), basecamp, smtp) == {} and states(desk) == ["planned"] * 3
    assert basecamp.posted == [] and smtp.sent == []


def test_redirect_mails_everything_to_one_address_and_writes_no_comment(warehouse_connection: Connection) -> None:
    desk = Desk.opened(
        warehouse_connection, [client(delivery="redirect")], house={"redirect_to": "trial@rekap.example"}
    )
    desk.order(1, on(7), entered=at(8))
    desk.order(2, on(7), entered=at(8), visible=True)
    desk.tick(at(11, 30))
    basecamp, smtp = FakeBasecamp(), FakeSmtp()
    assert sum(desk.send(at(11, 30), basecamp, smtp).values()) == 2
    assert smtp.to == ["trial@rekap.example"] * 2 and basecamp.posted == []
    assert all(sent["Subject"].startswith("[Bayu] [H-1] 1 order besok") for sent in smtp.sent)
    bodies = [sent.get_body(("html",)).get_content() for sent in smtp.sent]
    assert all("bc-attachment" not in body and "https://basecamp.example/todos/" in body for body in bodies)


def test_redirect_without_an_address_says_so_and_holds_only_what_it_concerns(warehouse_connection: Connection) -> None:
    desk = Desk.opened(warehouse_connection, [client(delivery="redirect")])
    desk.order(1, on(7), entered=at(8), visible=True)
    desk.tick(at(11, 30))
    mail(desk)
    smtp = FakeSmtp()
    with pytest.raises(PermanentError, match=r"house\.redirect_to"):
        desk.send(at(11, 30), FakeBasecamp(), smtp)
    assert smtp.to == ["ratih@rekap.example"] and states(desk) == ["planned", "sent"]


def test_nothing_leaves_outside_office_hours(warehouse_connection: Connection) -> None:
    staff = [
        person.model_copy(update={"opens": at(9).time(), "days_off": (on(7),)}) if person.code == "ratih" else person
        for person in people()
    ]
    desk = Desk.opened(warehouse_connection, staff=staff)
    mail(desk, not_before=at(8, 0, on(5)))
    smtp = FakeSmtp()
    for now in (at(8, 59), at(20), at(12, 0, on(7))):
        assert desk.send(now, FakeBasecamp(), smtp) == {"held": 1}
    assert desk.send(at(9, 0, on(8)), FakeBasecamp(), smtp) == {"sent": 1}


def test_a_run_writes_only_so_many_comments_and_the_next_one_the_rest(warehouse_connection: Connection) -> None:
    desk = Desk.opened(warehouse_connection, messages=Messages(most_comments_a_run=2))
    for order in (1, 2, 3):
        desk.order(order, on(7), entered=at(8))
    desk.tick(at(11, 30))
    basecamp = FakeBasecamp()
    assert desk.send(at(11, 30), basecamp, FakeSmtp()) == {"comments": 2, "waiting": 1}
    assert desk.send(at(11, 30), basecamp, FakeSmtp()) == {"comments": 1}
    assert basecamp.posted == [1, 2, 3]


@pytest.mark.parametrize(
    ("todo", "reason"),
    [
        ({"status": "trashed"}, "trashed"),
        ({"completed": True}, "completed"),
        ({"assignees": [{"id": 5}]}, "assigned"),
    ],
)
def test_a_comment_that_the_live_to_do_no_longer_needs_is_withdrawn(
    desk: Desk, todo: dict[str, Any], reason: str
) -> None:
    desk.order(1, on(7), entered=at(8))
    desk.tick(at(11, 30))
    basecamp = FakeBasecamp({1: todo})
    assert desk.send(at(11, 30), basecamp, FakeSmtp()) == {"withdrawn": 1}
    assert basecamp.posted == [] and reason in desk.messages()[0]["error"]


def test_people_of_the_office_on_a_to_do_do_not_count_as_technicians(desk: Desk) -> None:
    desk.order(1, on(7), entered=at(8))
    desk.tick(at(11, 30))
    basecamp = FakeBasecamp({1: {"assignees": [{"id": 2}, {"id": 3}]}})
    assert desk.send(at(11, 30), basecamp, FakeSmtp()) == {"comments": 1}


def test_what_was_assigned_since_the_tick_is_not_sent(desk: Desk) -> None:
    desk.order(1, on(7), entered=at(8))
    desk.order(2, on(7), entered=at(8), visible=True)
    desk.tick(at(11, 30))
    desk.assigned(1, at(11, 31))
    desk.assigned(2, at(11, 31))
    smtp = FakeSmtp()
    assert desk.send(at(11, 35), FakeBasecamp(), smtp) == {"withdrawn": 2} and smtp.sent == []


def test_a_to_do_that_clients_can_see_by_now_is_told_by_mail(desk: Desk) -> None:
    desk.order(1, on(7), entered=at(8))
    desk.tick(at(11, 30))
    basecamp, smtp = FakeBasecamp({1: {"visible_to_clients": True}}), FakeSmtp()
    desk.send(at(11, 30), basecamp, smtp)
    desk.send(at(11, 35), basecamp, smtp)
    assert basecamp.posted == [] and smtp.to == ["bayu@rekap.example"] and states(desk) == ["withdrawn", "sent"]
    assert "https://basecamp.example/todos/1" in smtp.sent[0].get_body(("plain",)).get_content()


def test_a_to_do_that_says_nothing_of_clients_is_not_commented_on(desk: Desk) -> None:
    desk.order(1, on(7), entered=at(8))
    desk.tick(at(11, 30))

    class Silent(FakeBasecamp):
        def get(self, path: str) -> Any:
            return {name: value for name, value in super().get(path).items() if name != "visible_to_clients"}

    basecamp = Silent()
    desk.send(at(11, 30), basecamp, FakeSmtp())
    assert basecamp.posted == []


def test_a_comment_of_unknown_outcome_is_looked_for_before_it_is_posted_again(desk: Desk) -> None:
    desk.order(1, on(7), entered=at(8))
    desk.order(2, on(7), entered=at(8))
    desk.tick(at(11, 30))
    lost = FakeBasecamp(before=[UnknownOutcome("no answer")])
    applied = FakeBasecamp(after=[UnknownOutcome("no answer")])
    assert desk.send(at(11, 30), lost, FakeSmtp()) == {"unknown": 1, "comments": 1}
    desk.rows("update outputs.messages set state = 'planned', handed_over_at = null where order_id = 2 returning 1")
    assert desk.send(at(11, 35), applied, FakeSmtp())["unknown"] == 1
    assert desk.send(at(11, 40), applied, FakeSmtp())["comments"] >= 1
    assert sorted(applied.posted) == [1, 2] and set(states(desk)) == {"sent"}


def test_an_unknown_comment_stays_unknown_while_its_thread_cannot_be_read(desk: Desk) -> None:
    desk.order(1, on(7), entered=at(8))
    desk.tick(at(11, 30))
    basecamp = FakeBasecamp(after=[UnknownOutcome("no answer")])
    desk.send(at(11, 30), basecamp, FakeSmtp())

    class Away(FakeBasecamp):
        def comments_of(self, recording_id: int) -> list[dict[str, Any]]:
            raise TransientError("not now")

    with pytest.raises(TransientError):
        desk.send(at(11, 35), Away(), FakeSmtp())
    assert states(desk) == ["unknown"]
    assert desk.send(at(11, 40), basecamp, FakeSmtp()) == {"comments": 1} and basecamp.posted == [1]


def test_a_mail_of_unknown_outcome_stays_unknown_and_is_never_sent_again(desk: Desk) -> None:
    mail(desk)
    smtp = FakeSmtp(after=[UnknownOutcome("no answer")])
    assert desk.send(at(11), FakeBasecamp(), smtp) == {"unknown": 1}
    assert desk.send(at(11, 5), FakeBasecamp(), smtp) == {}
    assert len(smtp.sent) == 1 and states(desk) == ["unknown"] and "no answer" in desk.messages()[0]["error"]


def test_one_refused_address_fails_alone(desk: Desk) -> None:
    mail(desk, "a")
    mail(desk, "b", person="sinta")
    smtp = FakeSmtp(before=[Refused("550 no such user", 550)])
    assert desk.send(at(11), FakeBasecamp(), smtp) == {"failed": 1, "sent": 1}
    assert states(desk) == ["failed", "sent"]


def test_a_to_do_that_cannot_be_read_fails_with_its_reason(desk: Desk) -> None:
    desk.order(1, on(7), entered=at(8))
    desk.tick(at(11, 30))
    assert desk.send(at(11, 30), FakeBasecamp({1: {"status": "purged"}}), FakeSmtp()) == {"failed": 1}
    assert "404" in desk.messages()[0]["error"]


def test_a_mail_server_that_is_down_loses_nothing_and_holds_no_comment(desk: Desk) -> None:
    mail(desk, "a")
    mail(desk, "b", person="sinta")
    desk.order(1, on(7), entered=at(8))
    desk.tick(at(11, 30))
    basecamp, smtp = FakeBasecamp(), FakeSmtp(before=[TransientError("refused")])
    with pytest.raises(TransientError):
        desk.send(at(11, 30), basecamp, smtp)
    assert basecamp.posted == [1] and sorted(states(desk)) == ["planned", "planned", "sent"]
    assert desk.send(at(11, 35), basecamp, smtp) == {"sent": 2}


def test_a_refused_credential_stops_the_run_and_keeps_the_messages(desk: Desk) -> None:
    desk.order(1, on(7), entered=at(8))
    desk.tick(at(11, 30))
    with pytest.raises(PermanentError, match="consent again"):
        desk.send(at(11, 30), FakeBasecamp(reading=[PermanentError("consent again")]), FakeSmtp())
    assert states(desk) == ["planned"]


def test_a_person_without_address_is_named(desk: Desk) -> None:
    mail(desk, person="joko")
    assert desk.send(at(11), FakeBasecamp(), FakeSmtp()) == {"failed": 1}
    assert desk.messages()[0]["error"] == "'joko' has no e-mail: write it into clients.yaml"


def test_files_travel_with_the_mail(desk: Desk) -> None:
    content = b"PK workbook"
    sha = sha256(content).hexdigest()
    desk.rows(
        "insert into outputs.documents values (%s, 'a.xlsx', 'application/x', %s, %s) returning 1", sha, content, at(9)
    )
    mail(desk, documents=(sha,))
    mail(desk, "other", documents=("missing",))
    smtp = FakeSmtp()
    assert desk.send(at(11), FakeBasecamp(), smtp) == {"sent": 1, "failed": 1}
    (attached,) = smtp.sent[0].iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("a.xlsx", content)


def test_the_same_message_always_carries_the_same_message_id(desk: Desk) -> None:
    mail(desk)
    smtp = FakeSmtp()
    desk.send(at(11), FakeBasecamp(), smtp)
    desk.rows("update outputs.messages set state = 'planned', handed_over_at = null returning 1")
    desk.send(at(11), FakeBasecamp(), smtp)
    first, second = (sent["Message-ID"] for sent in smtp.sent)
    assert first == second == desk.messages()[0]["external_id"] and first.endswith("@rekap.example>")


def test_two_senders_at_once_never_send_the_same_message(desk: Desk, warehouse: str) -> None:
    mail(desk)
    with rekap_warehouse.connect(warehouse) as other:

        class Slow(FakeSmtp):
            def send(self, message: Any) -> None:
                rival = Desk(other, desk.config)
                assert rival.send(at(11), FakeBasecamp(), self) == {}
                super().send(message)

        smtp = Slow()
        desk.send(at(11), FakeBasecamp(), smtp)
    assert len(smtp.sent) == 1


class Kill(BaseException):
    """The process ends here."""


class Moments:
    """Kills at the n-th moment: before and after every statement and every effect."""

    def __init__(self, fatal: int) -> None:
        self.left = fatal

    def pass_by(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise Kill

    def around(self, function: Any) -> Any:
        def called(*args: Any, **kwargs: Any) -> Any:
            self.pass_by()
            result = function(*args, **kwargs)
            self.pass_by()
            return result

        return called


def killed_at(fatal: int, desk: Desk, dsn: str, basecamp: FakeBasecamp, smtp: FakeSmtp) -> bool:
    """Run a tick and the outbox in a process of their own that dies at that moment. Whether it died."""
    moments = Moments(fatal)
    connection = rekap_warehouse.connect(dsn)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rekap_warehouse, "execute", moments.around(rekap_warehouse.execute))
        patch.setattr(basecamp, "comment", moments.around(basecamp.comment))
        patch.setattr(smtp, "send", moments.around(smtp.send))
        mortal = Desk(connection, desk.config)
        try:
            mortal.tick(at(11, 30))
            mortal.send(at(11, 30), basecamp, smtp)
        except Kill:
            return True
        finally:
            connection.close()
    return False


def moments_of_death() -> Iterator[int]:
    """Every moment of an undisturbed run; it has fewer than this."""
    yield from range(1, 120)


def test_killed_at_any_moment_and_run_again_nothing_is_lost_and_nothing_comes_twice(desk: Desk, warehouse: str) -> None:
    for order in (1, 2):
        desk.order(order, on(7), entered=at(8))
    desk.order(3, on(7), entered=at(8), visible=True)
    deaths = 0
    for fatal in moments_of_death():
        desk.conn.execute(
            "truncate outputs.digests, outputs.message_items, outputs.messages, outputs.incident_events,"
            " outputs.incidents, ops.watermarks"
        )
        desk.conn.commit()
        basecamp, smtp = FakeBasecamp(), FakeSmtp()
        died = killed_at(fatal, desk, warehouse, basecamp, smtp)
        deaths += died
        for _ in range(2):
            desk.tick(at(11, 30))
            desk.send(at(11, 30), basecamp, smtp)
        assert basecamp.posted == [1, 2], fatal
        ends = {row["channel"]: row["state"] for row in desk.messages()}
        assert ends["basecamp_comment"] == "sent" and len(desk.messages()) == 3, fatal
        assert len(smtp.sent) == 1 or (ends["email"], smtp.sent) == ("unknown", []), fatal
        if not died:
            break
    assert deaths > 30 and not died, json.dumps({"deaths": deaths})


def test_the_reference_is_found_whole() -> None:
    thread = [{"id": 1, "content": "<div>Rekap #123</div>"}, {"id": 2, "content": "<div>Rekap #12</div>"}]
    assert basecamp_comment.posted(thread, 12) == 2 and basecamp_comment.posted(thread, 1) is None


def test_the_house_may_redirect_too(warehouse_connection: Connection) -> None:
    assert House(delivery="redirect", redirect_to="x@rekap.example").redirect_to
    desk = Desk.opened(warehouse_connection, house={"redirect_to": "trial@rekap.example"})
    mail(desk, delivery="redirect")
    smtp = FakeSmtp()
    desk.send(at(11), FakeBasecamp(), smtp)
    assert smtp.to == ["trial@rekap.example"]


def test_what_a_gate_holds_waits_and_what_is_about_others_leaves(warehouse_connection: Connection) -> None:
    desk = Desk.opened(warehouse_connection, [client(), client("ruko", project=200)])
    desk.order(1, on(7), entered=at(8))
    desk.order(2, on(7), entered=at(8), client="ruko")
    desk.tick(at(11, 30))
    desk.rows(
        "insert into ops.quality_runs values ('r', 'reconciliation.alertable', 'kopi', false, 'critical', 1, %s)"
        " returning 1",
        at(11, 30),
    )
    basecamp = FakeBasecamp()
    desk.send(at(11, 30), basecamp, FakeSmtp())
    assert sorted(basecamp.threads) == [2]
    desk.rows("update ops.quality_runs set success = true, worst = null returning 1")
    desk.send(at(11, 35), basecamp, FakeSmtp())
    assert sorted(basecamp.threads) == [1, 2]
