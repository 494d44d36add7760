"""What follows from a verdict: rows go to quarantine and come back, clients are marked incomplete and whole again, and
messages of clients whose findings cannot be believed are held."""

from collections.abc import Mapping, Sequence
from typing import Any

from rekap import warehouse
from rekap.quality.naming import Named
from rekap.quality.registry import SUITES
from rekap.quality.rules import Suite
from rekap.run import Run

COLUMNS = ("row_key", "field", "reason", "rule", "severity")


def draw(
    connection: warehouse.Connection, run: Run, suite: Suite, named: Sequence[Named], *, month: str | None, rows: int
) -> dict[str, int]:  # fmt: skip
    """Set aside and mark what fails a critical rule of the suite, whose verdict is on record; call it in a transaction.
    `rows`: how many were judged. Returns counts."""
    if suite.quarantines:
        return _quarantine(connection, run, suite, named, rows)
    if suite.marks is None:
        return {}
    marking = [each.name for each in SUITES if each.marks == suite.marks]
    if suite.marks == "recap":
        return warehouse.count(
            connection, "40_outputs/quality_recap", {"suites": marking, "month": month, "run": run.id}
        )
    return warehouse.count(
        connection,
        "20_staging/quality_marks",
        {"source": suite.marks, "suites": marking, "mark": warehouse.MARK, "run": run.id, "now": run.now},
    )


def hold(connection: warehouse.Connection, run: Run, bound: Mapping[str, Any]) -> dict[str, int]:
    """After the last suite of the stage reconciliation: remember what is usual for those that passed. The view ops.held
    follows from the verdicts by itself. Returns how many clients are held."""
    warehouse.execute(connection, "30_reconciliation/quality_measures", bound)
    return {"held": len(held(connection))}


def held(connection: warehouse.Connection) -> dict[str, str]:
    """The clients whose messages are held, and why."""
    rows = connection.execute(
        "select client, string_agg(reason, '; ' order by suite) as reason from ops.held group by client order by client"
    )
    return {row["client"]: row["reason"] for row in rows}


def _quarantine(
    connection: warehouse.Connection, run: Run, suite: Suite, named: Sequence[Named], rows: int
) -> dict[str, int]:  # fmt: skip
    """Move rows that fail into ops.quarantine with all their reasons; close the reasons of rows that no longer do.
    Every row that was judged stands in the ledger: it stayed, or it is in quarantine."""
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
    moved = warehouse.count(
        connection,
        "20_staging/quality_quarantine",
        {"rules": [rule.id for rule in critical], "run": run.id, "now": run.now},
    )
    entry = warehouse.Entry(
        "gate staging", "staging", suite.relation, received=rows, unchanged=rows - moved["quarantined"],
        quarantined=moved["quarantined"],
    )  # fmt: skip
    warehouse.record(connection, run, entry)
    return moved
