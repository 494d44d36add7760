"""What is left to do, who does it, and whether that is all."""

from collections.abc import Iterator

from rekap.config_file import FILL
from rekap.sources.sheets.doctor.wording import Said, Tone


def left(said: Said, *, is_new: bool) -> Iterator[tuple[Tone, str]]:
    """One line each: connections where they were looked at, whoever writes clients.yaml, the account manager; last
    whether anything is left of the first two. What the account manager corrects keeps nobody from going on. `is_new`:
    the client is not in clients.yaml yet."""
    wrong = sum(check.tone == "bad" for check in said.checks)
    if wrong:
        yield "bad", _say(said, "left_connections", count=wrong)
    elif said.checks:
        yield "good", _say(said, "left_connections_none")
    fill, lines = said.yaml.count(FILL), sum(_is_to_add(line) for line in said.yaml.splitlines())
    if is_new:
        yield "look", _say(said, "left_entry", count=fill) if fill else _say(said, "left_entry_whole")
    elif said.yaml:
        yield "look", _say(said, "left_lines", count=lines)
    else:
        yield "good", _say(said, "left_lines_none")
    counts = {
        "left_tabs": sum(any(tone == "bad" for tone, _ in tab.warnings) for tab in said.tabs),
        "left_refused": sum(len(tab.refused) for tab in said.tabs),
        "left_strange": sum(tab.strange for tab in said.tabs),
    }
    told = ", ".join(_say(said, key, count=count) for key, count in counts.items() if count)
    yield ("look", _say(said, "left_manager", what=told)) if told else ("good", _say(said, "left_manager_none"))
    is_done = not (wrong or is_new or said.yaml)
    yield ("good", _say(said, "left_done")) if is_done else ("look", _say(said, "left_not_done"))


def _is_to_add(line: str) -> bool:
    """Whether a line of YAML holds an outlet or words, not a key or a comment alone."""
    return "[" in line.partition("#")[0] or line.lstrip().startswith("- {")


def _say(said: Said, key: str, **values: object) -> str:
    return said.say(key, **values)
