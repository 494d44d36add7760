"""The registry as Great Expectations suites, run in an ephemeral context on the warehouse's own tables.

Facts: reference/quality.md. Results come back in another order than the suite and are joined by `meta["rule"]`; the
severity of a rule is honoured by the gate, since here every failure is a failure. Imports wait until they are used.
"""

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from rekap import warehouse
from rekap.quality.naming import written_out
from rekap.quality.rules import Rule, Suite

URL = "REKAP_QUALITY_URL"  # the address goes in as a template: as a plain text, Great Expectations would print it
COLUMNS = "columns"


class Verdict(NamedTuple):
    """What Great Expectations says of one rule. `error` is set when the rule could not be evaluated."""

    failing: int
    error: str | None = None


class Judge:
    """An open context; made by `judge`."""

    def __init__(self, context: Any, source: Any, connection: warehouse.Connection, bound: Mapping[str, Any]) -> None:
        self._context, self._source, self._connection, self._bound = context, source, connection, bound

    def validate(self, suite: Suite) -> dict[str, Verdict]:
        """The verdict on each rule of a suite, and on its columns (rule `columns`). Reads what is committed."""
        import great_expectations as gx

        schema, table = suite.relation.split(".")
        asset = self._source.add_table_asset(suite.name, table_name=table, schema_name=schema)
        made = self._context.suites.add(gx.ExpectationSuite(name=suite.name, expectations=self._expectations(suite)))
        definition = self._context.validation_definitions.add(
            gx.ValidationDefinition(name=suite.name, data=asset.add_batch_definition_whole_table("all"), suite=made)
        )
        found = definition.run(
            result_format={
                "result_format": "COMPLETE",
                "unexpected_index_column_names": [suite.key],
                # The default of 20 cuts the list of keys, and silently.
                "partial_unexpected_count": 10**9,
            }
        )
        return {result.expectation_config.meta["rule"]: _verdict(result) for result in found.results}

    def write_docs(self, folder: Path) -> None:
        """Great Expectations' Data Docs of all that was validated here, into `folder`."""
        store = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder)}
        self._context.add_data_docs_site(
            site_name="rekap", site_config={"class_name": "SiteBuilder", "store_backend": store}
        )
        self._context.build_data_docs(site_names=["rekap"])

    def _expectations(self, suite: Suite) -> list[Any]:
        columns = _made(
            "ExpectTableColumnsToMatchSet",
            column_set=sorted(suite.columns),
            exact_match=False,
            meta={"rule": COLUMNS},
        )
        return [columns, *(self._expectation(suite, rule) for rule in suite.rules)]

    def _expectation(self, suite: Suite, rule: Rule) -> Any:
        from great_expectations.expectations.row_conditions import Column

        more: dict[str, Any] = {"meta": {"rule": rule.id}, "severity": rule.severity}
        if own := rule.expectation:
            if own.when_null:
                more["row_condition"] = Column(own.when_null).is_null()
            return _made(own.name, **own.arguments, **more)
        judged = f"select * from s where {suite.only}) select t.* from t where {rule.fails}"
        written = written_out(self._connection, judged, self._bound).replace("{", "{{").replace("}", "}}")
        # {batch} is the whole table; naming it lets Great Expectations see that the rule is about this asset.
        query = f"with s as (select * from {{batch}}), t as ({written}"
        return _made("UnexpectedRowsExpectation", unexpected_rows_query=query, **more)


@contextmanager
def judge(connection: warehouse.Connection, bound: Mapping[str, Any]) -> Iterator[Judge]:
    """An ephemeral context on the database of the connection: no files, no network but the warehouse, no progress bars.
    It has a connection of its own, which is closed at the end."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    os.environ[URL] = _address(connection)
    try:
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        source = context.data_sources.add_postgres("warehouse", connection_string=f"${{{URL}}}")
        try:
            yield Judge(context, source, connection, bound)
        finally:
            # It holds two pools: one to look whether a table is there, one to validate.
            source.get_execution_engine().close()
            source.get_engine().dispose()
    finally:
        del os.environ[URL]


def _made(name: str, **arguments: Any) -> Any:
    from great_expectations import expectations

    return getattr(expectations, name)(**arguments)


def _verdict(result: Any) -> Verdict:
    if error := _raised(result.exception_info):
        return Verdict(0, error)
    found = result.result or {}
    if result.success:
        return Verdict(0)
    if "mismatched" in (details := found.get("details") or {}):
        missing = details["mismatched"].get("missing") or []
        return Verdict(len(missing), f"columns are missing: {', '.join(sorted(missing))}")
    counted = found.get("unexpected_count", found.get("observed_value"))
    if counted is None:
        return Verdict(0, "it failed without a count")
    return Verdict(int(counted))


def _raised(exception_info: Any) -> str | None:
    """The message of the first exception; it stands on top, or below the name of the metric that raised it."""
    told = exception_info or {}
    for entry in (told, *(value for value in told.values() if isinstance(value, dict))):
        if entry.get("raised_exception"):
            return str(entry.get("exception_message") or "no message")
    return None


def _address(connection: warehouse.Connection) -> str:
    from sqlalchemy import URL as Address

    info = connection.info
    told = info.get_parameters()
    socket = info.host.startswith("/")
    more = {name: value for name, value in told.items() if name not in ("user", "host", "hostaddr", "port", "dbname")}
    if socket:
        more["host"] = info.host
    return Address.create(
        "postgresql+psycopg",
        username=info.user,
        password=info.password or None,
        host=None if socket else info.host,
        port=None if socket else info.port,
        database=info.dbname,
        query=more,
    ).render_as_string(hide_password=False)
