"""Every request to Google passes here: a pace that keeps the quota, and repeats where repeating is safe."""

import logging
import random
import time
from collections import deque
from collections.abc import Callable
from typing import TypeVar

from rekap.errors import TransientError, UnknownOutcome
from rekap.services.google.refusals import NoAnswer, Refused, explained

T = TypeVar("T")

ATTEMPTS = 6
LONGEST_WAIT = 60.0  # seconds; when the server asks for more, the task gives way and is retried later
TIMEOUT = (10, 180)  # seconds to connect and to answer: Google itself gives up after 180
WAITS = (408, 429, 500, 502, 503, 504)
log = logging.getLogger(__name__)


class QuotaUsedUp(TransientError):
    """Google asks the credential, whatever it wants to read, to wait longer than a task should sleep."""


class Pace:
    """At most `per_minute` requests in any 60 seconds; waits when they are used up."""

    def __init__(
        self, per_minute: int, sleep: Callable[[float], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.per_minute = per_minute
        self._sleep, self._clock = sleep, clock
        self._used: deque[float] = deque()

    def wait(self) -> None:
        """Returns when one more request may be sent."""
        while self._used and self._clock() - self._used[0] >= 60:
            self._used.popleft()
        if len(self._used) >= self.per_minute:
            self._sleep(max(0.0, self._used.popleft() + 60 - self._clock()))
        self._used.append(self._clock())


class Caller:
    """Sends, waits, repeats, explains; one for both services of a credential."""

    def __init__(self, email: str, connection: str, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self.email, self.connection, self._sleep = email, connection, sleep

    def pace(self, per_minute: int) -> Pace:
        return Pace(per_minute, self._sleep)

    def call(self, what: str, send: Callable[[], T], *, repeatable: bool, pace: Pace | None = None) -> T:
        """The answer of `send`, which raises Refused or NoAnswer. `what` names thing and act for people.

        `repeatable`: doing it twice is the same as doing it once. What is not repeatable is repeated only where the
        server did not take it. Raises TransientError (with retry_after), UnknownOutcome for a write that may have been
        applied, PermanentError or CredentialError with one sentence on what to do."""
        for attempt in range(1, ATTEMPTS + 1):
            if pace is not None:
                pace.wait()
            try:
                return send()
            except Refused as refusal:
                if refusal.status not in WAITS and not refusal.is_quota:
                    raise explained(refusal, what, self.email, self.connection) from refusal
                if refusal.status >= 500 and not repeatable:
                    raise self._unknown(what, f"Google answered {refusal.status}") from refusal
                wait, reason = self._wait(refusal, attempt), f"{refusal.status} {refusal.reason or refusal.message}"
                if wait > LONGEST_WAIT or attempt == ATTEMPTS:
                    gives_way = QuotaUsedUp if refusal.is_quota and wait > LONGEST_WAIT else TransientError
                    raise gives_way(
                        f"{what}: Google (connection '{self.connection}') answered {reason} after {attempt} attempts;"
                        " it is tried again by itself.",
                        retry_after=wait if wait > LONGEST_WAIT else None,
                    ) from refusal
            except NoAnswer as silence:
                if silence.sent and not repeatable:
                    raise self._unknown(what, str(silence)) from silence
                wait, reason = self._backoff(attempt), str(silence)
                if attempt == ATTEMPTS:
                    raise TransientError(
                        f"{what}: Google (connection '{self.connection}') cannot be reached: {reason}; it is tried"
                        " again by itself."
                    ) from silence
            log.warning("%s: %s; attempt %d of %d, waiting %.1f s", what, reason, attempt, ATTEMPTS, wait)
            self._sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def _wait(self, refusal: Refused, attempt: int) -> float:
        if refusal.retry_after is not None:
            return refusal.retry_after
        # The quota is refilled every minute: asking again at once only uses up attempts.
        return self._backoff(attempt + 2 if refusal.is_quota else attempt)

    @staticmethod
    def _backoff(attempt: int) -> float:
        return float(min(2 ** (attempt - 1) * random.uniform(0.75, 1.25), LONGEST_WAIT))

    def _unknown(self, what: str, reason: str) -> UnknownOutcome:
        return UnknownOutcome(
            f"{what}: {reason}, so it may have been done or not (connection '{self.connection}'); the next attempt"
            " looks before it writes."
        )
