"""docker-compose.yaml without a container engine: each service's command is a process of this machine, in the image's
environment with the service's own; hosts are the loopback, ports are free ones, the embedded Postgres stands for the
service `postgres`. The values come from `local.sandbox_settings`, as for a person who tries the profile `sandbox`."""

import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg

from local import environment
from local.postgres import Server, free_port, remove
from local.processes import Processes
from local.rest import Airflow, AirflowError, deadline
from local.state import State
from tests.production.compose import BASE, ROOT, services
from tests.production.image import Image, twins_packages

SMALL_WORLD = ("--clients", "5", "--orders-per-month", "5")
START_SECONDS = 150
RUN_SECONDS = 120
LISTEN_HERE = {"redis": "--bind 127.0.0.1 --port {port}", "worker": "--skip-serve-logs"}
COMPONENTS = {"metadatabase", "scheduler", "dag_processor"}


class Machine:
    """Services by name; all that was started is stopped at the end, whatever happened."""

    def __init__(self, image: Image, folder: Path, *files: str) -> None:
        self.image = replace(image, home=folder / "airflow")
        self.folder = folder
        self.files = files or (BASE,)
        self.processes = Processes(State(folder / "state"))
        self.postgres = Server(folder / "postgres")
        self.api, self.health, self.redis = free_port(), free_port(), free_port()

    def __enter__(self) -> Self:
        try:
            self._prepare()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _prepare(self) -> None:
        self.postgres.start()
        # What the image of Postgres makes from POSTGRES_USER and POSTGRES_DB.
        with psycopg.connect(self.postgres.dsn("postgres"), autocommit=True) as server:
            server.execute("create role rekap superuser login")
        self.postgres.create("airflow")
        self.told = self._settings() | {
            "POSTGRES_ADDRESS": f"127.0.0.1:{self.postgres.port}",
            "API_SERVER_ADDRESS": f"127.0.0.1:{self.api}",
            "REDIS_ADDRESS": f"127.0.0.1:{self.redis}",
            "AIRFLOW_BASE_URL": f"http://127.0.0.1:{self.api}",
            "AIRFLOW_PARALLELISM": "2",
            "AIRFLOW_CONN_REKAP_WAREHOUSE": "",  # the embedded server has no socket: its address, on the loopback too
        }
        self.services = services(self.told, *self.files)
        for volume in self.services["scheduler"]["volumes"]:
            source, target = volume.split(":")[:2]
            if source.startswith("/"):
                mounted = Path(self.image.here(target))
                mounted.unlink(missing_ok=True)
                mounted.symlink_to(source)

    def _settings(self) -> dict[str, str]:
        """What `python -m local.sandbox_settings` writes for a twin whose five ports are free."""
        folder = self.folder / "compose"
        command = [sys.executable, "-m", "local.sandbox_settings", "--folder", str(folder), *SMALL_WORLD]
        done = subprocess.run(
            [*command, "--port", str(_five_free_ports())], cwd=ROOT, env=environment.whole({}),
            capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert (folder / "env").stat().st_mode & 0o777 == 0o600
        return environment.read(folder / "env")

    def _stop(self) -> None:
        self.processes.stop()
        remove(self.folder / "postgres")

    def _environment(self, service: str) -> dict[str, str]:
        """The service's own, and what keeps it on the loopback and on ports that are free here."""
        here = {
            "AIRFLOW__API__HOST": "127.0.0.1",
            "AIRFLOW__API__PORT": str(self.api),
            "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_SERVER_HOST": "127.0.0.1",
            "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_SERVER_PORT": str(self.health),
            "HOSTNAME": socket.gethostname(),
        }
        twin = {"PYTHONPATH": str(twins_packages(self.image))} if service == "sandbox" else {}
        return self.image.environment(self.services[service].get("environment", {}), here, twin)

    def _command(self, service: str) -> list[str]:
        """The service's command in the image's working directory, with the image's programs."""
        first, *more = self.services[service]["command"]
        # Services that listen by their own options do so on the loopback; the others are told in the environment.
        more += LISTEN_HERE.get(service, "").format(port=self.redis).split()
        program = first if service == "redis" else str(self.image.venv / "bin" / first)
        return ["sh", "-c", 'cd "$0" && exec "$@"', str(self.image.files), program, *more]

    def initialise(self) -> str:
        """Run the service `initialise` to its end; what it said."""
        command = self._command("initialise")
        done = subprocess.run(command, env=self._environment("initialise"), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def start(self, *names: str) -> None:
        for name in names:
            self.processes.start(name, self._command(name), self._environment(name))

    def is_healthy(self, service: str) -> bool:
        """What the service's own health check says."""
        kind, *test = self.services[service]["healthcheck"]["test"]
        test[-1] = test[-1].replace(":8080/", f":{self.api}/").replace(":8974/", f":{self.health}/")
        command = ["sh", "-c", *test] if kind == "CMD-SHELL" else test
        environ = self._environment(service)
        return not subprocess.run(command, env=environ, cwd=self.image.files, capture_output=True).returncode

    def wait_for_airflow(self, dag_ids: set[str]) -> Airflow:
        """Sign in as the first account once the components are healthy and the DAGs are known."""
        told = self.told
        self.airflow = Airflow(told["AIRFLOW_BASE_URL"], told["AIRFLOW_ADMIN_USER"], told["AIRFLOW_ADMIN_PASSWORD"])
        with deadline(START_SECONDS, "starting the services") as wait:
            while {name for name, state in self.airflow.healthy().items() if state == "healthy"} < COMPONENTS:
                self._check_alive()
                wait()
            self.airflow.sign_in()
            while not dag_ids <= self.airflow.dag_ids():
                self._check_alive()
                wait()
        return self.airflow

    def run_dags(self, *dag_ids: str) -> None:
        """Start them over REST, side by side, and wait until all have succeeded."""
        runs = {dag_id: self.airflow.trigger(dag_id) for dag_id in dag_ids}
        with deadline(RUN_SECONDS, f"running {', '.join(dag_ids)}") as wait:
            for dag_id, run_id in runs.items():
                while (state := self.airflow.get(f"/dags/{dag_id}/dagRuns/{run_id}")["state"]) != "success":
                    if state == "failed":
                        raise AirflowError(self._explain(dag_id, run_id))
                    self._check_alive()
                    wait()

    def count(self, relation: str) -> int:
        with psycopg.connect(self.postgres.dsn("warehouse")) as connection:
            row = connection.execute(f"select count(*) from {relation}").fetchone()  # type: ignore[call-overload]  # a name of this test
        return int(row[0]) if row else 0

    def _explain(self, dag_id: str, run_id: str) -> str:
        tasks: list[dict[str, Any]] = self.airflow.tasks(dag_id, run_id)
        failed = [task for task in tasks if task["state"] == "failed"]
        logs = [self.airflow.log(dag_id, run_id, task["task_id"], task["try_number"]) for task in failed[:1]]
        return "\n".join([f"{dag_id} failed in {', '.join(task['task_id'] for task in failed)}", *logs])

    def _check_alive(self) -> None:
        if dead := self.processes.dead():
            raise AirflowError(f"{dead[0]} stopped:\n{self.processes.tail(dead[0])}")


def _five_free_ports() -> int:
    """The first of five ports in a row that are free now."""
    for _ in range(50):
        first = free_port()
        held = [socket.socket() for _ in range(5)]
        try:
            for number, made in enumerate(held):
                made.bind(("127.0.0.1", first + number))
            return first
        except OSError:
            continue
        finally:
            for made in held:
                made.close()
    raise AssertionError("no five ports in a row are free")
