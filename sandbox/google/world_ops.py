"""What people do to trackers and files behind Rekap's back, as functions on the state.

Each takes the state's lock, bumps version, modifiedTime and lastModifyingUser as an edit by `by` and returns nothing,
except where it makes something. All raise LookupError, naming what is missing, for a spreadsheet, tab, cell or file
that is not there.
"""

from __future__ import annotations

import copy
from typing import Any

from sandbox.google import cells, grid
from sandbox.google.a1 import Rectangle, grid_size, resolve
from sandbox.google.accounts import ROBOT
from sandbox.google.edits.contents import sort_rows
from sandbox.google.errors import ApiError
from sandbox.google.state import SPREADSHEET, Book, State, adopt_book, owner_permission, rfc3339

SOMEBODY = "somebody@example.com"


def edit_cell(state: State, spreadsheet_id: str, sheet_id: int, cell: str, value: Any, by: str = SOMEBODY) -> None:
    """Types `value` into a cell such as "C7": a text is read as a person's typing, null or "" empties the cell."""
    with state.lock:
        book, sheet = _sheet(state, spreadsheet_id, sheet_id)
        try:
            place = resolve({"sheets": [sheet]}, cell)
        except ApiError as bad:
            raise LookupError(f"{cell} in sheet {sheet_id} of {spreadsheet_id}: {bad.message}") from bad
        old = grid.cell_at(sheet, place.top, place.left)
        typed = "" if value is None else value
        grid.put(sheet, place.top, place.left, cells.entered(typed, old, "USER_ENTERED", book["properties"]["locale"]))
        state.touch(spreadsheet_id, by)


def insert_row(
    state: State, spreadsheet_id: str, sheet_id: int, row: int, values: list[Any] | None = None, by: str = SOMEBODY
) -> None:
    """Inserts a row so that it becomes the 1-based `row`, and types `values` into it from column A on."""
    with state.lock:
        book, sheet = _sheet(state, spreadsheet_id, sheet_id)
        rows, columns = grid_size(sheet)
        if not 1 <= row <= rows + 1 or len(values or ()) > columns:
            raise LookupError(f"row {row} with {len(values or ())} values does not fit {rows} x {columns} cells")
        grid.insert(book, sheet, grid.ROWS, row - 1, 1, inherit_before=row > 1)
        for column, value in enumerate(values or ()):
            if value is not None:
                old = grid.cell_at(sheet, row - 1, column)
                new = cells.entered(value, old, "USER_ENTERED", book["properties"]["locale"])
                grid.put(sheet, row - 1, column, new)
        state.touch(spreadsheet_id, by)


def delete_row(state: State, spreadsheet_id: str, sheet_id: int, row: int, by: str = SOMEBODY) -> None:
    """Deletes the 1-based `row`; the rows below move up."""
    with state.lock:
        book, sheet = _sheet(state, spreadsheet_id, sheet_id)
        if not 1 <= row <= grid_size(sheet)[0]:
            raise LookupError(f"sheet {sheet_id} of {spreadsheet_id} has no row {row}")
        grid.delete(book, sheet, grid.ROWS, row - 1, row)
        state.touch(spreadsheet_id, by)


def sort_tab(
    state: State,
    spreadsheet_id: str,
    sheet_id: int,
    column: str,
    first_row: int,
    last_row: int | None = None,
    descending: bool = False,
    by: str = SOMEBODY,
) -> None:
    """Sorts whole rows from the 1-based `first_row` to `last_row` (default: the last with content) by a column letter.

    Sheets refuses to sort vertical merges, so people take them apart and fill the value down first; so does this.
    """
    with state.lock:
        _, sheet = _sheet(state, spreadsheet_id, sheet_id)
        _, columns = grid_size(sheet)
        last = last_row or len(grid.rows_of(sheet))
        if not 1 <= first_row <= last:
            raise LookupError(f"sheet {sheet_id} of {spreadsheet_id} has no rows {first_row} to {last}")
        place = Rectangle(sheet, first_row - 1, 0, last, columns)
        kept = []
        for merge in sheet.get("merges", []):
            if merge["endRowIndex"] <= place.top or merge["startRowIndex"] >= place.bottom:
                kept.append(merge)
                continue
            value = grid.cell_at(sheet, merge["startRowIndex"], merge["startColumnIndex"])
            for row in range(merge["startRowIndex"], merge["endRowIndex"]):
                grid.put(sheet, row, merge["startColumnIndex"], value)
        sheet["merges"] = kept
        at = resolve({"sheets": [sheet]}, f"{column}1").left
        sort_rows(place, [{"dimensionIndex": at, "sortOrder": "DESCENDING" if descending else "ASCENDING"}])
        state.touch(spreadsheet_id, by)


