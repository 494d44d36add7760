"""Control, faults, mail and what happens while the twin runs."""

from __future__ import annotations

import json
import signal
import smtplib
import socket
import subprocess
import sys
import time
from email.message import EmailMessage
from typing import Any

import pytest
import requests

from sandbox.server import Twin
from tests.sandbox.basecamp.twin_client import Caller, control


def a_trouble(twin: Twin, kind: str) -> Any:
    return next(trouble.order for trouble in twin.world.troubles if trouble.kind == kind)


def subjects(twin: Twin, kind: str) -> set[str]:
    return {t["subject"] for t in control(twin, "GET", "truth")["troubles"] if t["kind"] == kind}


# --- truth and the log ----------------------------------------------------------------------------------------------


def test_the_truth_is_told_with_every_key_of_the_contract(reading: Twin) -> None:
    truth = control(reading, "GET", "truth")
    assert truth["now"] == "2026-10-06T11:30:00+07:00"
    assert set(truth) >= {"clients", "people", "orders", "rows", "troubles"}
    order = truth["orders"][0]
    assert set(order) >= {
        "order_id",
        "n",
        "client",
        "outlet",
        "services",
        "date",
        "time",
        "technicians",
        "status",
        "photos",
    }
    assert set(truth["rows"][0]) >= {"spreadsheet_id", "sheet_id", "row", "order_id", "n"}
    roles = {role for person in truth["people"] for role in person["roles"]}
    assert roles == {
        *(
            "technician",
            "pic",
            "am",
            "head_of_operations",
            "head_of_accounts",
            "manager",
            "engineer",
            "operator",
            "robot",
        )
    }
    assert sum(person["roles"] == ["robot"] for person in truth["people"]) == 1


def test_every_call_is_logged_by_its_route(writer: Caller) -> None:
    order = next(order for order in writer.twin.world.orders if order.order_id)
    writer.read(f"/buckets/{order.client.project_id}/todos/{order.order_id}.json")
    writer.call("GET", "/nowhere.json")
    last = control(writer.twin, "GET", "requests")[-2:]
    assert [(call["service"], call["method"], call["route"], call["status"]) for call in last] == [
        ("basecamp", "GET", "/todos/{id}", 200),
        ("basecamp", "GET", "/nowhere", 404),
    ]
    assert control(writer.twin, "DELETE", "requests") == []


# --- faults ---------------------------------------------------------------------------------------------------------


def test_a_fault_waits_for_its_turn_and_ends(writer: Caller) -> None:
    fault = {
        "service": "basecamp",
        "route": "/people",
        "status": 503,
        "after": 1,
        "times": 2,
        "headers": {"X-Why": "test"},
    }
    control(writer.twin, "POST", "faults", fault)
    answers = [writer.call("GET", "/people.json") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 503, 503, 200]
    assert answers[1].headers["X-Why"] == "test" and answers[1].json() == {"error": "Service Unavailable"}


def test_a_page_in_html_and_an_own_body_can_be_shown(writer: Caller) -> None:
    control(writer.twin, "POST", "faults", {"service": "basecamp", "kind": "html", "status": 502})
    answer = writer.call("GET", "/people.json")
    assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html; charset=utf-8")
    control(writer.twin, "POST", "faults", {"service": "*", "status": 200, "body": "[]"})
    assert writer.call("GET", "/people.json").json() == []


def test_a_time_out_answers_nothing(writer: Caller) -> None:
    control(writer.twin, "POST", "faults", {"service": "basecamp", "kind": "timeout", "seconds": 30})
    with pytest.raises(requests.Timeout):
        writer.get(f"{writer.base}/people.json", timeout=0.3)


def test_googles_origin_shows_faults_too(twin: Twin) -> None:
    twin.faults.add(service="sheets", route="/v4/spreadsheets/{spreadsheetId}", status=503)
    address = f"{twin['google']['sheets_url']}/v4/spreadsheets/{twin.world.master_schedule_id}"
    codes = [requests.get(address, timeout=10).status_code for _ in range(2)]
    assert codes == [503, 401]
    assert [call.status for call in twin.log.calls(service="sheets")] == codes


