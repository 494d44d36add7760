"""Access tokens kept for all processes in ops.access_tokens, sealed with what only the connection holds.

The database alone gives nothing away: the key of the seal comes from the client secret and the connection's refresh
token, and neither stands there. A connection that is replaced has another name, so its old token is simply not found.
"""

import base64
import hashlib
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import psycopg

from rekap import warehouse
from rekap.errors import TransientError
from rekap.services.bookkeeping import Bookkeeping

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

# Whoever renews asks at most three times, 35 seconds each; a frozen one is thrown out, so that the next has its turn.
TURN, QUEUE = "120s", "300s"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kept:
    """What the last renewal brought; `refresh` is the token for the next one, which may not be the connection's."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)


class Turn:
    """The time in which this process alone may renew; `kept` is what is known at its beginning."""

    def __init__(self, shelf: "Shelf", connection: warehouse.Connection) -> None:
        self._shelf, self._connection = shelf, connection
        self.kept = shelf.read(connection)

    def keep(self, kept: Kept, *, rotated: bool) -> None:
        """Write down what a renewal brought. When the server is lost just now, once more on a new connection: a rotated
        refresh token exists nowhere else."""
        try:
            self._shelf.write(self._connection, kept, rotated=rotated)
        except psycopg.OperationalError:
            Bookkeeping(self._shelf.dsn).run(lambda again: self._shelf.write(again, kept, rotated=rotated))


class Shelf:
    """The place of one grant's tokens; its name and its seal come from what the connection holds."""

    def __init__(self, dsn: str, conn_id: str, client_id: str, client_secret: str, refresh_token: str) -> None:
        self.dsn = dsn
        mark = hashlib.sha256(f"{client_id}\0{refresh_token}".encode()).hexdigest()[:32]
        self.key = f"{conn_id} {mark}"
        self._secret = f"{client_secret}\0{refresh_token}".encode()

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """Wait for this process's turn; what was kept meanwhile is in it. The lock goes with its connection, so that a
        killed process holds nobody up. Raises TransientError when the warehouse does not answer."""
        own = Bookkeeping(self.dsn)
        try:
            yield own.run(lambda connection: Turn(self, self._locked(connection)))
        finally:
            own.close()

    def _locked(self, connection: warehouse.Connection) -> warehouse.Connection:
        connection.execute(
            "select set_config('idle_session_timeout', %s, false), set_config('lock_timeout', %s, false)", (TURN, QUEUE)
        )
        try:
            connection.execute("select pg_advisory_lock(hashtextextended(%s, 0))", (f"access token {self.key}",))
        except psycopg.errors.LockNotAvailable as error:
            raise TransientError("others have been renewing the same token for minutes; it is tried again.") from error
        return connection

    def read(self, connection: warehouse.Connection) -> Kept | None:
        """What is kept; None when there is nothing, or nothing that this connection's secrets open."""
        from cryptography.fernet import InvalidToken

        row = connection.execute("select sealed from ops.access_tokens where key = %s", (self.key,)).fetchone()
        if row is None:
            return None
        try:
            return Kept(**json.loads(self._seal.decrypt(bytes(row["sealed"]))))
        except (InvalidToken, ValueError, TypeError):
            log.info("the kept token of %s was sealed with another secret; a new one is asked for.", self.key)
            return None

    def write(self, connection: warehouse.Connection, kept: Kept, *, rotated: bool) -> None:
        connection.execute(
            """
            insert into ops.access_tokens as t (key, sealed, renewed_at, rotated_at)
            values (%(key)s, %(sealed)s, clock_timestamp(), case when %(rotated)s then clock_timestamp() end)
            on conflict (key) do update set
                sealed = excluded.sealed,
                renewed_at = excluded.renewed_at,
                rotated_at = case when %(rotated)s then coalesce(t.rotated_at, excluded.rotated_at) end
            """,
            {
                "key": self.key,
                "sealed": self._seal.encrypt(json.dumps({"access": kept.access, "refresh": kept.refresh}).encode()),
                "rotated": rotated,
            },
        )

    def rotated(self, connection: warehouse.Connection) -> bool:
        """Whether the service has replaced the refresh token that the connection holds."""
        row = connection.execute("select rotated_at from ops.access_tokens where key = %s", (self.key,)).fetchone()
        return row is not None and row["rotated_at"] is not None

    @property
    def _seal(self) -> "Fernet":
        from cryptography.fernet import Fernet
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        # Both secrets are long and random already, so nothing has to be stretched.
        key = HKDF(SHA256(), length=32, salt=None, info=b"rekap ops.access_tokens").derive(self._secret)
        return Fernet(base64.urlsafe_b64encode(key))
