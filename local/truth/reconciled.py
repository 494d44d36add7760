"""Links, the values that count, and findings."""

from local.truth.differences import Differences
from local.truth.evidence import Evidence

KINDS = ("unassigned", "missing_in_tracker", "missing_in_basecamp", "differs.status")


def check(evidence: Evidence, found: Differences) -> None:
    quarantined = set(evidence.troubles("quarantined"))
    true_pairs = {
        (f"order:{row['order_id']}/{row['n']}", address)
        for row in evidence.truth["rows"]
        if row["order_id"] is not None
        and (address := f"row:{row['spreadsheet_id']}/{row['sheet_id']}/{row['row']}") not in quarantined
    }
    links = evidence.rows(
        "select order_id, n, row_key from reconciliation.links where decision in ('accepted', 'confirmed')"
    )
    found.sets(
        "links",
        true_pairs,
        {(f"order:{link['order_id']}/{link['n']}", evidence.row_address.get(link["row_key"])) for link in links},
    )
    found.require("links", 1)
    _visits(evidence, found)
    for kind in KINDS:
        rows = evidence.rows("select subject from reconciliation.findings where kind = %s and cleared_at is null", kind)
        found.sets(f"findings {kind}", evidence.troubles(kind), {_subject(evidence, row["subject"]) for row in rows})
        found.require(f"findings {kind}", 1)


def _visits(evidence: Evidence, found: Differences) -> None:
    differing = set(evidence.troubles("differs.status"))
    visits = {row["line_key"]: row for row in evidence.rows("select * from reconciliation.visits")}
    without_order = {_subject(evidence, key) for key, row in visits.items() if row["without_order"]}
    found.sets("visits", evidence.visits, {key for key, row in visits.items() if not row["without_order"]})
    found.sets("visits without order", evidence.troubles("missing_in_basecamp"), without_order)
    for key, order in evidence.visits.items():
        row = visits.get(key)
        if row is None:
            continue
        expected = {
            "client": order["client"],
            "outlet": order["outlet"],
            "service_date": order["date"],
            "time_from": order["time"],
            "services": sorted(item["service"] for item in order["services"]),
            "technicians": sorted(order["technicians"]),
            "status": order["status"],
        }
        for name in order["unreadable"]:
            # What one source does not say, the other may: then the warehouse knows more than the order.
            expected.pop({"date": "service_date", "time": "time_from"}.get(name, name), None)
        if key in differing:
            expected.pop("status")
        shown = dict(row) | {
            "service_date": str(row["service_date"]) if row["service_date"] else None,
            "time_from": row["time_from"].strftime("%H:%M") if row["time_from"] else None,
            "services": sorted(item["service"] for item in row["services"]),
            "technicians": sorted(row["technicians"]),
        }
        found.fields("visits", key, expected, shown)


def _subject(evidence: Evidence, subject: str) -> str:
    if subject.startswith("row:"):
        return evidence.row_address.get(int(subject.removeprefix("row:")), subject)
    return subject
