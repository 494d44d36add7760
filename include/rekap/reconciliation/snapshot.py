"""One pass over everything that is staged: links, then the values that count, then findings, in one snapshot."""

import logging

from rekap import warehouse
from rekap.reconciliation.findings import KINDS, find
from rekap.reconciliation.links import link
from rekap.run import Run

LOCK = 7_135_272  # any fixed number: two passes side by side would give one visit two rows
log = logging.getLogger(__name__)

__all__ = ["KINDS", "reconcile"]


def reconcile(connection: warehouse.Connection, run: Run) -> dict[str, int]:
    """Links, visits and findings of what is staged now, committed together or not at all.

    Run again, it changes nothing. Returns links by decision, visits, findings opened and cleared by kind
    (`opened_unassigned`, `cleared_differs_status`, …), and `changed`: how many links, visits and findings changed."""
    with warehouse.alone(connection, LOCK, "reconciling"), warehouse.repeatable_read(connection):
        links = link(connection, run.now)
        warehouse.execute(connection, "30_reconciliation/said")
        warehouse.execute(connection, "30_reconciliation/visits_candidate", {"zone": run.zone.key})
        visits = warehouse.count(connection, "30_reconciliation/visits", {"now": run.now})
        findings = find(connection, run)
    counts = {f"links_{decision}": links[decision] for decision in ("accepted", "confirmed", "review", "refused")}
    counts["visits"] = visits["visits"]
    for kind, kept in findings.items():
        name = kind.replace(".", "_")
        counts |= {f"opened_{name}": kept["opened"], f"cleared_{name}": kept["cleared"]}
    counts["changed"] = (
        links["changed"] + links["gone"] + visits["changed"] + visits["gone"]
        + sum(sum(kept.values()) for kept in findings.values())
    )  # fmt: skip
    log.info("reconciled: %s", counts)
    return counts
