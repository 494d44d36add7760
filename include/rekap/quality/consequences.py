"""What follows from a verdict: rows go to quarantine and come back, clients are marked incomplete and whole again."""

from collections.abc import Sequence

from rekap import warehouse
from rekap.quality.naming import Named
from rekap.quality.rules import Suite
from rekap.run import Run

MARK = "quality: "  # how the reasons begin that this gate wrote, and that it alone takes back
COLUMNS = ("row_key", "field", "reason", "rule", "severity")


def draw(connection: warehouse.Connection, run: Run, suite: Suite, named: Sequence[Named]) -> dict[str, int]:
    """Set aside and mark what fails a critical rule of the suite; call it in a transaction. Returns counts."""
    if suite.quarantines:
        return _quarantine(connection, run, suite, named)
    if suite.stage == "staging" and any(rule.scope == "client" for rule in suite.rules):
        return {"incomplete": _mark(connection, run, suite, named)}
    return {}


def _quarantine(connection: warehouse.Connection, run: Run, suite: Suite, named: Sequence[Named]) -> dict[str, int]:
    """Move rows that fail into ops.quarantine with all their reasons; close the reasons of rows that no longer do."""
    critical = [rule for rule in suite.rules if rule.scope == "row" and rule.severity == "critical"]
    warehouse.load(
        connection,
        "ops.quarantine",
        COLUMNS,
        (
            (int(one.key), rule.field, rule.reason, rule.id, rule.severity)
            for one in named
            for rule in critical
            if rule.id in one.observed
        ),
    )
    return warehouse.count(
        connection,
        "20_staging/quality_quarantine",
        {"rules": [rule.id for rule in critical], "run": run.id, "now": run.now},
    )


def _mark(connection: warehouse.Connection, run: Run, suite: Suite, named: Sequence[Named]) -> int:
    """Say that a client's tracker is incomplete, and that it is whole again when this gate had said so. What a reading
    itself found (revoked, renamed) is left alone: it says more."""
    critical = {rule.id for rule in suite.rules if rule.severity == "critical"}
    wrong = {
        one.client: "; ".join(told for rule, told in sorted(one.observed.items()) if rule in critical)
        for one in named
        if one.client and critical & one.observed.keys()
    }
    for row in warehouse.execute(connection, "20_staging/quality_completeness"):
        client, marked = row["client"], str(row["reason"] or "").startswith(MARK)
        if client in wrong and (row["state"] == "complete" or marked):
            warehouse.complete(connection, run, "sheets", client, "incomplete", MARK + wrong[client])
        elif client not in wrong and marked and row["state"] == "incomplete":
            warehouse.complete(connection, run, "sheets", client, "complete")
    return len(wrong)
