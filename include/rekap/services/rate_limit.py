"""Permits for a service that counts requests: so many in a window of time, together for all processes of a key.

Permits are points in time, evenly spaced after a short burst, handed out in batches: whatever window the service counts
in, it holds at most `permits`. A service that says 429 all the same, because others use the same address or credential,
makes everybody who shares the key wait, not only the process that was told.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from rekap import warehouse
from rekap.errors import TransientError
from rekap.services.bookkeeping import Bookkeeping

STALE = 0.25  # seconds; a permit that is used up to so much later is counted for, an older one is thrown away
BATCH = 5  # permits taken at once by a process that uses them all in time; one that is slower takes fewer
LONGEST_WAIT = 60.0  # seconds; whoever is asked to wait longer frees the worker and comes back
LONGEST_PAUSE = 3600.0  # seconds; a nonsensical Retry-After must not stop everybody for days


@dataclass(frozen=True)
class Rate:
    """At most `permits` in any `window` seconds; `burst` of them may be used at once after a pause.

    The steady rate is what the burst leaves: (permits - burst + 1) in window + STALE seconds. A small burst comes close
    to what is allowed in the long run, a large one answers a few requests at once.
    """

    permits: int
    window: float
    burst: int

    @property
    def interval(self) -> float:
        """Seconds between two permits once the burst is used."""
        return (self.window + STALE) / (self.permits - self.at_once + 1)

    @property
    def at_once(self) -> int:
        return max(1, min(self.burst, self.permits))


def basecamp(per_10_s: int) -> Rate:
    """Basecamp publishes 50 requests in 10 s for an address. With 49 and a burst of 2 the steady rate is 46.8: the rest
    is room for requests that take longer to arrive than their neighbours."""
    return Rate(per_10_s, 10.0, burst=2)


def google(per_minute: int) -> Rate:
    """Google publishes 60 reads and 60 writes a minute for a user, and does not say when its minute begins. 15 at once:
    a usual tick reads fewer changed trackers than that and waits for none. The price is the first load: with 55 in any
    minute 41 a minute follow the burst (with a burst of 2 it would be 54), so 60 trackers take the same minute with
    either, 200 take 4.5 minutes instead of 3.7."""
    return Rate(per_minute, 60.0, burst=15)


class Limit(Protocol):
    """Whoever calls `take` may send one request when it returns."""

    def take(self) -> None: ...

    def pause(self, seconds: float) -> None:
        """The service wants nobody to ask for so long. The caller itself waits by its own means."""


class Unlimited:
    """For a service that does not count."""

    def take(self) -> None:
        return

    def pause(self, seconds: float) -> None:
        return


class Paced:
    """Permits of this process alone; the base of those that are shared."""

    def __init__(
        self, rate: Rate, *, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.rate = rate
        self.clock = clock
        self.sleep = sleep
        self._permits: deque[float] = deque()
        self._batch, self._growth = 0, 1
        self._next = 0.0
        self._paused_until = 0.0
        self._lock = threading.Lock()

    def take(self) -> None:
        """Wait for the next permit. Raises TransientError (with retry_after) when the service wants to be left alone
        for more than a minute."""
        self._wait()
        if (pause := self.paused()) <= 0:
            return
        if pause > LONGEST_WAIT:
            raise TransientError(
                f"the service asked everybody to wait {pause:.0f} s more; it is tried again by itself.",
                retry_after=pause,
            )
        with self._lock:
            self._permits.clear()
        self.sleep(pause)
        self._wait()

    def _wait(self) -> None:
        with self._lock:
            now = self.clock()
            while self._permits and self._permits[0] < now - STALE:
                self._permits.popleft()
                # Slower than its permits, which others could have used: fewer at once from now on.
                self._batch, self._growth = max(1, self._batch - 1), 0
            if not self._permits:
                self._batch = min(self._batch + self._growth, BATCH)
                waits = self.reserve(self._batch)
                now = self.clock()
                self._permits.extend(now + wait for wait in waits)
            at = self._permits.popleft()
        if (wait := at - self.clock()) > 0:
            self.sleep(wait)

    def reserve(self, permits: int) -> list[float]:
        """Seconds from now at which each of the permits may be used."""
        interval, now = self.rate.interval, self.clock()
        start = max(self._next, now - (self.rate.at_once - 1) * interval)
        self._next = start + permits * interval
        return [max(0.0, start + number * interval - now) for number in range(permits)]

    def pause(self, seconds: float) -> None:
        """Nobody who shares these permits uses one for so long."""
        self._paused_until = max(self._paused_until, self.clock() + min(seconds, LONGEST_PAUSE))

    def paused(self) -> float:
        """Seconds that the pause still lasts."""
        return self._paused_until - self.clock()


class Shared(Paced):
    """Permits shared through ops.rate_limits by every process on this warehouse: `window_started_at` is the moment of
    the next permit. Each batch is one short transaction of an own connection; the clock is the server's, so that all
    processes mean the same moment. A pause has a row of its own, with its end."""

    def __init__(self, dsn: str, key: str, rate: Rate, **paced: Any) -> None:
        super().__init__(rate, **paced)
        self.key = key
        self._kept = Bookkeeping(dsn)

    def reserve(self, permits: int) -> list[float]:
        """Raises TransientError when the warehouse does not answer."""
        first = self._kept.run(lambda connection: self._reserve(connection, permits))
        return [max(0.0, first + number * self.rate.interval) for number in range(permits)]

    def _reserve(self, connection: warehouse.Connection, permits: int) -> float:
        interval = self.rate.interval
        row = connection.execute(
            """
            insert into ops.rate_limits as r (key, window_started_at, used)
            values (%(key)s, clock_timestamp() + (%(batch)s - %(burst)s) * interval '1 second', %(permits)s)
            on conflict (key) do update set
                window_started_at = greatest(r.window_started_at, clock_timestamp() - %(burst)s * interval '1 second')
                    + %(batch)s * interval '1 second',
                used = case when r.used > 1000000000 then 0 else r.used end + %(permits)s
            returning extract(epoch from window_started_at - clock_timestamp())::double precision as after
            """,
            {
                "key": self.key,
                "permits": permits,
                "batch": permits * interval,
                "burst": (self.rate.at_once - 1) * interval,
            },
        ).fetchone()
        return (row["after"] if row else 0.0) - permits * interval

    def pause(self, seconds: float) -> None:
        """Raises TransientError when the warehouse does not answer."""
        self._kept.run(
            lambda connection: connection.execute(
                """
                insert into ops.rate_limits as r (key, window_started_at, used)
                values (%(key)s, clock_timestamp() + %(seconds)s * interval '1 second', 1)
                on conflict (key) do update set
                    window_started_at = greatest(r.window_started_at, excluded.window_started_at),
                    used = case when r.used > 1000000000 then 0 else r.used end + 1
                """,
                {"key": self._pause_key, "seconds": min(seconds, LONGEST_PAUSE)},
            )
        )

    def paused(self) -> float:
        row = self._kept.run(
            lambda connection: connection.execute(
                "select extract(epoch from window_started_at - clock_timestamp())::double precision as left_over"
                " from ops.rate_limits where key = %s",
                (self._pause_key,),
            ).fetchone()
        )
        return float(row["left_over"]) if row else 0.0

    @property
    def _pause_key(self) -> str:
        return f"{self.key} asked to wait until"
