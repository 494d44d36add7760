"""The recap in its three forms, and the photos in the clients' folders."""

import re
from io import BytesIO
from typing import Any

from local.truth.differences import Differences
from local.truth.evidence import Evidence

FOLDER = re.compile(r"^(\d{4}-\d{2}-\d{2}) .+ \((\d+)\)$")
FOLDER_TYPE = "application/vnd.google-apps.folder"
DONE = ("done", "partial")


def check_recap(evidence: Evidence, found: Differences, month: str) -> None:
    """Lines and figures of the closed month, its workbook and its tab."""
    differing = {subject.removeprefix("order:") for subject in evidence.troubles("differs.status")}
    expected = {key: order for key, order in evidence.visits.items() if order["service_month"] == month}
    alone = evidence.troubles("missing_in_basecamp")
    rows_alone = {
        address: row
        for row in evidence.truth["rows"]
        if (address := f"row:{row['spreadsheet_id']}/{row['sheet_id']}/{row['row']}") in alone
        and row["date"].startswith(month)
    }
    months = evidence.rows("select * from outputs.recap_months where month = %s order by revision desc", month)
    if not months or months[0]["state"] != "final":
        found.add("recap", f"{month} is {months[0]['state'] if months else 'not computed'}, should be final")
        return
    lines = evidence.rows(
        "select * from outputs.recap_lines where month = %s and revision = %s", month, months[0]["revision"]
    )
    by_key = {_key(evidence, line["line_key"]): line for line in lines}
    found.sets("recap lines", {*expected, *rows_alone}, by_key)
    found.require("recap lines", 1)
    for key, truth in {**expected, **rows_alone}.items():
        if key in by_key:
            _line(evidence, found, key, truth, by_key[key], unsure=key.removeprefix("order:") in differing)
    total = months[0]["figures"]["total"]
    statuses = [order["status"] for key, order in expected.items() if key.removeprefix("order:") not in differing]
    statuses += [row["status"] for row in rows_alone.values()]
    unsure = sum(key.removeprefix("order:") in differing for key in expected)
    found.fields(
        "recap figures",
        month,
        {"visits": len(expected) + len(rows_alone), "photos": sum(len(order["photos"]) for order in expected.values())},
        total,
    )
    for figure, kinds in {"done": DONE, "cancelled": ("cancelled",)}.items():
        sure = sum(status in kinds for status in statuses)
        # A visit about whose status the sources disagree may count either way: the truth does not say which is right.
        if not sure <= total[figure] <= sure + unsure:
            found.add("recap figures", f"{figure}: should be {sure} to {sure + unsure}, is {total[figure]}")
    _workbook(evidence, found, months[0], lines)
    _tab(evidence, found, month, lines)


def _line(
    evidence: Evidence, found: Differences, key: str, truth: dict[str, Any], line: dict[str, Any], *, unsure: bool
) -> None:
    should = {
        "client": truth["client"],
        "outlet_name": evidence.outlets.get(truth["outlet"]),
        "service_date": truth["date"],
        "status": truth["status"],
        "photos": len(truth.get("photos", [])),
    }
    unread = set(truth.get("unreadable", []))
    for field, name in {"outlet_name": "outlet", "service_date": "date"}.items():
        if name in unread:
            should.pop(field)
    if unsure:
        should.pop("status")
    shown = line | {"service_date": str(line["service_date"]) if line["service_date"] else None}
    found.fields("recap lines", key, should, shown)


def _workbook(evidence: Evidence, found: Differences, recap: dict[str, Any], lines: list[dict[str, Any]]) -> None:
    from openpyxl import load_workbook

    documents = evidence.rows("select content from outputs.documents where sha256 = %s", recap["workbook_sha256"])
    if not documents:
        found.add("workbook", "there is none")
        return
    book = load_workbook(BytesIO(documents[0]["content"]))
    sheet = book.worksheets[1]
    found.fields("workbook", "number of lines", {"lines": len(lines)}, {"lines": sheet.max_row - 2})
    formulas = [cell.coordinate for page in book for row in page.iter_rows() for cell in row if cell.data_type == "f"]
    if formulas:
        found.add("workbook", f"holds formulas at {', '.join(formulas[:5])}")


def _tab(evidence: Evidence, found: Differences, month: str, lines: list[dict[str, Any]]) -> None:
    spreadsheet = evidence.google.sheets.spreadsheet(evidence.master_schedule_id, fields="sheets(properties)")
    tabs = {sheet["properties"]["sheetId"]: sheet["properties"]["title"] for sheet in spreadsheet["sheets"]}
    own = int(month.replace("-", ""))
    found.fields("tab", "title", {"title": month}, {"title": tabs.get(own)})
    if own not in tabs:
        return
    values = evidence.google.sheets.values_get(evidence.master_schedule_id, f"'{tabs[own]}'")
    numbered = [row for row in values if len(row) > 8 and str(row[0]).isdigit()]
    found.fields("tab", "number of lines", {"lines": len(lines)}, {"lines": len(numbered)})


def check_photos(evidence: Evidence, found: Differences) -> None:
    """Every photo of every client that wants them in Drive, in the folder of its order and nowhere else."""
    expected = {
        (client["slug"], order["date"][:7], order["order_id"], photo[:32])
        for order in evidence.orders.values()
        if (client := evidence.clients[order["client"]])["documentation"] == "drive"
        and client["delivery"] == "live"
        and order["life_cycle"] != "trashed"
        and "date" not in order["unreadable"]
        for photo in order["photos"]
    }
    seen: list[tuple[str, str, int, str]] = []
    for client in evidence.clients.values():
        for month in children(evidence, client["drive_folder_id"]):
            for folder in children(evidence, month["id"]):
                named = FOLDER.match(folder["name"])
                if not named or not named[1].startswith(month["name"]):
                    found.add("photos", f"{client['slug']}: folder '{month['name']}/{folder['name']}' is out of place")
                    continue
                for file in children(evidence, folder["id"]):
                    photo = file.get("appProperties", {}).get("rekap_photo", file["name"])
                    seen.append((client["slug"], month["name"], int(named[2]), photo))
    found.sets("photos", expected, seen)
    found.require("photos", 1)
    if len(seen) != len(set(seen)):
        found.add("photos", f"{len(seen) - len(set(seen))} files stand twice in their folder")


def children(evidence: Evidence, folder: str) -> list[dict[str, Any]]:
    """The files and folders in a Drive folder."""
    listing = evidence.google.drive.files(
        f"'{folder}' in parents and trashed = false", "id,name,mimeType,appProperties"
    )
    return list(listing.files)


def _key(evidence: Evidence, line_key: str) -> str:
    if line_key.startswith("row:"):
        return evidence.row_address.get(int(line_key.removeprefix("row:")), line_key)
    return line_key
