"""Rich text as Basecamp keeps it: which tags survive, and how mentions and files are shown when it is read."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from html.parser import HTMLParser

from sandbox.basecamp import sgid

ALLOWED = {
    "div",
    "p",
    "h1",
    "br",
    "strong",
    "em",
    "strike",
    "a",
    "pre",
    "ol",
    "ul",
    "li",
    "blockquote",
    "bc-attachment",
}
VOID = {"br"}
SILENT = {"script", "style"}
FILE_MARK = re.compile(r'<bc-attachment blob="(\d+)"></bc-attachment>')


def clean(html: str, mention: Callable[[int], str | None]) -> str:
    """``html`` with the tags that Basecamp allows; other tags go, their text stays.

    ``mention`` gives the tag shown for a person id, None for one who does not exist: that mention disappears.
    """
    parser = _Cleaner(mention)
    parser.feed(html)
    parser.close()
    return "".join(parser.out)


def expand_files(html: str, show: Callable[[int], str]) -> str:
    """Stored file marks replaced with the tag that ``show`` gives for their blob id."""
    return FILE_MARK.sub(lambda found: show(int(found[1])), html)


def mentioned(html: str) -> list[int]:
    """The people that stored rich text mentions, in order, each once."""
    ids = [sgid.person_id(text) for text in re.findall(r'<bc-attachment sgid="([^"]+)"', html)]
    return list(dict.fromkeys(person for person in ids if person is not None))


class _Cleaner(HTMLParser):
    def __init__(self, mention: Callable[[int], str | None]) -> None:
        super().__init__(convert_charrefs=True)
        self.mention = mention
        self.out: list[str] = []
        self._silent = 0
        self._in_attachment = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self._silent += 1
        if tag == "bc-attachment":
            self._in_attachment += 1
            self._attachment(dict(attrs).get("sgid") or "")
        elif tag in ALLOWED and not self._in_attachment:
            href = dict(attrs).get("href") or ""
            keep = tag == "a" and href.startswith(("http://", "https://", "mailto:"))
            self.out.append(f'<a href="{escape(href)}">' if keep else f"<{tag}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "bc-attachment":
            self._in_attachment = max(0, self._in_attachment - 1)
        elif tag in ALLOWED - VOID and not self._in_attachment:
            self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._silent and not self._in_attachment:
            self.out.append(escape(data, quote=False))

    def _attachment(self, text: str) -> None:
        person = sgid.person_id(text)
        shown = self.mention(person) if person is not None else None
        if shown is not None:
            self.out.append(shown)
