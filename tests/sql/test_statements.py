"""What is true of every file of include/sql."""

import re

import pytest

from rekap.warehouse import SQL

FILES = sorted(SQL.rglob("*.sql"))
CLOCK = re.compile(
    r"\b(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\s*\("
    r"|\b(current_date|current_timestamp|current_time|localtimestamp|localtime)\b|'(now|today|tomorrow|yesterday)'",
    re.IGNORECASE,
)


def code(text: str) -> str:
    """A file's text without its comments."""
    return re.sub(r"--.*", "", text)


def test_no_statement_asks_the_servers_clock() -> None:
    assert len(FILES) > 60
    asked = {str(path.relative_to(SQL)): found[0] for path in FILES if (found := CLOCK.search(code(path.read_text())))}
    assert asked == {}


@pytest.mark.parametrize("text", ["select now()", "where d < CURRENT_DATE", "default current_timestamp", "'now'::date"])
def test_the_ban_knows_every_way_to_ask_the_clock(text: str) -> None:
    assert CLOCK.search(code(text))


def test_every_relations_file_opens_with_what_it_is_about() -> None:
    """A header: the grain, or the one relation whose rows it changes."""
    silent = []
    for path in FILES:
        if path.is_relative_to(SQL / "00_migrations"):
            continue
        header = re.match(r"(--.*\n)+", path.read_text())
        told = header[0].lower() if header else ""
        if "grain:" not in told and not re.search(r"\b(outputs|reconciliation|staging|ops)\.\w+|changes:", told):
            silent.append(path.name)
    assert silent == []
