"""The twin's ordinary world, with all its troubles, passes every gate: nobody is held, no source is marked."""

from typing import Any

from rekap.quality import gate, held
from rekap.reconciliation import reconcile
from rekap.sources import basecamp
from tests.unit.sources.sheets.conftest import Desk


def test_a_world_with_the_usual_troubles_holds_nobody_and_marks_no_source(desk: Desk) -> None:
    bench = desk.bench
    basecamp.fetch(bench.conn, bench.client(), bench.run())
    basecamp.stage(bench.conn, bench.run())
    desk.extract()
    counts: dict[str, Any] = {}
    for stage in ("raw", "staging"):
        counts[stage] = gate(bench.conn, bench.run(), stage, whole=True)
    reconcile(bench.conn, bench.run())
    counts["reconciliation"] = gate(bench.conn, bench.run(), "reconciliation")
    assert held(bench.conn) == {}
    assert [stage for stage, found in counts.items() if found["incomplete"] or found["held"]] == []
    assert counts["raw"]["failing"] == 0 and counts["reconciliation"]["failing"] == 0
