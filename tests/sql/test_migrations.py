"""The way to the newest revision: once, twice, side by side, refused; and what the tables themselves hold to."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg.types.json import Jsonb

from local.environment import ROOT
from local.postgres import Server, free_port
from rekap import warehouse as w

NOW = datetime(2026, 10, 6, 4, 30, tzinfo=UTC)
SCHEMAS = ("ops", "raw", "staging", "reconciliation", "outputs")


@pytest.fixture
def empty(postgres: Server, tmp_path: Path) -> Iterator[str]:
    """The DSN of a database in which nothing was made yet."""
    name = f"empty_{abs(hash(tmp_path))}"
    yield postgres.create(name)
    postgres.drop(name)


def start(*arguments: str, dsn: str | None) -> "subprocess.Popen[str]":
    environment = {"PYTHONPATH": str(ROOT / "include"), "PATH": "/usr/bin:/bin"}
    if dsn is not None:
        environment["REKAP_WAREHOUSE"] = dsn
    return subprocess.Popen(
        [sys.executable, "-m", "rekap.warehouse", *arguments],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def head() -> str:
    return max(path.name[:4] for path in (w.SQL / "00_migrations" / "versions").glob("*.sql"))


def test_two_processes_that_migrate_at_once_both_end_well_at_the_newest_revision(empty: str) -> None:
    both = [start("migrate", dsn=empty) for _ in range(2)]
    told = [(*process.communicate(timeout=120), process.returncode) for process in both]
    assert told == [(f"warehouse is at revision {head()}\n", "", 0)] * 2
    with w.connect(empty) as connection:
        found = connection.execute(
            "select distinct table_schema as name from information_schema.tables where table_schema = any(%s)",
            (list(SCHEMAS),),
        ).fetchall()
    assert {row["name"] for row in found} == set(SCHEMAS)


def test_migrating_again_changes_nothing_and_keeps_the_rows(warehouse: str) -> None:
    with w.connect(warehouse) as connection:
        connection.execute("insert into ops.rate_limits values ('key', %s, 1)", (NOW,))
    assert w.migrate(warehouse) == head()
    with w.connect(warehouse) as connection:
        assert connection.execute("select used from ops.rate_limits").fetchall() == [{"used": 1}]


@pytest.mark.parametrize("arguments", [(), ("downgrade",), ("migrate", "twice")])
def test_anything_but_migrate_is_a_wrong_use(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert w.main(arguments) == 2
    assert capsys.readouterr().err == "usage: python -m rekap.warehouse migrate\n"


@pytest.mark.parametrize("kind", ["none", "nobody answers", "no such database", "no DSN at all"])
def test_a_warehouse_that_cannot_be_reached_is_refused_with_one_sentence(
    kind: str, postgres: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    dsn = {
        "none": "",
        "nobody answers": f"postgresql://airflow:secret@127.0.0.1:{free_port()}/rekap",
        "no such database": postgres.dsn("there_is_none"),
        "no DSN at all": "postgresql//secret",
    }[kind]
    monkeypatch.setenv("REKAP_WAREHOUSE", dsn)
    assert w.main(["migrate"]) == 1
    printed = capsys.readouterr()
    assert "REKAP_WAREHOUSE" in printed.err
    assert "Traceback" not in printed.err
    assert "secret" not in printed.err
    assert printed.out == ""


def test_a_decision_is_never_changed_or_taken_back(warehouse_connection: w.Connection) -> None:
    insert = (
        "insert into reconciliation.decisions (kind, identity, decided_by, decided_at)"
        " values ('confirmed', %s, 'sinta', %s)"
    )
    warehouse_connection.execute(insert, (Jsonb({"order_id": 1, "row_key": 2}), NOW))
    warehouse_connection.commit()
    for statement in (
        "update reconciliation.decisions set kind = 'refused'",
        "delete from reconciliation.decisions",
    ):
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            warehouse_connection.execute(statement)
        warehouse_connection.rollback()


def test_the_table_itself_refuses_a_ledger_that_does_not_balance(warehouse_connection: w.Connection) -> None:
    with pytest.raises(psycopg.errors.CheckViolation, match="ledger_balances"):
        warehouse_connection.execute(
            "insert into ops.run_ledger (run_id, step, source, relation, received, loaded, recorded_at)"
            " values ('r', 's', 'x', 'y', 3, 2, %s)",
            (NOW,),
        )


def test_every_table_has_a_key(warehouse_connection: w.Connection) -> None:
    found = warehouse_connection.execute(
        """
        select t.table_schema || '.' || t.table_name as name from information_schema.tables as t
        where t.table_schema = any(%s) and t.table_type = 'BASE TABLE' and not exists (
            select from information_schema.table_constraints as c
            where c.table_schema = t.table_schema and c.table_name = t.table_name and c.constraint_type = 'PRIMARY KEY'
        )
        """,
        (list(SCHEMAS),),
    ).fetchall()
    assert found == []
