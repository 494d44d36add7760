"""Names of folders and files in a client's Drive folder; a name from outside never becomes a path."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rekap import catalogue

MOST_CHARACTERS = 120
UNSAFE = re.compile(r"[\\/:*?\"<>|]+")
SPACES = re.compile(r"\s+")


def safe(text: str) -> str:
    """A name without path signs, control characters and overlong tails; never empty."""
    printable = "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in text)
    name = SPACES.sub(" ", UNSAFE.sub("-", printable)).strip(" .")
    return name[:MOST_CHARACTERS].strip(" .") or "-"


def order_folder(
    service_on: date, outlet: str, services: Sequence[Mapping[str, Any]], language: str, order_id: int
) -> str:
    """`YYYY-MM-DD Outlet - service (order id)`."""
    named = ", ".join(catalogue.text(language, f"service.{item['service']}") for item in services)
    what = f"{safe(outlet)} - {safe(named)}" if named else safe(outlet)
    return f"{service_on:%Y-%m-%d} {what} ({order_id})"


def file_name(posted_name: str, extension: str) -> str:
    """The posted name with the extension that the bytes call for (posted names may lack one or carry a wrong one)."""
    stem = re.sub(r"\.(jpe?g|png|webp|gif|heic|heif|avif)$", "", posted_name.strip(), flags=re.IGNORECASE)
    return f"{safe(stem)}.{extension}"
