"""Where local state lives: one folder in `var/` a state, such as `var/demo-7` or `var/up`."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VAR = ROOT / "var"
GRACE_SECONDS = 25


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

    def _made(self, name: str) -> Path:
        path = self.folder / name
        path.mkdir(parents=True, exist_ok=True)
        return path


class Processes:
    """Child processes that outlive nobody: they are written down with the moment they started, so that the next start
    finds and ends what a killed runner left behind, and never a stranger that got the same number."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.file = state.folder / "processes.json"
        self.started: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: list[str], environment: Mapping[str, str], *, out: Path | None = None) -> None:
        """Start a program in a session of its own; its output goes to logs/NAME.log, stdout to `out` where given."""
        log = (self.state.logs / f"{name}.log").open("ab")
        stdout = out.open("wb") if out else log
        process = subprocess.Popen(
            command, env=dict(environment), cwd=ROOT, stdin=subprocess.DEVNULL, stdout=stdout, stderr=log,
            start_new_session=True,
        )  # fmt: skip
        self.started[name] = process
        noted = self._noted()
        noted[name] = {"pid": process.pid, "born": born(process.pid)}
        self._write(noted)

    def dead(self) -> list[str]:
        """Names of programs that were started here and have ended."""
        return [name for name, process in self.started.items() if process.poll() is not None]

    def tail(self, name: str, characters: int = 2500) -> str:
        return (self.state.logs / f"{name}.log").read_text(errors="replace")[-characters:]

    def names(self) -> list[str]:
        """Names of all programs that were written down and not stopped."""
        return list(self._noted())

    def running(self) -> list[str]:
        """Names of programs of this state that run now, whoever started them."""
        return [name for name, noted in self._noted().items() if _same(noted)]

    def stop(self, names: list[str] | None = None) -> None:
        """End the programs gently, then by force, with all that they started; also those of an earlier runner."""
        noted = self._noted()
        ours = {name: value for name, value in noted.items() if names is None or name in names}
        alive = [int(value["pid"]) for value in ours.values() if _same(value)]
        for pid in alive:
            _signal(os.kill, pid, signal.SIGTERM)
        until = time.monotonic() + GRACE_SECONDS
        while alive and time.monotonic() < until:
            for process in self.started.values():
                process.poll()
            alive = [pid for pid in alive if born(pid) is not None]
            time.sleep(0.1)
        for value in ours.values():
            # The leader may be gone and its workers not: the session's group is ended in any case.
            _signal(os.killpg, int(value["pid"]), signal.SIGKILL)
        for name in ours:
            if name in self.started:
                self.started.pop(name).wait()
            noted.pop(name)
        self._write(noted)

    def _noted(self) -> dict[str, dict[str, object]]:
        try:
            return dict(json.loads(self.file.read_text()))
        except (OSError, ValueError):
            return {}

    def _write(self, noted: Mapping[str, object]) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        part = self.file.with_suffix(".part")
        part.write_text(json.dumps(noted))
        part.replace(self.file)


def born(pid: int) -> str | None:
    """When a process began, as the system tells it; None when there is none (or only its remains)."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] == "Z" else fields[19]
    told = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True)
    return told.stdout.strip() or None


def _same(noted: Mapping[str, object]) -> bool:
    now = born(int(str(noted["pid"])))
    return now is not None and now == noted["born"]


def _signal(send: object, pid: int, number: signal.Signals) -> None:
    try:
        send(pid, number)  # type: ignore[operator]  # os.kill or os.killpg
    except (ProcessLookupError, PermissionError):
        return


def everything() -> list[State]:
    """Every state that exists in var/."""
    return [State(path.parent) for path in sorted(VAR.glob("*/processes.json"))]
