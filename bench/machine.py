"""On what it was measured: a number without its machine says nothing."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib import metadata
from pathlib import Path

from bench.environment import DLT_PYTHON
from local.postgres import Server


def told(server: Server) -> dict[str, str]:
    """Name → value, for the page; `server` runs."""
    load = os.getloadavg()[0]
    return {
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "memory": _memory(),
        "system": f"{platform.system()} {platform.release()}",
        "load before": f"{load:.1f}",
        "Python": platform.python_version(),
        "Postgres": f"{_postgres(server)}, embedded, without fsync",
        "gspread": metadata.version("gspread"),
        "dlt": _dlt(),
    }


def short() -> dict[str, str]:
    """The same for a part that needs neither server nor services of its own."""
    return {
        "on": f"{_processor()} ({os.cpu_count()} cores)",
        "Python": platform.python_version(),
        "load": f"{os.getloadavg()[0]:.1f}",
        **{name: metadata.version(name) for name in ("dateparser", "great-expectations", "pandas")},
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _memory() -> str:
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB"


def _postgres(server: Server) -> str:
    import psycopg

    with psycopg.connect(server.dsn("postgres")) as connection:
        version = connection.info.server_version
    return f"{version // 10000}.{version % 10000}"


def _dlt() -> str:
    code = "from importlib.metadata import version; print(version('dlt'))"
    return subprocess.run([DLT_PYTHON, "-c", code], capture_output=True, text=True).stdout.strip()
