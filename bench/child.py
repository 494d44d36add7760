"""A measurement in a process of its own: nothing that was read or loaded before helps or hinders it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from local import environment
from local.state import ROOT


def ask(module: str, told: dict[str, Any]) -> dict[str, Any]:
    """The JSON object that `python -m MODULE` answers to one line of JSON. Raises RuntimeError with what it said when
    it fails."""
    done = subprocess.run(
        [sys.executable, "-m", module], input=json.dumps(told, default=str) + "\n", cwd=ROOT,
        env=environment.whole({"PYTHONPATH": str(ROOT)}), capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{module} failed:\n{done.stderr[-3000:]}")
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))
