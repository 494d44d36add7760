"""What a rule and a suite are. A rule is written once; its expectation and its place in the SQL pass come from here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["critical", "warning", "info"]
# row: one row fails. client: a table of one line a client or a source's scope, the line fails. house: the whole
# relation cannot be used.
Scope = Literal["row", "client", "house"]
Stage = Literal["raw", "staging", "reconciliation", "outputs"]
Marked = Literal["basecamp", "sheets", "recap"]
RANK: dict[Severity, int] = {"info": 0, "warning": 1, "critical": 2}


@dataclass(frozen=True)
class Expectation:
    """Great Expectations' own form of a rule: the name of the class and its arguments; with `when_null`, it is asked
    only of rows in which that column is empty. It must count the same rows as the rule's predicate."""

    name: str
    arguments: Mapping[str, Any]
    when_null: str | None = None


@dataclass(frozen=True)
class Rule:
    """`fails` is an SQL predicate on a row `t` of the suite's relation, true for a failing row; settings are bound by
    name. `field` and `reason` say in quarantine and in texts (`quality.REASON`) what is wrong with which field.
    `observed` is an SQL text on `t`: what was seen, for whoever must repair it."""

    id: str
    severity: Severity
    scope: Scope
    fails: str
    field: str
    reason: str
    expectation: Expectation | None = None
    observed: str = "''"

    @property
    def message(self) -> str:
        """The key of the text for people in the message catalogues."""
        return f"quality.{self.reason}"


@dataclass(frozen=True)
class Suite:
    """The rules of one relation. `key` names a row, `client` the column that says whose it is (None: nobody's alone).
    `only` limits the rows that are looked at.

    What a critical failure does: in a suite that `quarantines`, the row is moved; in one that `marks` a source, the
    client or scope is incomplete there (`recap`: in the month's recap); in the stage reconciliation, the client's
    messages are held (ops.held); a rule of scope `house` stops the run. `nightly`: looks at all that there is, and is
    therefore judged only when the whole house is."""

    name: str
    stage: Stage
    relation: str
    key: str
    rules: tuple[Rule, ...]
    client: str | None = None
    columns: frozenset[str] = field(default_factory=frozenset)
    only: str = "true"
    quarantines: bool = False
    marks: Marked | None = None
    nightly: bool = False

    def rows(self) -> str:
        """The rows under judgement, as a query."""
        return f"select * from {self.relation} as s where {self.only}"