def rename_tab(state: State, spreadsheet_id: str, sheet_id: int, title: str, by: str = SOMEBODY) -> None:
    """Gives a tab another title; its sheetId stays."""
    with state.lock:
        _, sheet = _sheet(state, spreadsheet_id, sheet_id)
        sheet["properties"] = {**sheet["properties"], "title": title}
        state.touch(spreadsheet_id, by)


def empty_tab(state: State, spreadsheet_id: str, sheet_id: int, by: str = SOMEBODY) -> None:
    """Removes all content of a tab, merges included; its size stays."""
    with state.lock:
        _, sheet = _sheet(state, spreadsheet_id, sheet_id)
        grid.rows_of(sheet).clear()
        sheet.pop("merges", None)
        state.touch(spreadsheet_id, by)


def delete_tab(state: State, spreadsheet_id: str, sheet_id: int, by: str = SOMEBODY) -> None:
    """Deletes a tab."""
    with state.lock:
        book, sheet = _sheet(state, spreadsheet_id, sheet_id)
        book["sheets"] = [other for other in book["sheets"] if other is not sheet]
        for index, other in enumerate(book["sheets"]):
            other["properties"] = {**other["properties"], "index": index}
        state.touch(spreadsheet_id, by)


def share_sheet(state: State, resource: dict[str, Any], by: str = SOMEBODY) -> dict[str, str]:
    """A person shares a spreadsheet of their own Drive with Rekap, as a viewer: `resource` is what spreadsheets.get
    returns of it."""
    with state.lock:
        book: Book = {**copy.deepcopy(resource), "spreadsheetId": str(resource["spreadsheetId"])}
        if state.find(book["spreadsheetId"]):
            raise LookupError(f"a file with the id {book['spreadsheetId']} is there already")
        adopt_book(book)
        state.world.spreadsheets[book["spreadsheetId"]] = book
        now = rfc3339(state.clock())
        file = {"id": book["spreadsheetId"], "name": book["properties"]["title"], "mimeType": SPREADSHEET}
        file |= {"parents": [state.root_of(by)["id"]], "createdTime": now, "modifiedTime": now}
        viewer = owner_permission(ROBOT) | {"role": "reader"}
        state.add(file | {"permissions": [owner_permission(by), viewer]})
        state.touch(book["spreadsheetId"], by)
        return {"spreadsheet_id": book["spreadsheetId"], "url": book["spreadsheetUrl"]}


def revoke(state: State, file_id: str, email: str = ROBOT) -> None:
    """Takes a user's access to a file or folder and all below it: Drive answers 404, Sheets 403. modifiedTime stays."""
    with state.lock:
        _file(state, file_id)
        state.revoked.add((email, file_id))
        state.note_change(file_id, rfc3339(state.clock()), removed_for=email)


def restore(state: State, file_id: str, email: str = ROBOT) -> None:
    """Gives back what revoke took."""
    with state.lock:
        _file(state, file_id)
        state.revoked.discard((email, file_id))
        state.note_change(file_id, rfc3339(state.clock()))


def trash_file(state: State, file_id: str, trashed: bool = True, by: str = SOMEBODY) -> None:
    """Moves a file or folder into the trash, or back."""
    with state.lock:
        file = _file(state, file_id)
        file["trashed"] = file["explicitlyTrashed"] = trashed
        state.touch(file_id, by)


def rename_file(state: State, file_id: str, name: str, by: str = SOMEBODY) -> None:
    """Gives a file, folder or spreadsheet another name."""
    with state.lock:
        _file(state, file_id)["name"] = name
        book = state.book(file_id)
        if book is not None:
            book["properties"] = {**book["properties"], "title": name}
        state.touch(file_id, by)


def delete_file(state: State, file_id: str) -> None:
    """Deletes a file for ever."""
    with state.lock:
        _file(state, file_id)
        state.forget(file_id)
        state.note_change(file_id, rfc3339(state.clock()))


def _sheet(state: State, spreadsheet_id: str, sheet_id: int) -> tuple[Book, dict[str, Any]]:
    book = state.book(spreadsheet_id)
    if book is None:
        raise LookupError(f"no spreadsheet {spreadsheet_id}")
    for sheet in book["sheets"]:
        if sheet["properties"]["sheetId"] == sheet_id:
            return book, sheet
    raise LookupError(f"no sheet {sheet_id} in {spreadsheet_id}")


def _file(state: State, file_id: str) -> dict[str, Any]:
    file = state.find(file_id)
    if file is None:
        raise LookupError(f"no file {file_id}")
    return file
