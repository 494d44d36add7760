"""Every request to Google passes here: permits that keep the quota, and repeats where repeating is safe."""

import logging
import random
import time
from collections.abc import Callable
from typing import TypeVar

from rekap.errors import TransientError, UnknownOutcome
from rekap.services import rate_limit
from rekap.services.google.refusals import NoAnswer, Refused, explained
from rekap.services.rate_limit import LONGEST_WAIT, Limit, Paced, Shared

T = TypeVar("T")

ATTEMPTS = 6
TIMEOUT = (10, 180)  # seconds to connect and to answer: Google itself gives up after 180
WAITS = (408, 429, 500, 502, 503, 504)
log = logging.getLogger(__name__)


class QuotaUsedUp(TransientError):
    """Google asks the credential, whatever it wants to read, to wait longer than a task should sleep."""


class Caller:
    """Sends, waits, repeats, explains; one for both services of a credential."""

    def __init__(
        self, email: str, connection: str, *, dsn: str | None = None, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.email, self.connection, self._dsn, self._sleep = email, connection, dsn, sleep

    def limit(self, direction: str, per_minute: int) -> Paced:
        """Permits for `read` or `write`, which Google counts apart; shared by all processes where there is a DSN."""
        rate = rate_limit.google(per_minute)
        if self._dsn:
            return Shared(self._dsn, f"google {self.email} {direction}", rate, sleep=self._sleep)
        return Paced(rate, sleep=self._sleep)

    def call(self, what: str, send: Callable[[], T], *, repeatable: bool, limit: Limit | None = None) -> T:
        """The answer of `send`, which raises Refused or NoAnswer. `what` names thing and act for people.

        `repeatable`: doing it twice is the same as doing it once. What is not repeatable is repeated only where the
        server did not take it. Raises TransientError (with retry_after), UnknownOutcome for a write that may have been
        applied, PermanentError or CredentialError with one sentence on what to do."""
        for attempt in range(1, ATTEMPTS + 1):
            if limit is not None:
                self._permitted(what, limit)
            try:
                return send()
            except Refused as refusal:
                if refusal.status not in WAITS and not refusal.is_quota:
                    raise explained(refusal, what, self.email, self.connection) from refusal
                if refusal.status >= 500 and not repeatable:
                    raise self._unknown(what, f"Google answered {refusal.status}") from refusal
                wait, reason = self._wait(refusal, attempt), f"{refusal.status} {refusal.reason or refusal.message}"
                if refusal.is_quota and limit is not None:
                    limit.pause(wait)
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

    @staticmethod
    def _permitted(what: str, limit: Limit) -> None:
        """Wait for a permit; a pause that another process was asked for counts for this one as well."""
        try:
            limit.take()
        except TransientError as error:
            if error.retry_after is None:
                raise
            raise QuotaUsedUp(f"{what}: {error}", retry_after=error.retry_after) from error

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
