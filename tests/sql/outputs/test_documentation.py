"""Photos from the to-dos into the clients' folders, through the real clients against the twin."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from local import environment, register
from rekap import documentation, reconciliation, settings
from rekap.run import Run
from rekap.services.basecamp import Basecamp
from rekap.services.google import Google
from rekap.sources import basecamp as orders
from rekap.sources import register as staged_register
from rekap.warehouse import Connection
from sandbox.server import Twin, start
from sandbox.world.truth import tell


@pytest.fixture
def twin() -> Iterator[Twin]:
    with start(4, clients=6, orders_per_month=40, rate_limit=None) as running:
        yield running


class Office:
    """A warehouse that has read and reconciled the twin's Basecamp, and clients for both services."""

    def __init__(self, conn: Connection, twin: Twin, folder: Path) -> None:
        self.conn, self.twin = conn, twin
        self.truth = tell(twin.world)
        register.write(self.truth, twin["google"]["master_schedule_id"], "http://airflow.example", folder)
        self.config = settings.load(folder)
        told = {name: json.loads(value) for name, value in environment.connections(twin).items()}
        self.basecamp = Basecamp.from_connection(told["AIRFLOW_CONN_BASECAMP_DEFAULT"], per_10_s=100_000)
        self.google = Google.from_connection(told["AIRFLOW_CONN_REKAP_GOOGLE"])
        staged_register.load(conn, self.run("extract"))
        orders.fetch(conn, self.basecamp, self.run("extract"))
        orders.stage(conn, self.run("extract"))
        reconciliation.reconcile(conn, self.run("reconcile"))

    def run(self, name: str) -> Run:
        return Run(f"{name}/1", datetime.fromisoformat(self.truth["now"]), self.config)

    def deliver(self) -> dict[str, int]:
        return documentation.deliver(self.conn, self.basecamp, self.google, self.run("deliver"))

    def expected(self) -> Counter[tuple[int, str]]:
        """(order, first half of the photo's sha256) that must stand in Drive, each once."""
        wanted = {
            client["slug"]
            for client in self.truth["clients"]
            if client["documentation"] == "drive" and client["delivery"] == "live"
        }
        return Counter(
            (order["order_id"], photo[:32])
            for order in self.truth["orders"]
            if order["client"] in wanted and order["life_cycle"] != "trashed"
            for photo in set(order["photos"])
        )

    def in_drive(self) -> Counter[tuple[int, str]]:
        listing = self.google.drive.files("trashed = false", "id,name,mimeType,appProperties,parents")
        return Counter(
            (int(file["appProperties"]["rekap_order"]), file["appProperties"]["rekap_photo"])
            for file in listing.files
            if "rekap_photo" in file.get("appProperties", {})
        )

    def folders(self) -> list[tuple[str, str]]:
        listing = self.google.drive.files(
            "mimeType = 'application/vnd.google-apps.folder' and trashed = false", "id,name,parents,appProperties"
        )
        return [(file["parents"][0], file["name"]) for file in listing.files if file.get("appProperties")]


@pytest.fixture
def office(warehouse_connection: Connection, twin: Twin, tmp_path: Path) -> Office:
    return Office(warehouse_connection, twin, tmp_path)


def test_every_photo_reaches_its_client_once_and_a_second_run_uploads_nothing(office: Office) -> None:
    expected = office.expected()
    assert len(expected) > 20
    assert office.deliver()["uploaded"] == len(expected)
    assert office.in_drive() == expected
    calls = len(office.twin.log.calls())
    assert office.deliver()["due"] == 0
    assert len(office.twin.log.calls()) == calls


@pytest.mark.parametrize("where", ["generate_ids", "create_folder", "upload"])
@pytest.mark.parametrize("applied", [True, False], ids=["after it was applied", "before it was applied"])
def test_a_delivery_that_is_killed_goes_on_without_a_double(
    office: Office, monkeypatch: pytest.MonkeyPatch, where: str, applied: bool
) -> None:
    """Killed at every third call of one kind, until a run ends by itself."""
    real: Callable[..., Any] = getattr(office.google.drive, where)
    calls = 0

    def killed(*given: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls % 3:
            return real(*given, **named)
        if applied:
            real(*given, **named)
        raise KeyboardInterrupt

    monkeypatch.setattr(type(office.google.drive), where, lambda self, *given, **named: killed(*given, **named))
    for _ in range(200):
        try:
            office.deliver()
            break
        except KeyboardInterrupt:
            office.conn.rollback()
    assert office.in_drive() == office.expected()
    assert [name for name, times in Counter(office.folders()).items() if times > 1] == []


def test_a_client_whose_folder_cannot_be_used_fails_alone(office: Office) -> None:
    from sandbox.google import world_ops

    client = next(c for c in office.truth["clients"] if c["documentation"] == "drive" and c["delivery"] == "live")
    with office.twin.lock:
        world_ops.trash_file(office.twin.google, client["drive_folder_id"])
    counts = office.deliver()
    own = {order["order_id"] for order in office.truth["orders"] if order["client"] == client["slug"]}
    others = Counter({key: n for key, n in office.expected().items() if key[0] not in own})
    assert counts["clients_failed"] == 1
    assert office.in_drive() == others


def test_what_is_no_picture_is_refused_with_its_reason_and_not_asked_for_again(office: Office) -> None:
    office.conn.execute(
        "update staging.attachments set content_type = 'image/jpeg' where content_type not like 'image/%%'"
    )
    office.conn.commit()
    counts = office.deliver()
    refused = office.conn.execute("select reason from outputs.photos where state = 'refused'").fetchall()
    office.conn.commit()
    assert counts["refused"] == len(refused) > 0
    assert {row["reason"] for row in refused} == {"not_an_image"}
    assert office.deliver()["due"] == 0


def test_a_client_in_shadow_gets_no_file(office: Office) -> None:
    office.conn.execute("update staging.clients set delivery = 'shadow'")
    office.conn.commit()
    assert office.deliver()["due"] == 0
    assert office.in_drive() == Counter()
