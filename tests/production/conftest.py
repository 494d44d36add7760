import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest


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
