"""What the service `initialise` refuses, each with one sentence, and the database that it makes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from local import environment
from local.initialise import NEEDED, Refusal, check, make_warehouse
from local.postgres import Server
from sandbox.server import Twin
from tests.production.compose import BASE, ROOT, services, variables

FERNET = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


@pytest.fixture
def environ() -> dict[str, str]:
    """A complete environment, nothing of which is used."""
    filled = dict.fromkeys(NEEDED, "0123456789abcdef0123456789abcdef")
    return filled | {"AIRFLOW__CORE__FERNET_KEY": FERNET, "REKAP_CONFIG": str(ROOT / "include" / "config")}


def test_a_complete_environment_passes(environ: dict[str, str]) -> None:
    check(environ)


@pytest.mark.parametrize("name", NEEDED)
def test_what_is_missing_is_named(environ: dict[str, str], name: str) -> None:
    with pytest.raises(Refusal, match=f"^{name} must be set: see .env.example"):
        check(environ | {name: ""})


def test_compose_sets_all_that_is_needed() -> None:
    told = services(dict.fromkeys(variables(BASE), "x"), BASE)
    assert set(NEEDED) <= set(told["initialise"]["environment"])


def test_a_key_that_encrypts_nothing_is_refused(environ: dict[str, str]) -> None:
    with pytest.raises(Refusal, match="AIRFLOW_FERNET_KEY is no Fernet key"):
        check(environ | {"AIRFLOW__CORE__FERNET_KEY": "geheim"})


def test_a_short_secret_is_refused_without_showing_it(environ: dict[str, str]) -> None:
    with pytest.raises(Refusal, match="AIRFLOW__API_AUTH__JWT_SECRET is shorter than 32 characters") as refusal:
        check(environ | {"AIRFLOW__API_AUTH__JWT_SECRET": "geheim"})
    assert "geheim" not in str(refusal.value)


def test_a_wrong_setting_stops_the_start_with_file_and_field(environ: dict[str, str], tmp_path: Path) -> None:
    for name in ("rekap.yaml", "clients.yaml"):
        (tmp_path / name).write_text((ROOT / "include" / "config" / name).read_text())
    (tmp_path / "rekap.yaml").write_text("house: {delivery: maybe}\n")
    with pytest.raises(Refusal, match=r"rekap\.yaml.*delivery"):
        check(environ | {"REKAP_CONFIG": str(tmp_path)})


def test_the_command_says_one_sentence_and_ends_with_status_1() -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "REKAP_"))}
    command = [sys.executable, "-m", "local.initialise"]
    done = subprocess.run(command, cwd=ROOT, env=kept, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("Rekap does not start: AIRFLOW__DATABASE__SQL_ALCHEMY_CONN, ")
    assert done.stderr.count("\n") == 1


def test_the_warehouse_is_made_when_it_is_missing_and_kept_when_it_is_there(postgres: Server) -> None:
    name = f"initialised_{os.urandom(4).hex()}"
    try:
        first = make_warehouse(postgres.dsn(name))
        assert make_warehouse(postgres.dsn(name)) == first
    finally:
        postgres.drop(name)


def test_a_server_that_does_not_answer_is_told_without_its_password() -> None:
    with pytest.raises(Refusal, match="the server of REKAP_WAREHOUSE does not answer") as refusal:
        make_warehouse("postgresql://rekap:geheim@127.0.0.1:9/warehouse")
    assert "geheim" not in str(refusal.value)


@pytest.mark.parametrize("key", ["no base64!", "Z2VoZWlt"])
def test_the_twin_refuses_a_key_that_is_none(key: str) -> None:
    command = [sys.executable, "-m", "sandbox", "serve", "--seed", "1", "--clients", "5", "--orders-per-month", "5"]
    started = environment.whole({"SANDBOX_GOOGLE_KEY": key})
    done = subprocess.run(command, cwd=ROOT, env=started, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("the sandbox cannot start: SANDBOX_GOOGLE_KEY is no private key")


def test_settings_for_a_port_that_is_taken_are_not_written(twin: Twin, tmp_path: Path) -> None:
    port = twin["control"].rpartition(":")[2]
    command = [sys.executable, "-m", "local.sandbox_settings", "--folder", str(tmp_path / "compose"), "--port", port]
    done = subprocess.run(command, cwd=ROOT, env=environment.whole({}), capture_output=True, text=True)
    assert done.returncode == 1
    assert "the sandbox cannot start" in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "compose" / "env").exists()
