"""A comment on a to-do: a mention, escaped text, and a reference by which the comment is found again."""

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from rekap import warehouse
from rekap.settings import Person


def sgids(conn: warehouse.Connection, people: Iterable[Person]) -> dict[str, str]:
    """Code → what Basecamp needs for a mention, for those people whom it knows."""
    rows = warehouse.execute(
        conn, "40_outputs/mentions", {"people": sorted({person.basecamp_id for person in people if person.basecamp_id})}
    )
    known = {row["id"]: row["attachable_sgid"] for row in rows}
    return {person.code: known[person.basecamp_id] for person in people if person.basecamp_id in known}


def mention(sgid: str) -> str:
    """The tag that notifies a person."""
    return f'<bc-attachment sgid="{escape(sgid, quote=True)}"></bc-attachment>'


def body(sgid: str | None, lines: Sequence[str]) -> str:
    """A comment in tags that every Basecamp account allows: the mention where there is one, the first line
    bold, then the others."""
    first, *others = [escape(line, quote=False).replace("\n", "<br>") for line in lines]
    mentioned = f"{mention(sgid)} " if sgid else ""
    return f"<div>{mentioned}<strong>{first}</strong>{''.join(f'<br>{line}' for line in others)}</div>"


def signed(message_id: int, html: str) -> str:
    """The comment as it is posted: with its visible reference."""
    return f"{html}<div>{reference(message_id)}</div>"


def reference(message_id: int) -> str:
    return f"Rekap #{message_id}"


def posted(comments: Iterable[dict[str, Any]], message_id: int) -> int | None:
    """The id of the comment that carries this message's reference."""
    wanted = re.compile(rf"{re.escape(reference(message_id))}(?!\d)")
    return next((int(comment["id"]) for comment in comments if wanted.search(comment.get("content") or "")), None)
