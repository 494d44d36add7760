"""Field masks: `a,b/c,d(e,f/g)` as used by `fields=` and by the `fields` of Sheets update requests."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Tree = dict[str, "Tree"]
"""Selected names; an empty tree below a name selects everything there; "*" stands for every name."""

_TOKEN = re.compile(r"\s*([A-Za-z0-9_\-*]+|[,/.()])")


class BadMask(ValueError):
    """The mask cannot be read, or names a field that does not exist; the argument is the offending part."""


def parse(text: str) -> Tree:
    """The tree of a mask. Raises BadMask."""
    tokens, at = [], 0
    stripped = text.rstrip()
    while at < len(stripped):
        match = _TOKEN.match(stripped, at)
        if not match:
            raise BadMask(stripped[at:])
        tokens.append(match.group(1))
        at = match.end()
    tree, rest = _selection(tokens, 0)
    if rest != len(tokens) or not tree:
        raise BadMask(text)
    return tree


def _selection(tokens: list[str], at: int) -> tuple[Tree, int]:
    tree: Tree = {}
    while True:
        at = _path(tokens, at, tree)
        if at < len(tokens) and tokens[at] == ",":
            at += 1
            continue
        return tree, at


def _path(tokens: list[str], at: int, tree: Tree) -> int:
    node, fresh = tree, False
    while True:
        if at >= len(tokens) or tokens[at] in ",/.()":
            raise BadMask("".join(tokens))
        name = tokens[at]
        parent, fresh = node, name not in node
        node = node.setdefault(name, {})
        at += 1
        following = tokens[at] if at < len(tokens) else ""
        if following in ("/", "."):
            if not fresh and not node:  # selected as a whole already: stays whole
                node = {}
            at += 1
            continue
        if following == "(":
            inner, at = _selection(tokens, at + 1)
            if at >= len(tokens) or tokens[at] != ")":
                raise BadMask("".join(tokens))
            if fresh or node:
                _merge(node, inner)
            return at + 1
        parent[name] = {}
        return at


def _merge(into: Tree, more: Tree) -> None:
    for name, below in more.items():
        if name not in into or not below:
            into[name] = below
        elif into[name]:
            _merge(into[name], below)


def select(value: Any, tree: Tree) -> Any:
    """The part of `value` (JSON form) that the mask names; lists are walked through, the argument is left alone."""
    if not tree:
        return value
    if isinstance(value, list):
        return [select(item, tree) for item in value]
    if not isinstance(value, dict):
        return value
    if "*" in tree:
        below = tree["*"]
        return {name: select(item, tree.get(name, below)) for name, item in value.items()}
    return {name: select(value[name], below) if below else value[name] for name, below in tree.items() if name in value}


def wants(tree: Tree | None, *path: str) -> bool:
    """Whether the mask (None: everything) selects something at or below `path`."""
    for name in path:
        if not tree:
            return True
        if name in tree:
            tree = tree[name]
        elif "*" in tree:
            tree = tree["*"]
        else:
            return False
    return True


def check(tree: Tree, schema: Mapping[str, Any], schemas: Mapping[str, Any], path: str = "") -> None:
    """Raises BadMask with the path of the first name that the discovery schema does not have."""
    while "$ref" in schema or schema.get("type") == "array":
        schema = schemas[schema["$ref"]] if "$ref" in schema else schema["items"]
    known = schema.get("properties")
    for name, below in tree.items():
        here = f"{path}.{name}" if path else name
        if name == "*":
            continue
        if known is None:
            if "additionalProperties" in schema or schema.get("type") == "any":
                continue
            raise BadMask(here)
        if name not in known:
            raise BadMask(here)
        if below:
            check(below, known[name], schemas, here)
