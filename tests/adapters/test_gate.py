"""The gate as a task: green for what concerns one client, red at once for data, tried again for a rule that raised."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowFailException

from rekap.errors import TransientError
from rekap.warehouse import Connection
from rekap_airflow import failures
from tests.adapters.airflow_home import ROOT
from tests.sql.reconciliation.house import House

Runner = Callable[..., Any]


@pytest.fixture
def house(warehouse: Connection) -> House:
    return House(warehouse)


def states(run: Any) -> dict[str, str]:
    return {instance.task_id: str(instance.state) for instance in run.get_task_instances()}


def raised_by_gate(
    house: House, monkeypatch: pytest.MonkeyPatch, connections: None, stages: list[Any]
) -> BaseException:  # fmt: skip
    """What executing the operator raises."""
    from rekap_airflow import work
    from rekap_airflow.operators.gate import Gate

    class Of:
        dag_id = "probe_gate"

    monkeypatch.setattr(work, "get_current_context", lambda: {"dag": Of, "run_id": "r", "params": {}})
    with pytest.raises(Exception) as raised:
        Gate(task_id="gate", stages=stages).execute({})
    return raised.value


def test_rows_that_were_set_aside_and_warnings_leave_it_green_and_hand_on_counts_alone(
    run_probe: Runner, house: House
) -> None:
    house.order(1, None, units=None)
    house.row(11, units=999)
    run = run_probe("probe_gate")
    assert states(run) == {"gate": "success", "verdict": "success"}
    counts = next(ti for ti in run.get_task_instances() if ti.task_id == "gate").xcom_pull(task_ids="gate")
    assert counts["quarantined"] == 1 and all(isinstance(value, int) for value in counts.values())


def test_a_held_client_leaves_the_gate_green_and_the_verdict_red_by_its_name(
    run_probe: Runner, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(failures, "tell", lambda run, subject, text: not told.append(text))
    for number in range(1, 25):
        house.order(number, technicians=[])
    run = run_probe("probe_gate")
    assert states(run) == {"gate": "success", "verdict": "failed"}
    assert len(told) == 1 and "kopi (none of 24 open orders has a technician)" in told[0]


def test_data_that_cannot_be_used_fail_at_once(
    house: House, monkeypatch: pytest.MonkeyPatch, connections: None
) -> None:  # fmt: skip
    house.change("alter table staging.tracker_rows drop constraint tracker_rows_pkey cascade")
    house.row(1)
    house.change("insert into staging.tracker_rows select * from staging.tracker_rows")
    error = raised_by_gate(house, monkeypatch, connections, ["staging"])
    assert isinstance(error, AirflowFailException) and "key_not_unique (2 rows)" in str(error)


def test_a_rule_that_raised_is_tried_again(house: House, monkeypatch: pytest.MonkeyPatch, connections: None) -> None:
    house.change(
        "drop view ops.held, ops.client_measures; alter table reconciliation.links drop column decision cascade"
    )
    house.change("alter table reconciliation.links add column decision integer")
    error = raised_by_gate(house, monkeypatch, connections, ["reconciliation"])
    assert isinstance(error, TransientError) and "could not be evaluated" in str(error)


def test_making_the_operator_imports_nothing_heavy() -> None:
    script = """
import sys
from rekap_airflow.operators.gate import Gate
Gate(task_id="gate", stages=["raw"])
print([name for name in sys.modules if name.split(".")[0] in ("great_expectations", "pandas", "psycopg")])
"""
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True,
        env={"PYTHONPATH": f"{ROOT}/include:{ROOT}/plugins", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert told.stdout.splitlines()[-1] == "[]"
