"""The connection `rekap_warehouse`, of the type `postgres`. Rekap speaks psycopg 3: PostgresHook logs parameters."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from airflow.sdk import BaseHook

from rekap_airflow.hooks.mapping import find

if TYPE_CHECKING:
    from rekap.warehouse import Connection


class WarehouseHook(BaseHook):
    def __init__(self, warehouse_conn_id: str = "rekap_warehouse") -> None:
        super().__init__()
        self.conn_id = warehouse_conn_id

    @cached_property
    def dsn(self) -> str:
        from psycopg.conninfo import make_conninfo

        connection = find(self.conn_id)
        parts = {
            "host": connection.host,
            "port": connection.port,
            "dbname": connection.schema,
            "user": connection.login,
            "password": connection.password,
            **connection.extra_dejson,
        }
        return make_conninfo(**{name: value for name, value in parts.items() if value not in (None, "")})

    def connect(self) -> Connection:
        """Raises TransientError when the server does not answer."""
        from rekap.warehouse import connect

        return connect(self.dsn)

    @property
    def endpoints(self) -> list[str]:
        host = find(self.conn_id).host or "localhost"
        return ["localhost" if host.startswith("/") else host]  # a socket's folder is on this machine
