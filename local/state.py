"""Where local state lives: one folder in `var/` a state, such as `var/demo-7` or `var/up`."""

import fcntl
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
VAR = ROOT / "var"


class InUseError(RuntimeError):
    """Another command works on the same state."""


@dataclass(frozen=True)
class State:
    """A folder with all that one installation needs: processes, logs, configuration, secrets, results."""

    folder: Path

    @property
    def logs(self) -> Path:
        return self._made("logs")

    @property
    def config(self) -> Path:
        return self._made("config")

    @property
    def results(self) -> Path:
        return self._made("results")

    @property
    def airflow_home(self) -> Path:
        return self._made("airflow")

    def take(self) -> IO[str]:
        """Make this state ours until the file that is returned is closed, or this process ends in whatever way.
        Raises InUseError when another process has it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = (self.folder / "lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.close()
            raise InUseError(f"{self.folder} is in use by another command: wait for it, or stop it first.") from error
        return lock

    def _made(self, name: str) -> Path:
        path = self.folder / name
        path.mkdir(parents=True, exist_ok=True)
        return path


def everything(only: str = "*") -> list[State]:
    """The states in var/ whose names fit a pattern."""
    return [State(path.parent) for path in sorted(VAR.glob(f"{only}/processes"))]
