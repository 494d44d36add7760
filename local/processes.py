"""Child processes that outlive nobody.

Each notes itself, with the moment it began, before it becomes the program: whatever kills the runner, the next start
finds what it left behind, and never takes a stranger that got the same number for it.
"""

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from local.state import ROOT, State

GRACE_SECONDS = 25
# sh writes "PID BORN" into the file $0, then becomes the program; /proc where there is one, ps elsewhere.
NOTE = """
if [ -r /proc/$$/stat ]; then
    read -r stat </proc/$$/stat
    born=$(set -- ${stat##*) }; shift 19; echo "$1")
else
    born=$(ps -o lstart= -p $$)
fi
printf '%s %s\\n' "$$" "$born" >"$0.part" && mv "$0.part" "$0" && exec "$@"
"""


class Processes:
    """The programs of one state, each in a session of its own, which all that it starts belongs to."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.folder = state.folder / "processes"
        self.started: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: list[str], environment: Mapping[str, str], *, out: Path | None = None) -> None:
        """Start a program; its output goes to logs/NAME.log, stdout to `out` where given."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.state.logs / f"{name}.log").open("ab") as log, (out or Path(os.devnull)).open("wb") as apart:
            self.started[name] = subprocess.Popen(
                ["sh", "-c", NOTE, str(self.folder / name), *command], env=dict(environment), cwd=ROOT,
                stdin=subprocess.DEVNULL, stdout=apart if out else log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def dead(self) -> list[str]:
        """Names of programs that were started here and have ended."""
        return [name for name, process in self.started.items() if process.poll() is not None]

    def tail(self, name: str, characters: int = 2500) -> str:
        return (self.state.logs / f"{name}.log").read_text(errors="replace")[-characters:]

    def names(self) -> list[str]:
        """Names of all programs that were started and not stopped."""
        noted = self.folder.iterdir() if self.folder.is_dir() else []
        return sorted({*self.started, *(path.name for path in noted if path.suffix != ".part")})

    def running(self) -> list[str]:
        """Names of programs of this state that run now, whoever started them."""
        return [name for name in self.names() if self._pid(name)]

    def stop(self, grace: float = GRACE_SECONDS) -> None:
        """End the programs gently, after `grace` seconds by force, with all that they started; also those of an earlier
        runner. Airflow's scheduler waits for the tasks that run."""
        ours = self.names()
        sessions = {name: pid for name in ours if (pid := self._pid(name) or self._left(name))}
        if grace:
            for pid in sessions.values():
                _signal(pid, signal.SIGTERM)
            until = time.monotonic() + grace
            while any(self._pid(name) for name in sessions) and time.monotonic() < until:
                time.sleep(0.05)
        for pid in sessions.values():
            _end_session(pid)
        for name in ours:
            if name in self.started:
                self.started.pop(name).wait()
            (self.folder / name).unlink(missing_ok=True)

    def _pid(self, name: str) -> int | None:
        """The number of the program, if it runs."""
        if name in self.started:
            return self.started[name].pid if self.started[name].poll() is None else None
        pid, when = self._note(name)
        return pid if pid and born(pid) == when else None

    def _left(self, name: str) -> int | None:
        """The number of a program that ended, whose workers may go on: while they do, nobody else gets its number."""
        pid = self.started[name].pid if name in self.started else self._note(name)[0]
        return pid if pid and born(pid) is None else None

    def _note(self, name: str) -> tuple[int | None, str]:
        try:
            pid, _, when = (self.folder / name).read_text().strip().partition(" ")
            return int(pid), when
        except (OSError, ValueError):
            return None, ""


def born(pid: int) -> str | None:
    """When a process began, as the system tells it; None when there is none (or only its remains)."""
    if Path("/proc/self/stat").exists():
        fields = _stat(pid)
        return None if not fields or fields[0] == "Z" else fields[19]
    told = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True)
    return told.stdout.strip() or None


def _stat(pid: int | str) -> list[str]:
    """The fields of /proc/PID/stat behind the name: 0 state, 3 session, 19 start."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _end_session(session: int) -> None:
    """Kill what is left of a session. Airflow gives each task a process group of its own: the group is not enough."""
    for _ in range(3):  # what starts something while we look is found in the next look
        for path in Path("/proc").glob("[0-9]*"):
            fields = _stat(path.name)
            if fields and fields[3] == str(session) and fields[0] != "Z":
                _signal(int(path.name), signal.SIGKILL)
    try:
        os.killpg(session, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        return
