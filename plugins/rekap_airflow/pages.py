"""Rekap's pages in Airflow, under /rekap: what was made for people, shown to whoever may read the DAG behind it.

A sub-app of the api-server is open to everybody unless each route says otherwise: every route here has its dependency,
and no folder is mounted. What is served holds texts from outside; the headers keep it from being more than text.
"""

from __future__ import annotations

from typing import Literal

from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
from airflow.api_fastapi.core_api.security import requires_access_dag
from fastapi import Depends, FastAPI, HTTPException, Response

from rekap_airflow.hooks.warehouse import WarehouseHook

HISTORY_DAG = "reconcile_orders"  # the DAG of the gates that the history is mostly about
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
}
Language = Literal["id", "en"]

app = FastAPI(title="Rekap", docs_url=None, redoc_url=None, openapi_url=None)


@app.get("/quality", dependencies=[Depends(requires_access_dag("GET", DagAccessEntity.RUN, HISTORY_DAG))])
def history(language: Language = "id") -> Response:
    """The history of the quality gates."""
    return _page("history", "", language, "no gate has written its history yet: it comes with the next run.")


@app.get("/quality/{dag_id}/{run_id}/{stage}", dependencies=[Depends(requires_access_dag("GET", DagAccessEntity.RUN))])
def report(dag_id: str, run_id: str, stage: str, language: Language = "id") -> Response:
    """The report on the gate that a run of a DAG passed."""
    missing = f"there is no report on {stage} of {dag_id}/{run_id}: reports are kept for the last 90 gates."
    return _page(stage, f"{dag_id}/{run_id}", language, missing)


def _page(stage: str, run_id: str, language: Language, missing: str) -> Response:
    from rekap import warehouse
    from rekap.quality import report as reports

    with WarehouseHook().connect() as connection:
        name = reports.name_of(stage, run_id, language)
        found = warehouse.execute(connection, "40_outputs/quality_report_of", {"name": name})
    if not found:
        raise HTTPException(404, missing, headers=HEADERS)
    return Response(bytes(found[0]["content"]), media_type=found[0]["content_type"], headers=HEADERS)
