"""One tracker, as the pipeline reads it, and what its client needs of Google and Basecamp; read-only."""

import argparse
import os
import re
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from local.doctor import basecamp, google
from local.doctor.doctor import Doctor
from local.doctor.findings import BAD, GOOD, NOTE, UNSEEN, Findings, ending, line
from local.state import VAR
from rekap.errors import PermanentError
from rekap.settings import Client, Config
from rekap.sources.sheets.doctor import told
from rekap.sources.sheets.doctor.command import show, surroundings
from rekap.sources.sheets.doctor.nearness import nearest
from rekap.sources.sheets.doctor.proposal import client_name
from rekap.sources.sheets.doctor.wording import Check, Tone

ADDRESS = re.compile(r"/spreadsheets/d/([\w-]+)")
TONES: dict[str, Tone] = {GOOD: "good", BAD: "bad", NOTE: "look", UNSEEN: "other"}


def add(parser: argparse.ArgumentParser) -> None:
    """The options for one tracker."""
    one = parser.add_argument_group("one tracker")
    one.add_argument("--client", metavar="SLUG", help="a client of clients.yaml, or the slug for a new one's --sheet")
    one.add_argument("--sheet", metavar="ADDRESS", help="id or address of a sheet, also of one not in clients.yaml yet")
    one.add_argument("--as-of", type=date.fromisoformat, metavar="DATE", help="YYYY-MM-DD (default: today)")
    one.add_argument("--html", type=Path, help="where the page goes (default: var/doctor/)")
    one.add_argument("--language", choices=("id", "en"), help="default: house.language of rekap.yaml")


def look(doctor: Doctor, checks: Sequence[tuple[str, str, str]], given: argparse.Namespace) -> int:
    """Write the report to stdout and as a page. `checks`: where the doctor's findings arrive, (title, sign, sentence).
    How many things are wrong; where the sheet cannot be read these alone are told. Raises PermanentError for a client
    or sheet that cannot be meant, and for a page that cannot be written."""
    config = doctor.config()
    resource: dict[str, Any] = {}
    client: Client | None = None
    if config:
        client, spreadsheet = _which(config, given.client, given.sheet)
        _examine(doctor, config, client, spreadsheet, resource)
    if not config or not resource:
        for title, sign, text in checks:
            print(line(title, sign, text))
        print(f"\n{ending(doctor.wrong)}")
        return doctor.wrong
    project, candidates = None, {}
    if client is None:
        project, candidates = _project(doctor, config, given.client, str(resource["properties"].get("title") or ""))
    said = told(
        resource,
        slug=client.slug if client else given.client,
        client=client,
        as_of=given.as_of or doctor.now().astimezone(config.settings.zone).date(),
        language=given.language or config.settings.house.language,
        around=surroundings(config, project, candidates),
        checks=[Check(title, TONES[sign], text) for title, sign, text in checks if title != "Settings" or sign == BAD],
        stands_still=doctor.stands_still,
    )
    name = client.slug if client else given.client or spreadsheet
    show(said, sys.stdout, given.html or Path(os.path.relpath(VAR / "doctor" / f"{name}.html")))
    return doctor.wrong


def spreadsheet_id(text: str) -> str:
    """The id in an address, or the id itself. Raises PermanentError for what is neither."""
    found = ADDRESS.search(text)
    number = found[1] if found else text.strip()
    if not re.fullmatch(r"[\w-]{4,}", number):
        raise PermanentError(
            f"'{text}' is neither the address nor the id of a sheet: open the sheet and copy what stands in the"
            " browser's address line, in quotes."
        )
    return number


def _which(config: Config, slug: str | None, sheet: str | None) -> tuple[Client | None, str]:
    """The client, None for one who is not in clients.yaml yet, and the spreadsheet."""
    clients = config.register.clients
    if sheet:
        number = spreadsheet_id(sheet)
        owner = next((client for client in clients if client.spreadsheet_id == number), None)
        return owner or config.register.client_by_slug.get(slug or ""), number
    client = config.register.client_by_slug.get(slug or "")
    if client is None:
        known = [client.slug for client in clients]
        meant = nearest(slug or "", known)
        raise PermanentError(
            f"clients.yaml has no client '{slug}'; "
            + (f"do you mean {meant}?" if meant else f"it has {', '.join(known)}.")
            + f" For a new one name the sheet: make doctor CLIENT={slug} SHEET='address of the sheet'"
        )
    if not client.spreadsheet_id:
        raise PermanentError(
            f"client {client.slug} has no spreadsheet_id in clients.yaml: write it there, or name the sheet:"
            f" make doctor CLIENT={client.slug} SHEET='address of the sheet'"
        )
    return client, client.spreadsheet_id


def _examine(
    doctor: Doctor, config: Config, client: Client | None, spreadsheet: str, resource: dict[str, Any]
) -> None:  # fmt: skip
    """Hear all findings; `resource` is filled where the sheet can be read."""

    before = doctor.wrong

    def sheets() -> Findings:
        if client and client.spreadsheet_id == spreadsheet:
            yield from google.of_client(doctor.google, config, client)
        else:
            yield from google.of_sheet(doctor.google, spreadsheet, "the sheet")
        try:
            resource.update(doctor.google.sheets.grid(spreadsheet))
        except PermanentError:
            if doctor.wrong == before:  # else it has been told
                raise

    doctor.section("Google", sheets)
    if client:
        doctor.section("Basecamp", lambda: basecamp.of_client(doctor.basecamp, config, client))


def _project(
    doctor: Doctor, config: Config, slug: str | None, title: str
) -> tuple[tuple[int, str] | None, dict[int, str]]:  # fmt: skip
    """The project in Basecamp of a client who is not in clients.yaml yet, and, where it cannot be told, those that it
    may be."""
    found: list[tuple[int, str]] = []
    candidates: dict[int, str] = {}

    def projects() -> Findings:
        name = client_name(slug, title)
        visible, unclaimed = basecamp.projects(doctor.basecamp, config)
        names = [slug.replace("-", " ") if slug else "", name]
        alike = basecamp.called_like(unclaimed, names) or basecamp.called_like(visible, names)
        if len(alike) == 1:
            found.append((alike[0], visible[alike[0]]))
            yield GOOD, f"the consent holds; project {alike[0]} is called '{visible[alike[0]]}'"
            return
        candidates.update({number: visible[number] for number in alike} or unclaimed)
        what = f"{len(alike)} visible projects are" if alike else "no visible project is"
        which = basecamp.listed(candidates) if alike else f"those of no client yet: {basecamp.listed(candidates)}"
        told = f"the consent holds; {what} called like '{name}': write the number of the right one as project_id"
        yield NOTE, f"{told}; {which}"

    doctor.section("Basecamp", projects)
    return (found[0] if found else None), candidates
