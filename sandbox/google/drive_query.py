"""The `q` language of files.list: parsed whole, refused with 400 when any word is unknown."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sandbox.google.errors import ApiError
from sandbox.google.state import File, parse_time

Test = Callable[[File], bool]

_TOKEN = re.compile(r"\s*(?:'((?:\\.|[^'\\])*)'|(!=|<=|>=|=|<|>|\(|\)|\{|\})|([A-Za-z][A-Za-z0-9_.]*))", re.DOTALL)
_TEXT = {"name": ("contains", "=", "!="), "fullText": ("contains",), "mimeType": ("contains", "=", "!=")}
_TIMES = ("modifiedTime", "createdTime", "viewedByMeTime", "sharedWithMeTime")
_FLAGS = ("trashed", "starred", "sharedWithMe")
_PEOPLE = ("parents", "owners", "writers", "readers")
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def parse(text: str, root_id: str) -> Test:
    """The test that a query stands for; 'root' in parents means `root_id`. Raises ApiError 400 `Invalid Value`."""
    tokens, at = [], 0
    stripped = text.rstrip()
    while at < len(stripped):
        match = _TOKEN.match(stripped, at)
        if not match:
            raise invalid()
        if match[1] is not None:
            tokens.append(("text", re.sub(r"\\(.)", r"\1", match[1])))
        else:
            tokens.append(("sign", match[2]) if match[2] else ("word", match[3]))
        at = match.end()
    reader = _Reader(tokens, root_id)
    test = reader.either()
    if reader.at != len(tokens):
        raise invalid()
    return test


def invalid() -> ApiError:
    """Drive's refusal of a query it cannot read."""
    return ApiError(400, "Invalid Value", reason="invalid", location="q")


class _Reader:
    def __init__(self, tokens: list[tuple[str, str]], root_id: str) -> None:
        self.tokens, self.root_id, self.at = tokens, root_id, 0

    def next(self, *kinds: str) -> str:
        if self.at >= len(self.tokens) or self.tokens[self.at][0] not in kinds:
            raise invalid()
        self.at += 1
        return self.tokens[self.at - 1][1]

    def take(self, kind: str, value: str) -> bool:
        if self.at < len(self.tokens) and self.tokens[self.at] == (kind, value):
            self.at += 1
            return True
        return False

    def demand(self, kind: str, value: str) -> None:
        if not self.take(kind, value):
            raise invalid()

    def either(self) -> Test:
        tests = [self.both()]
        while self.take("word", "or"):
            tests.append(self.both())
        return lambda file: any(test(file) for test in tests)

    def both(self) -> Test:
        tests = [self.single()]
        while self.take("word", "and"):
            tests.append(self.single())
        return lambda file: all(test(file) for test in tests)

    def single(self) -> Test:
        if self.take("word", "not"):
            inner = self.single()
            return lambda file: not inner(file)
        if self.take("sign", "("):
            inner = self.either()
            self.demand("sign", ")")
            return inner
        if self.at < len(self.tokens) and self.tokens[self.at][0] == "text":
            value = self.next("text")
            self.demand("word", "in")
            return self._membership(value, self.next("word"))
        return self._comparison(self.next("word"))

    def _membership(self, value: str, collection: str) -> Test:
        if collection not in _PEOPLE:
            raise invalid()
        if collection == "parents":
            wanted = self.root_id if value == "root" else value
            return lambda file: wanted in file.get("parents", ())
        roles = {"owners": {"owner"}, "writers": {"owner", "writer", "organizer", "fileOrganizer"}}.get(collection)

        def listed(file: File) -> bool:
            return any(
                p.get("emailAddress", "").casefold() == value.casefold() and (roles is None or p["role"] in roles)
                for p in file.get("permissions", ())
            )

        return listed

    def _comparison(self, name: str) -> Test:
        if name in ("appProperties", "properties"):
            self.demand("word", "has")
            return self._has(name)
        if name in _FLAGS:
            return self._flag(name)
        operator = self.next("sign", "word")
        if name in _TIMES:
            return self._time(name, operator)
        if operator not in _TEXT.get(name, ()):
            raise invalid()
        return _text(name, operator, self.next("text"))

    def _flag(self, name: str) -> Test:
        operator, value = self.next("sign"), self.next("word")
        if operator not in ("=", "!=") or value not in ("true", "false"):
            raise invalid()
        wanted = (value == "true") == (operator == "=")
        return lambda file: bool(file.get(name)) == wanted

    def _time(self, name: str, operator: str) -> Test:
        if operator not in _COMPARE:
            raise invalid()
        try:
            moment: datetime = parse_time(self.next("text"))
        except ValueError as bad:
            raise invalid() from bad
        compare = _COMPARE[operator]
        return lambda file: name in file and compare(parse_time(file[name]), moment)

    def _has(self, name: str) -> Test:
        self.demand("sign", "{")
        self.demand("word", "key")
        self.demand("sign", "=")
        key = self.next("text")
        self.demand("word", "and")
        self.demand("word", "value")
        self.demand("sign", "=")
        value = self.next("text")
        self.demand("sign", "}")
        return lambda file: key in file.get(name, {}) and file[name][key] == value


def _text(name: str, operator: str, value: str) -> Test:
    wanted = value.casefold()
    if name == "mimeType":
        if operator == "contains":
            return lambda file: file["mimeType"].startswith(value)
        return lambda file: (file["mimeType"] == value) == (operator == "=")
    if operator == "contains":  # of names only the beginning of words matches
        return lambda file: any(part.startswith(wanted) for part in _beginnings(file["name"].casefold()))
    return lambda file: (file["name"].casefold() == wanted) == (operator == "=")


def _beginnings(name: str) -> list[str]:
    return [name[match.start() :] for match in re.finditer(r"\w+|\S", name)] or [name]
