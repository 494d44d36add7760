"""When a failed task is tried again: never, when the service said, or with the task's own growing delay."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import Context, RetryDecision, RetryPolicy

from rekap.errors import PermanentError, TransientError

SOONEST, LATEST = 1.0, 3600.0  # seconds; a nonsensical Retry-After must not hide a task for days


class ByIntent(RetryPolicy):
    """Reads the intent of Rekap's errors. A PermanentError fails at once. A TransientError with `retry_after` frees the
    slot and comes back after that time, however small or large the task's own delay is; it still uses up one of its
    retries. Everything else waits as the task says."""

    def evaluate(
        self, exception: BaseException, try_number: int, max_tries: int, context: Context | None = None
    ) -> RetryDecision:
        if isinstance(exception, PermanentError):
            return RetryDecision.fail("repeating cannot help")
        if isinstance(exception, TransientError) and exception.retry_after is not None:
            seconds = min(max(exception.retry_after, SOONEST), LATEST)
            return RetryDecision.retry(timedelta(seconds=seconds), f"the service asked to wait {seconds:.0f} s")
        return RetryDecision.default()

    def serialize(self) -> dict[str, Any]:
        """It holds nothing."""
        return {"__type": f"{type(self).__module__}.{type(self).__qualname__}"}

    @classmethod
    def deserialize(cls, data: dict[str, Any]) -> ByIntent:
        return cls()
