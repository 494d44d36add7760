"""The gate of a stage: Great Expectations judges, the SQL pass names, and what fails is set aside or marked.

A row that fails is set aside, a client that fails is marked; neither stops the others. Only the house as a whole stops
the run: columns that changed, a rule that could not be evaluated, a relation that cannot be used.
"""

import logging
from collections.abc import Mapping
from typing import Any

from rekap import warehouse
from rekap.errors import PermanentError, TransientError
from rekap.quality import consequences
from rekap.quality.expectations import COLUMNS, Verdict, judge
from rekap.quality.naming import Named, count_rows, name_failing
from rekap.quality.registry import of_stage
from rekap.quality.rules import RANK, Severity, Stage, Suite
from rekap.run import Run

log = logging.getLogger(__name__)


def gate(connection: warehouse.Connection, run: Run, stage: Stage, month: str | None = None) -> dict[str, int]:
    """Judge what is committed in a stage; `month` (YYYY-MM) is needed for `outputs`. Commits suite by suite.

    Returns counts: rows, failing (rows or clients that fail any rule), quarantined, released, incomplete (clients).
    Raises PermanentError when columns changed or a relation cannot be used, TransientError when a rule could not be
    evaluated: both are recorded before."""
    suites = of_stage(stage)
    if not suites:
        raise PermanentError(f"there is no quality gate for a stage '{stage}'.")
    if stage == "outputs" and month is None:
        raise PermanentError("the gate of outputs needs a month: a recap is judged month by month.")
    quality = run.config.settings.quality
    bound: dict[str, Any] = {
        "month": month,
        "most_quarantined_share": quality.most_quarantined_share,
        "least_share_of_last_read": quality.least_share_of_last_read,
        "least_rows_to_judge": quality.least_rows_to_judge,
    }
    counts = dict.fromkeys(("rows", "failing", "quarantined", "released", "incomplete"), 0)
    connection.commit()
    with judge(connection, bound) as judging:
        for suite in suites:
            verdicts = judging.validate(suite)
            connection.commit()
            with connection.transaction():
                rows = count_rows(connection, suite, bound)
                named = [] if _broken(verdicts) else name_failing(connection, suite, bound)
                _record(connection, run, suite, verdicts, named, rows)
            _stop(suite, verdicts)
            counts["rows"] += sum(rows.values())
            counts["failing"] += len(named)
            with connection.transaction():
                for name, number in consequences.draw(connection, run, suite, named).items():
                    counts[name] += number
    log.info("quality %s: %s", stage, counts)
    return counts


def _broken(verdicts: Mapping[str, Verdict]) -> bool:
    return any(verdict.error for verdict in verdicts.values())


def _stop(suite: Suite, verdicts: Mapping[str, Verdict]) -> None:
    """Raise for what concerns the house as a whole."""
    if changed := verdicts[COLUMNS].error:
        raise PermanentError(f"{suite.relation} is not what the rules of {suite.name} know: {changed}. Migrate it.")
    errors = [f"{rule}: {verdict.error}" for rule, verdict in sorted(verdicts.items()) if verdict.error]
    if errors:
        raise TransientError(f"rules of {suite.name} could not be evaluated: {'; '.join(errors)}")
    unusable = [
        f"{rule.id} ({verdicts[rule.id].failing} rows)"
        for rule in suite.rules
        if rule.scope == "house" and rule.severity == "critical" and verdicts[rule.id].failing
    ]
    if unusable:
        raise PermanentError(
            f"{suite.relation} cannot be used, nothing was made from it: {', '.join(unusable)}."
            " ops.quality_results holds the counts; report it."
        )


def _record(
    connection: warehouse.Connection, run: Run, suite: Suite, verdicts: Mapping[str, Verdict], named: list[Named],
    rows: Mapping[str | None, int],
) -> None:  # fmt: skip
    """The verdict on the whole, and one for each client as the SQL pass names them; replaces an earlier try's."""
    connection.execute("delete from ops.quality_runs where run_id = %s and suite = %s", (run.id, suite.name))
    whole = {rule.id: (verdicts[rule.id].failing, verdicts[rule.id].error) for rule in suite.rules}
    _record_scope(connection, run, suite, "all", whole, sum(rows.values()))
    for client, number in sorted((client, number) for client, number in rows.items() if client is not None):
        of_client = [one.observed for one in named if one.client == client]
        failing = {
            rule.id: (sum(rule.id in observed for observed in of_client), _first(rule.id, of_client))
            for rule in suite.rules
        }
        _record_scope(connection, run, suite, client, {k: v for k, v in failing.items() if v[0]}, number)


def _first(rule: str, observed: list[dict[str, str]]) -> str | None:
    return next((told[rule] for told in observed if told.get(rule)), None)


def _record_scope(
    connection: warehouse.Connection, run: Run, suite: Suite, scope: str, results: Mapping[str, tuple[int, str | None]],
    rows: int,
) -> None:  # fmt: skip
    severity_of: dict[str, Severity] = {rule.id: rule.severity for rule in suite.rules}
    # A rule that could not be evaluated has proved nothing.
    failed = {rule for rule, (failing, told) in results.items() if failing or (scope == "all" and told)}
    worst = max((severity_of[rule] for rule in failed), key=RANK.__getitem__, default=None)
    connection.execute(
        "insert into ops.quality_runs (run_id, suite, scope, success, worst, rows_checked, checked_at)"
        " values (%s, %s, %s, %s, %s, %s, %s)",
        (run.id, suite.name, scope, worst != "critical", worst, rows, run.now),
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into ops.quality_results (run_id, suite, scope, rule, severity, success, failing, observed)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                (run.id, suite.name, scope, rule, severity_of[rule], rule not in failed, failing, told)
                for rule, (failing, told) in results.items()
            ],
        )
