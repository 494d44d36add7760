"""What the published limits would add: the request log replayed against a sliding window."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """At most `requests` in any `seconds`."""

    requests: int
    seconds: float

    def adds(self, times: Sequence[float]) -> float:
        """Seconds that a caller who sent requests at these moments, each after the answer before, would have waited
        more: a request that finds the window full waits until the oldest one leaves it, and all later ones with it."""
        window: deque[float] = deque(maxlen=self.requests)
        waited = 0.0
        for at in sorted(times):
            if len(window) == self.requests:
                waited += max(0.0, window[0] + self.seconds - (at + waited))
            window.append(at + waited)
        return waited


BASECAMP = Limit(50, 10.0)
SHEETS = Limit(60, 60.0)
#: Drive counts millions a minute and Google's token endpoint is asked once an hour: neither adds anything
LIMITS = {"basecamp": BASECAMP, "sheets": SHEETS}
