"""What the doctor says: a sign and a sentence; a sentence of what is wrong ends in what to do."""

import json
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from rekap.errors import PermanentError

GOOD, BAD, NOTE, UNSEEN = "✔", "✘", "!", "·"
Finding = tuple[str, str]
Findings = Iterator[Finding]
WIDTH = 100  # characters of a line


def line(title: str, sign: str, text: str) -> str:
    """A finding for a terminal, in lines of WIDTH at most; addresses and paths stay whole."""
    return textwrap.fill(
        text, WIDTH, initial_indent=f"{sign} {title:<9} ", subsequent_indent=" " * 12, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip


def ending(wrong: int) -> str:
    """The last sentence of an examination that found so many things wrong."""
    told = {0: "Everything that can be checked by reading is in order.", 1: "1 thing to do."}
    return told.get(wrong, f"{wrong} things to do.")


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
