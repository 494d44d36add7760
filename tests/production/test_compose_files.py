"""Both compose files: valid, without a secret, every variable documented, and the services where they can work."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from local import environment
from tests.production.compose import BASE, CELERY, ROOT, Missing, read, services, variables

TOLD = (ROOT / ".env.example").read_text()
DOCUMENTED = set(re.findall(r"^#?([A-Z][A-Z0-9_]*)=", TOLD, re.MULTILINE))
REQUIRED = {
    name for file in (BASE, CELERY) for name in re.findall(r"\$\{([A-Z][A-Z0-9_]*):\?", (ROOT / file).read_text())
}
FILLED = dict.fromkeys(REQUIRED, "filled")
AIRFLOW = {"initialise", "api-server", "scheduler", "dag-processor", "worker"}


@pytest.mark.parametrize("file", [BASE, CELERY])
def test_the_file_is_valid_by_the_schema_of_compose(file: str) -> None:
    command = [Path(sys.executable).parent / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", ROOT / file]
    checked = subprocess.run(command, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout


def test_every_variable_stands_in_the_example_and_no_other() -> None:
    assert variables(BASE) | variables(CELERY) == DOCUMENTED


def test_the_example_sets_nothing_that_must_be_secret() -> None:
    assert {name: value for name, value in environment.read(ROOT / ".env.example").items() if value} == {}


@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_a_start_without_a_required_value_names_it(name: str) -> None:
    with pytest.raises(Missing, match=f"set {name} in .env"):
        services({**FILLED, name: ""}, BASE, CELERY)


@pytest.mark.parametrize("file", [BASE, CELERY])
def test_no_password_key_or_token_is_written_down(file: str) -> None:
    secret = re.compile(r"PASSWORD|SECRET|KEY|TOKEN|CONN_|BROKER_URL|BACKEND|REKAP_WAREHOUSE")
    for service in read(file)["services"].values():
        for name, value in (service.get("environment") or {}).items():
            if secret.search(name):
                assert "${" in value, name
                for default in re.findall(r":-([^}$]*)\}", value):
                    assert not default or re.fullmatch(r"[a-z-]+:\d+", default), f"{name} has the default {default}"
            for password in re.findall(r"://[a-z]*:([^@]*)@", str(value)):
                assert password.startswith("${"), f"{name} holds a password"


def test_nothing_listens_beyond_the_machine_unless_it_is_told_to() -> None:
    for name, service in services(FILLED, BASE, CELERY).items():
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:"), f"{name}: {port}"


def test_every_service_that_stays_has_a_health_check_and_waits_for_the_initialisation() -> None:
    found = services(FILLED, BASE, CELERY)
    for name, service in found.items():
        assert ("healthcheck" in service) == (name != "initialise"), name
        if name in AIRFLOW - {"initialise"}:
            assert service["depends_on"]["initialise"] == {"condition": "service_completed_successfully"}, name
    assert found["initialise"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}


def test_every_process_of_airflow_has_the_same_keys() -> None:
    found = services(FILLED, BASE, CELERY)
    for name in ("AIRFLOW__CORE__FERNET_KEY", "AIRFLOW__API_AUTH__JWT_SECRET", "AIRFLOW__API__SECRET_KEY"):
        assert len({found[service]["environment"][name] for service in AIRFLOW}) == 1


def test_the_overlay_gives_every_process_the_celery_executor_and_the_workers_what_they_need() -> None:
    alone, many = services(FILLED, BASE), services({**FILLED, "REDIS_PASSWORD": "long"}, BASE, CELERY)
    assert {alone[name]["environment"]["AIRFLOW__CORE__EXECUTOR"] for name in AIRFLOW - {"worker"}} == {"LocalExecutor"}
    assert {many[name]["environment"]["AIRFLOW__CORE__EXECUTOR"] for name in AIRFLOW} == {"CeleryExecutor"}
    worker = many["worker"]
    assert worker["environment"]["AIRFLOW__CELERY__BROKER_URL"] == "redis://:long@redis:6379/0"
    assert set(worker["environment"]) == set(many["scheduler"]["environment"])
    assert set(worker["depends_on"]) == {"initialise", "api-server", "redis"}
    assert set(many["scheduler"]["depends_on"]) == {"initialise", "api-server", "redis"}
    assert "long" in many["redis"]["command"]


def test_a_worker_on_another_machine_finds_the_first_one() -> None:
    first = {
        "POSTGRES_ADDRESS": "10.0.0.5:5432",
        "REDIS_ADDRESS": "10.0.0.5:6379",
        "API_SERVER_ADDRESS": "10.0.0.5:8080",
    }
    told = services(FILLED | first, BASE, CELERY)["worker"]["environment"]
    addresses = {name: value for name, value in told.items() if "://" in value and "BASE_URL" not in name}
    assert len(addresses) >= 6
    assert {name for name, value in addresses.items() if "10.0.0.5" not in value} == set()


def test_the_workers_command_is_one_that_airflow_understands(airflow_help: Any) -> None:
    command = services(FILLED, BASE, CELERY)["worker"]["command"]
    assert command[:3] == ["airflow", "celery", "worker"]
    assert {part for part in command[3:] if part.startswith("--")} <= airflow_help("celery", "worker")


def test_the_twin_listens_where_the_tasks_run() -> None:
    found = services({**FILLED, "SANDBOX_PORT": "9100"}, BASE)
    twin = found["sandbox"]
    assert found["scheduler"]["environment"]["AIRFLOW__CORE__EXECUTOR"] == "LocalExecutor"
    assert twin["network_mode"] == "service:scheduler"
    assert "--port=9100" in twin["command"] and "127.0.0.1:9100" in twin["healthcheck"]["test"][-1]
    assert twin["profiles"] == ["sandbox"] and all("profiles" not in found[name] for name in found if name != "sandbox")
    assert twin["build"]["target"] == "sandbox"
    socket = "socket:/var/run/postgresql"
    assert socket in found["postgres"]["volumes"] and socket in found["scheduler"]["volumes"]
