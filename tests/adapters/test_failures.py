"""An engineer hears of each cause once, and once when it is over; by a real SMTP server."""

import json
import os
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from airflow.sdk.exceptions import AirflowFailException

from local.postgres import free_port
from rekap.errors import TransientError
from rekap.services.kept_tokens import Kept
from rekap.warehouse import Connection
from rekap_airflow import notifier
from rekap_airflow.failures import cause_of
from rekap_airflow.hooks.basecamp import BasecampHook
from rekap_airflow.hooks.warehouse import WarehouseHook

Runner = Callable[..., Any]


class Box:
    """What arrived; refuses everything while `closed`."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.closed = False

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:
        if self.closed:
            return "451 come back later"
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]  # the modern policy makes EmailMessage
        return "250 taken"


@pytest.fixture
def box(connections: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Box]:
    box = Box()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    extra = {"from_email": "rekap@contoh.example", "disable_tls": True, "disable_ssl": True}
    told = {"conn_type": "smtp", "host": "127.0.0.1", "port": controller.port, "extra": extra}
    monkeypatch.setenv("AIRFLOW_CONN_REKAP_SMTP", json.dumps(told))
    yield box
    controller.stop()


class Failed:
    """What a callback is given of a task instance."""

    def __init__(self, task_id: str, dag_id: str = "extract_basecamp", run_id: str = "manual__1") -> None:
        self.task_id, self.dag_id, self.run_id = task_id, dag_id, run_id


def fail(task_id: str, error: BaseException | None, **instance: str) -> None:
    notifier.task_failed({"ti": Failed(task_id, **instance), "exception": error})


def test_a_refused_credential_is_told_once_and_once_when_it_is_over(run_probe: Runner, box: Box) -> None:
    for _ in range(2):
        assert run_probe("probe_producer", changed=[0], permanent=[0]).state == "failed"
    assert [mail["Subject"] for mail in box.mails] == ["[Rekap] probe_producer: task read failed"]
    assert box.mails[0]["To"] == "data@contoh.example"
    assert "connection 'basecamp_default' is refused at step 0: make a new token." in box.mails[0].get_content()
    for _ in range(2):
        assert run_probe("probe_producer", changed=[0]).state == "success"
    assert [mail["Subject"] for mail in box.mails[1:]] == ["[Rekap] probe_producer runs again"]
    assert run_probe("probe_producer", changed=[0], permanent=[0]).state == "failed"
    assert len(box.mails) == 3, "a cause that comes back is told again"


def test_the_same_sentence_with_other_numbers_is_the_same_cause(box: Box) -> None:
    fail("fetch", TransientError("page 3 of 17 answered 503"))
    fail("stage", TransientError("page 4 of 17 answered 503"))
    fail("fetch", TransientError("the warehouse does not answer"))
    fail("fetch", TransientError("page 3 of 17 answered 503"), dag_id="extract_trackers")
    assert [mail["Subject"] for mail in box.mails] == [
        "[Rekap] extract_basecamp: task fetch failed",
        "[Rekap] extract_basecamp: task fetch failed",
        "[Rekap] extract_trackers: task fetch failed",
    ]
    assert cause_of(AirflowFailException("order 12: no")) == "order #: no"


def test_a_killed_task_has_no_exception_and_is_told_too(box: Box) -> None:
    fail("fetch", None)
    assert "killed or its worker was lost" in box.mails[0].get_content()


def test_a_late_run_is_told(box: Box) -> None:
    notifier.run_late({"dag_run": {"dag_id": "send_messages", "dag_run_id": "scheduled__1"}}, limit="0:30:00")
    assert box.mails[0]["Subject"] == "[Rekap] send_messages: a run is late"
    assert "0:30:00" in box.mails[0].get_content()


def test_a_mail_that_could_not_leave_is_tried_again_at_the_next_failure(box: Box, warehouse: Connection) -> None:
    box.closed = True
    fail("fetch", TransientError("no answer"))
    assert box.mails == []
    box.closed = False
    fail("fetch", TransientError("no answer"))
    assert len(box.mails) == 1
    [row] = warehouse.execute("select times, told_at from ops.failures").fetchall()
    assert row["told_at"] is not None


def test_a_dead_warehouse_is_told_once_although_it_remembers_what_was_told(
    run_probe: Runner, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("AIRFLOW_CONN_REKAP_WAREHOUSE", "postgresql://airflow@127.0.0.1:9/none")
        fail("fetch", TransientError("the warehouse does not answer"))
        fail("send", TransientError("the warehouse does not answer"), dag_id="send_messages")
    assert [mail["Subject"] for mail in box.mails] == ["[Rekap] the warehouse does not answer"]
    assert run_probe("probe_producer", changed=[0]).state == "success"
    assert [mail["Subject"] for mail in box.mails[1:]] == ["[Rekap] the warehouse answers again"]


def test_a_callback_never_raises(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setenv("REKAP_CONFIG", "/nowhere")
    fail("fetch", TransientError("no answer"))
    assert "extract_basecamp: task fetch failed, and no engineer could be told" in caplog.text


def test_a_mail_server_that_is_down_does_not_turn_a_good_run_red(run_probe: Runner, box: Box) -> None:
    assert run_probe("probe_producer", changed=[0], permanent=[0]).state == "failed"
    box.closed = True
    assert run_probe("probe_producer", changed=[0]).state == "success"
    box.closed = False
    assert run_probe("probe_producer", changed=[0]).state == "success"
    assert [mail["Subject"] for mail in box.mails[1:]] == ["[Rekap] probe_producer runs again"]


def test_a_refresh_token_that_was_replaced_is_told_once_and_once_when_the_connection_was_stored_anew(
    run_probe: Runner, box: Box, warehouse: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = BasecampHook().client(WarehouseHook().dsn, 49).access.shelf
    assert shelf is not None
    shelf.write(warehouse, Kept("access", "another refresh token"), rotated=True)
    warehouse.commit()
    for _ in range(2):
        run = run_probe("probe_consent")
        assert run.state == "failed", "red until an engineer has repaired it"
        assert {ti.state for ti in run.get_task_instances() if ti.task_id != "verdict"} == {"success"}
    [mail] = box.mails
    assert mail["Subject"] == "[Rekap] probe_consent: task verdict failed"
    assert "run `make connect-basecamp`" in mail.get_content().replace("\n", " ")
    connection = json.loads(os.environ["AIRFLOW_CONN_BASECAMP_DEFAULT"])
    connection["extra"]["refresh_token"] = "what the command printed"
    monkeypatch.setenv("AIRFLOW_CONN_BASECAMP_DEFAULT", json.dumps(connection))
    assert run_probe("probe_consent").state == "success"
    assert [mail["Subject"] for mail in box.mails[1:]] == ["[Rekap] probe_consent runs again"]
