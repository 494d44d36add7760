"""Geared pages: 15 rows, then 30, 50, and 100 from the fourth page on; the next one only by its Link."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

GEARS = (15, 30, 50, 100)


def page_of(text: str | None, cursors: bool) -> int:
    """The page asked for; with cursors a number that somebody made up decodes to nothing: page 1 is served again."""
    if not text:
        return 1
    if cursors:
        try:
            text = base64.urlsafe_b64decode(text.encode()).decode().removeprefix("page:")
        except (ValueError, binascii.Error):
            return 1
    return max(1, int(text)) if text.isdigit() else 1


def cut(rows: Sequence[Any], page: int) -> tuple[Sequence[Any], bool]:
    """The rows of one page, and whether another follows."""
    sizes = [GEARS[min(number, len(GEARS) - 1)] for number in range(page)]
    start = sum(sizes[:-1])
    end = start + sizes[-1]
    return rows[start:end], end < len(rows)


def next_link(url: str, query: str, page: int, cursors: bool) -> str:
    """The Link header for the page after ``page``: the caller's own origin and parameters, commas escaped."""
    following = base64.urlsafe_b64encode(f"page:{page + 1}".encode()).decode() if cursors else str(page + 1)
    others = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name != "page"]
    return f'<{url}?{urlencode([*others, ("page", following)])}>; rel="next"'
