"""The warehouse: connections, SQL files by their path, bulk loads by COPY, the ledger, and migrations.

Functions take a psycopg connection; commands read `REKAP_WAREHOUSE`. Values are bound, never written into SQL.
"""

import json
import logging
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb, set_json_dumps

from rekap.errors import PermanentError, RekapError, TransientError
from rekap.run import Run

SQL = Path(__file__).resolve().parents[1] / "sql"
MARK = "quality: "  # how the reasons of incompleteness begin that a gate wrote, and that gates alone take back
MIGRATION_LOCK = 7_135_271  # any fixed number: two migrations of one database must not run side by side
log = logging.getLogger(__name__)

Connection = psycopg.Connection[dict[str, Any]]
Opened = TypeVar("Opened")
NAMED: dict[str, Any] = {"application_name": "rekap", "connect_timeout": 10}
REFUSED = re.compile(r"authentication failed|(role|database) \S+ does not exist|no pg_hba\.conf entry")
set_json_dumps(lambda value: json.dumps(value, ensure_ascii=False, default=str, sort_keys=True))


def connect(dsn: str | None = None) -> Connection:
    """A connection whose sessions run in UTC and whose rows are dicts; `dsn` defaults to REKAP_WAREHOUSE.
    Raises PermanentError for what a person must correct and TransientError when the server does not answer."""
    return _opened(dsn, lambda told: psycopg.connect(told, row_factory=dict_row, options="-c timezone=UTC", **NAMED))


def _opened(dsn: str | None, opening: Callable[[str], Opened]) -> Opened:
    dsn = dsn or os.environ.get("REKAP_WAREHOUSE")
    if not dsn:
        raise PermanentError("no warehouse: set REKAP_WAREHOUSE or the Airflow connection 'rekap_warehouse'.")
    try:
        return opening(dsn)
    except psycopg.ProgrammingError:  # its text quotes the address, which holds a password
        raise PermanentError(
            "the warehouse's address (REKAP_WAREHOUSE or connection 'rekap_warehouse') cannot be read; write it like"
            " postgresql://USER:PASSWORD@HOST:5432/DATABASE."
        ) from None
    except psycopg.OperationalError as error:
        if REFUSED.search(str(error)):
            raise PermanentError(
                f"the warehouse (REKAP_WAREHOUSE or connection 'rekap_warehouse') refuses: {error}; correct user,"
                " password or database there."
            ) from error
        raise TransientError(
            f"the warehouse (REKAP_WAREHOUSE or connection 'rekap_warehouse') does not answer: {error}"
        ) from error


@cache
def statement(relation: str) -> str:
    """The text of `include/sql/RELATION.sql`, such as `20_staging/orders`."""
    path = SQL / f"{relation}.sql"
    if not path.is_file():
        raise PermanentError(
            f"there is no {path.relative_to(SQL.parent)}: the relation's file is missing from the installation."
        )
    return path.read_text(encoding="utf-8")


