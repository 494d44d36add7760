"""Judges staging.tracker_rows by the registry's suite, in a process of its own.

Line of stdin: {"dsn", "with": "postgres" | "pass" | "pandas"}; line of stdout: {"rows", "failing": {rule: n},
"seconds", "load_seconds", "import_seconds", "peak_mb"}.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from datetime import UTC, datetime
from typing import Any

from rekap import warehouse
from rekap.quality.expectations import COLUMNS, judge
from rekap.quality.gate import bound_values
from rekap.quality.naming import count_rows, name_failing
from rekap.quality.registry import SUITES
from rekap.quality.rules import Rule, Suite
from rekap.run import Run
from rekap.settings import Config, Register, Service, Settings

RUN = Run(
    "bench/1",
    datetime(2026, 10, 6, 4, 30, tzinfo=UTC),
    Config(Settings(), Register(people=(), clients=(), services=(Service(code="other", minutes_per_unit=60),))),
)
[SUITE] = [suite for suite in SUITES if suite.name == "staging.tracker_rows"]
FORMAT = {
    "result_format": "COMPLETE", "unexpected_index_column_names": [SUITE.key], "partial_unexpected_count": 10**9,
}  # fmt: skip


def postgres(connection: warehouse.Connection) -> dict[str, Any]:
    """Great Expectations on the table, as the gate does."""
    bound = bound_values(RUN)
    with judge(connection, bound) as judging:
        began = time.perf_counter()
        verdicts = judging.validate(SUITE)
        seconds = time.perf_counter() - began
    failing = {rule: verdict.failing for rule, verdict in verdicts.items() if rule != COLUMNS}
    return {"failing": failing, "seconds": seconds}


def sql_pass(connection: warehouse.Connection) -> dict[str, Any]:
    """The SQL pass that names the rows, as the gate does after it."""
    bound = bound_values(RUN)
    began = time.perf_counter()
    count_rows(connection, SUITE, bound)
    named = name_failing(connection, SUITE, bound)
    seconds = time.perf_counter() - began
    failing = {rule.id: sum(rule.id in one.observed for one in named) for rule in SUITE.rules}
    return {"failing": failing, "seconds": seconds}


def pandas(connection: warehouse.Connection) -> dict[str, Any]:
    """The same suite on a frame of the same rows. What Great Expectations cannot ask of a frame (a rule that looks into
    another relation) becomes a column of the frame first."""
    import great_expectations as gx
    from great_expectations import expectations

    began = time.perf_counter()
    frame = _frame(connection)
    load = time.perf_counter() - began
    began = time.perf_counter()
    made = [_expectation(expectations, SUITE, rule) for rule in SUITE.rules]
    context = gx.get_context(mode="ephemeral")
    asset = context.data_sources.add_pandas("frame").add_dataframe_asset("rows")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
    found = batch.validate(gx.ExpectationSuite(name="rows", expectations=made), result_format=FORMAT)
    seconds = time.perf_counter() - began
    failing = {
        one.expectation_config.meta["rule"]: int((one.result or {})["unexpected_count"]) for one in found.results
    }
    return {"failing": failing, "seconds": seconds, "load_seconds": load}


def _frame(connection: warehouse.Connection) -> Any:
    import pandas as pd

    rows = connection.execute(
        "select row_key, client, outlet, outlet_text, units, order_ref, flags from staging.tracker_rows"
    ).fetchall()
    frame = pd.DataFrame(rows)
    with_service = {row["row_key"] for row in connection.execute("select row_key from staging.tracker_row_services")}
    houses = {row["client"] for row in connection.execute("select client from staging.outlets where active")}
    unknown = frame["outlet"].isna() & frame["outlet_text"].notna()
    frame["tracker_rows.outlet_unregistered"] = unknown
    frame["tracker_rows.outlet_unknown"] = unknown & frame["order_ref"].isna() & frame["client"].isin(houses)
    frame["tracker_rows.date_far"] = frame["flags"].map(lambda flags: "date_far" in flags)
    frame["tracker_rows.status_unknown"] = frame["flags"].map(lambda flags: "status_unknown" in flags)
    frame["tracker_rows.service_missing"] = ~frame["row_key"].isin(with_service)
    return frame.drop(columns=["flags"])


def _expectation(expectations: Any, suite: Suite, rule: Rule) -> Any:
    from great_expectations.expectations.row_conditions import Column

    more: dict[str, Any] = {"meta": {"rule": rule.id}, "severity": rule.severity}
    if own := rule.expectation:
        if own.when_null:
            more["row_condition"] = Column(own.when_null).is_null()
        return getattr(expectations, own.name)(**own.arguments, **more)
    return expectations.ExpectColumnValuesToBeInSet(column=rule.id, value_set=[False], **more)


WAYS = {"postgres": postgres, "pass": sql_pass, "pandas": pandas}


def main() -> None:
    asked = json.loads(sys.stdin.readline())
    began = time.perf_counter()
    if asked["with"] != "pass":
        import great_expectations  # noqa: F401  # its import is told apart
    imported = time.perf_counter() - began
    with warehouse.connect(asked["dsn"]) as connection:
        row = connection.execute("select count(*) as n from staging.tracker_rows").fetchone()
        told = WAYS[asked["with"]](connection)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows = row["n"] if row else 0
    print(json.dumps({"load_seconds": 0.0, "rows": rows, "import_seconds": imported, "peak_mb": peak} | told))


if __name__ == "__main__":
    main()
