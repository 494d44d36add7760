"""One SQL pass per relation, made from the registry, that names the failing rows and why."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import psycopg
from psycopg.rows import dict_row

from rekap import warehouse
from rekap.quality.rules import Suite


class Named(NamedTuple):
    """One failing row: its key, whose it is, and for each rule that it fails what was seen."""

    key: str
    client: str | None
    observed: dict[str, str]


def name_failing(connection: warehouse.Connection, suite: Suite, bound: Mapping[str, Any]) -> list[Named]:
    """The rows of a suite that fail at least one rule, in the order of their keys."""
    verdicts = ", ".join(f"('{rule.id}', {rule.fails}, {rule.observed})" for rule in suite.rules)
    rows = _query(
        connection,
        f"""
        with t as ({suite.rows()})

        select t.{suite.key}::text as key, {_client(suite)} as client, f.observed
        from t
        cross join lateral (
            select jsonb_object_agg(v.rule, v.observed) as observed
            from (values {verdicts}) as v (rule, fails, observed)
            where v.fails
        ) as f
        where f.observed is not null
        order by t.{suite.key}
        """,
        bound,
    )
    return [Named(row["key"], row["client"], row["observed"]) for row in rows]


def count_rows(connection: warehouse.Connection, suite: Suite, bound: Mapping[str, Any]) -> dict[str | None, int]:
    """How many rows of a suite there are, by client."""
    rows = _query(
        connection,
        f"with t as ({suite.rows()}) select {_client(suite)} as client, count(*) as rows from t group by 1",
        bound,
    )
    return {row["client"]: row["rows"] for row in rows}


def written_out(connection: warehouse.Connection, query: str, bound: Mapping[str, Any]) -> str:
    """A query with its values written into it, quoted by psycopg: Great Expectations binds none."""
    return psycopg.ClientCursor(connection).mogrify(query, bound)


def _client(suite: Suite) -> str:
    return f"t.{suite.client}" if suite.client else "null::text"


def _query(connection: warehouse.Connection, statement: str, bound: Mapping[str, Any]) -> list[dict[str, Any]]:
    with psycopg.ClientCursor(connection, row_factory=dict_row) as cursor:
        return cursor.execute(statement, bound).fetchall()