@pytest.mark.parametrize("fault", [{"service": "basecamp", "kind": "odd"}, {"service": "basecamp", "colour": 1}, {}])
def test_a_fault_that_nobody_can_show_is_refused(reading: Twin, fault: dict[str, Any]) -> None:
    answer = requests.post(f"{reading['control']}/_sandbox/faults", json=fault, timeout=10)
    assert answer.status_code == 400 and answer.json()["error"]


# --- mail -----------------------------------------------------------------------------------------------------------


def send(twin: Twin) -> None:
    message = EmailMessage()
    message["From"], message["To"] = "rekap@hawateduh.example", "sari@hawateduh.example"
    message["Subject"] = "[H-1] 2 order besok belum ada teknisi – Kopi"
    message["X-Rekap-Message"] = "m1"
    message.set_content("isi")
    message.add_alternative("<p>isi</p>", subtype="html")
    message.add_attachment(b"PK", maintype="application", subtype="zip", filename="Rekap 2026-09.xlsx")
    with smtplib.SMTP(twin["smtp"]["host"], twin["smtp"]["port"], timeout=10) as smtp:
        smtp.login("rekap", "secret")
        smtp.send_message(message)


def test_a_mail_is_kept_and_shown_parsed(twin: Twin) -> None:
    send(twin)
    [mail] = control(twin, "GET", "mail")
    assert (mail["from"], mail["to"]) == ("rekap@hawateduh.example", ["sari@hawateduh.example"])
    assert mail["subject"] == "[H-1] 2 order besok belum ada teknisi – Kopi"
    assert mail["text"].strip() == "isi" and "<p>isi</p>" in mail["html"]
    assert mail["headers"]["X-Rekap-Message"] == ["m1"] and mail["attachments"] == ["Rekap 2026-09.xlsx"]
    assert control(twin, "DELETE", "mail") == []


def test_a_mail_can_be_refused_or_taken_with_its_answer_lost(twin: Twin) -> None:
    twin.faults.add(service="smtp", status=451)
    with pytest.raises(smtplib.SMTPDataError) as refused:
        send(twin)
    assert refused.value.smtp_code == 451 and not twin.postbox.mails
    twin.faults.add(service="smtp", kind="applied_then_disconnect")
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        send(twin)
    assert len(twin.postbox.mails) == 1


# --- what happens ---------------------------------------------------------------------------------------------------


def happen(twin: Twin, **told: Any) -> Any:
    return control(twin, "POST", "world", told)


def test_assigning_a_technician_ends_the_trouble_and_an_account_manager_does_not(writer: Caller) -> None:
    order, twin = a_trouble(writer.twin, "unassigned"), writer.twin
    subject = f"order:{order.order_id}"
    before = writer.read(f"/todos/{order.order_id}")
    happen(twin, op="assign", order_id=order.order_id, person=order.client.am.code)
    assert subject in subjects(twin, "unassigned")
    technician = twin.world.staff.with_account[2]
    happen(twin, op="assign", order_id=order.order_id, person=technician.code)
    assert subject not in subjects(twin, "unassigned")
    after = writer.read(f"/todos/{order.order_id}")
    assert technician.basecamp_id in {person["id"] for person in after["assignees"]}
    assert after["description"] == before["description"] and after["updated_at"] > before["updated_at"]
    happen(twin, op="unassign", order_id=order.order_id)
    assert subject in subjects(twin, "unassigned")


def test_people_complete_trash_move_and_comment(writer: Caller) -> None:
    twin = writer.twin
    order = next(o for o in twin.world.orders if o.in_basecamp and o.status == "assigned")
    number = order.order_id
    happen(twin, op="reschedule", order_id=number, date="2026-10-16")
    assert writer.read(f"/todos/{number}")["due_on"] == "2026-10-16"
    [made] = happen(twin, op="comment", order_id=number, text="sudah OTW", by=order.client.am.code)
    assert writer.read(f"/comments/{made['comment_id']}")["creator"]["name"] == order.client.am.name
    happen(twin, op="complete", order_id=number)
    assert writer.read(f"/todos/{number}")["completed"]
    happen(twin, op="trash", order_id=number)
    assert writer.read(f"/todos/{number}")["status"] == "trashed"
    told = next(o for o in control(twin, "GET", "truth")["orders"] if o["order_id"] == number)
    assert (told["status"], told["life_cycle"], told["date"]) == ("cancelled", "trashed", "2026-10-16")


