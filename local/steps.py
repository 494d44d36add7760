"""The step list that a person watches: every step with its time, and never a silent wait."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

TICK_SECONDS = 10.0


class Steps:
    """Prints a line per step; on a terminal the running step counts its seconds, elsewhere it speaks every ten."""

    def __init__(self, write: Callable[[str], object] | None = None) -> None:
        self.tty = sys.stdout.isatty()
        self.begun = time.monotonic()
        self.note = ""
        self._write = write or (lambda text: (sys.stdout.write(text), sys.stdout.flush()))

    @contextmanager
    def step(self, title: str) -> Iterator["Steps"]:
        begun, over = time.monotonic(), threading.Event()
        self.note = ""
        if not self.tty:
            self._write(f"  … {title}\n")

        def tick() -> None:
            while not over.wait(1.0 if self.tty else TICK_SECONDS):
                seconds = time.monotonic() - begun
                told = f"  … {title} {seconds:4.0f} s {self.note}"
                self._write(f"\r\033[K{told[:110]}" if self.tty else f"{told}\n")

        ticker = threading.Thread(target=tick, daemon=True)
        ticker.start()
        try:
            yield self
        except BaseException:
            self._end(over, ticker, f"  ✘ {title}")
            raise
        self._end(over, ticker, f"  ✔ {title:<58} {time.monotonic() - begun:5.1f} s  {self.note}".rstrip())

    def _end(self, over: threading.Event, ticker: threading.Thread, line: str) -> None:
        over.set()
        ticker.join()
        self._write(f"{chr(13)}{chr(27)}[K{line}\n" if self.tty else f"{line}\n")

    def say(self, text: str) -> None:
        self._write(f"{text}\n")

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.begun
