"""Comments and posted files: from the lists that the API gives, from the HTML only where an old payload has none."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html.parser import HTMLParser
from typing import Any

from rekap.sources.basecamp.orders import LIFE_CYCLES, moment
from rekap.sources.basecamp.rich_text import LONGEST

Json = dict[str, Any]
MENTION = "application/vnd.basecamp.mention"


@dataclass
class Comment:
    """One row of staging.comments; `mentions` are ids of Basecamp's people."""

    comment_id: int
    order_id: int
    author_id: int | None
    by_rekap: bool
    content: str
    mentions: list[int]
    life_cycle: str
    created_at: datetime
    updated_at: datetime


@dataclass
class Attachment:
    """One row of staging.attachments; comment_id is None for a file of the to-do's description."""

    attachment_id: int
    order_id: int
    comment_id: int | None
    name: str
    content_type: str | None
    byte_size: int | None
    download_url: str
    posted_by: int | None
    posted_at: datetime
    life_cycle: str


COMMENT_COLUMNS = tuple(Comment.__dataclass_fields__)
ATTACHMENT_COLUMNS = tuple(Attachment.__dataclass_fields__)


def read_comment(record: Json, robots: set[int], person_of_sgid: dict[str, int]) -> Comment | None:
    """The comment, or None when it hangs under something else than a to-do. Raises ValueError, KeyError or TypeError
    when the record is no comment of the API."""
    parent = record.get("parent") or {}
    if parent.get("type") != "Todo":
        return None
    created, updated = moment(record.get("created_at")), moment(record.get("updated_at"))
    if created is None or updated is None:
        raise ValueError("created_at or updated_at is no time")
    author = (record.get("creator") or {}).get("id")
    author_id = author if isinstance(author, int) else None
    content = str(record.get("content") or "")
    tags = list(_tags(content))
    return Comment(
        comment_id=int(record["id"]),
        order_id=int(parent["id"]),
        author_id=author_id,
        by_rekap=author_id in robots,
        content=content,
        mentions=sorted(
            {person_of_sgid[tag["sgid"]] for tag in tags if _is_mention(tag) and tag.get("sgid") in person_of_sgid}
        ),
        life_cycle=_life_cycle(record),
        created_at=created,
        updated_at=updated,
    )


def read_attachments(record: Json, *, order_id: int, comment_id: int | None) -> Iterator[Attachment]:
    """The files of a comment's content or of a to-do's description."""
    text = "content" if comment_id else "description"
    files = record.get(f"{text}_attachments")
    found = files if isinstance(files, list) else list(_files_of_html(str(record.get(text) or "")))
    posted_at = moment(record.get("created_at"))
    author = (record.get("creator") or {}).get("id")
    for file in found:
        url = str(file.get("download_url") or "")
        if not url or not isinstance(file.get("id"), int) or posted_at is None:
            continue
        yield Attachment(
            attachment_id=file["id"],
            order_id=order_id,
            comment_id=comment_id,
            name=str(file.get("filename") or file["id"]),
            content_type=file.get("content_type"),
            byte_size=int(file["byte_size"]) if file.get("byte_size") is not None else None,
            download_url=url,
            posted_by=author if isinstance(author, int) else None,
            posted_at=posted_at,
            life_cycle=_life_cycle(record),
        )


def _life_cycle(record: Json) -> str:
    status = str(record.get("status") or "active")
    return status if status in LIFE_CYCLES else "active"


def _files_of_html(html: str) -> Iterator[Json]:
    """What an old payload holds only as tags. Such a file has no id: a number made of its sgid stands for it."""
    for tag in _tags(html):
        if _is_mention(tag) or not tag.get("href"):
            continue
        yield {
            "id": _hashed(tag.get("sgid") or tag["href"]),
            "filename": tag.get("filename"),
            "content_type": tag.get("content-type"),
            "byte_size": int(tag["filesize"]) if tag.get("filesize", "").isdigit() else None,
            "download_url": tag["href"],
        }


def _hashed(text: str) -> int:
    """A stable 62-bit number for a file that has only an sgid."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 2


def _is_mention(tag: dict[str, str]) -> bool:
    return tag.get("content-type") == MENTION


def _tags(html: str) -> Iterator[dict[str, str]]:
    reader = _Attachments()
    reader.feed(html[:LONGEST])
    reader.close()
    yield from reader.found


class _Attachments(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[dict[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "bc-attachment":
            self.found.append({name: value or "" for name, value in attrs})