def test_a_tracker_can_be_edited_by_hand(twin: Twin) -> None:
    order = next(order for order in twin.world.orders if order.row)
    spreadsheet_id, sheet_id, row = order.row
    happen(twin, op="edit_cell", spreadsheet_id=spreadsheet_id, sheet_id=sheet_id, cell=f"L{row}", value="hubungi dulu")
    sheets = twin.world.spreadsheets[spreadsheet_id]["sheets"]
    rows = next(s for s in sheets if s["properties"]["sheetId"] == sheet_id)["data"][0]["rowData"]
    assert rows[row - 1]["values"][11]["formattedValue"] == "hubungi dulu"
    file = next(file for file in twin.world.drive_files if file["id"] == spreadsheet_id)
    assert file["modifiedTime"].startswith("2026-10-06T04:30:00")


def test_switches_and_the_clock_can_be_turned(writer: Caller) -> None:
    happen(writer.twin, op="switch", name="rate_limit", value=[1, 60])
    assert [writer.call("GET", "/people.json").status_code for _ in range(2)] == [200, 429]
    happen(writer.twin, op="set_now", now="2026-10-07T08:00:00+07:00")
    assert control(writer.twin, "GET", "truth")["now"] == "2026-10-07T08:00:00+07:00"
    happen(writer.twin, op="revoke_tokens")
    happen(writer.twin, op="switch", name="rate_limit", value=None)
    assert writer.call("GET", "/people.json").status_code == 401


@pytest.mark.parametrize(
    "told",
    [
        {"op": "dance"},
        {"op": "complete", "order_id": 1},
        {"op": "switch", "name": "gravity", "value": 0},
        {"op": "set_now", "now": "2026-10-05T08:00:00+07:00"},
        {"op": "edit_cell", "spreadsheet_id": "nope", "sheet_id": 1, "cell": "A1", "value": 1},
    ],
)
def test_what_cannot_happen_is_refused_with_a_reason(reading: Twin, told: dict[str, Any]) -> None:
    answer = requests.post(f"{reading['control']}/_sandbox/world", json=told, timeout=10)
    assert answer.status_code == 400 and len(answer.json()["error"]) > 10


# --- the process ----------------------------------------------------------------------------------------------------


def serve(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sandbox", "serve", "--clients", "5", "--orders-per-month", "8", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def free_ports(count: int) -> int:
    """A port with ``count - 1`` free ones after it."""
    for _ in range(50):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            first = int(probe.getsockname()[1])
        try:
            for port in range(first, first + count):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return first
    raise AssertionError("no run of free ports")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_process_prints_one_line_when_it_answers_and_ends_on_a_signal(number: signal.Signals) -> None:
    process = serve("--seed", "3")
    assert process.stdout is not None
    told = json.loads(process.stdout.readline())
    assert requests.get(f"{told['control']}/_sandbox/truth", timeout=10).json()["seed"] == 3
    assert set(told) == {"basecamp", "google", "smtp", "control"}
    assert set(told["google"]) >= {"sheets_url", "drive_url", "token_url", "service_account", "master_schedule_id"}
    assert told["google"]["service_account"]["token_uri"] == told["google"]["token_url"]
    assert set(told["basecamp"]) >= {"url", "token_url", "account_id", "client_id", "client_secret", "refresh_token"}
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (0, "", "")


def test_the_port_asked_for_is_controls_and_a_connection_outlives_a_restart() -> None:
    port = free_ports(5)
    lines = []
    for _ in range(2):
        process = serve("--seed", "3", "--port", str(port))
        assert process.stdout is not None
        lines.append(json.loads(process.stdout.readline()))
        process.terminate()
        process.communicate(timeout=20)
        time.sleep(0.05)
    assert lines[0]["control"].endswith(f":{port}")
    assert lines[0]["basecamp"] == lines[1]["basecamp"]


def test_a_value_it_cannot_serve_is_refused_in_one_sentence() -> None:
    process = serve("--seed", "3", "--clients", "2")
    _, err = process.communicate(timeout=20)
    assert process.returncode == 1 and err.count("\n") == 1 and "5 to 2000 clients" in err
