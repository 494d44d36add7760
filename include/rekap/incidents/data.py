"""Broken is not quiet: an incident when a source could not be read whole twice in a row, and a word when it is back."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from psycopg.types.json import Jsonb

from rekap import warehouse
from rekap.channels import hours
from rekap.incidents import planning, wording_data
from rekap.incidents.planning import Draft, Envelope, Item
from rekap.run import Run

KIND = "data_incomplete"
FAILED_READS = 2
BROKEN, BACK = "incomplete", "back"


def tick(conn: warehouse.Connection, run: Run) -> Counter[str]:
    """Open, resolve and plan in the caller's transaction. A sheet is its AM's, Basecamp is the engineers' and the
    heads'. Counts: opened, resolved and those of `planning.plan`."""
    counts, items = Counter[str](), list[Item]()
    for source in warehouse.execute(conn, "40_outputs/incidents_data", {}):
        if source["incident_id"] is None and source["failed_in_row"] >= FAILED_READS:
            items += _opened(conn, run, source)
            counts["opened"] += 1
        elif source["incident_id"] is not None and not source["failed_in_row"]:
            items += _resolved(conn, run, source)
            counts["resolved"] += 1

    def write(envelope: Envelope) -> Draft | None:
        told = warehouse.execute(
            conn, "40_outputs/incidents_told", {"incidents": [incident for incident, _ in envelope.contents]}
        )
        by_id = {row["incident_id"]: row for row in told}
        news = [(by_id[incident]["details"], step) for incident, step in envelope.contents]
        person = run.config.register.person_by_code[envelope.person]
        return wording_data.mail(run, person, [each for each, _ in news], back=envelope.group == BACK)

    return counts + planning.plan(conn, run, KIND, items, write)


def _opened(conn: warehouse.Connection, run: Run, source: dict[str, Any]) -> list[Item]:
    details = {
        "source": source["source"], "client": source["client"], "client_name": source["client_name"],
        "spreadsheet_id": source["spreadsheet_id"], "reason": source["reason"],
        "since": source["incomplete_since"].isoformat(),
    }  # fmt: skip
    values = {
        "kind": KIND, "subject": source["subject"], "client": source["client"], "step": 1, "told_at": run.now,
        "service_date": None, "details": Jsonb(details), "now": run.now,
    }  # fmt: skip
    incident = warehouse.execute(conn, "40_outputs/incidents", values)[0]["incident_id"]
    _event(conn, run, incident, "opened", details)
    return _items(run, source, incident, BROKEN, _told(run, source))


def _resolved(conn: warehouse.Connection, run: Run, source: dict[str, Any]) -> list[Item]:
    """Who was told that it broke is told that it is back; who was not yet told never needs to know."""
    incident = source["incident_id"]
    details = source["details"] | {"back": run.now.isoformat()}
    values = {
        "incident": incident, "state": "resolved", "step": 1, "told_at": None, "service_date": None,
        "details": Jsonb(details), "resolution": "complete", "now": run.now,
    }  # fmt: skip
    warehouse.execute(conn, "40_outputs/incidents_changed", values)
    _event(conn, run, incident, "resolved", {"resolution": "complete"})
    know = []
    for row in warehouse.execute(conn, "40_outputs/messages_of_incident", {"incidents": [incident]}):
        if row["state"] == "planned" and row["delivery"] in {"live", "redirect"} and not row["shared"]:
            planning.withdraw(conn, row["message_id"], "it was read whole again before this left")
        elif row["state"] != "withdrawn":
            know.append(row["person"])
    return _items(run, source, incident, BACK, know)


def _items(run: Run, source: dict[str, Any], incident: int, step: str, told: Sequence[str]) -> list[Item]:
    delivery = source["delivery"] if source["client"] else run.config.settings.house.delivery
    items = []
    for code in told if delivery != "off" else ():
        person, at = hours.leaves(run, run.config.register.person_by_code[code], run.now, at_once=True)
        items.append(Item(incident, step, None, person.code, at, delivery, group=step))
    return items


def _told(run: Run, source: dict[str, Any]) -> list[str]:
    if source["client"]:
        return [source["am"]]
    register = run.config.register
    people = register.with_role("engineer") + register.with_role("head_of_operations")
    return list(dict.fromkeys(person.code for person in people))


def _event(conn: warehouse.Connection, run: Run, incident: int, event: str, details: dict[str, Any]) -> None:
    values = {
        "incident": incident, "event": event, "step": 1, "service_date": None, "details": Jsonb(details),
        "now": run.now,
    }  # fmt: skip
    warehouse.execute(conn, "40_outputs/incident_events", values)
