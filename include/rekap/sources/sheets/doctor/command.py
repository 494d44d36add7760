"""`python -m rekap.sources.sheets doctor FILE`: the report of a saved Spreadsheet resource, without the network."""

import argparse
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import IO, Any

from rekap.errors import PermanentError
from rekap.settings import Config
from rekap.sources.sheets.doctor import page, terminal
from rekap.sources.sheets.doctor.proposal import Surroundings
from rekap.sources.sheets.doctor.told import told
from rekap.sources.sheets.doctor.wording import Said


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", day: Callable[[str], date]) -> None:
    """The options of the command; `day` reads a date."""
    doctor = commands.add_parser("doctor", help="show a person what was understood of a Spreadsheet resource")
    doctor.add_argument("file", type=Path)
    doctor.add_argument("--client", metavar="SLUG", help="who it is in clients.yaml, or shall be")
    doctor.add_argument("--as-of", type=day, metavar="DATE", help="YYYY-MM-DD (default: today)")
    doctor.add_argument("--html", type=Path, metavar="FILE", help="also write the report as a page")
    doctor.add_argument("--language", choices=("id", "en"), help="default: house.language of rekap.yaml")


def run(resource: Mapping[str, Any], chosen: argparse.Namespace, config: Config, today: date) -> int:
    """Write the report to stdout and, where asked for, to the file of a page. Raises PermanentError for a resource that
    has not the form of one and for a page that cannot be written."""
    register = config.register
    client = register.client_by_slug.get(chosen.client) if chosen.client else None
    if chosen.client and client is None:
        print(f"client '{chosen.client}' is not in clients.yaml: a whole entry is proposed", file=sys.stderr)
    try:
        said = told(
            resource, slug=chosen.client, client=client, as_of=chosen.as_of or today,
            language=chosen.language or config.settings.house.language, around=surroundings(config),
        )  # fmt: skip
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise PermanentError(
            f"{chosen.file}: does not have the form of a Spreadsheet resource ({type(error).__name__}: {error})."
        ) from error
    show(said, sys.stdout, chosen.html)
    return 0


def surroundings(
    config: Config, project: tuple[int, str] | None = None, candidates: Mapping[int, str] | None = None
) -> Surroundings:  # fmt: skip
    """Who may be am and pic; the project that was found in Basecamp, or those that it may be."""
    roles = {role: [person.code for person in config.register.with_role(role)] for role in ("am", "pic")}
    technicians = config.register.with_role("technician")
    crew = [name for person in technicians for name in (person.name, *person.aliases)]
    return Surroundings(roles, crew, project, candidates or {})


def show(said: Said, out: IO[str], html: Path | None) -> None:
    """Write to the terminal and, where a file is named, the page; last what is left to do. Raises PermanentError when
    the page cannot be written."""
    terminal.write(said, out)
    if html:
        try:
            html.parent.mkdir(parents=True, exist_ok=True)
            html.write_text(page.html(said), encoding="utf-8")
        except OSError as error:
            raise PermanentError(f"{html}: cannot be written ({error.strerror}); name another file.") from error
        print(f"\n{said.say('page', file=html)}", file=out)
    terminal.write_left(said, out)
