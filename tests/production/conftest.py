import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from local import environment, register
from sandbox.server import Twin, start


@pytest.fixture(scope="session")
def airflow_help(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., set[str]]:
    """The options of a command of Airflow's CLI."""
    home = tmp_path_factory.mktemp("airflow")

    def ask(*command: str) -> set[str]:
        told = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "REKAP_"))}
        executor = {"AIRFLOW_HOME": str(home), "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor"}
        done = subprocess.run(
            [Path(sys.executable).parent / "airflow", *command, "--help"],
            env=told | executor, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return set(re.findall(r"--[a-z-]+", done.stdout))

    return ask


@pytest.fixture
def twin() -> Iterator[Twin]:
    """A fresh twin of a small world, which answers as often as it is asked."""
    with start(seed=5, clients=5, orders_per_month=5, rate_limit=None) as running:
        yield running


@pytest.fixture
def surroundings(twin: Twin, tmp_path: Path) -> dict[str, str]:
    """The environment of an installation against the twin: connections and the register, nothing else."""
    truth = json.loads(urlopen(f"{twin['control']}/_sandbox/truth").read())
    register.write(truth, twin["google"]["master_schedule_id"], "http://localhost:8080", tmp_path)
    return environment.connections(twin) | {"REKAP_CONFIG": str(tmp_path)}
