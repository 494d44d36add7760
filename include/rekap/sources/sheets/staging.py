"""A tracker's tabs → raw.tracker_grids, staging.tracker_rows with their keys and changes, ops.quarantine, ledger."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from rekap import warehouse
from rekap.run import Run
from rekap.sources.sheets import belief, keys
from rekap.sources.sheets.faces import crew_of
from rekap.sources.sheets.keys import Matched
from rekap.sources.sheets.reader import Tab
from rekap.sources.sheets.rows import TrackerRow
from rekap.vocabulary import outlets

ROW_COLUMNS = (
    "row_key", "client", "spreadsheet_id", "sheet_id", "tab", "row", "cell_url", "month", "service_date",
    "service_date_end", "time_from", "time_to", "outlet_text", "outlet", "service_text", "units", "status",
    "status_text", "technicians", "order_ref", "note", "flags", "content_sha256",
)  # fmt: skip
QUARANTINE_COLUMNS = ("row_key", "field", "reason", "rule", "severity", "client", "original", "cell_url")


def keep_grids(connection: warehouse.Connection, run: Run, spreadsheet_id: str, resource: Mapping[str, Any]) -> None:
    """Keep every tab as received; kept also when the tracker is not believed."""
    columns = ("spreadsheet_id", "sheet_id", "content_sha256", "title", "payload")
    warehouse.load(connection, "raw.tracker_grids", columns, _grids(spreadsheet_id, resource))
    warehouse.execute(connection, "10_raw/tracker_grids", {"now": run.now})


def _grids(spreadsheet_id: str, resource: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    for sheet in resource.get("sheets") or ():
        text = json.dumps(sheet, sort_keys=True, ensure_ascii=False)
        if "\\u0000" in text:  # Postgres holds no NUL
            sheet = json.loads(text.replace("\\u0000", ""))
        properties = sheet.get("properties") or {}
        digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
        yield spreadsheet_id, int(properties.get("sheetId") or 0), digest, str(properties.get("title") or ""), sheet


def stage(
    connection: warehouse.Connection, run: Run, client: str, file: Mapping[str, Any], tabs: list[Tab],
    matched: Matched, crew: Mapping[str, set[str]],
) -> dict[str, int]:  # fmt: skip
    """Bring the warehouse to this reading; call it inside one transaction. `file`: what Drive had listed before the
    grid was asked for; `crew`: a technician's name → codes. Returns rows, quarantined and changed. Raises
    PermanentError when the ledger does not balance."""
    spreadsheet = str(file["spreadsheet_id"])
    bound = {
        "now": run.now, "run": run.id, "spreadsheet": spreadsheet, "changed_at": file["modified_at"],
        "hidden": [tab.sheet_id for tab in tabs if tab.hidden],
    }  # fmt: skip
    key_at = keys.keep(connection, bound, client, matched)
    readable = [(tab, row) for tab in tabs for row in tab.lines.rows]
    rejected = [(tab, row) for tab in tabs for row in tab.lines.rejected]
    warehouse.load(
        connection, "staging.tracker_rows", ROW_COLUMNS,
        (_row_line(client, spreadsheet, key_at[tab.sheet_id, row.row], tab, row, crew) for tab, row in readable),
    )  # fmt: skip
    warehouse.load(
        connection, "staging.tracker_row_services", ("row_key", "n", "service", "units"),
        (
            (key_at[tab.sheet_id, row.row], n, code, units)
            for tab, row in readable
            for n, (code, units) in enumerate(row.read.services, start=1)
        ),
    )  # fmt: skip
    warehouse.load(
        connection, "ops.quarantine", QUARANTINE_COLUMNS,
        (
            line
            for tab, row in rejected
            for line in _quarantine_lines(client, spreadsheet, key_at[tab.sheet_id, row.row], tab, row)
        ),
    )  # fmt: skip
    bound["rejected"] = [key_at[tab.sheet_id, row.row] for tab, row in rejected]
    warehouse.execute(connection, "20_staging/tracker_row_outlets")
    edited = warehouse.count(connection, "20_staging/row_changes", bound)["changed"]
    merged = warehouse.count(connection, "20_staging/tracker_rows", bound)
    warehouse.execute(connection, "20_staging/tracker_row_services")
    held = warehouse.count(connection, "20_staging/quarantine", bound)
    _account(connection, run, client, tabs, loaded=merged["added"] + edited)
    warehouse.execute(connection, "10_raw/tracker_files_read", {**bound, **file})
    return {
        "rows": len(readable),
        "quarantined": len(rejected),
        "changed": edited + merged["added"] + merged["removed"] + held["opened"],
    }


def _row_line(
    client: str, spreadsheet: str, key: int, tab: Tab, row: TrackerRow, crew: Mapping[str, set[str]]
) -> tuple[Any, ...]:  # fmt: skip
    read = row.read
    return (
        key, client, spreadsheet, tab.sheet_id, tab.title, row.row, cell_url(spreadsheet, tab.sheet_id, f"A{row.row}"),
        tab.month, read.service_date, read.service_date_end, read.time_from, read.time_to, read.outlet,
        outlets.normalise(read.outlet) or None if read.outlet else None, row.cells.get("service"), read.units,
        read.status, row.cells.get("status"), crew_of(read.technicians, crew), read.order_ref, row.cells.get("note"),
        read.flags, row.content_sha256,
    )  # fmt: skip


def _quarantine_lines(
    client: str, spreadsheet: str, key: int, tab: Tab, row: TrackerRow
) -> Iterator[tuple[Any, ...]]:  # fmt: skip
    original = {"tab": tab.title, "row": row.row, "cells": row.cells}
    url = cell_url(spreadsheet, tab.sheet_id, row.date_cell or f"A{row.row}")
    for problem in dict.fromkeys(row.problems):
        yield key, "service_date", problem, f"reader.{problem}", "critical", client, original, url


def cell_url(spreadsheet: str, sheet_id: int, cell: str) -> str:
    """A link that opens the sheet at the cell."""
    return f"https://docs.google.com/spreadsheets/d/{spreadsheet}/edit#gid={sheet_id}&range={cell}"


def _account(connection: warehouse.Connection, run: Run, client: str, tabs: list[Tab], *, loaded: int) -> None:
    """The ledger's line and the completeness of one tracker."""
    received = sum(tab.received for tab in tabs)
    readable = sum(len(tab.lines.rows) for tab in tabs)
    entry = warehouse.Entry(
        step="read_tracker", source=f"sheets/{client}", relation="staging.tracker_rows", received=received,
        unchanged=readable - loaded, loaded=loaded, quarantined=sum(len(tab.lines.rejected) for tab in tabs),
        skipped=dict(sorted(Counter(line.reason for tab in tabs for line in tab.lines.skipped).items())),
    )  # fmt: skip
    warehouse.record(connection, run, entry)
    missing = belief.unread(run, tabs)
    state = "incomplete" if missing else "complete"
    warehouse.complete(connection, run, "sheets", client, state, missing, counted=received)
