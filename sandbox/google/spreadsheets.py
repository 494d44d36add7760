"""spreadsheets.get, create and batchUpdate."""

from __future__ import annotations

import copy
import secrets
from typing import Any

from sandbox.google import discovery, grid, masks, protection
from sandbox.google.a1 import Rectangle, grid_size, resolve
from sandbox.google.call import Call
from sandbox.google.edits import REQUESTS, Edit, Refused
from sandbox.google.errors import ApiError, bad_request
from sandbox.google.state import SPREADSHEET, Book, adopt_book, owner_permission, rfc3339


def get(call: Call) -> dict[str, Any]:
    """GET spreadsheets/{id}: a `fields` mask decides about grid data, includeGridData only without one."""
    book = call.book()
    tree = discovery.mask("sheets", "Spreadsheet", call.query.get("fields"))
    with_data = call.flag("includeGridData") if tree is None else masks.wants(tree, "sheets", "data")
    found = seen(call, book, tree, with_data, call.query.getlist("ranges"))
    return masks.select(found, tree) if tree else found


def seen(call: Call, book: Book, tree: masks.Tree | None, with_data: bool, ranges: list[str]) -> dict[str, Any]:
    """The Spreadsheet resource as this caller gets it, unmasked except that unwanted grid data is not built."""
    places = [resolve(book, text) for text in ranges]
    sheets = []
    for sheet in book["sheets"]:
        own = [place for place in places if place.sheet is sheet]
        if places and not own:
            continue
        shown = {name: part for name, part in sheet.items() if name != "data" and part not in ([], {})}
        if "protectedRanges" in shown:
            shown["protectedRanges"] = protection.seen_by(call.state, book, sheet, call.who)
        if with_data:
            rows, columns = grid_size(sheet)
            below = tree.get("sheets", {}).get("data") if tree else None
            shown["data"] = [_grid_data(place, below) for place in own or [Rectangle(sheet, 0, 0, rows, columns)]]
        sheets.append(shown)
    return {**book, "sheets": sheets}


def _grid_data(place: Rectangle, tree: masks.Tree | None) -> dict[str, Any]:
    stored = place.sheet["data"][0]
    whole = (place.top, place.left) == (0, 0)
    answer: dict[str, Any] = {}
    if place.top:
        answer["startRow"] = place.top
    if place.left:
        answer["startColumn"] = place.left
    if masks.wants(tree, "rowData"):
        rows = [grid.shown(row) for row in stored["rowData"][place.top : place.bottom]]
        if not whole or any(len(row.get("values", ())) > place.right for row in rows):
            rows = [
                {**row, "values": row["values"][place.left : place.right]} if "values" in row else row for row in rows
            ]
        while rows and not any(rows[-1].get("values", ())):
            rows = rows[:-1]
        if rows:
            answer["rowData"] = rows
    for name, size, start, end in (
        ("rowMetadata", 21, place.top, place.bottom),
        ("columnMetadata", 100, place.left, place.right),
    ):
        if masks.wants(tree, name):
            known = stored.get(name, ())[start:end]
            answer[name] = [{"pixelSize": size, **item} for item in known] + [{"pixelSize": size}] * (
                end - start - len(known)
            )
    return answer


def create(call: Call) -> dict[str, Any]:
    """POST spreadsheets: a new spreadsheet in the caller's My Drive, which a service account does not have."""
    body = call.json()
    discovery.check_body("sheets", "Spreadsheet", body)
    if call.who.service_account:
        raise ApiError(403, "The caller does not have permission")
    body["spreadsheetId"] = "1" + secrets.token_hex(21)
    body.setdefault("properties", {}).setdefault("title", "Untitled spreadsheet")
    body.setdefault("sheets", [{"properties": {"sheetId": 0, "title": "Sheet1"}}])
    adopt_book(body)
    add_file(call, body, [call.state.root_of(call.who.email)["id"]])
    return seen(call, body, None, False, [])


def add_file(call: Call, book: Book, parents: list[str]) -> None:
    """Puts a new spreadsheet into the world, with its Drive file in the caller's possession."""
    call.state.world.spreadsheets[book["spreadsheetId"]] = book
    now = rfc3339(call.state.clock())
    file = {
        "id": book["spreadsheetId"],
        "name": book["properties"]["title"],
        "mimeType": SPREADSHEET,
        "parents": parents,
    }
    file |= {"createdTime": now, "modifiedTime": now, "permissions": [owner_permission(call.who.email)]}
    call.state.add(file)
    call.state.touch(file["id"], call.who.email)


def batch_update(call: Call) -> dict[str, Any]:
    """POST spreadsheets/{id}:batchUpdate: all requests apply in order, or none does; replies mirror the requests."""
    body = call.json()
    discovery.check_body("sheets", "BatchUpdateSpreadsheetRequest", body)
    book = call.book("writer")
    requests = body.get("requests") or []
    if not requests:
        raise bad_request("Must specify at least one request.")
    draft = _working_copy(book)
    replies = []
    for index, request in enumerate(requests):
        if len(request) != 1:
            raise bad_request(f"Invalid requests[{index}]: Exactly one kind of request must be set.")
        [(kind, detail)] = request.items()
        if kind not in REQUESTS:
            raise ApiError(501, f"The twin does not know the request {kind}.")
        try:
            replies.append(REQUESTS[kind](Edit(call.state, call.who, draft), detail) or {})
        except Refused as refused:
            raise bad_request(f"Invalid requests[{index}].{kind}: {refused}") from refused
        except masks.BadMask as bad:
            raise bad_request(f"Invalid requests[{index}].{kind}: Invalid field: {bad}") from bad
        except ApiError as refused:
            raise bad_request(f"Invalid requests[{index}].{kind}: {refused.message}") from refused
    book.clear()
    book.update(draft)
    file = call.state.find(book["spreadsheetId"])
    if file is not None and file["name"] != book["properties"]["title"]:
        file["name"] = book["properties"]["title"]
    call.state.touch(book["spreadsheetId"], call.who.email)
    answer: dict[str, Any] = {"spreadsheetId": book["spreadsheetId"], "replies": replies}
    if body.get("includeSpreadsheetInResponse"):
        answer["updatedSpreadsheet"] = seen(
            call, book, None, bool(body.get("responseIncludeGridData")), body.get("responseRanges", [])
        )
    return answer


def _working_copy(book: Book) -> Book:
    """A copy whose edits do not show in `book`: lists of cells are copied, cells shared since no edit changes one."""
    draft = {name: copy.deepcopy(part) for name, part in book.items() if name not in ("sheets", "properties")}
    draft["properties"] = dict(book["properties"])
    draft["sheets"] = []
    for sheet in book["sheets"]:
        twin = {name: copy.deepcopy(part) for name, part in sheet.items() if name != "data"}
        stored = sheet["data"][0]
        data = {name: list(part) if isinstance(part, list) else part for name, part in stored.items()}
        data["rowData"] = [
            {**row, "values": list(row["values"])} if "values" in row else dict(row) for row in stored["rowData"]
        ]
        twin["data"] = [data]
        draft["sheets"].append(twin)
    return draft
