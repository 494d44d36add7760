"""What the Dockerfile makes, as far as it can be made without a container engine: the files that .dockerignore lets
through in a folder of their own, an environment with requirements.txt alone, the repo installed editable, its ENV."""

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from local.bootstrap import environment
from tests.production.compose import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text()
UV = Path(sys.executable).parent / "uv"


@dataclass(frozen=True)
class Image:
    """`files` stands for /opt/rekap, `home` for /opt/airflow, `venv` for the system's Python."""

    files: Path
    home: Path
    venv: Path

    @property
    def python(self) -> str:
        return str(self.venv / "bin" / "python")

    def here(self, value: str) -> str:
        """A path of the image as it is on this machine."""
        return value.replace("/opt/rekap", str(self.files)).replace("/opt/airflow", str(self.home))

    def environment(self, *more: dict[str, str]) -> dict[str, str]:
        """The image's ENV and what a service adds, without anything of the caller's own Airflow and Rekap."""
        kept = {name: value for name, value in environment().items() if not name.startswith(("AIRFLOW", "REKAP_"))}
        made = dict(re.findall(r"([A-Z][A-Z0-9_]+)=(\S+)", DOCKERFILE.partition("ENV ")[2].partition("\n\n")[0]))
        for told in more:
            made |= told
        path = f"{self.venv / 'bin'}:{kept['PATH']}"
        return kept | {name: self.here(value) for name, value in made.items()} | {"PATH": path}

    def run(self, *command: str, cwd: Path, **told: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the environment to its end."""
        return subprocess.run(
            [str(self.venv / "bin" / command[0]), *command[1:]], cwd=cwd, env=self.environment(told),
            capture_output=True, text=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip


def build(folder: Path) -> Image:
    """Make it; the same steps as in the Dockerfile."""
    image = Image(folder / "rekap", folder / "airflow", folder / "python")
    ignored = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file() and not any(_ignores(pattern, name) for pattern in ignored):
            (image.files / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, image.files / name)
    image.home.mkdir()
    _uv("venv", "--python", sys.executable, image.venv)
    _uv("pip", "install", "--python", image.python, "--requirement", image.files / "requirements.txt")
    _uv("pip", "install", "--python", image.python, "--no-deps", "--editable", image.files)
    return image


def twins_packages(image: Image) -> Path:
    """What the target `sandbox` adds, in a folder beside the environment."""
    line = re.search(r"AS sandbox\n(?:#.*\n)?RUN uv pip install (.*)\n", DOCKERFILE)
    assert line, "the Dockerfile's target `sandbox` installs nothing"
    added: list[Any] = [part for part in line[1].split() if part not in ("--system", "--no-cache")]
    folder = image.venv.parent / "sandbox"
    _uv("pip", "install", "--python", image.python, "--target", folder, *added, cwd=image.files)
    return folder


def _ignores(pattern: str, name: str) -> bool:
    """Whether a line of .dockerignore leaves out a file: by itself or with a folder above it."""
    parts = name.split("/")
    above = ["/".join(parts[: number + 1]) for number in range(len(parts))]
    return any(fnmatch(path, pattern) or fnmatch(f"/{path}", pattern.removeprefix("**")) for path in above)


def _uv(*arguments: str | Path, cwd: Path = ROOT) -> None:
    done = subprocess.run([UV, "--quiet", *arguments], cwd=cwd, env=environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
