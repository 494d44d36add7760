from collections.abc import Iterator

import pytest

from tests.adapters.airflow_home import ROOT, prepare

prepare()

from airflow.dag_processing.dagbag import DagBag  # noqa: E402  # after its home is set

NOW = "2026-10-06T11:30:00+07:00"
EXPECTED = {
    "close_month",
    "deliver_documentation",
    "extract_basecamp",
    "extract_trackers",
    "keep_house",
    "master_schedule",
    "raise_incidents",
    "reconcile_orders",
    "send_messages",
}


@pytest.fixture(scope="session", params=["by the clock", "clock stands still"])
def bag(request: pytest.FixtureRequest) -> Iterator[DagBag]:
    """All DAGs, as parsed with and without REKAP_NOW."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("REKAP_NOW", raising=False)
        if request.param == "clock stands still":
            patch.setenv("REKAP_NOW", NOW)
        found = DagBag(str(ROOT / "dags"))
    assert found.import_errors == {}
    assert set(found.dags) == EXPECTED
    yield found
