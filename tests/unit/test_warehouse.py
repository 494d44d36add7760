"""The warehouse's promises: rows in = rows out, a watermark with its rows, values bound and kept as they are."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import psycopg
import pytest

from local.postgres import Server
from rekap import warehouse as w
from rekap.errors import PermanentError, TransientError
from rekap.run import Run
from rekap.settings import Config, Register, Service, Settings

NOW = datetime(2026, 10, 6, 4, 30, tzinfo=UTC)
REGISTER = Register(people=(), clients=(), services=(Service(code="other", minutes_per_unit=60),))
RUN = Run("extract_basecamp/1", NOW, Config(Settings(), REGISTER))
LEDGER = "select received, loaded, skipped, skipped_reasons, recorded_at from ops.run_ledger"


def rows(connection: w.Connection, statement: str) -> list[dict[str, Any]]:
    found = connection.execute(statement).fetchall()
    connection.commit()
    return found


def test_no_dsn_is_refused_with_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REKAP_WAREHOUSE", raising=False)
    with pytest.raises(PermanentError, match="no warehouse: set REKAP_WAREHOUSE or the Airflow connection"):
        w.connect()


def test_a_dsn_that_is_none_is_a_matter_for_a_person_and_is_not_repeated() -> None:
    with pytest.raises(PermanentError, match="REKAP_WAREHOUSE") as error:
        w.connect("postgresql//secret")
    assert "secret" not in str(error.value)


def test_a_server_that_does_not_answer_is_tried_again_later() -> None:
    with pytest.raises(TransientError, match="rekap_warehouse"):
        w.connect("postgresql://airflow@127.0.0.1:1/rekap")


@pytest.mark.parametrize(("user", "database"), [("nobody", "postgres"), ("airflow", "there_is_none")])
def test_a_user_or_database_that_the_server_does_not_know_is_a_matter_for_a_person(
    postgres: Server, user: str, database: str
) -> None:
    with pytest.raises(PermanentError, match=r"connection 'rekap_warehouse'.* refuses: .*does not exist"):
        w.connect(f"postgresql://{user}:secret@127.0.0.1:{postgres.port}/{database}")


def test_sessions_run_in_utc(warehouse_connection: w.Connection) -> None:
    assert rows(warehouse_connection, "show timezone") == [{"TimeZone": "UTC"}]


def test_a_ledger_that_lost_rows_stops_the_step_and_nothing_of_it_is_kept(warehouse_connection: w.Connection) -> None:
    entry = w.Entry("stage orders", "basecamp", "staging.orders", received=10, loaded=8, skipped={"no client": 1})
    with (
        pytest.raises(PermanentError, match=r"does not balance: basecamp → staging\.orders received 10"),
        warehouse_connection.transaction(),
    ):
        w.move_watermark(warehouse_connection, RUN, "basecamp", "todo active", "2026-10-06")
        w.complete(warehouse_connection, RUN, "basecamp", "account", "complete")
        w.record(warehouse_connection, RUN, entry)
    for relation in ("ops.run_ledger", "ops.watermarks", "ops.completeness"):
        assert rows(warehouse_connection, f"select 1 from {relation}") == []


def test_a_step_that_runs_again_replaces_its_line(warehouse_connection: w.Connection) -> None:
    entry = w.Entry("stage orders", "basecamp", "staging.orders", received=3, loaded=3)
    w.record(warehouse_connection, RUN, entry)
    again = w.Entry("stage orders", "basecamp", "staging.orders", received=5, unchanged=3, skipped={"a": 1, "b": 1})
    later = replace(RUN, now=NOW + timedelta(minutes=1))
    w.record(warehouse_connection, later, again)
    assert rows(warehouse_connection, LEDGER) == [
        {"received": 5, "loaded": 0, "skipped": 2, "skipped_reasons": {"a": 1, "b": 1}, "recorded_at": later.now}
    ]


def test_another_run_has_lines_of_its_own(warehouse_connection: w.Connection) -> None:
    for run in (RUN, replace(RUN, id="extract_basecamp/2")):
        w.record(warehouse_connection, run, w.Entry("stage orders", "basecamp", "staging.orders"))
    assert len(rows(warehouse_connection, LEDGER)) == 2


def test_a_watermark_moves_with_its_transaction_or_not_at_all(warehouse_connection: w.Connection) -> None:
    assert w.watermark(warehouse_connection, "basecamp", "todo active") is None
    with warehouse_connection.transaction():
        w.move_watermark(warehouse_connection, RUN, "basecamp", "todo active", "one")
    with pytest.raises(KeyboardInterrupt), warehouse_connection.transaction():
        w.move_watermark(warehouse_connection, RUN, "basecamp", "todo active", "two")
        raise KeyboardInterrupt
    assert w.watermark(warehouse_connection, "basecamp", "todo active") == "one"


def test_the_last_word_about_a_scope_in_a_run_counts_and_comes_last(warehouse_connection: w.Connection) -> None:
    w.complete(warehouse_connection, RUN, "sheets", "kopi", "complete", counted=9)
    w.complete(warehouse_connection, RUN, "sheets", "ruko", "complete")
    w.complete(warehouse_connection, RUN, "sheets", "kopi", "incomplete", "not shared")
    found = rows(warehouse_connection, "select scope, state, reason, counted from ops.completeness order by read_no")
    assert found == [
        {"scope": "ruko", "state": "complete", "reason": None, "counted": None},
        {"scope": "kopi", "state": "incomplete", "reason": "not shared", "counted": None},
    ]


SPECIAL = "a\tb\nc\\d 'e' \"f\" %s %(x)s \\N é 漢 🙂 ; drop table x; --"
COLUMNS = ("row_key", "client", "service_date", "time_from", "units", "technicians", "note", "content_sha256")


def test_what_is_loaded_is_what_was_given(warehouse_connection: w.Connection) -> None:
    given = [
        (1, "kopi", date(2026, 10, 8), time(10), 3, ["joko", 'a "quoted", name', ""], SPECIAL, "sha"),
        (2, SPECIAL, None, None, None, [], None, ""),
    ]
    with warehouse_connection.transaction():
        assert w.load(warehouse_connection, "staging.tracker_rows", COLUMNS, iter(given)) == 2
        found = warehouse_connection.execute("select * from load_tracker_rows order by row_key").fetchall()
    assert [tuple(row[name] for name in COLUMNS) for row in found] == given


def test_a_record_is_loaded_as_json(warehouse_connection: w.Connection) -> None:
    payload = {"title": SPECIAL, "nested": [{"a": None}, 1.5, True], "at": NOW}
    columns = ("kind", "id", "content_sha256", "payload")
    with warehouse_connection.transaction():
        w.load(warehouse_connection, "raw.basecamp_items", columns, [("todo", 1, "sha", payload)])
        (found,) = warehouse_connection.execute("select payload from load_basecamp_items").fetchall()
    assert found["payload"] == {**payload, "at": str(NOW)}


def test_loading_again_replaces_what_was_loaded_and_leaves_nothing_behind(warehouse_connection: w.Connection) -> None:
    columns = ("source", "scope", "value", "run_id")
    with warehouse_connection.transaction():
        w.load(warehouse_connection, "ops.watermarks", columns, [("a", "b", "c", "d")] * 3)
        assert w.load(warehouse_connection, "ops.watermarks", columns, []) == 0
        assert warehouse_connection.execute("select 1 from load_watermarks").fetchall() == []
    with pytest.raises(psycopg.errors.UndefinedTable):
        warehouse_connection.execute("select 1 from load_watermarks")
    warehouse_connection.rollback()
    assert rows(warehouse_connection, "select 1 from ops.watermarks") == []


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give the next call this text in place of a file."""

    def say(text: str) -> None:
        monkeypatch.setattr(w, "statement", lambda relation: text)

    return say


