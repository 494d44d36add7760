"""`make lint`: every linter, in the order in which they are quick; all of them run, then the result."""

import subprocess
import sys
import time

from local.bootstrap import environment
from local.state import ROOT

CHECKS = {
    "ruff": ["ruff", "check", "."],
    "ruff format": ["ruff", "format", "--check", "."],
    "import-linter": ["lint-imports"],
    "mypy": ["mypy"],
    "sqlfluff": ["sqlfluff", "lint", "--disable-progress-bar", "--processes", "0", "include/sql"],
    "compose": [
        "check-jsonschema", "--builtin-schema", "vendor.compose-spec",
        "docker-compose.yaml", "docker-compose.celery.yaml",
    ],
}  # fmt: skip


def main() -> int:
    failed = []
    path = {"PYTHONPATH": f"{ROOT / 'include'}:{ROOT / 'plugins'}"}
    for name, (program, *arguments) in CHECKS.items():
        begun = time.monotonic()
        done = subprocess.run(
            [str(ROOT / ".venv" / "bin" / program), *arguments], cwd=ROOT, env=environment() | path,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        if done.returncode:
            failed.append(name)
            print(done.stdout)
        print(f"{'✘' if done.returncode else '✔'} {name} ({time.monotonic() - begun:.1f} s)", flush=True)
    if failed:
        print(f"Failed: {', '.join(failed)}", file=sys.stderr)
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
