"""The gate of a stage: Great Expectations judges, the SQL pass names, and what fails is set aside, marked or held.

A row that fails is set aside, a client or scope that fails is marked or held; neither stops the others. Only the house
as a whole stops the run: columns that changed, a rule that could not be evaluated, a relation that cannot be used.
"""

import logging
from collections import Counter
from collections.abc import Mapping
from typing import Any

from rekap import warehouse
from rekap.errors import PermanentError, TransientError
from rekap.quality import consequences, verdicts
from rekap.quality.expectations import COLUMNS, Verdict, judge
from rekap.quality.naming import count_rows, name_failing
from rekap.quality.registry import of_stage
from rekap.quality.rules import Stage, Suite
from rekap.run import Run

log = logging.getLogger(__name__)
COUNTS = ("rows", "failing", "quarantined", "released", "incomplete", "held")


def gate(
    connection: warehouse.Connection, run: Run, stage: Stage, month: str | None = None, *, whole: bool = False
) -> dict[str, int]:
    """Judge what is committed in a stage; `month` (YYYY-MM) is needed for `outputs`, `whole` judges also what only the
    night has time for. Commits suite by suite.

    Returns counts: rows, failing (rows or clients that fail any rule), quarantined, released, incomplete (clients or
    scopes), held (clients whose messages are). Raises PermanentError when columns changed or a relation cannot be used,
    TransientError when a rule could not be evaluated: both are recorded before."""
    suites = of_stage(stage, whole=whole)
    if not suites:
        raise PermanentError(f"there is no quality gate for a stage '{stage}'.")
    if stage == "outputs" and month is None:
        raise PermanentError("the gate of outputs needs a month: a recap is judged month by month.")
    bound = bound_values(run, month)
    counts = Counter(dict.fromkeys(COUNTS, 0))
    connection.commit()
    with judge(connection, bound) as judging:
        for suite in suites:
            found = judging.validate(suite)
            connection.commit()
            with connection.transaction():
                rows = count_rows(connection, suite, bound)
                named = (
                    [] if any(verdict.error for verdict in found.values()) else name_failing(connection, suite, bound)
                )
                verdicts.record(connection, run, suite, found, named, rows)
            _stop(suite, found)
            counts.update(rows=sum(rows.values()), failing=len(named))
            with connection.transaction():
                counts.update(consequences.draw(connection, run, suite, named, month=month, rows=sum(rows.values())))
    if stage == "reconciliation":
        with connection.transaction():
            counts.update(consequences.hold(connection, run, bound))
    log.info("quality %s: %s", stage, dict(counts))
    return dict(counts)


def bound_values(run: Run, month: str | None = None) -> dict[str, Any]:
    """What rules may name as %(NAME)s: every number of the settings `quality`, now, today, zone and month."""
    settings = run.config.settings.quality.model_dump(exclude={"score_weights", "data_docs"})
    return settings | {"now": run.now, "today": run.today, "zone": run.zone.key, "month": month}


def _stop(suite: Suite, found: Mapping[str, Verdict]) -> None:
    """Raise for what concerns the house as a whole."""
    if changed := found[COLUMNS].error:
        raise PermanentError(f"{suite.relation} is not what the rules of {suite.name} know: {changed}. Migrate it.")
    errors = [f"{rule}: {verdict.error}" for rule, verdict in sorted(found.items()) if verdict.error]
    if errors:
        raise TransientError(f"rules of {suite.name} could not be evaluated: {'; '.join(errors)}")
    if unusable := verdicts.unusable(suite, found):
        raise PermanentError(
            f"{suite.relation} cannot be used, nothing was made from it: {', '.join(unusable)}."
            " ops.quality_results holds the counts; report it."
        )
