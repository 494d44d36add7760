"""Differences by theme, each in one line."""

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

MOST_SHOWN = 20


class Differences:
    """Collects lines by theme; counts what was compared, so that an empty comparison cannot pass for a good one."""

    def __init__(self) -> None:
        self.lines: dict[str, list[str]] = {}
        self.compared: dict[str, int] = {}

    def add(self, theme: str, line: str) -> None:
        self.lines.setdefault(theme, []).append(line)

    def sets(self, theme: str, expected: Iterable[Hashable], found: Iterable[Hashable]) -> None:
        """Compare two sets of things that have a readable form."""
        should, does = set(expected), set(found)
        self.compared[theme] = self.compared.get(theme, 0) + len(should)
        for thing in sorted(should - does, key=str):
            self.add(theme, f"missing: {thing}")
        for thing in sorted(does - should, key=str):
            self.add(theme, f"too much: {thing}")

    def fields(self, theme: str, what: str, expected: Mapping[str, Any], found: Mapping[str, Any]) -> None:
        """Compare the fields of one thing that both know."""
        self.compared[theme] = self.compared.get(theme, 0) + 1
        for name, value in expected.items():
            if found.get(name) != value:
                self.add(theme, f"{what}, {name}: should be {value!r}, is {found.get(name)!r}")

    def require(self, theme: str, least: int) -> None:
        """A theme in which fewer things were compared than that proves nothing."""
        if self.compared.get(theme, 0) < least:
            self.add(theme, f"only {self.compared.get(theme, 0)} compared, at least {least} expected: proves nothing")

    def __bool__(self) -> bool:
        return bool(self.lines)

    def told(self) -> list[str]:
        """At most twenty lines a theme, and the count of the rest."""
        lines = []
        for theme, differences in self.lines.items():
            lines.append(f"{theme}: {len(differences)} differences")
            lines += [f"  {line}" for line in differences[:MOST_SHOWN]]
            if len(differences) > MOST_SHOWN:
                lines.append(f"  … and {len(differences) - MOST_SHOWN} more")
        return lines
