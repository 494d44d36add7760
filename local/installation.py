"""A whole Rekap on this machine: Postgres, the twin, Airflow. `make demo`, `make up` and the tests start it here."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import requests

from local import environment, register
from local.bootstrap import fingerprint
from local.postgres import Server, free_port
from local.processes import GRACE_SECONDS, Processes
from local.rest import Airflow, AirflowError, deadline
from local.state import ROOT, VAR, State

POOLS = {"basecamp": 2, "google": 4}
COMPONENTS = {
    "api-server": ("api-server",),
    "scheduler": (
        "scheduler",
        "--skip-serve-logs",
    ),  # logs are files on this machine; the log server would listen to all
    "dag-processor": ("dag-processor",),
}
START_SECONDS = 180
PYTHON = sys.executable


@dataclass
class Installation:
    """One state with its services. `now` is REKAP_NOW, None lets the clock run; `durable` keeps fsync on."""

    state: State
    seed: int
    now: str | None = None
    durable: bool = False
    twin_options: tuple[str, ...] = ()
    ready: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.processes = Processes(self.state)
        # Metadata of Airflow take ten seconds to make: demos of all seeds share one server and copy a template.
        self.postgres = Server(self.state.folder / "postgres" if self.durable else VAR / "postgres", self.durable)
        self.port = 0

    # databases
    @property
    def databases(self) -> tuple[str, str]:
        name = self.state.folder.name.replace("-", "_")
        return f"airflow_{name}", f"warehouse_{name}"

    def start_postgres(self) -> None:
        self.postgres.join()

    def make_databases(self, *, fresh: bool) -> None:
        """Airflow's metadata and the warehouse at their newest revision; `fresh` forgets what they held."""
        from rekap import warehouse

        metadata, store = self.databases
        template = f"airflow_template_{fingerprint()[:12]}"
        if fresh:
            for database in self.databases:
                self.postgres.drop(database)
        with ThreadPoolExecutor(2) as together:
            migrated = together.submit(lambda: warehouse.migrate(self.postgres.create(store)))
            if not self._exists(template):
                # Built under another name, so that one that was interrupted is never taken for whole.
                part = f"{template}_part"
                self.postgres.drop(part)
                self._migrate_airflow(self.postgres.create(part))
                self._rename(part, template)
            self.postgres.create(metadata, template=template)
            migrated.result()

    def _exists(self, database: str) -> bool:
        import psycopg

        with psycopg.connect(self.postgres.dsn("postgres"), autocommit=True) as connection:
            return (
                connection.execute("select 1 from pg_database where datname = %s", (database,)).fetchone() is not None
            )

    def _rename(self, old: str, new: str) -> None:
        import psycopg
        from psycopg import sql

        with psycopg.connect(self.postgres.dsn("postgres"), autocommit=True) as connection:
            connection.execute(
                sql.SQL("alter database {} rename to {}").format(sql.Identifier(old), sql.Identifier(new))
            )

    def _migrate_airflow(self, dsn: str) -> None:
        made = environment.airflow(self.state, dsn, dsn, 8080, None)
        done = subprocess.run(
            [PYTHON, "-m", "airflow", "db", "migrate"], env=environment.whole(made), capture_output=True, text=True
        )
        if done.returncode:
            raise AirflowError(f"airflow db migrate failed:\n{done.stdout[-1500:]}\n{done.stderr[-1500:]}")

    # the twin
    def start_twin(self) -> None:
        """Start the twin, or take up the one whose ready line a caller left in `twin.json` (it then runs elsewhere)."""
        line = self.state.folder / "twin.json"
        external = self.state.folder / "external-twin.json"
        if external.exists():
            self.ready = json.loads(external.read_text())
            return
        line.unlink(missing_ok=True)
        command = [PYTHON, "-m", "sandbox", "serve", "--seed", str(self.seed), *self.twin_options]
        if self.now:
            command += ["--now", self.now]
        self.processes.start("twin", command, environment.whole({}), out=line)
        with deadline(60, "starting the twin") as wait:
            while not (line.exists() and line.read_text().endswith("\n")):
                if self.processes.dead():
                    raise AirflowError(f"The twin stopped at once:\n{self.processes.tail('twin')}")
                wait(0.1)
        self.ready = json.loads(line.read_text().splitlines()[0])

    def control(self, path: str) -> Any:
        """What the twin's control origin says, such as `truth`, `requests`, `mail`."""
        session = requests.Session()
        session.trust_env = False
        answer = session.get(f"{self.ready['control']}/_sandbox/{path}", timeout=60)
        answer.raise_for_status()
        return answer.json()

    def configure(self) -> None:
        """Config files from the twin's clients and people, connections from its ready line, secrets; mode 600."""
        self.port = free_port()
        register.write(
            self.control("truth"),
            self.ready["google"]["master_schedule_id"],
            f"http://127.0.0.1:{self.port}",
            self.state.config,
        )
        metadata, store = (self.postgres.dsn(database) for database in self.databases)
        made = environment.airflow(self.state, metadata, store, self.port, self.now)
        made |= environment.connections(self.ready)
        environment.write(self.state, made)
        self.environment = environment.whole(made)

    # Airflow
    def start_airflow(self) -> None:
        for name, arguments in COMPONENTS.items():
            self.processes.start(name, [PYTHON, "-m", "airflow", *arguments], self.environment)
        kept = environment.secrets_of(self.state)
        self.airflow = Airflow(f"http://127.0.0.1:{self.port}", "manager", kept["password"])

    def wait_for_airflow(self, dag_ids: set[str]) -> None:
        """Wait until the components are healthy, the pools exist and the DAGs are known; tells errors of DAG files."""
        needed = {"metadatabase", "scheduler", "dag_processor"}
        with deadline(START_SECONDS, "starting Airflow") as wait:
            while not self._api_up():
                self._check_alive()
                wait(0.3)
            self.airflow.sign_in()
            self.airflow.make_pools(POOLS)
            while {name for name, status in self.airflow.healthy().items() if status == "healthy"} < needed:
                self._check_alive()
                wait(0.3)
            while missing := dag_ids - self.airflow.dag_ids():
                if errors := self.airflow.import_errors():
                    raise AirflowError(f"DAG files cannot be read ({', '.join(sorted(missing))}):\n{errors[0]}")
                self._check_alive()
                wait(0.3)

    def _api_up(self) -> bool:
        return bool(self.airflow.healthy())

    def _check_alive(self) -> None:
        if dead := self.processes.dead():
            raise AirflowError(f"{dead[0]} stopped:\n{self.processes.tail(dead[0])}")

    def stop(self, grace: float = GRACE_SECONDS) -> None:
        """Stop everything that this state started; the server that demos share, when no other demo uses it."""
        self.processes.stop(grace)
        self.postgres.leave()


def dag_ids() -> set[str]:
    """The DAGs that exist, by their files."""
    return {path.stem for path in (ROOT / "dags").glob("*.py")}
