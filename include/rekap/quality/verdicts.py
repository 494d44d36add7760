"""Verdicts on record: the whole of a suite, and each client by itself, as the SQL pass names its rows."""

from collections import Counter
from collections.abc import Mapping, Sequence

from rekap import warehouse
from rekap.quality.expectations import Verdict
from rekap.quality.naming import Named
from rekap.quality.rules import RANK, Rule, Suite
from rekap.run import Run

WHOLE = "all"  # the scope of a verdict on the suite as a whole
MOST_TOLD = 5  # rows of a client that a verdict quotes for a rule; all that fail are counted


def record(
    connection: warehouse.Connection, run: Run, suite: Suite, verdicts: Mapping[str, Verdict], named: Sequence[Named],
    rows: Mapping[str | None, int],
) -> None:  # fmt: skip
    """Write ops.quality_runs and quality_results; replaces what an earlier try of the run wrote. Clients get their own
    verdict only where the suite could be judged: a rule that could not be evaluated has proved nothing."""
    connection.execute("delete from ops.quality_runs where run_id = %s and suite = %s", (run.id, suite.name))
    usable = not unusable(suite, verdicts)
    whole = {rule.id: (verdicts[rule.id].failing, verdicts[rule.id].error) for rule in suite.rules}
    lines = [_line(suite, WHOLE, whole, sum(rows.values()), usable=usable)]
    results = [(WHOLE, rule, *found) for rule, found in whole.items()]
    if usable:
        of_client = _by_client(named)
        for client, number in sorted((client, number) for client, number in rows.items() if client is not None):
            failing = of_client.get(client, {})
            lines.append(_line(suite, client, failing, number))
            results += [(client, rule, *found) for rule, found in failing.items()]
    severity = {rule.id: rule.severity for rule in suite.rules}
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into ops.quality_runs (run_id, suite, scope, success, worst, rows_checked, usable, checked_at)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s)",
            [(run.id, suite.name, *line, run.now) for line in lines],
        )
        cursor.executemany(
            "insert into ops.quality_results (run_id, suite, scope, rule, severity, success, failing, observed)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                (run.id, suite.name, scope, rule, severity[rule], not _fails(scope, failing, told), failing, told)
                for scope, rule, failing, told in results
            ],
        )  # fmt: skip


def unusable(suite: Suite, verdicts: Mapping[str, Verdict]) -> list[str]:
    """Why nothing can be made from the relation, or why it could not be judged; empty when all is well."""
    told = [f"{name}: {verdict.error}" for name, verdict in sorted(verdicts.items()) if verdict.error]
    return told + [f"{rule.id} ({verdicts[rule.id].failing} rows)" for rule in house_failures(suite, verdicts)]


def house_failures(suite: Suite, verdicts: Mapping[str, Verdict]) -> list[Rule]:
    """The critical rules about the relation as a whole that fail."""
    return [
        rule
        for rule in suite.rules
        if rule.scope == "house" and rule.severity == "critical" and verdicts[rule.id].failing
    ]


def _line(
    suite: Suite, scope: str, results: Mapping[str, tuple[int, str | None]], rows: int, *, usable: bool = True
) -> tuple[str, bool, str | None, int, bool]:  # fmt: skip
    severity = {rule.id: rule.severity for rule in suite.rules}
    failed = [severity[rule] for rule, found in results.items() if _fails(scope, *found)]
    worst = max(failed, key=RANK.__getitem__, default=None)
    return scope, worst != "critical", worst, rows, usable


def _fails(scope: str, failing: int, told: str | None) -> bool:
    """On the whole, what is told is why a rule could not be evaluated."""
    return bool(failing) or (scope == WHOLE and told is not None)


def _by_client(named: Sequence[Named]) -> dict[str, dict[str, tuple[int, str | None]]]:
    """For each client and rule: how many rows fail, and what was seen in the first of them."""
    counted: dict[str, Counter[str]] = {}
    told: dict[tuple[str, str], list[str]] = {}
    for one in named:
        if one.client is None:
            continue
        counted.setdefault(one.client, Counter()).update(one.observed.keys())
        for rule, text in one.observed.items():
            quoted = told.setdefault((one.client, rule), [])
            if text and len(quoted) < MOST_TOLD:
                quoted.append(text)
    return {
        client: {rule: (number, "; ".join(told[client, rule]) or None) for rule, number in rules.items()}
        for client, rules in counted.items()
    }
