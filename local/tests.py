"""`make test`: the unit tests in the environment without Airflow, then the others; `--soak` runs the long proofs."""

import subprocess
import sys
from collections.abc import Sequence

from local.bootstrap import LIBRARY, environment
from local.state import ROOT

WITHOUT_AIRFLOW = ["tests/unit", "-n", "2", "-m", "not soak"]
# A third worker where two wait for the Airflow that they started.
THE_REST = ["tests", "--ignore=tests/unit", "-n", "3", "--dist", "loadfile"]


def main(arguments: Sequence[str]) -> int:
    python = str(ROOT / ".venv" / "bin" / "python")
    if "--soak" in arguments:
        return _pytest(python, ["tests", "-m", "soak", "--timeout", "7200"])
    unit = _pytest(str(LIBRARY / "bin" / "python"), WITHOUT_AIRFLOW)
    rest = _pytest(python, [*THE_REST, "-m", "not soak"])
    return unit or rest


def _pytest(python: str, arguments: list[str]) -> int:
    print(f"pytest {' '.join(arguments)}", flush=True)
    return subprocess.run([python, "-m", "pytest", "-q", *arguments], cwd=ROOT, env=environment()).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