def execute(connection: Connection, relation: str, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """Run the SQL file of a relation with bound values; the rows of its last statement, if it returns any."""
    # The server binds values for one statement at a time; this cursor binds them here, quoted by psycopg, for a file.
    with psycopg.ClientCursor(connection, row_factory=dict_row) as cursor:
        cursor.execute(statement(relation), parameters)
        while cursor.nextset():
            pass
        return cursor.fetchall() if cursor.description else []


def count(connection: Connection, relation: str, parameters: Mapping[str, Any] | None = None) -> dict[str, int]:
    """Run a SQL file that ends in one row of counts."""
    rows = execute(connection, relation, parameters)
    return {name: int(value or 0) for name, value in rows[0].items()} if rows else {}


def load(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """COPY rows into the temporary table `load_NAME`, shaped like `SCHEMA.NAME` but without its constraints, emptied
    first; the SQL file of the relation merges it. Returns the number of rows. Lives until the transaction ends."""
    schema, name = table.split(".")
    target = sql.Identifier(f"load_{name}")
    connection.execute(
        sql.SQL("create temporary table if not exists {} on commit drop as select {} from {} limit 0").format(
            target, sql.SQL(", ").join(map(sql.Identifier, columns)), sql.Identifier(schema, name)
        )
    )
    connection.execute(sql.SQL("truncate {}").format(target))
    loaded = 0
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    with connection.cursor().copy(sql.SQL("copy {} ({}) from stdin").format(target, names)) as copy:
        for row in rows:
            copy.write_row([Jsonb(value) if isinstance(value, dict) else value for value in row])
            loaded += 1
    return loaded


@dataclass
class Entry:
    """One line of the ledger: received = unchanged + loaded + quarantined + skipped + repeated."""

    step: str
    source: str
    relation: str
    received: int = 0
    unchanged: int = 0
    loaded: int = 0
    quarantined: int = 0
    repeated: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    source_count: int | None = None

    @property
    def balance(self) -> int:
        return self.received - (
            self.unchanged + self.loaded + self.quarantined + self.repeated + sum(self.skipped.values())
        )


def record(connection: Connection, run: Run, entry: Entry) -> None:
    """Write a line of the ledger; run again, it replaces the line. Raises PermanentError when rows were lost."""
    if entry.balance:
        raise PermanentError(
            f"the ledger of {entry.step} does not balance: {entry.source} → {entry.relation} received {entry.received},"
            f" unchanged {entry.unchanged}, loaded {entry.loaded}, quarantined {entry.quarantined},"
            f" skipped {entry.skipped}, repeated {entry.repeated}. Nothing of this step was kept; report it."
        )
    connection.execute(
        """
        insert into ops.run_ledger as l (run_id, step, source, relation, received, unchanged, loaded, quarantined,
            skipped, repeated, skipped_reasons, source_count, recorded_at)
        values (%(run)s, %(step)s, %(source)s, %(relation)s, %(received)s, %(unchanged)s, %(loaded)s, %(quarantined)s,
            %(skipped)s, %(repeated)s, %(reasons)s, %(source_count)s, %(now)s)
        on conflict (run_id, step, source, relation) do update set
            (received, unchanged, loaded, quarantined, skipped, repeated, skipped_reasons, source_count, recorded_at)
            = (excluded.received, excluded.unchanged, excluded.loaded, excluded.quarantined, excluded.skipped,
               excluded.repeated, excluded.skipped_reasons, excluded.source_count, excluded.recorded_at)
        """,
        {
            "run": run.id, "step": entry.step, "source": entry.source, "relation": entry.relation,
            "received": entry.received, "unchanged": entry.unchanged, "loaded": entry.loaded,
            "quarantined": entry.quarantined, "skipped": sum(entry.skipped.values()), "repeated": entry.repeated,
            "reasons": Jsonb(entry.skipped), "source_count": entry.source_count, "now": run.now,
        },
    )  # fmt: skip
    log.info(
        "%s: %s → %s received %d, loaded %d", entry.step, entry.source, entry.relation, entry.received, entry.loaded
    )


def complete(
    connection: Connection, run: Run, source: str, scope: str, state: str, reason: str | None = None,
    counted: int | None = None, expected: int | None = None,
) -> None:  # fmt: skip
    """Say whether a scope of a source (`basecamp`, `sheets`) was read whole: complete, incomplete or unknown. A gate's
    mark outlives a reading that went well, until a gate takes it back: otherwise each reading would say that all is
    well, and the next gate that it is not."""
    connection.execute(
        """
        with latest as (
            select c.state, c.reason from ops.completeness as c
            where c.source = %(source)s and c.scope = %(scope)s
            order by c.checked_at desc, c.read_no desc limit 1
        ),
        mark as (
            select l.state, l.reason from latest as l
            where %(state)s = 'complete' and l.state = 'incomplete' and starts_with(l.reason, %(mark)s)
        )
        insert into ops.completeness (source, scope, run_id, state, reason, counted, expected, checked_at)
        select
            %(source)s, %(scope)s, %(run)s, coalesce(m.state, %(state)s), coalesce(m.reason, %(reason)s),
            %(counted)s::bigint, %(expected)s::bigint, %(now)s::timestamptz
        from (values (1)) as one left join mark as m on true
        on conflict (source, scope, run_id) do update set
            (state, reason, counted, expected, checked_at, read_no)
            = (excluded.state, excluded.reason, excluded.counted, excluded.expected, excluded.checked_at, default)
        """,
        {
            "source": source, "scope": scope, "run": run.id, "state": state, "reason": reason,
            "counted": counted, "expected": expected, "now": run.now, "mark": MARK,
        },
    )  # fmt: skip


def watermark(connection: Connection, source: str, scope: str) -> str | None:
    """Where the last committed walk of a scope ended, or None before the first."""
    row = connection.execute(
        "select value from ops.watermarks where source = %s and scope = %s", (source, scope)
    ).fetchone()
    return row["value"] if row else None


def move_watermark(connection: Connection, run: Run, source: str, scope: str, value: str) -> None:
    """Move a watermark; call it in the transaction that holds the rows it stands for."""
    connection.execute(
        """
        insert into ops.watermarks (source, scope, value, run_id, moved_at) values (%s, %s, %s, %s, %s)
        on conflict (source, scope) do update set (value, run_id, moved_at)
            = (excluded.value, excluded.run_id, excluded.moved_at)
        """,
        (source, scope, value, run.id, run.now),
    )


def drop_watermark(connection: Connection, source: str, scope: str) -> None:
    """Forget a watermark; there may be none."""
    connection.execute("delete from ops.watermarks where source = %s and scope = %s", (source, scope))


@contextmanager
def alone(connection: Connection, lock: int, what: str) -> Iterator[None]:
    """Nobody else who takes the same lock works on this warehouse until this ends or its process dies; `what` names the
    work in the log of whoever waits. Ends the transaction before and after."""
    connection.commit()
    found = connection.execute("select pg_try_advisory_lock(%s) as mine", (lock,)).fetchone()
    if not (found and found["mine"]):
        log.info("another step is %s: waiting for it.", what)
        connection.execute("select pg_advisory_lock(%s)", (lock,))
    connection.commit()
    try:
        yield
    finally:
        if not connection.closed:
            connection.rollback()
            connection.execute("select pg_advisory_unlock(%s)", (lock,))
            connection.commit()


@contextmanager
def repeatable_read(connection: Connection) -> Iterator[Connection]:
    """One transaction that sees one state of the warehouse from beginning to end."""
    connection.commit()
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    try:
        with connection.transaction():
            yield connection
    finally:
        connection.isolation_level = None


def migrate(dsn: str | None = None) -> str:
    """Bring the warehouse to the newest revision, forward only, and say which it is. Safe to start twice at once.
    Raises as `connect` does."""
    from alembic import command
    from alembic.config import Config as AlembicConfig
    from sqlalchemy import create_engine, text

    settings = AlembicConfig()
    settings.set_main_option("script_location", str(SQL / "00_migrations"))
    settings.set_main_option("path_separator", "os")
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: _opened(dsn, lambda told: psycopg.connect(told, **NAMED))
    )
    with engine.connect() as connection:
        connection.execute(text("select pg_advisory_lock(:lock)"), {"lock": MIGRATION_LOCK})
        connection.execute(text("create schema if not exists ops"))
        connection.commit()
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")
        connection.commit()
        revision = connection.execute(text("select version_num from ops.migrations")).scalar_one()
    engine.dispose()
    return str(revision)


def main(arguments: Sequence[str]) -> int:
    """`python -m rekap.warehouse migrate`; exit status 0 done, 1 refused, 2 usage."""
    if list(arguments) != ["migrate"]:
        print("usage: python -m rekap.warehouse migrate", file=sys.stderr)
        return 2
    try:
        print(f"warehouse is at revision {migrate()}")
    except (RekapError, psycopg.OperationalError) as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
