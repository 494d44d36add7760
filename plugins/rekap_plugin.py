"""The one file that Airflow's plugin loader reads. Pages are registered here; DAGs import rekap_airflow."""

from typing import Any, ClassVar

from airflow.plugins_manager import AirflowPlugin


class RekapPlugin(AirflowPlugin):
    name = "rekap"
    # Without a route of its own it is a link that opens a page, not a frame: sheets refuse to open inside a frame.
    external_views: ClassVar[list[Any]] = [
        {"name": "Data quality", "href": "rekap/quality", "destination": "nav", "category": "browse"},
    ]

    @property
    def fastapi_apps(self) -> list[Any]:  # type: ignore[override]  # read by the api-server alone: no other process pays for it
        from rekap_airflow.pages import app

        return [{"app": app, "url_prefix": "/rekap", "name": "Rekap"}]
