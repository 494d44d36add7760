"""Settings and secrets of an installation."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from local import bootstrap, environment
from local.state import State

READY = {
    "basecamp": {
        "url": "http://127.0.0.1:1", "token_url": "http://127.0.0.1:1/token", "account_id": 7, "client_id": "id",
        "client_secret": "s'ec\"ret $x", "refresh_token": "r", "storage_url": "http://127.0.0.1:2",
    },
    "google": {"sheets_url": "http://127.0.0.1:3", "drive_url": "http://127.0.0.1:3", "service_account": {"a": "b\nc"}},
    "smtp": {"host": "127.0.0.1", "port": 25},
}  # fmt: skip


def test_secrets_are_made_once_and_differ_between_installations(tmp_path: Path) -> None:
    one, other = State(tmp_path / "one"), State(tmp_path / "other")
    first = environment.secrets_of(one)
    assert environment.secrets_of(one) == first
    assert not set(first.values()) & set(environment.secrets_of(other).values())


def test_the_env_file_says_the_same_to_rekap_and_to_a_shell(tmp_path: Path) -> None:
    state = State(tmp_path)
    made = environment.connections(READY)
    path = environment.write(state, made)

    assert environment.read(path) == made
    name = "AIRFLOW_CONN_BASECAMP_DEFAULT"
    shell = subprocess.run(["sh", "-c", f'. "{path}"; printf %s "${name}"'], capture_output=True, text=True, check=True)
    assert json.loads(shell.stdout)["password"] == READY["basecamp"]["client_secret"]


def test_the_example_names_every_connection_and_holds_no_secret() -> None:
    example = environment.read(bootstrap.ROOT / ".env.example")
    assert set(environment.connections(READY)) <= set(example)
    assert not [name for name, value in example.items() if value and name.endswith(("_KEY", "_SECRET", "PASSWORD"))]


def test_foreign_airflow_settings_do_not_reach_the_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW__CORE__LOAD_EXAMPLES", "True")
    assert "AIRFLOW__CORE__LOAD_EXAMPLES" not in environment.whole({})


@pytest.mark.parametrize("home", [None, "/nonexistent/home"])
def test_children_have_a_home_that_they_can_write(monkeypatch: pytest.MonkeyPatch, home: str | None) -> None:
    monkeypatch.delenv("HOME") if home is None else monkeypatch.setenv("HOME", home)
    assert os.access(bootstrap.environment()["HOME"], os.W_OK)
