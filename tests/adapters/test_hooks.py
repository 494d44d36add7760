"""Connections become mappings for the clients, their forms are found, and a missing or wrong one is named."""

import json
import os
import subprocess
import sys

import pytest

from rekap.errors import PermanentError
from rekap.warehouse import Connection
from rekap_airflow.hooks.basecamp import BasecampHook
from rekap_airflow.hooks.google import GoogleHook
from rekap_airflow.hooks.smtp import SmtpHook
from rekap_airflow.hooks.warehouse import WarehouseHook


def test_making_hooks_asks_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rekap_airflow.hooks.mapping.BaseHook.get_connection", lambda conn_id: pytest.fail(conn_id))
    assert [hook().conn_id for hook in (BasecampHook, GoogleHook, SmtpHook, WarehouseHook)] == [
        "basecamp_default", "rekap_google", "rekap_smtp", "rekap_warehouse",
    ]  # fmt: skip


@pytest.mark.usefixtures("connections")
def test_a_connection_of_the_environment_becomes_the_mapping_of_its_client() -> None:
    told = BasecampHook().mapping
    assert (told["host"], told["login"], told["password"]) == ("http://127.0.0.1:9/999", "client-id", "client-secret")
    assert told["extra"]["account_id"] == "999"
    assert SmtpHook().mapping["port"] == 9


@pytest.mark.usefixtures("connections")
def test_a_key_file_pasted_as_text_reads_like_one_given_as_object(monkeypatch: pytest.MonkeyPatch) -> None:
    key = {"client_email": "r@x", "token_uri": "http://127.0.0.1:11/token"}
    assert GoogleHook().mapping["extra"]["keyfile_dict"] == key
    monkeypatch.setenv(
        "AIRFLOW_CONN_REKAP_GOOGLE", json.dumps({"conn_type": "rekap_google", "extra": {"keyfile_dict": key}})
    )
    assert GoogleHook().mapping["extra"]["keyfile_dict"] == key


@pytest.mark.parametrize("told", [{}, {"keyfile_dict": "{broken"}, {"keyfile_dict": "[]"}])
@pytest.mark.usefixtures("connections")
def test_a_wrong_key_file_is_told_with_its_connection(told: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_REKAP_GOOGLE", json.dumps({"conn_type": "rekap_google", "extra": told}))
    with pytest.raises(PermanentError, match=r"connection 'rekap_google': keyfile_dict .* paste"):
        _ = GoogleHook().mapping


def test_a_missing_connection_is_told_with_what_to_do() -> None:
    with pytest.raises(PermanentError, match="there is no connection 'rekap_smtp': set AIRFLOW_CONN_REKAP_SMTP"):
        _ = SmtpHook().mapping


@pytest.mark.usefixtures("connections")
def test_the_warehouse_connection_opens_the_warehouse(warehouse: Connection) -> None:
    with WarehouseHook().connect() as connection:
        assert connection.info.dbname == warehouse.info.dbname
        assert connection.execute("show timezone").fetchone() == {"TimeZone": "UTC"}


@pytest.mark.usefixtures("connections")
def test_a_password_with_signs_of_its_own_reaches_the_server_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "AIRFLOW_CONN_REKAP_WAREHOUSE",
        json.dumps(
            {"conn_type": "postgres", "host": "db", "login": "u", "password": "a b'@/\\", "schema": "warehouse",
             "port": 5432, "extra": {"sslmode": "require"}}
        ),
    )  # fmt: skip
    from psycopg.conninfo import conninfo_to_dict

    assert conninfo_to_dict(WarehouseHook().dsn) == {
        "host": "db", "port": "5432", "dbname": "warehouse", "user": "u", "password": "a b'@/\\", "sslmode": "require",
    }  # fmt: skip


def test_airflow_finds_a_form_for_each_connection_type_and_hides_its_secrets() -> None:
    """Through the installed entry point, as the pages of Airflow do; in a process of its own, as it caches."""
    program = """
import json
from airflow.providers_manager import ProvidersManager
manager = ProvidersManager()
hooks = {name: hook.hook_class_name for name, hook in manager.hooks.items() if hook and "rekap" in hook.hook_class_name}
fields = {name: bool(widget.field.param.schema.get("format") == "password") if hasattr(widget.field, "param")
          else widget.field["schema"].get("format") == "password"
          for name, widget in manager.connection_form_widgets.items() if "rekap_" in name or "basecamp" in name}
behaviour = {name: manager.field_behaviours[name] for name in ("basecamp", "rekap_google")}
print(json.dumps([hooks, fields, behaviour]))
"""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    hooks, fields, behaviour = json.loads(done.stdout.splitlines()[-1])
    assert hooks == {
        "basecamp": "rekap_airflow.hooks.basecamp.BasecampHook",
        "rekap_google": "rekap_airflow.hooks.google.GoogleHook",
    }
    assert fields == {
        "extra__basecamp__account_id": False,
        "extra__basecamp__refresh_token": True,
        "extra__basecamp__user_agent": False,
        "extra__basecamp__token_url": False,
        "extra__basecamp__storage_url": False,
        "extra__rekap_google__keyfile_dict": True,
        "extra__rekap_google__subject": False,
        "extra__rekap_google__sheets_endpoint": False,
        "extra__rekap_google__drive_endpoint": False,
    }
    assert behaviour["basecamp"]["relabeling"]["password"] == "Client secret"
    assert (
        "password" in behaviour["rekap_google"]["hidden_fields"]
        or "password" in behaviour["rekap_google"]["hidden-fields"]
    )
