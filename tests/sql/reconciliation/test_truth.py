"""The seeded twin, read whole by the real clients, gated and reconciled: what comes out is what the twin wrote down."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from local import environment, register
from local.truth import Differences, Evidence, reconciled, staged
from rekap import settings
from rekap.quality import gate
from rekap.reconciliation import reconcile
from rekap.run import Run
from rekap.services.basecamp import Basecamp
from rekap.services.google import Google
from rekap.sources import basecamp, sheets
from rekap.sources import register as staged_register
from rekap.warehouse import Connection
from sandbox.server import start
from sandbox.world.truth import tell


@pytest.mark.parametrize("seed", [1, 23])
def test_a_seeded_world_reconciles_to_its_truth_and_a_second_pass_changes_nothing(
    warehouse_connection: Connection, tmp_path: Path, seed: int
) -> None:
    with start(seed, orders_per_month=60, rate_limit=None) as twin:
        truth = tell(twin.world)
        register.write(truth, twin["google"]["master_schedule_id"], "http://airflow.example", tmp_path)
        config = settings.load(tmp_path)
        connections = {name: json.loads(value) for name, value in environment.connections(twin).items()}
        orders = Basecamp.from_connection(connections["AIRFLOW_CONN_BASECAMP_DEFAULT"], per_10_s=100_000)
        google = Google.from_connection(connections["AIRFLOW_CONN_REKAP_GOOGLE"])

        def run(name: str) -> Run:
            return Run(name, datetime.fromisoformat(truth["now"]), config)

        staged_register.load(warehouse_connection, run("extract/1"))
        basecamp.fetch(warehouse_connection, orders, run("extract/1"))
        basecamp.stage(warehouse_connection, run("extract/1"))
        batches = sheets.changed(warehouse_connection, google, run("trackers/1"))
        for batch in batches:
            sheets.read(warehouse_connection, google, run("trackers/1"), batch)
    gated = gate(warehouse_connection, run("reconcile/1"), stage="staging")
    first = reconcile(warehouse_connection, run("reconcile/1"))
    assert (gated["quarantined"], gated["incomplete"]) == (0, 0)
    assert first["changed"] > 0

    found = Differences()
    evidence = Evidence(truth, [], [], warehouse_connection, google, "")
    staged.check(evidence, found)
    reconciled.check(evidence, found)
    assert found.told() == []

    before = _everything(warehouse_connection)
    gate(warehouse_connection, run("reconcile/2"), stage="staging")
    second = reconcile(warehouse_connection, run("reconcile/2"))
    assert second["changed"] == 0
    assert _everything(warehouse_connection) == before


def _everything(connection: Connection) -> list[list[dict[str, Any]]]:
    tables = ("links", "visits", "findings")
    rows = [connection.execute(f"select * from reconciliation.{name} order by 1, 2, 3").fetchall() for name in tables]
    connection.commit()
    return rows
