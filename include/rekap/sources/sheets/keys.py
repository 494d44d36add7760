"""The row_key of every order of a grid: living keys are matched with its rows, new rows get keys of their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rekap import warehouse
from rekap.sources.sheets.faces import Faces
from rekap.sources.sheets.identity import Face, match
from rekap.sources.sheets.reader import Tab
from rekap.sources.sheets.rows import TrackerRow

KEY_COLUMNS = (
    "row_key", "client", "spreadsheet_id", "sheet_id", "row", "content_sha256", "order_ref", "service_date",
    "outlet_text", "service_text", "units",
)  # fmt: skip
Place = tuple[int, int]  # sheet id and 1-based row


@dataclass(frozen=True)
class Known:
    """A living row as it was last seen; `tab`: the title of its tab then, where it could be read."""

    key: int
    face: Face
    tab: str | None


@dataclass(frozen=True)
class Matched:
    """`placed`: every order of the grid, readable or not; `found`: for each its key, None for a new row."""

    placed: list[tuple[Tab, TrackerRow]]
    found: list[int | None]
    known: list[Known]

    @property
    def left_over(self) -> list[Known]:
        """Living rows that no row of the grid continues."""
        again = {key for key in self.found if key is not None}
        return [known for known in self.known if known.key not in again]


def matched(
    connection: warehouse.Connection, spreadsheet: str, outlet_of: Mapping[str, str], crew: Mapping[str, set[str]],
    tabs: list[Tab],
) -> Matched:  # fmt: skip
    """Match a grid with the living rows of its spreadsheet. `outlet_of`: normalised spelling → the outlet's code;
    `crew`: a technician's name → codes."""
    living = warehouse.execute(connection, "20_staging/tracker_rows_living", {"spreadsheet": spreadsheet})
    faces = Faces(outlet_of, crew, seen=(row["outlet_text"] for row in living))
    known = [Known(int(row["row_key"]), faces.of_known(row), row["tab"]) for row in living]
    placed = [(tab, row) for tab in tabs for row in (*tab.lines.rows, *tab.lines.rejected)]
    found = match([(each.key, each.face) for each in known], [faces.of_row(tab.sheet_id, row) for tab, row in placed])
    return Matched(placed, found, known)


def keep(
    connection: warehouse.Connection, bound: Mapping[str, Any], client: str, matched: Matched
) -> dict[Place, int]:  # fmt: skip
    """Write what was matched; the row_key of every order of the grid, by its place."""
    warehouse.load(
        connection, "staging.tracker_row_keys", KEY_COLUMNS,
        (
            (
                key, client, bound["spreadsheet"], tab.sheet_id, row.row, row.content_sha256, row.read.order_ref,
                row.read.service_date, row.read.outlet, row.cells.get("service"), row.read.units,
            )
            for key, (tab, row) in zip(matched.found, matched.placed, strict=True)
        ),
    )  # fmt: skip
    rows = warehouse.execute(connection, "20_staging/tracker_row_keys", bound)
    return {(int(row["sheet_id"]), int(row["row"])): int(row["row_key"]) for row in rows}
