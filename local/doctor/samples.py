"""`make doctor SAMPLES=folder`: a few records of the accounts for the tests, without a word that came from them."""

import json
from pathlib import Path
from typing import Any

from local.doctor.account import Account
from local.doctor.facts_google import Cabinet
from local.doctor.findings import BAD, GOOD, NOTE, Findings
from local.doctor.scrub import NotClean, Scrubber
from rekap.services.basecamp import Basecamp

ROWS = 3  # of the walk over to-dos
LINES = 15  # of a tab


def save(basecamp: Basecamp, cabinet: Cabinet, folder: Path) -> Findings:
    """One JSON file for each kind of record that the accounts have. Writes nothing that did not come out clean."""
    scrubber = Scrubber()
    folder.mkdir(parents=True, exist_ok=True)
    for name, record in _records(basecamp, cabinet).items():
        if not record:
            yield NOTE, f"{name}: the account shows none"
            continue
        try:
            clean = scrubber.clean(record)
        except NotClean as error:
            yield BAD, f"{name}: {error}"
            continue
        path = folder / f"{name}.json"
        path.write_text(json.dumps(clean, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        yield GOOD, f"{path}"


def _records(basecamp: Basecamp, cabinet: Cabinet) -> dict[str, Any]:
    account = Account(basecamp)
    rows = sorted(account.todos, key=lambda row: -int(row.get("comments_count") or 0))[:ROWS]
    with_file = [row for row in account.comments if row.get("content_attachments")]
    return {
        "recordings": rows,
        "todo": account.todo(rows[0]["id"]) if rows else None,
        "comment": next(iter(with_file or account.comments), None),
        "project": next(iter(basecamp.page("/projects.json").json()), None),
        "person": next(iter(account.people.json()), None),
        "drive_file": cabinet.google.drive.get(cabinet.files[0]["id"], "*") if cabinet.files else None,
        "grid": _small(cabinet.grid),
    }


def _small(grid: dict[str, Any] | None) -> dict[str, Any] | None:
    """The first lines of the first two tabs."""
    if grid is None:
        return None
    sheets = []
    for sheet in grid.get("sheets", [])[:2]:
        data = [
            part | {name: part[name][:LINES] for name in ("rowData", "rowMetadata") if name in part}
            for part in sheet.get("data", [])
        ]
        sheets.append(sheet | {"data": data})
    return grid | {"sheets": sheets}
