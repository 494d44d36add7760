"""What clients keep in schema ops, through a connection of their own: it stands whatever becomes of the work around."""

import time
from collections.abc import Callable
from typing import TypeVar

import psycopg

from rekap import warehouse
from rekap.errors import TransientError

T = TypeVar("T")

PATIENCE = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)  # seconds before each attempt: a restart of the server takes less in all


class Bookkeeping:
    """One connection in autocommit, opened when it is needed and again when the server was restarted."""

    def __init__(self, dsn: str, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self.dsn = dsn
        self._sleep = sleep
        self._connection: warehouse.Connection | None = None

    def run(self, work: Callable[[warehouse.Connection], T]) -> T:
        """The answer of `work`, which may be called again after a lost connection, so it must bear being done twice.
        Raises TransientError when the server does not come back within a quarter of a minute."""
        for wait in PATIENCE:
            if wait:
                self._sleep(wait)
            try:
                connection = self._open()
            except TransientError as error:
                told = str(error)
                continue
            try:
                return work(connection)
            except psycopg.OperationalError as error:
                if not connection.closed:
                    raise
                told = f"the connection to the warehouse was lost: {error}"
        raise TransientError(told)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _open(self) -> warehouse.Connection:
        if self._connection is None or self._connection.closed:
            self._connection = warehouse.connect(self.dsn)
            self._connection.autocommit = True
        return self._connection
