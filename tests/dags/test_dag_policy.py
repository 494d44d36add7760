"""What holds for every DAG, whatever it does."""

import ast
import io
import json
import os
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.serialization.serialized_objects import DagSerialization

from local import initialise, installation
from rekap_airflow import policy
from tests.adapters.airflow_home import ROOT
from tests.dags.conftest import EXPECTED

FILES = sorted((ROOT / "dags").glob("*.py"))
HEAVY = ("pandas", "great_expectations", "googleapiclient", "gspread", "matplotlib", "requests", "PIL")
SIDE_BY_SIDE = {"close_month": 12}


def test_every_file_holds_the_one_dag_of_its_name(bag: DagBag) -> None:
    assert {path.stem for path in FILES} == EXPECTED
    assert {Path(dag.fileloc).stem: dag_id for dag_id, dag in bag.dags.items()} == {name: name for name in EXPECTED}


def test_every_dag_says_its_kind_its_stages_and_how_to_repair_it(bag: DagBag) -> None:
    stages = {"raw", "staging", "reconciliation", "outputs"}
    for dag in bag.dags.values():
        kinds = dag.tags & {"now", "interval"}
        assert len(kinds) == 1, dag.dag_id
        assert dag.tags - kinds and dag.tags - kinds <= stages, dag.dag_id
        assert f"Kind: {kinds.pop()}." in (dag.doc_md or ""), dag.dag_id
        assert "to repair" in " ".join((dag.doc_md or "").lower().split()), dag.dag_id


def test_every_dag_runs_once_at_a_time_unless_it_waits_for_people(bag: DagBag) -> None:
    assert {dag_id: dag.max_active_runs for dag_id, dag in bag.dags.items()} == {
        dag_id: SIDE_BY_SIDE.get(dag_id, 1) for dag_id in EXPECTED
    }
    assert not any(dag.catchup for dag in bag.dags.values())


def test_every_task_has_an_owner_retries_that_back_off_and_a_voice(bag: DagBag) -> None:
    for dag in bag.dags.values():
        assert dag.deadline, dag.dag_id
        for task in dag.tasks:
            where = f"{dag.dag_id}.{task.task_id}"
            assert task.owner == policy.OWNER, where
            assert task.retries and task.retry_exponential_backoff and task.max_retry_delay, where
            assert task.retry_policy is not None, where
            assert task.on_failure_callback, where


def test_tasks_use_only_pools_that_the_bootstrap_creates(bag: DagBag) -> None:
    used = {task.pool for dag in bag.dags.values() for task in dag.tasks}
    assert used == {"default_pool", *policy.POOLS}
    assert set(installation.POOLS) == set(initialise.POOLS) == set(policy.POOLS)


def test_nothing_needs_a_triggerer(bag: DagBag) -> None:
    for dag in bag.dags.values():
        for alert in dag.deadline if isinstance(dag.deadline, list) else [dag.deadline]:
            assert type(alert.callback).__name__ == "SyncCallback", dag.dag_id
        assert not [task.task_id for task in dag.tasks if getattr(task, "deferrable", False)]


def test_every_dag_ends_in_a_verdict_that_runs_whatever_happened(bag: DagBag) -> None:
    for dag in bag.dags.values():
        assert [task.task_id for task in dag.leaves] == ["verdict"], dag.dag_id
        assert dag.get_task("verdict").trigger_rule == "all_done", dag.dag_id


def test_every_dag_survives_the_metadata_database(bag: DagBag) -> None:
    for dag in bag.dags.values():
        again = DagSerialization.deserialize_dag(DagSerialization.serialize_dag(dag))
        assert again.task_ids == dag.task_ids
        assert again.deadline, dag.dag_id


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_dag_file_is_wiring_of_at_most_60_lines(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    ignored = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    doc = ast.parse(source).body[0]
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in ignored:
            lines.update(range(token.start[0], token.end[0] + 1))
    lines -= set(range(doc.lineno, (doc.end_lineno or doc.lineno) + 1))
    assert 10 < len(lines) <= 60


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_dag_file_ends_in_one_chain(path: Path) -> None:
    [block] = [node for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.With)]
    last = block.body[-1]
    assert isinstance(last, ast.Expr) and isinstance(last.value, ast.Call)
    assert isinstance(last.value.func, ast.Name) and last.value.func.id == "chain"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_dag_file_imports_airflow_and_its_adapters_and_no_other_dag(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    everywhere = {name for node in ast.walk(tree) for name in _imported(node)}
    at_top = {name for node in tree.body for name in _imported(node)}
    assert not {name.partition(".")[0] for name in everywhere} & (EXPECTED | {"dags"})
    allowed = ("airflow.sdk", "rekap_airflow", "pendulum")
    assert [
        name
        for name in at_top
        if not name.startswith(allowed) and name.partition(".")[0] not in sys.stdlib_module_names
    ] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_dag_file_asks_nothing_when_it_is_parsed(path: Path) -> None:
    called = [
        ast.unparse(node.func)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    ]
    assert called and not [name for name in called if name.startswith(("Variable.", "Connection.", "BaseHook.", "os."))]


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [name.name for name in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


@pytest.mark.parametrize("now", ["", "2026-10-06T11:30:00+07:00"], ids=["by the clock", "clock stands still"])
def test_parsing_opens_no_connection_and_loads_nothing_heavy(now: str, record_property: object) -> None:
    """In a process of its own: what other tests imported must not hide an import here."""
    program = f"""
import json, socket, sys
opened = []
def refuse(self, address): opened.append(str(address)); raise OSError("no network while parsing")
socket.socket.connect = refuse
from airflow.dag_processing.dagbag import DagBag
before = set(sys.modules)
bag = DagBag({str(ROOT / "dags")!r})
print(json.dumps({{
    "dags": sorted(bag.dags), "errors": bag.import_errors, "opened": opened,
    "heavy": sorted(name for name in {HEAVY!r} if name in sys.modules and name not in before),
    "seconds": sum(stat.duration.total_seconds() for stat in bag.dagbag_stats),
}}))
"""
    environment = dict(os.environ) | {"PYTHONPATH": os.pathsep.join([str(ROOT / "include"), str(ROOT / "plugins")])}
    environment = {name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}
    if now:
        environment["REKAP_NOW"] = now
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    print(f"parsing all DAGs took {told.pop('seconds'):.3f} s")
    assert told == {"dags": sorted(EXPECTED), "errors": {}, "opened": [], "heavy": []}
