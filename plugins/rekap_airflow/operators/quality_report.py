"""The report on a quality gate, and the button that leads to it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from airflow.configuration import conf
from airflow.sdk import BaseOperator, BaseOperatorLink, Context, TriggerRule

from rekap_airflow.work import work


class ReportLink(BaseOperatorLink):
    """Leads to the page of the run's report (rekap_airflow.pages), which asks for the right to read the DAG."""

    name = "Data quality report"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:
        base = conf.get("api", "base_url", fallback="http://localhost:8080").rstrip("/")
        path = "/".join(quote(part, safe="") for part in (ti_key.dag_id, ti_key.run_id, operator.stage))
        return f"{base}/rekap/quality/{path}"


class QualityReport(BaseOperator):
    """Writes the report on the gate of `stage` that this run passed, whatever came of it: a gate that stopped the run
    is the one that people must be able to read about."""

    operator_extra_links = (ReportLink(),)

    def __init__(self, *, stage: str, **kwargs: Any) -> None:
        super().__init__(**{"trigger_rule": TriggerRule.ALL_DONE, **kwargs})
        self.stage = stage

    def execute(self, context: Context) -> dict[str, Any]:
        from rekap.quality import report

        with work() as job:
            month = job.month if self.stage == "outputs" else None
            return report.write(job.conn, job.run, stage=self.stage, month=month)  # type: ignore[arg-type]  # checked by the registry
