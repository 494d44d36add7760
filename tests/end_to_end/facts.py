"""What a demo came to, without the numbers and moments that each run draws anew."""

import json
from collections import Counter
from typing import Any

from local.truth import Evidence
from local.truth.delivered import FOLDER_TYPE, children
from local.truth.told import posted

RELATIONS = {
    "orders": "select order_id, client, outlet, service_date, assigned, life_cycle, problems from staging.orders",
    "tracker rows": "select spreadsheet_id, sheet_id, row, service_date, outlet, status, order_ref"
    " from staging.tracker_rows",
    "quarantine": "select k.spreadsheet_id, k.sheet_id, k.row, q.field, q.reason from ops.quarantine as q"
    " join staging.tracker_row_keys as k using (row_key) where q.state = 'open'",
    "links": "select l.order_id, l.n, k.spreadsheet_id, k.sheet_id, k.row, l.rule, l.decision"
    " from reconciliation.links as l join staging.tracker_row_keys as k using (row_key)",
    "visits": "select order_id, n, client, month, outlet, service_date, services, status, technicians, disputed"
    " from reconciliation.visits",
    "findings": "select kind, order_id, n, client, service_date from reconciliation.findings where cleared_at is null",
    "incidents": "select kind, subject, state, step from outputs.incidents where subject like 'order:%%'",
    "recap": "select month, state, figures from outputs.recap_months",
    "recap lines": "select position, client, outlet_name, service_date, services, status, photos"
    " from outputs.recap_lines",
    "photos": "select attachment_id, order_id, original_sha256, sent_sha256, name, state from outputs.photos",
}


def facts(evidence: Evidence) -> dict[str, Any]:
    """Name → the sorted content of a relation, or what the twin holds."""
    told: dict[str, Any] = {
        name: sorted(json.dumps(row, default=str, sort_keys=True) for row in evidence.rows(statement))
        for name, statement in RELATIONS.items()
    }
    told["comments"] = dict(sorted(posted(evidence).items()))
    told["drive"] = sorted(
        path for client in evidence.clients.values() for path in _tree(evidence, client["drive_folder_id"])
    )
    tabs = evidence.google.sheets.spreadsheet(evidence.master_schedule_id, fields="sheets(properties(sheetId,title))")
    told["master schedule"] = {
        sheet["properties"]["sheetId"]: evidence.google.sheets.values_get(
            evidence.master_schedule_id, f"'{sheet['properties']['title']}'"
        )
        for sheet in tabs["sheets"]
    }
    return told


def mails(evidence: Evidence) -> Counter[tuple[str, str]]:
    """Receiver and subject of each mail that arrived."""
    return Counter((mail["to"][0], " ".join(mail["subject"].split())) for mail in evidence.mails)


def _tree(evidence: Evidence, folder: str, above: str = "") -> list[str]:
    paths = []
    for file in children(evidence, folder):
        path = f"{above}/{file['name']}"
        paths.append(path)
        if file["mimeType"] == FOLDER_TYPE:
            paths += _tree(evidence, file["id"], path)
    return paths
