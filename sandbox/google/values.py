"""spreadsheets.values: reading and writing ranges."""

from __future__ import annotations

from functools import partial
from typing import Any

from sandbox.google import cells, discovery, grid, protection
from sandbox.google.a1 import Rectangle, from_grid_range, grid_size, resolve, to_write
from sandbox.google.call import Call
from sandbox.google.errors import bad_request
from sandbox.google.state import Book

RENDERS = ("FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA")
DATES = ("SERIAL_NUMBER", "FORMATTED_STRING")


def get(call: Call) -> dict[str, Any]:
    """GET values/{range}."""
    book = call.book()
    return _read(book, resolve(book, call.path["range"]), *_options(call))


def batch_get(call: Call) -> dict[str, Any]:
    """GET values:batchGet; one bad range refuses the whole call."""
    book, options = call.book(), _options(call)
    places = [resolve(book, text) for text in call.query.getlist("ranges")]
    return {"spreadsheetId": book["spreadsheetId"], "valueRanges": [_read(book, place, *options) for place in places]}


def _options(call: Call) -> tuple[str, str, str]:
    return _chosen(
        call.query.get("majorDimension"), call.query.get("valueRenderOption"), call.query.get("dateTimeRenderOption")
    )


def _chosen(dimension: str | None, render: str | None, dates: str | None) -> tuple[str, str, str]:
    given = [
        ("major_dimension", dimension, ("DIMENSION_UNSPECIFIED", "ROWS", "COLUMNS"), "ROWS"),
        ("value_render_option", render, RENDERS, RENDERS[0]),
        ("date_time_render_option", dates, DATES, DATES[0]),
    ]
    for name, value, allowed, _ in given:
        if value and value not in allowed:
            text = f"Invalid value at '{name}' (type.googleapis.com/google.apps.sheets.v4), \"{value}\""
            raise bad_request(text, (name, text))
    dimension, render, dates = (value or default for _, value, _, default in given)
    return "ROWS" if dimension == "DIMENSION_UNSPECIFIED" else dimension, render, dates


def _read(book: Book, place: Rectangle, dimension: str, render: str, dates: str) -> dict[str, Any]:
    locale = book["properties"]["locale"]
    rows = grid.values_of(place, partial(_rendered, render, dates, locale))
    if dimension == "COLUMNS":
        rows = _columns(rows)
    answer: dict[str, Any] = {"range": place.name(), "majorDimension": dimension}
    return answer | {"values": rows} if rows else answer


def _rendered(render: str, dates: str, locale: str, cell: cells.Cell) -> object:
    return cells.rendered(cell, render, dates, locale)


def _columns(rows: list[list[object]]) -> list[list[object]]:
    width = max((len(row) for row in rows), default=0)
    columns = [[row[c] if c < len(row) else "" for row in rows] for c in range(width)]
    for column in columns:
        while column and column[-1] == "":
            column.pop()
    return columns


def update(call: Call) -> dict[str, Any]:
    """PUT values/{range}."""
    body = call.json()
    discovery.check_body("sheets", "ValueRange", body)
    if body.get("range") and body["range"] != call.path["range"]:
        raise bad_request(f"Requested writing within range [{call.path['range']}], but data.range is [{body['range']}]")
    data = [{**body, "range": call.path["range"]}]
    query = call.query
    answers = _write(
        call,
        data,
        query.get("valueInputOption"),
        query.get("includeValuesInResponse", "false") == "true",
        _chosen(None, query.get("responseValueRenderOption"), query.get("responseDateTimeRenderOption")),
    )
    return answers[0]


def batch_update(call: Call) -> dict[str, Any]:
    """POST values:batchUpdate: every range is checked before the first cell is written."""
    body = call.json()
    discovery.check_body("sheets", "BatchUpdateValuesRequest", body)
    answers = _write(
        call,
        body.get("data", []),
        body.get("valueInputOption"),
        body.get("includeValuesInResponse", False),
        _chosen(None, body.get("responseValueRenderOption"), body.get("responseDateTimeRenderOption")),
    )
    return {
        "spreadsheetId": call.path["spreadsheetId"],
        "totalUpdatedRows": sum(a.get("updatedRows", 0) for a in answers),
        "totalUpdatedColumns": sum(a.get("updatedColumns", 0) for a in answers),
        "totalUpdatedCells": sum(a.get("updatedCells", 0) for a in answers),
        "totalUpdatedSheets": len({a["updatedRange"].rpartition("!")[0] for a in answers}),
        "responses": answers,
    }


def _write(
    call: Call, data: list[dict[str, Any]], option: str | None, echo: bool, options: tuple[str, str, str]
) -> list[dict[str, Any]]:
    book = call.book("writer")
    if option not in ("RAW", "USER_ENTERED"):
        text = (
            "'valueInputOption' is required but not specified" if not option else f"Invalid valueInputOption: {option}"
        )
        raise bad_request(text, ("valueInputOption", text))
    plans = []
    for item in data:
        rows = item.get("values", [])
        if item.get("majorDimension") == "COLUMNS":
            height = max((len(column) for column in rows), default=0)
            rows = [[column[r] if r < len(column) else None for column in rows] for r in range(height)]
        width = max((len(row) for row in rows), default=0)
        target = to_write(book, item.get("range", ""), len(rows), width)
        protection.check(call.state, book, target, call.who)
        for row in rows:
            for value in row:
                if isinstance(value, dict | list):
                    raise bad_request("Invalid values[0][0]: struct_value is not a scalar")
                if isinstance(value, str) and len(value) > 50_000:
                    raise bad_request("Your input contains more than the maximum of 50000 characters in a single cell.")
        plans.append((target, rows))
    locale, answers = book["properties"]["locale"], []
    for target, rows in plans:
        touched_rows, touched_columns, count = set(), set(), 0
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if value is None:
                    continue
                at = (target.top + r, target.left + c)
                grid.put(target.sheet, *at, cells.entered(value, grid.cell_at(target.sheet, *at), option, locale))
                touched_rows.add(r)
                touched_columns.add(c)
                count += 1
        answer: dict[str, Any] = {"spreadsheetId": book["spreadsheetId"], "updatedRange": target.name()}
        if count:
            answer |= {"updatedRows": len(touched_rows), "updatedColumns": len(touched_columns), "updatedCells": count}
        if echo:
            answer["updatedData"] = _read(book, target, *options)
        answers.append(answer)
    if data:
        call.state.touch(book["spreadsheetId"], call.who.email)
    return answers


