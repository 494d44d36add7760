"""A few of the rows that fail a rule and stay where they are, so that a person can open them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import psycopg
from psycopg.rows import dict_row

from rekap import warehouse
from rekap.quality.registry import SUITES
from rekap.quality.rules import Rule, Suite

MOST = 3  # of a client and rule


class Example(NamedTuple):
    """A failing row: the suite that judged it and what stands in its relation, column by column."""

    suite: str
    row: Mapping[str, Any]


def examples(
    connection: warehouse.Connection, rules: Mapping[str, Sequence[Rule]], bound: Mapping[str, Any]
) -> dict[tuple[str, str], list[Example]]:
    """(client, rule) → at most MOST rows, of suites that know whose a row is. `rules`: suite name → rules to show."""
    found: dict[tuple[str, str], list[Example]] = defaultdict(list)
    for suite in SUITES:
        if suite.client and (shown := rules.get(suite.name)):
            for row in _query(connection, suite, shown, bound):
                found[row["client"], row["rule"]].append(Example(suite.name, row["content"]))
    return dict(found)


def _query(
    connection: warehouse.Connection, suite: Suite, rules: Sequence[Rule], bound: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The same pass as `naming.name_failing`, cut to the first rows of each client and rule before they are read."""
    verdicts = ", ".join(f"('{rule.id}', {rule.fails})" for rule in rules)
    statement = f"""
        with t as not materialized ({suite.rows()}),

        failing as (
            select t.{suite.key} as key, t.{suite.client} as client, v.rule
            from t
            cross join lateral (values {verdicts}) as v (rule, fails)
            where v.fails
        ),

        numbered as (
            select f.*, row_number() over (partition by f.client, f.rule order by f.key desc) as nth
            from failing as f
        )

        select n.client, n.rule, to_jsonb(t) as content
        from numbered as n
        inner join t on n.key = t.{suite.key}
        where n.nth <= {MOST}
        order by n.client, n.rule, n.nth
    """
    with psycopg.ClientCursor(connection, row_factory=dict_row) as cursor:
        return cursor.execute(statement, bound).fetchall()
