"""Rekap's pages in the real api-server: who is let in, and with what they are served."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from rekap.warehouse import Connection
from rekap_airflow.operators.quality_report import QualityReport, ReportLink

RUN = "manual__2026-10-06T04:30:00+00:00"
PAGES = ("/rekap/quality", "/rekap/quality/reconcile_orders/manual__2026-10-06T04:30:00%2B00:00/staging")


@pytest.fixture(scope="module")
def api(metadata: None) -> Iterator[TestClient]:
    from airflow.api_fastapi.app import create_app

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIRFLOW__API_AUTH__JWT_SECRET", "of the tests alone " * 5)
        with TestClient(create_app()) as client:
            yield client


@pytest.fixture
def token(api: TestClient) -> Callable[[str | None], dict[str, str]]:
    """The header of somebody signed in with a role."""
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    def signed_in(role: str | None) -> dict[str, str]:
        user = SimpleAuthManagerUser(username="dewi", role=role)
        return {"Authorization": f"Bearer {get_auth_manager().generate_jwt(user)}"}

    return signed_in


@pytest.fixture
def documents(warehouse: Connection) -> None:
    from rekap.quality import report

    for stage, run in (("history", ""), ("staging", f"reconcile_orders/{RUN}")):
        for language in ("id", "en"):
            name = report.name_of(stage, run, language)  # type: ignore[arg-type]  # a literal
            warehouse.execute(
                "insert into outputs.documents values (%s, %s, 'text/html; charset=utf-8', %s, '2026-10-06')",
                (name, name, f"<h1>{stage} {language}</h1>".encode()),
            )
    warehouse.commit()


@pytest.mark.usefixtures("connections", "documents")
@pytest.mark.parametrize("path", PAGES)
def test_nobody_sees_a_page_without_signing_in(api: TestClient, path: str) -> None:
    assert api.get(path).status_code == 401
    assert api.get(path, headers={"Authorization": "Bearer nonsense"}).status_code in (401, 403)


@pytest.mark.usefixtures("connections", "documents")
@pytest.mark.parametrize("path", PAGES)
def test_who_may_not_read_the_dag_sees_no_page(
    api: TestClient, token: Callable[[str | None], dict[str, str]], path: str
) -> None:
    assert api.get(path, headers=token(None)).status_code == 403


@pytest.mark.usefixtures("connections", "documents")
@pytest.mark.parametrize(("path", "shown"), list(zip(PAGES, ("history", "staging"), strict=True)))
def test_who_may_read_the_dag_sees_the_page_in_either_language(
    api: TestClient, token: Callable[[str | None], dict[str, str]], path: str, shown: str
) -> None:
    answer = api.get(path, headers=token("viewer"))
    assert (answer.status_code, answer.text) == (200, f"<h1>{shown} id</h1>")
    assert api.get(f"{path}?language=en", headers=token("viewer")).text == f"<h1>{shown} en</h1>"
    assert api.get(f"{path}?language=xx", headers=token("viewer")).status_code == 422
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.usefixtures("connections")
@pytest.mark.parametrize("path", PAGES)
def test_a_page_that_is_not_there_says_why(
    api: TestClient, token: Callable[[str | None], dict[str, str]], path: str
) -> None:
    answer = api.get(path, headers=token("viewer"))
    assert answer.status_code == 404
    assert "90 gates" in answer.text or "next run" in answer.text


def test_the_sub_app_shows_nothing_about_itself(api: TestClient) -> None:
    for path in ("/rekap/docs", "/rekap/redoc", "/rekap/openapi.json"):
        assert api.get(path).status_code == 404, path


def test_the_menu_leads_to_the_history(api: TestClient, token: Callable[[str | None], dict[str, str]]) -> None:
    plugins = api.get("/api/v2/plugins", headers=token("admin")).json()["plugins"]
    [rekap] = [plugin for plugin in plugins if plugin["name"] == "rekap"]
    assert [view["href"] for view in rekap["external_views"]] == ["rekap/quality"]


def test_the_button_of_a_task_leads_to_the_page_of_its_run() -> None:
    class Key:
        dag_id, run_id = "reconcile_orders", RUN

    link = ReportLink().get_link(QualityReport(task_id="report", stages=["staging"]), ti_key=Key())
    assert link.endswith("/rekap/quality/reconcile_orders/manual__2026-10-06T04%3A30%3A00%2B00%3A00/staging")


def test_the_task_keeps_its_pages_and_leaves_its_link(run_probe: Callable[..., Any], warehouse: Connection) -> None:
    run = run_probe("probe_report")
    assert run.state == "success"
    [report] = [task for task in run.get_task_instances() if task.task_id == "report"]
    told = report.xcom_pull(task_ids="report")
    assert sorted(told) == ["raw", "staging"] and told["raw"]["kept"] == 2
    link = report.xcom_pull(task_ids="report", key="_link_ReportLink")
    assert link.endswith("/raw") and "/rekap/quality/probe_report/" in link
    names = warehouse.execute("select name from outputs.documents order by name").fetchall()
    assert [row["name"] for row in names] == ["Data quality history en.html", "Data quality history id.html"]