def append(call: Call) -> dict[str, Any]:
    """POST values/{range}:append: after the last row of the "table" found around the range, from its own column.

    Like the real service this may begin to the right of column A when the row before had a gap.
    """
    body = call.json()
    discovery.check_body("sheets", "ValueRange", body)
    book = call.book("writer")
    place = resolve(book, call.path["range"])
    rows, columns = grid_size(place.sheet)
    filled = {
        (r, c)
        for r, row in enumerate(grid.rows_of(place.sheet))
        for c, cell in enumerate(row.get("values", ()))
        if cell.get("userEnteredValue")
    }
    table = _table_around(filled, place)
    answer: dict[str, Any] = {"spreadsheetId": book["spreadsheetId"]}
    top, left = place.top, place.left
    if table:
        top, left = table[2], table[1]
        answer["tableRange"] = Rectangle(place.sheet, *table).name()
    data = body.get("values", [])
    width = max((len(row) for row in data), default=0)
    if top + len(data) > rows or left + width > columns:
        protection.check(call.state, book, place, call.who)
        grid.set_size(place.sheet, max(rows, top + len(data)), max(columns, left + width))
    target = Rectangle(place.sheet, top, left, top + max(len(data), 1), left + max(width, 1))
    if call.query.get("insertDataOption") == "INSERT_ROWS" and data:
        grid.insert(book, place.sheet, grid.ROWS, top, len(data), inherit_before=top > 0)
    options = _chosen(None, call.query.get("responseValueRenderOption"), call.query.get("responseDateTimeRenderOption"))
    item = {"range": target.name(), "values": data}
    answer["updates"] = _write(
        call, [item], call.query.get("valueInputOption"), call.flag("includeValuesInResponse"), options
    )[0]
    return answer


def _table_around(filled: set[tuple[int, int]], place: Rectangle) -> tuple[int, int, int, int] | None:
    """The last block of connected cells that touches the range: (top, left, bottom, right)."""
    inside = [at for at in filled if place.top <= at[0] < place.bottom and place.left <= at[1] < place.right]
    if not inside:
        return None
    block, frontier = set(), [max(inside)]
    while frontier:
        r, c = frontier.pop()
        if (r, c) in block:
            continue
        block.add((r, c))
        near = [(r + dr, c + dc) for dr in (-1, 0, 1) for dc in (-1, 0, 1)]
        frontier.extend(at for at in near if at in filled and at not in block)
    rows, columns = [at[0] for at in block], [at[1] for at in block]
    return min(rows), min(columns), max(rows) + 1, max(columns) + 1


def clear(call: Call) -> dict[str, Any]:
    """POST values/{range}:clear: values go, formats stay."""
    return {"spreadsheetId": call.path["spreadsheetId"], "clearedRange": _clear(call, [call.path["range"]])[0]}


def batch_clear(call: Call) -> dict[str, Any]:
    """POST values:batchClear."""
    body = call.json()
    discovery.check_body("sheets", "BatchClearValuesRequest", body)
    return {"spreadsheetId": call.path["spreadsheetId"], "clearedRanges": _clear(call, body.get("ranges", []))}


def _clear(call: Call, ranges: list[str]) -> list[str]:
    book = call.book("writer")
    places = [resolve(book, text) for text in ranges]
    for place in places:
        protection.check(call.state, book, place, call.who)
    locale = book["properties"]["locale"]
    for place in places:
        for row in grid.rows_of(place.sheet)[place.top : place.bottom]:
            values = row.get("values", [])
            values[place.left : place.right] = [
                cells.entered("", cell, "RAW", locale) if cell else cell for cell in values[place.left : place.right]
            ]
    if places:
        call.state.touch(book["spreadsheetId"], call.who.email)
    return [place.name() for place in places]


def batch_get_filtered(call: Call) -> dict[str, Any]:
    """POST values:batchGetByDataFilter for filters by A1 or grid range."""
    body = call.json()
    discovery.check_body("sheets", "BatchGetValuesByDataFilterRequest", body)
    book = call.book()
    options = _chosen(body.get("majorDimension"), body.get("valueRenderOption"), body.get("dateTimeRenderOption"))
    found = []
    for wanted in body.get("dataFilters", []):
        place = (
            resolve(book, wanted["a1Range"])
            if "a1Range" in wanted
            else from_grid_range(book, wanted.get("gridRange", {}))
        )
        found.append({"valueRange": _read(book, place, *options), "dataFilters": [wanted]})
    return {"spreadsheetId": book["spreadsheetId"], "valueRanges": found}
