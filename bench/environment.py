"""The environment of what only the benchmark needs: dlt, from requirements-bench.txt, beside the library's own."""

from __future__ import annotations

import fcntl
import hashlib
from pathlib import Path

from local import bootstrap

FOLDER = bootstrap.ROOT / "var" / "venvs" / "bench"
LOCK = bootstrap.ROOT / "requirements-bench.txt"
DLT_PYTHON = FOLDER / "bin" / "python"


def ready() -> None:
    """Make the environment unless it is there. Exits with one sentence when it cannot be made."""
    uv = bootstrap.VENV / "bin" / "uv"
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    with (bootstrap.ROOT / "var" / "set-up.lock").open("w") as alone:
        fcntl.flock(alone, fcntl.LOCK_EX)
        install: list[str | Path] = [
            uv,
            "pip",
            "sync",
            "--quiet",
            "--compile-bytecode",
            "--python",
            DLT_PYTHON,
            LOCK.name,
        ]
        bootstrap.make_environment(FOLDER, wanted, "the environment of the benchmark", [], [install])
