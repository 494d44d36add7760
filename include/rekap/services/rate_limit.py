"""Permits for a service that counts requests: so many in ten seconds, together for all processes that share the key.

Permits are points in time, evenly spaced after a short burst, handed out in batches: in any ten seconds at most
`per_10_s` are used, whatever window the server counts in.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

import psycopg

from rekap import warehouse
from rekap.errors import TransientError

WINDOW = 10.0  # seconds
BURST = 5  # permits that may be used at once after a pause
STALE = 1.0  # seconds; an older permit was paid for in a window that is over, and is thrown away


class Limit(Protocol):
    """Whoever calls `take` may send one request when it returns."""

    def take(self) -> None: ...


class Unlimited:
    """For a service that does not count."""

    def take(self) -> None:
        return


class Paced:
    """Permits of this process alone; the base of those that are shared."""

    def __init__(
        self, per_10_s: int, *, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.interval = WINDOW / max(per_10_s - BURST, 1)
        self.clock = clock
        self.sleep = sleep
        self._permits: deque[float] = deque()
        self._next = 0.0
        self._lock = threading.Lock()

    def take(self) -> None:
        """Wait for the next permit."""
        with self._lock:
            now = self.clock()
            while self._permits and self._permits[0] < now - STALE:
                self._permits.popleft()
            if not self._permits:
                self._permits.extend(now + wait for wait in self.reserve(BURST))
            at = self._permits.popleft()
        if (wait := at - self.clock()) > 0:
            self.sleep(wait)

    def reserve(self, permits: int) -> list[float]:
        """Seconds from now at which each of the permits may be used."""
        now = self.clock()
        start = max(self._next, now - (BURST - 1) * self.interval)
        self._next = start + permits * self.interval
        return [max(0.0, start + number * self.interval - now) for number in range(permits)]


class Shared(Paced):
    """Permits shared through ops.rate_limits by every process on this warehouse. Each batch is one short transaction of
    an own connection; the clock is the server's, so that all processes mean the same moment."""

    def __init__(self, dsn: str, key: str, per_10_s: int, **paced: Any) -> None:
        super().__init__(per_10_s, **paced)
        self.dsn = dsn
        self.key = key
        self._connection: warehouse.Connection | None = None

    def reserve(self, permits: int) -> list[float]:
        """Raises TransientError when the warehouse does not answer."""
        try:
            waits = self._reserve(permits)
        except psycopg.OperationalError:  # the server was restarted: once more on a new connection
            self._connection = None
            try:
                waits = self._reserve(permits)
            except psycopg.OperationalError as error:
                raise TransientError(f"the warehouse gives no permits for {self.key}: {error}") from error
        return [max(0.0, waits + number * self.interval) for number in range(permits)]

    def _reserve(self, permits: int) -> float:
        if self._connection is None or self._connection.closed:
            self._connection = warehouse.connect(self.dsn)
            self._connection.autocommit = True
        row = self._connection.execute(
            """
            insert into ops.rate_limits as r (key, window_started_at, used)
            values (%(key)s, clock_timestamp() + %(spent)s * interval '1 second', %(permits)s)
            on conflict (key) do update set
                window_started_at = greatest(r.window_started_at, clock_timestamp() - %(burst)s * interval '1 second')
                    + %(batch)s * interval '1 second',
                used = case when r.used > 1000000000 then 0 else r.used end + %(permits)s
            returning extract(epoch from window_started_at - clock_timestamp())::double precision as after
            """,
            {
                "key": self.key,
                "permits": permits,
                "batch": permits * self.interval,
                "burst": (BURST - 1) * self.interval,
                "spent": (permits - BURST + 1) * self.interval,
            },
        ).fetchone()
        return (row["after"] if row else 0.0) - permits * self.interval
