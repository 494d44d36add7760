"""The Sheets quota: requests a minute per user, reads and writes in separate buckets, refilled every minute."""

from __future__ import annotations

import time
from collections.abc import Callable

from sandbox.google.errors import ApiError


class Quota:
    """Counts by the wall clock, as the service does; `per_minute` None switches it off."""

    def __init__(self, per_minute: int | None, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.per_minute, self._monotonic = per_minute, monotonic
        self._buckets: dict[tuple[str, str], tuple[float, int]] = {}

    def spend(self, email: str, access: str) -> None:
        """Takes one request out of the user's bucket. Raises ApiError 429 when it is empty."""
        if self.per_minute is None:
            return
        now = self._monotonic()
        start, used = self._buckets.get((email, access), (now, 0))
        if now - start >= 60:
            start, used = now, 0
        if used >= self.per_minute:
            kind = access.title()
            detail = {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "RATE_LIMIT_EXCEEDED",
                "domain": "googleapis.com",
                "metadata": {
                    "service": "sheets.googleapis.com",
                    "quota_metric": f"sheets.googleapis.com/{access}_requests",
                    "quota_limit": f"{kind}RequestsPerMinutePerUser",
                    "quota_limit_value": str(self.per_minute),
                },
            }
            raise ApiError(
                429,
                f"Quota exceeded for quota metric '{kind} requests' and limit '{kind} requests per minute per user' "
                "of service 'sheets.googleapis.com' for consumer 'project_number:100000000001'.",
                details=[detail],
            )
        self._buckets[email, access] = (start, used + 1)
