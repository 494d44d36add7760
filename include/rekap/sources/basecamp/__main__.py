"""`python -m rekap.sources.basecamp`: register, fetch and stage once, without Airflow.

Reads REKAP_WAREHOUSE, REKAP_CONFIG, REKAP_NOW (default: the present moment) and AIRFLOW_CONN_BASECAMP_DEFAULT (JSON).
Exit status 0 done, 1 refused or failed (one sentence on stderr), 2 usage.
"""

import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rekap import settings, warehouse
from rekap.errors import PermanentError, RekapError
from rekap.run import Run
from rekap.sources import basecamp, register

CONNECTION = "AIRFLOW_CONN_BASECAMP_DEFAULT"


def main(arguments: Sequence[str]) -> int:
    if arguments:
        print("usage: python -m rekap.sources.basecamp", file=sys.stderr)
        return 2
    try:
        for name, counts in once().items():
            print(f"{name}: {json.dumps(counts)}")
    except RekapError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def once() -> dict[str, dict[str, int]]:
    """One run, its counts by step. Raises RekapError."""
    from rekap.services.basecamp import Basecamp

    try:
        mapping = json.loads(os.environ.get(CONNECTION, ""))
    except ValueError as error:
        raise PermanentError(f"{CONNECTION} is missing or no JSON object; see .env.example.") from error
    extra = mapping.get("extra") or {}
    mapping["extra"] = json.loads(extra) if isinstance(extra, str) else extra
    told = os.environ.get("REKAP_NOW")
    now = datetime.fromisoformat(told) if told else datetime.now(UTC)
    folder = Path(os.environ.get("REKAP_CONFIG") or Path(__file__).parents[3] / "config")
    run = Run(f"manual/basecamp {now.isoformat()}", now, settings.load(folder))
    with warehouse.connect() as connection:
        return {
            "register": register.load(connection, run),
            "fetch": basecamp.fetch(connection, Basecamp.from_connection(mapping), run),
            "stage": basecamp.stage(connection, run),
        }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
