"""What the doctor says: a sign and a sentence; a sentence of what is wrong ends in what to do."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from rekap.errors import PermanentError

GOOD, BAD, NOTE, UNSEEN = "✔", "✘", "!", "·"
Finding = tuple[str, str]
Findings = Iterator[Finding]


def connection(environ: Mapping[str, str], conn_id: str) -> dict[str, Any]:
    """An AIRFLOW_CONN_* in its JSON form as the mapping that services take. Raises PermanentError naming it."""
    name = f"AIRFLOW_CONN_{conn_id.upper()}"
    if not environ.get(name):
        raise PermanentError(f"{name} is not set: write it as .env.example shows.")
    try:
        told = json.loads(environ[name])
        extra = told.get("extra") or {}
        return {**told, "conn_id": conn_id, "extra": json.loads(extra) if isinstance(extra, str) else extra}
    except (ValueError, AttributeError) as error:
        raise PermanentError(f"{name} is no JSON object: write it as .env.example shows, in one line.") from error