def test_a_file_of_several_statements_ends_in_the_rows_of_the_last(
    warehouse_connection: w.Connection, said: Any
) -> None:
    said(
        "-- a remark\ncreate temporary table t on commit drop as select %(text)s::text as a, '100 %%' as b;\n"
        "insert into t values (%(text)s, %(text)s);\nselect count(*) as n, min(b) as b from t where a = %(text)s;"
    )
    with warehouse_connection.transaction():
        assert w.execute(warehouse_connection, "any", {"text": "it's; 5 %"}) == [{"n": 2, "b": "100 %"}]


def test_a_file_that_returns_nothing_gives_no_rows_and_no_counts(warehouse_connection: w.Connection, said: Any) -> None:
    said("select 1 as a; create temporary table t (a int) on commit drop;")
    with warehouse_connection.transaction():
        assert w.execute(warehouse_connection, "any") == []
    said("select 2::bigint as a, null as b")
    with warehouse_connection.transaction():
        assert w.count(warehouse_connection, "any") == {"a": 2, "b": 0}


def test_a_value_never_becomes_part_of_the_statement(warehouse_connection: w.Connection, said: Any) -> None:
    said("select %(text)s::text as a")
    evil = "x'); drop table ops.watermarks; --"
    assert w.execute(warehouse_connection, "any", {"text": evil}) == [{"a": evil}]
    assert rows(warehouse_connection, "select 1 from ops.watermarks") == []


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(PermanentError, match=r"sql/20_staging/nothing\.sql"):
        w.statement("20_staging/nothing")


def test_one_pass_sees_one_state_of_the_warehouse(warehouse_connection: w.Connection, warehouse: str) -> None:
    marks = "select count(*) as n from ops.watermarks"
    with w.connect(warehouse) as other, w.repeatable_read(warehouse_connection):
        before = warehouse_connection.execute(marks).fetchone()
        with other.transaction():
            w.move_watermark(other, RUN, "basecamp", "todo active", "one")
        assert warehouse_connection.execute(marks).fetchone() == before == {"n": 0}
    assert rows(warehouse_connection, marks) == [{"n": 1}]
    assert rows(warehouse_connection, "show transaction_isolation") == [{"transaction_isolation": "read committed"}]


def test_readings_and_reconciliations_do_not_wait_for_each_other_nor_for_migrations() -> None:
    from rekap import incidents
    from rekap.reconciliation import snapshot
    from rekap.sources.basecamp import reading

    assert len({w.MIGRATION_LOCK, snapshot.LOCK, reading.LOCK, incidents.LOCK}) == 4


def test_who_works_alone_keeps_others_with_the_same_lock_out_until_the_end(warehouse: str) -> None:
    free = "select pg_try_advisory_lock(%s) as mine"
    with w.connect(warehouse) as first, w.connect(warehouse) as second:
        with w.alone(first, 42, "testing"):
            assert second.execute(free, (42,)).fetchall() == [{"mine": False}]
        assert second.execute(free, (42,)).fetchall() == [{"mine": True}]
