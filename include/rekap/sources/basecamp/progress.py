"""How far a long walk has come, for whoever reads the task's log."""

import logging
from collections.abc import Callable

EVERY = 10.0  # seconds between two lines
log = logging.getLogger(__name__)


class Progress:
    """`done` records were read before; the rate counts what came since."""

    def __init__(self, what: str, done: int, clock: Callable[[], float]) -> None:
        self.what, self.begun_with, self.clock = what, done, clock
        self.begun = self.told = clock()

    def tell(self, read: int, total: int | None) -> None:
        """A line every ten seconds: records read, rate, and the time that is left where the total is known."""
        now = self.clock()
        if now - self.told < EVERY:
            return
        self.told = now
        rate = (read - self.begun_with) / (now - self.begun)
        if not total or rate <= 0:
            log.info("%s: %s read, %.0f a second", self.what, f"{read:,}", rate)
            return
        left = max(total - read, 0) / rate
        log.info(
            "%s: %s of %s read (%d %%), %.0f a second, %d:%02d min left",
            self.what, f"{read:,}", f"{total:,}", 100 * read // total, rate, left // 60, left % 60,
        )  # fmt: skip
