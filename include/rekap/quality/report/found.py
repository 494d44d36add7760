"""One gate run as the warehouse holds it, beside the run before, and the verdict in one word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from rekap import warehouse
from rekap.quality.gate import bound_values
from rekap.quality.registry import SUITES, of_stage
from rekap.quality.report.examples import Example, examples
from rekap.quality.rules import Rule, Stage, Suite
from rekap.run import Run

MOST_ROWS = 40  # of a client on the page; the count of the rest is told
RULES: dict[str, tuple[Suite, Rule]] = {rule.id: (suite, rule) for suite in SUITES for rule in suite.rules}

# unusable: the run was stopped; incomplete: clients are; aside: rows wait; advice: only warnings.
Verdict = Literal["unusable", "incomplete", "aside", "advice", "good"]


@dataclass(frozen=True)
class Found:
    """`suites`, `rules`, `clients`, `reasons` and `rows` are rows of `40_outputs/quality_report_*`; `examples` stand by
    client and rule; `stages` are all that were judged in this run."""

    run_id: str
    stage: Stage
    checked_at: datetime
    before_at: datetime | None
    suites: Sequence[Mapping[str, Any]]
    rules: Sequence[Mapping[str, Any]]
    clients: Sequence[Mapping[str, Any]]
    reasons: Sequence[Mapping[str, Any]]
    rows: Sequence[Mapping[str, Any]]
    examples: Mapping[tuple[str, str], Sequence[Example]]
    stages: Sequence[Stage]

    @property
    def verdict(self) -> Verdict:
        if self.stopped_by or self.unjudged:
            return "unusable"
        if self.incomplete:
            return "incomplete"
        if self.waiting:
            return "aside"
        return "advice" if any(rule["failing"] for rule in self.rules) else "good"

    @property
    def stopped_by(self) -> list[Mapping[str, Any]]:
        """The rules for which the house as a whole cannot be used, and those that could not be evaluated."""
        return [
            rule
            for rule in self.whole
            if not rule["success"] and (rule["observed"] or (scope_of(rule) == "house" and _critical(rule)))
        ]

    @property
    def unjudged(self) -> list[str]:
        """Suites of the stage that the gate did not come to, and those whose relation lost a column."""
        judged = {suite["suite"]: suite["usable"] for suite in self.suites if suite["scope"] == "all"}
        expected = [suite.name for suite in of_stage(self.stage, whole=False)]
        return [name for name in dict.fromkeys([*expected, *judged]) if not judged.get(name)]

    @property
    def whole(self) -> list[Mapping[str, Any]]:
        """The rules as they count for everybody together."""
        return [rule for rule in self.rules if rule["scope"] == "all"]

    @property
    def of_clients(self) -> list[Mapping[str, Any]]:
        """The rules client by client; without those whose rows wait in quarantine, which says more."""
        return [rule for rule in self.rules if rule["scope"] != "all" and not _set_aside(rule["rule"])]

    @property
    def incomplete(self) -> list[str]:
        """Clients, or scopes of a source, that cannot be relied on: they fail a critical rule about themselves, or any
        in reconciliation, where that holds their messages."""
        failing = {
            rule["scope"]
            for rule in self.of_clients
            if rule["failing"] and _critical(rule) and (scope_of(rule) == "client" or self.stage == "reconciliation")
        }
        return [client["client"] for client in self.everybody if client["client"] in failing]

    @property
    def everybody(self) -> list[Mapping[str, Any]]:
        """The clients, and what else was judged by itself: Basecamp's account and projects, clients of old months."""
        known = {client["client"] for client in self.clients}
        others = dict.fromkeys(rule["scope"] for rule in self.rules if rule["scope"] not in {*known, "all"})
        return [
            *self.clients,
            *({"client": scope, "name": None, "spreadsheet_id": None, "state": None} for scope in others),
        ]

    @property
    def waiting(self) -> int:
        """Rows in quarantine; only the gate of what was loaded speaks about them."""
        return sum(client["waiting"] for client in self.clients) if self.stage == "staging" else 0


def find(connection: warehouse.Connection, run: Run, stage: Stage, month: str | None) -> Found | None:
    """What the gate of `stage` recorded in this run; None when it recorded nothing. Reads only."""
    names = [suite.name for suite in of_stage(stage)]
    bound: dict[str, Any] = {"run": run.id, "suites": names}
    suites = warehouse.execute(connection, "40_outputs/quality_report_suites", bound)
    if not suites:
        return None
    rules = warehouse.execute(connection, "40_outputs/quality_report_rules", bound)
    checked_at = max(suite["checked_at"] for suite in suites)
    before_at = max((suite["before_at"] for suite in suites if suite["before_at"]), default=None)
    bound |= {"since": before_at, "now": checked_at, "most": MOST_ROWS}
    quarantined = stage == "staging"
    return Found(
        run_id=run.id,
        stage=stage,
        checked_at=checked_at,
        before_at=before_at,
        suites=suites,
        rules=rules,
        clients=warehouse.execute(connection, "40_outputs/quality_report_clients"),
        reasons=warehouse.execute(connection, "40_outputs/quality_report_reasons", bound) if quarantined else [],
        rows=warehouse.execute(connection, "40_outputs/quality_report_rows", bound) if quarantined else [],
        examples=examples(connection, _to_show(rules), bound_values(run, month)),
        stages=[row["stage"] for row in warehouse.execute(connection, "40_outputs/quality_report_stages", bound)],
    )


def scope_of(rule: Mapping[str, Any]) -> str:
    """row, client or house; row for a rule that the registry does not know any more."""
    known = RULES.get(rule["rule"])
    return known[1].scope if known else "row"


def _to_show(rules: Sequence[Mapping[str, Any]]) -> dict[str, list[Rule]]:
    """Suite → the rules about rows that failed and whose rows are still where they were."""
    failed = {rule["rule"] for rule in rules if rule["failing"] and not _set_aside(rule["rule"])}
    return {
        suite.name: found
        for suite in SUITES
        if (found := [rule for rule in suite.rules if rule.id in failed and rule.scope == "row"])
    }


def _set_aside(rule_id: str) -> bool:
    known = RULES.get(rule_id)
    return bool(known and known[0].quarantines and known[1].scope == "row" and known[1].severity == "critical")


def _critical(rule: Mapping[str, Any]) -> bool:
    return bool(rule["severity"] == "critical")
