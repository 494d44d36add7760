"""The report on a quality gate, and the button that leads to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from airflow.configuration import conf
from airflow.sdk import BaseOperator, BaseOperatorLink, Context, TriggerRule

from rekap_airflow.work import work

if TYPE_CHECKING:
    from rekap.quality.rules import Stage


class ReportLink(BaseOperatorLink):
    """Leads to the page of the run's first report (rekap_airflow.pages), which leads to the others."""

    name = "Data quality report"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:
        base = conf.get("api", "base_url", fallback="http://localhost:8080").rstrip("/")
        path = "/".join(quote(part, safe="") for part in (ti_key.dag_id, ti_key.run_id, operator.stages[0]))
        return f"{base}/rekap/quality/{path}"


class QualityReport(BaseOperator):
    """Writes the reports on the gates of `stages` that this run passed, whatever came of them: a gate that stopped the
    run is the one that people must be able to read about. XCom: ids and counts by stage."""

    operator_extra_links = (ReportLink(),)

    def __init__(self, *, stages: Sequence[Stage], **kwargs: Any) -> None:
        super().__init__(**{"trigger_rule": TriggerRule.ALL_DONE, **kwargs})
        self.stages = tuple(stages)

    def execute(self, context: Context) -> dict[str, dict[str, Any]]:
        from rekap.quality import report

        told = {}
        with work() as job:
            for stage in self.stages:
                month = job.month if stage == "outputs" else None
                told[stage] = report.write(job.conn, job.run, stage, month)
                told[stage]["data_docs"] = report.build_data_docs(job.conn, job.run, stage, month)
        return told
