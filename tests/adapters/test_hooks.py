"""Connections become mappings for the clients, their forms are found, and a missing or wrong one is named."""

import json
import os
import subprocess
import sys
from collections.abc import Callable

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


@pytest.mark.parametrize("told", [{}, {"keyfile_dict": "{broken"}, {"keyfile_dict": "[]"}])
@pytest.mark.usefixtures("connections")
def test_a_wrong_key_file_is_told_with_its_connection(told: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_REKAP_GOOGLE", json.dumps({"conn_type": "rekap_google", "extra": told}))
    with pytest.raises(PermanentError, match=r"connection 'rekap_google': .*key"):
        GoogleHook().client("", 55)


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
hooks = {name: manager.hooks[name].hook_class_name for name in ("basecamp", "rekap_google")}
fields = {name: widget.is_sensitive for name, widget in manager.connection_form_widgets.items()
          if widget.package_name == "rekap"}
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
    assert "password" in behaviour["rekap_google"]["hidden_fields"]


@pytest.mark.parametrize("pasted", [dict, json.dumps], ids=["key as object", "key as text"])
@pytest.mark.usefixtures("connections")
def test_clients_are_made_from_connections_without_a_call(
    pasted: Callable[[dict[str, str]], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: object, address: object) -> None:
        pytest.fail(f"a client was made and called {address}")

    key = generated_key()
    extra = {
        "keyfile_dict": pasted(key),
        "sheets_endpoint": "http://127.0.0.1:11",
        "drive_endpoint": "http://127.0.0.1:11",
    }
    monkeypatch.setenv("AIRFLOW_CONN_REKAP_GOOGLE", json.dumps({"conn_type": "rekap_google", "extra": extra}))
    smtp = {"conn_type": "smtp", "host": "127.0.0.1", "port": 25, "extra": {"from_email": "rekap@contoh.example"}}
    monkeypatch.setenv("AIRFLOW_CONN_REKAP_SMTP", json.dumps(smtp))
    monkeypatch.setattr("socket.socket.connect", refuse)
    assert type(BasecampHook().client(WarehouseHook().dsn, 45)).__name__ == "Basecamp"
    assert GoogleHook().client(WarehouseHook().dsn, 55).email == key["client_email"]
    assert SmtpHook().client.sender == "rekap@contoh.example"


def generated_key() -> dict[str, str]:
    """A service account's key that signs nothing anybody trusts."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    pem = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return {
        "type": "service_account",
        "client_email": "rekap@contoh.iam.example",
        "private_key_id": "1",
        "private_key": pem.decode(),
        "token_uri": "http://127.0.0.1:11/token",
    }
