"""The twin's clock: it stands still at ``now`` and moves by one millisecond each time something is written."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta


class Clock:
    """Time of what is written through the twin; token expiry does not use it, tokens live by the wall clock."""

    def __init__(self, now: datetime) -> None:
        if now.tzinfo is None:
            raise ValueError(f"the sandbox needs a time with its zone, got {now.isoformat()}: add +07:00")
        self._base = now
        self._written = 0
        self._lock = threading.Lock()

    @property
    def base(self) -> datetime:
        """The standing time, without the milliseconds of what was written since."""
        return self._base

    def now(self) -> datetime:
        """The time of the latest write; reading does not move it."""
        with self._lock:
            return self._base + timedelta(milliseconds=self._written)

    def tick(self) -> datetime:
        """The time of one new write: later than every write before it, so that order is kept."""
        with self._lock:
            self._written += 1
            return self._base + timedelta(milliseconds=self._written)

    def __call__(self) -> datetime:
        """The same as ``tick``: whoever takes the clock as a function asks for the time of a write."""
        return self.tick()

    def set(self, now: datetime) -> None:
        """Move the standing time, forward only.

        Raises ValueError when ``now`` lies before what was already written.
        """
        with self._lock:
            if now.tzinfo is None or now < self._base + timedelta(milliseconds=self._written):
                raise ValueError(f"the clock only moves forward and needs a zone: {now.isoformat()}")
            self._base, self._written = now, 0
