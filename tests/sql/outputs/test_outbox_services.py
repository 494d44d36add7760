"""The outbox through the real clients to the twin: a comment and its mention, a mail and its parts, lost answers."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from typing import Any

import pytest

from rekap.errors import TransientError
from rekap.services.basecamp import Basecamp
from rekap.services.smtp import Smtp
from rekap.warehouse import Connection
from sandbox import server
from tests.sql.outputs.desk import Desk, at, on, people


@pytest.fixture(scope="module")
def started() -> Iterator[server.Twin]:
    with server.start(5, clients=5, orders_per_month=20, rate_limit=None) as twin:
        yield twin


@pytest.fixture
def twin(started: server.Twin) -> Iterator[server.Twin]:
    """One twin for the file; each test takes to-dos of its own and leaves no fault behind."""
    started.postbox.clear()
    yield started
    started.faults.clear()


@pytest.fixture
def basecamp(twin: server.Twin) -> Basecamp:
    told = twin["basecamp"]
    return Basecamp.from_connection(
        {
            "host": told["url"], "login": told["client_id"], "password": told["client_secret"],
            "extra": {
                "account_id": str(told["account_id"]), "refresh_token": told["refresh_token"],
                "token_url": told["token_url"], "user_agent": "Rekap (data@rekap.example)",
            },
        },
        dsn="", per_10_s=1000,
    )  # fmt: skip


@pytest.fixture
def smtp(twin: server.Twin) -> Smtp:
    told = twin["smtp"]
    extra = {"from_email": "rekap@rekap.example", "disable_tls": True, "disable_ssl": True}
    return Smtp.from_connection({"host": told["host"], "port": told["port"], "extra": extra})


@pytest.fixture
def todo(basecamp: Basecamp) -> int:
    """An open to-do that clients cannot see, with nobody on it and no comment yet."""
    for row in basecamp.walk("/projects/recordings.json", {"type": "Todo"}):
        free = not row["assignees"] and not row["completed"] and not row["visible_to_clients"]
        if free and not row["comments_count"]:
            return int(row["id"])
    raise AssertionError("the world has no such to-do")


@pytest.fixture
def desk(warehouse_connection: Connection, basecamp: Basecamp) -> Desk:
    """The company's PIC is a person of the twin."""
    known = next(row for row in basecamp.walk("/people.json") if not row["client"])
    staff = [
        person.model_copy(update={"basecamp_id": known["id"]}) if person.code == "bayu" else person
        for person in people()
    ]
    desk = Desk.opened(warehouse_connection, staff=staff)
    desk.rows(
        "update staging.basecamp_people set attachable_sgid = %s where id = %s returning 1",
        known["attachable_sgid"], known["id"],
    )  # fmt: skip
    return desk


def thread(basecamp: Basecamp, todo: int) -> list[dict[str, Any]]:
    return basecamp.comments_of(todo)


def test_a_comment_reaches_its_thread_with_mention_and_reference(
    desk: Desk, basecamp: Basecamp, smtp: Smtp, todo: int
) -> None:
    desk.order(todo, on(7), entered=at(8), outlet='Kopi "Senja" & <b>BSD</b>')
    desk.tick(at(11, 30))
    assert desk.send(at(11, 30), basecamp, smtp) == {"comments": 1}
    (comment,) = thread(basecamp, todo)
    (message,) = desk.messages()
    assert f"Rekap #{message['message_id']}" in comment["content"] and "bc-attachment" in comment["content"]
    assert "&lt;b&gt;BSD&lt;/b&gt;" in comment["content"] and message["external_id"] == str(comment["id"])


@pytest.mark.parametrize(
    ("kind", "first"), [("applied_then_disconnect", {"unknown": 1}), ("applied_then_status", {"unknown": 1})]
)
def test_an_applied_comment_whose_answer_was_lost_is_found_again(
    desk: Desk, twin: server.Twin, basecamp: Basecamp, smtp: Smtp, todo: int, kind: str, first: dict[str, int]
) -> None:
    desk.order(todo, on(7), entered=at(8))
    desk.tick(at(11, 30))
    twin.faults.add(service="basecamp", route="POST /recordings/{id}/comments", kind=kind, status=502)
    assert desk.send(at(11, 30), basecamp, smtp) == first
    assert desk.send(at(11, 35), basecamp, smtp) == {"comments": 1}
    assert len(thread(basecamp, todo)) == 1


def test_a_comment_that_never_arrived_is_posted_in_the_next_run(
    desk: Desk, twin: server.Twin, basecamp: Basecamp, smtp: Smtp, todo: int
) -> None:
    desk.order(todo, on(7), entered=at(8))
    desk.tick(at(11, 30))
    twin.faults.add(service="basecamp", route="POST /recordings/{id}/comments", kind="status", status=429)
    with pytest.raises(TransientError):
        desk.send(at(11, 30), basecamp, smtp)
    assert desk.messages()[0]["state"] == "planned"
    assert desk.send(at(11, 35), basecamp, smtp) == {"comments": 1}
    assert len(thread(basecamp, todo)) == 1


def test_a_mail_arrives_once_with_text_html_and_message_id(
    desk: Desk, twin: server.Twin, basecamp: Basecamp, smtp: Smtp, todo: int
) -> None:
    desk.order(todo, on(7), entered=at(8), visible=True, outlet="Kopi Senja – BSD")
    desk.tick(at(11, 30))
    assert desk.send(at(11, 30), basecamp, smtp) == {"sent": 1}
    (arrived,) = twin.postbox.mails
    mail = message_from_bytes(arrived.content, policy=policy.default)
    assert mail["Subject"] == "[H-1] 1 order besok belum ada teknisi: Kopi Senja – BSD (10.00, cuci 3)"
    assert mail["Message-ID"] == desk.messages()[0]["external_id"]
    assert (
        mail["Message-ID"] is not None
        and mail.get_body(("plain",)) is not None
        and mail.get_body(("html",)) is not None
    )


def test_a_mail_whose_answer_was_lost_is_shown_as_unknown_and_not_sent_again(
    desk: Desk, twin: server.Twin, basecamp: Basecamp, smtp: Smtp, todo: int
) -> None:
    desk.order(todo, on(7), entered=at(8), visible=True)
    desk.tick(at(11, 30))
    twin.faults.add(service="smtp", route="DATA", kind="applied_then_disconnect")
    assert desk.send(at(11, 30), basecamp, smtp) == {"unknown": 1}
    assert desk.send(at(11, 35), basecamp, smtp) == {} and len(twin.postbox.mails) == 1
