"""An Airflow connection as the plain mapping that `rekap.services` builds its clients from."""

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
