"""Disagreements and broken rules: each kind is found by its own file of SQL, all are kept in the same way."""

from rekap import warehouse
from rekap.run import Run

KINDS = {
    "unassigned": "findings_unassigned",
    "missing_in_tracker": "findings_missing_in_tracker",
    "missing_in_basecamp": "findings_missing_in_basecamp",
    "differs.status": "findings_differs_status",
}


def find(connection: warehouse.Connection, run: Run) -> dict[str, dict[str, int]]:
    """Bring reconciliation.findings in line with the visits. Call it inside the transaction of the pass.

    Returns for each kind how many were opened (new or returned), changed and cleared."""
    warehouse.execute(connection, "30_reconciliation/complete")
    warehouse.execute(connection, "30_reconciliation/found")
    bound = {"today": run.today, "zone": run.zone.key}
    for relation in KINDS.values():
        warehouse.execute(connection, f"30_reconciliation/{relation}", bound)
    kept = warehouse.execute(connection, "30_reconciliation/findings", {"now": run.now, "kinds": list(KINDS)})
    return {row["kind"]: {name: row[name] for name in ("opened", "changed", "cleared")} for row in kept}
