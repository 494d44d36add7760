"""Basecamp's rich text → plain lines, without what was struck through, attached, mentioned or quoted."""

import re
import unicodedata
from html.parser import HTMLParser

from rekap.vocabulary.folding import SIGNS

LONGEST = 100_000  # characters of rich text that are looked at, most of them markup
CELL = "\t"  # stands between the cells of a row of a table
BREAKS = frozenset(
    ("br", "div", "p", "li", "tr", "ul", "ol", "table", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6")
)
CELLS = frozenset(("td", "th"))
SILENT = frozenset(("bc-attachment", "s", "strike", "del", "script", "style"))
MARKUP = re.compile(r"<(?:br|div|p|li|tr|h1)\b", re.IGNORECASE)
QUOTED = re.compile(r"[> ]*>")
# What a mail programme puts above the mail that it quotes: all below is quoted.
QUOTE_BEGINS = re.compile(r"(?i)^(?:on|pada)\b.{4,120}\b(?:wrote|menulis)\s*:$|^-{3,}\s*(?:original|forwarded|pesan)\b")


def plain_text(html: str) -> str:
    """The text of rich text, one line a block, cells of a table apart by tabs. What was struck through says nothing,
    and a quoted message only where nothing else is written."""
    reader = _Text(keeps_newlines=not MARKUP.search(html))
    reader.feed(html[:LONGEST])
    reader.close()
    reader.end_line()
    own = [line for line, quoted in reader.lines if not quoted]
    return "\n".join(own or [line for line, _ in reader.lines])


def tidy(text: str) -> str:
    """A text in one width, with one kind of dash and quote and without invisible marks; letters keep their case."""
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKC", text.translate(SIGNS)).translate(SIGNS)
    return "".join(character for character in plain if unicodedata.category(character) != "Cf")


class _Text(HTMLParser):
    """`lines`: (line, whether it is quoted), none of them empty."""

    def __init__(self, *, keeps_newlines: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[tuple[str, bool]] = []
        self._line: list[str] = []
        self._silent: list[str] = []
        self._quotes = 0
        self._pre = 0
        self._below_a_quote = False
        self._keeps_newlines = keeps_newlines

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self._silent.append(tag)
        elif tag in CELLS:
            self._line.append(CELL)
        elif tag in BREAKS:
            self.end_line()
        self._quotes += tag == "blockquote"
        self._pre += tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT and tag in self._silent:
            while self._silent.pop() != tag:
                pass
        elif tag in BREAKS:
            self.end_line()
        self._quotes -= tag == "blockquote" and self._quotes > 0
        self._pre -= tag == "pre" and self._pre > 0

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if not (self._pre or self._keeps_newlines):
            self._line.append(data.replace("\n", " "))
            return
        for number, line in enumerate(data.split("\n")):
            if number:
                self.end_line()
            self._line.append(line)

    def end_line(self) -> None:
        """Keep the line that was being read, if something stands in it."""
        cells = tidy("".join(self._line)).split(CELL)
        self._line = []
        line = CELL.join(" ".join(cell.split()) for cell in cells).strip()
        marked = QUOTED.match(line)
        self._below_a_quote = self._below_a_quote or bool(QUOTE_BEGINS.search(line))
        if marked:
            line = line[marked.end() :].strip()
        if line:
            self.lines.append((line, bool(marked) or self._quotes > 0 or self._below_a_quote))
