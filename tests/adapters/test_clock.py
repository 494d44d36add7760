"""The standing clock is for the sandbox alone."""

import json
from datetime import UTC, datetime

import pytest

from rekap.errors import PermanentError
from rekap_airflow import clock
from rekap_airflow.work import endpoints, run_of


def test_without_rekap_now_it_is_the_current_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REKAP_NOW", raising=False)
    before = datetime.now(UTC)
    assert before <= clock.now(lambda: ["https://3.basecampapi.com"]) <= datetime.now(UTC)


@pytest.mark.parametrize(
    "endpoint",
    ["http://127.0.0.1:8000/1", "http://localhost:1", "http://[::1]:5/x", "127.0.0.1", "localhost", "::1", "127.9.9.9"],
)
def test_the_clock_stands_still_while_every_endpoint_is_on_the_loopback(
    endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REKAP_NOW", "2026-10-06T11:30:00+07:00")
    assert clock.now(lambda: [endpoint]) == datetime(2026, 10, 6, 4, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "endpoint",
    ["https://3.basecampapi.com", "googleapis.com", "http://127.0.0.1.evil.example", "smtp.example", "10.0.0.5",
     "http://localhost@evil.example/", ""],
)  # fmt: skip
def test_one_endpoint_elsewhere_refuses_the_standing_clock(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REKAP_NOW", "2026-10-06T11:30:00+07:00")
    with pytest.raises(PermanentError, match=r"REKAP_NOW is set, but .* not on this machine"):
        clock.now(lambda: ["http://127.0.0.1:1", endpoint])


@pytest.mark.parametrize(("told", "why"), [("tomorrow", "no moment"), ("2026-10-06T11:30:00", "no zone")])
def test_a_wrong_moment_is_refused(told: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REKAP_NOW", told)
    with pytest.raises(PermanentError, match=why):
        clock.now(lambda: [])


@pytest.mark.usefixtures("connections")
def test_a_run_knows_its_id_its_moment_and_the_register() -> None:
    run = run_of("extract_basecamp/manual__1")
    assert (run.id, run.now.isoformat()) == ("extract_basecamp/manual__1", "2026-10-06T11:30:00+07:00")
    assert run.config.register.clients and run.config.problem is None
    assert len(endpoints()) == 8


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AIRFLOW_CONN_BASECAMP_DEFAULT", {"conn_type": "basecamp", "host": "http://127.0.0.1:1"}),
        ("AIRFLOW_CONN_REKAP_GOOGLE", {"conn_type": "rekap_google", "extra": {"keyfile_dict": {}}}),
        ("AIRFLOW_CONN_REKAP_SMTP", {"conn_type": "smtp", "host": "smtp.example"}),
        ("AIRFLOW_CONN_REKAP_WAREHOUSE", {"conn_type": "postgres", "host": "db.example"}),
    ],
)
@pytest.mark.usefixtures("connections")
def test_a_connection_that_leads_to_the_vendor_refuses_the_standing_clock(
    name: str, value: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, json.dumps(value))
    with pytest.raises(PermanentError, match="REKAP_NOW is set"):
        run_of("any/run")
