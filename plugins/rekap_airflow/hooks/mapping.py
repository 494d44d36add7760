"""An Airflow connection as the plain mapping that `rekap.services` builds its clients from."""

import json
from collections.abc import Mapping
from typing import Any

from airflow.sdk import BaseHook, Connection
from airflow.sdk.exceptions import AirflowNotFoundException

from rekap.errors import PermanentError


def find(conn_id: str) -> Connection:
    """The connection of that id. Raises PermanentError when there is none."""
    try:
        return BaseHook.get_connection(conn_id)
    except AirflowNotFoundException as error:
        raise PermanentError(
            f"there is no connection '{conn_id}': set AIRFLOW_CONN_{conn_id.upper()} or add it in Admin, Connections."
        ) from error


def is_known(conn_id: str) -> bool:
    """Whether the connection exists; nothing but that is asked."""
    try:
        find(conn_id)
    except PermanentError:
        return False
    return True


def as_mapping(connection: Connection) -> dict[str, Any]:
    """Host (a URL where the connection has one), port, login, password and extra."""
    return {
        "conn_id": connection.conn_id,
        "host": connection.host,
        "port": connection.port,
        "schema": connection.schema,
        "login": connection.login,
        "password": connection.password,
        "extra": dict(connection.extra_dejson),
    }


def keyfile(extra: Mapping[str, Any], conn_id: str) -> dict[str, Any]:
    """The service account's key, which the form stores as text and the environment as an object."""
    value = extra.get("keyfile_dict")
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError as error:
            raise PermanentError(
                f"connection '{conn_id}': keyfile_dict is no JSON; paste the service account's whole key file."
            ) from error
    if not isinstance(value, dict):
        raise PermanentError(f"connection '{conn_id}': keyfile_dict is missing; paste the service account's key file.")
    return value
