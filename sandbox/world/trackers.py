"""The clients' trackers: one spreadsheet each, in the Spreadsheet resource form of the Sheets API v4."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Any

from sandbox.world import cells, styles, words
from sandbox.world.cells import Cell
from sandbox.world.model import Client, Order
from sandbox.world.styles import Style

GREEN = (0.85, 0.94, 0.83)
GREY = (0.85, 0.85, 0.85)
NOTES = ("tolong kabari dulu", "akses via lobby", "unit lama", "garansi 30 hari", "minta invoice terpisah")
APP = "https://3.basecamp.com"


def file_id(seed: int, name: str) -> str:
    """A Google file id: 44 characters, told by the seed and by what it names."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
    return "1" + "".join(Random(f"{seed}/file/{name}").choices(letters, k=43))


def draw(client: Client, orders: list[Order], seed: int, account_id: int) -> dict[str, Any]:
    """The tracker of one client; every order in it learns its row as (spreadsheet id, sheet id, 1-based row)."""
    rng = Random(f"{seed}/tracker/{client.slug}")
    style = styles.of(client, rng)
    months: dict[date, list[Order]] = defaultdict(list)
    for order in orders:
        months[order.day.replace(day=1)].append(order)
    sheet_ids = iter(rng.sample(range(100_000, 2_000_000_000), 12))
    sheets = [_template(style, next(sheet_ids))]
    for month in sorted(months):
        tab = _Tab(client, style, next(sheet_ids), month, rng, account_id)
        sheets.append(tab.draw(sorted(months[month], key=lambda o: (o.day, o.time or "", o.outlet.code))))
    if style.notes_tab:
        sheets.append(_notes(client, next(sheet_ids)))
    for index, sheet in enumerate(sheets):
        sheet["properties"]["index"] = index
    return spreadsheet(client.spreadsheet_id, f"Tracker {client.name}", style.locale, sheets)


def spreadsheet(spreadsheet_id: str, title: str, locale: str, sheets: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "spreadsheetId": spreadsheet_id,
        "properties": {"title": title, "locale": locale, "timeZone": "Asia/Jakarta", "autoRecalc": "ON_CHANGE"},
        "sheets": sheets,
        "spreadsheetUrl": f"https://docs.google.com/spreadsheets/d/{spreadsheet_id}/edit",
    }


def sheet(sheet_id: int, title: str, rows: list[list[Cell | None]], hidden: bool = False) -> dict[str, Any]:
    """A sheet from its rows; None is an empty cell."""
    width = max((len(row) for row in rows), default=0)
    properties: dict[str, Any] = {
        "sheetId": sheet_id,
        "title": title,
        "index": 0,
        "sheetType": "GRID",
        "gridProperties": {"rowCount": max(100, len(rows) + 30), "columnCount": max(26, width + 2)},
    }
    if hidden:
        properties["hidden"] = True
    data = [{"values": [cell or {} for cell in row]} if row else {} for row in rows]
    return {"properties": properties, "data": [{"rowData": data}]}


def master_schedule(spreadsheet_id: str) -> dict[str, Any]:
    """The empty spreadsheet that months are published into: one sheet, nothing in it."""
    return spreadsheet(spreadsheet_id, "Master Schedule", "id_ID", [sheet(0, "Sheet1", [])])


def style_of(client: Client, seed: int) -> Style:
    """How the client's tracker is laid out."""
    return styles.of(client, Random(f"{seed}/tracker/{client.slug}"))


def line(client: Client, order: Order, number: int, seed: int, account_id: int, rng: Random) -> list[Cell | None]:
    """The cells of a row from column A on, as somebody types an order into the tracker."""
    style = style_of(client, seed)
    tab = _Tab(client, style, 0, order.day.replace(day=1), rng, account_id)
    return [*([None] * style.first_column), *tab.told(number, order)]


def month_tab(client: Client, month: date, sheet_id: int, seed: int, account_id: int, rng: Random) -> dict[str, Any]:
    """A new month's tab: titles and header, no order yet."""
    return _Tab(client, style_of(client, seed), sheet_id, month, rng, account_id).draw([])


def _template(style: Style, sheet_id: int) -> dict[str, Any]:
    header: list[Cell | None] = [cells.text(style.headers[name], bold=True) for name in style.columns]
    return sheet(sheet_id, "Template", [[cells.text("JANGAN DIHAPUS")], header], hidden=True)


def _notes(client: Client, sheet_id: int) -> dict[str, Any]:
    lines = (
        f"Catatan {client.name}",
        "Jam buka outlet 10.00-22.00",
        "Invoice dikirim tiap akhir bulan",
        f"AM: {client.am.name}",
    )
    return sheet(sheet_id, "Catatan", [[cells.text(line)] for line in lines])


class _Tab:
    """One month's tab while it is drawn."""

    def __init__(self, client: Client, style: Style, sheet_id: int, month: date, rng: Random, account_id: int) -> None:
        self.client, self.style, self.sheet_id, self.month, self.rng = client, style, sheet_id, month, rng
        self.account_id = account_id
        self.rows: list[list[Cell | None]] = []
        self.merges: list[dict[str, int]] = []
        self.date_runs: list[tuple[date, int]] = []

    def draw(self, orders: list[Order]) -> dict[str, Any]:
        self._titles()
        self._header()
        week = 0
        for number, order in enumerate(orders, start=1):
            if self.style.week_labels and (order.day.day - 1) // 7 + 1 != week:
                week = (order.day.day - 1) // 7 + 1
                self._line([cells.text(f"MINGGU {week}", bold=True)])
            elif number % 12 == 0:
                self.rows.append([])
            if self.style.repeats_header and number == len(orders) // 2 and number > 4:
                self._header()
            self._order(number, order)
        self._end(orders)
        if self.style.merges_dates:
            self._merge_dates()
        made = sheet(self.sheet_id, self.style.tab(self.month), self.rows)
        if self.merges:
            made["merges"] = self.merges
        return made

    def _line(self, row: Sequence[Cell | None]) -> None:
        self.rows.append([*([None] * self.style.first_column), *row])

    def _titles(self) -> None:
        width = self.style.first_column + len(self.style.columns)
        lines = (
            "TRACKER SERVICE AC",
            f"Klien: {self.client.name}",
            f"Bulan: {words.MONTHS[self.month.month - 1]} {self.month.year}",
        )
        for number in range(self.style.title_rows):
            self.rows.append([cells.text(lines[number], bold=True)] if number < len(lines) else [])
            if number < 2:
                self._merge(number, number + 1, 0, width)

    def _header(self) -> None:
        self._line([cells.text(self.style.headers[name], bold=True, fill=GREY) for name in self.style.columns])

    def _merge(self, top: int, bottom: int, left: int, right: int) -> None:
        self.merges.append(
            {
                "sheetId": self.sheet_id,
                "startRowIndex": top,
                "endRowIndex": bottom,
                "startColumnIndex": left,
                "endColumnIndex": right,
            }
        )

    def _order(self, number: int, order: Order) -> None:
        self._line(self.told(number, order))
        order.row = (self.client.spreadsheet_id, self.sheet_id, len(self.rows))
        if order.tracker_day is None and self.style.dates == "serial":
            self.date_runs.append((order.day, len(self.rows)))

    def told(self, number: int, order: Order) -> list[Cell | None]:
        """The cells of an order's row, without the columns before the first one in use."""
        look: dict[str, Any] = {"strike": True} if order.struck else {}
        if self.style.green_done and order.tracker_status == "done" and not order.struck:
            look["fill"] = GREEN
        made = {
            "no": cells.number(number, **look),
            "date": self._day(order, look),
            "time": cells.text(words.clock_time(order.time, self.rng), **look) if order.time else None,
            "outlet": cells.text(self._outlet(order), **look),
            "service": cells.text(words.services_text(order.services, words.TRACKER_SERVICES, self.rng), **look),
            "units": self._units(order, look),
            "technicians": cells.text(self._crew(order), **look),
            "status": self._status(order, look),
            "reference": self._reference(order, look),
            "note": cells.text(self.rng.choice(NOTES), **look) if self.rng.random() < 0.1 else None,
        }
        return [made[name] for name in self.style.columns]

    def _day(self, order: Order, look: dict[str, Any]) -> Cell | None:
        told = order.tracker_day
        if told is None:
            if self.style.dates == "serial" or (self.style.dates == "mixed" and self.rng.random() < 0.6):
                return cells.day(order.day, self.style.pattern, **look)
            return cells.text(words.tracker_date(order.day, self.rng), **look)
        if told == "WEEKDAY":
            wrong = words.DAYS[(order.day.weekday() + 3) % 7]
            return cells.text(f"{wrong}, {order.day.day}/{order.day.month}/{order.day.year}", **look)
        if told == "#REF!":
            return cells.broken_reference(**look)
        return cells.text(told.format(month=order.day.month, year=order.day.year), **look) if told else None

    def _outlet(self, order: Order) -> str:
        spellings = [order.outlet.name, order.outlet.name, order.outlet.name.upper(), *order.outlet.aliases]
        if not order.plain_name:
            spellings += [order.outlet.name.replace(" ", "  ", 1), order.outlet.name.replace(" ", "\u00a0", 1)]
        return self.rng.choice(spellings)

    def _units(self, order: Order, look: dict[str, Any]) -> Cell:
        units = sum(units for _, units in order.services)
        if self.style.unit_words and self.rng.random() < 0.4:
            return cells.text(self.rng.choice((f"{units} unit", f"{units}u")), **look)
        return cells.number(units, **look)

    def _crew(self, order: Order) -> str:
        if order.tracker_technicians is not None:
            return order.tracker_technicians
        names = [person.aliases[0] for person in order.technicians]
        return self.rng.choice(("/", " & ", ", ")).join(names) if names else "-"

    def _status(self, order: Order, look: dict[str, Any]) -> Cell | None:
        if self.client.ticks_boxes:
            return cells.tick(order.tracker_status in {"done", "partial"}, **look)
        if order.tracker_status is None:
            return None
        return cells.text(self.rng.choice(words.STATUS_WORDS[order.tracker_status]), **look)

    def _reference(self, order: Order, look: dict[str, Any]) -> Cell | None:
        if not order.with_reference:
            return None
        if self.style.reference == "url":
            url = f"{APP}/{self.account_id}/buckets/{order.client.project_id}/todos/{order.order_id}"
            return cells.text(url, **look)
        if self.style.reference == "number":
            return cells.number(order.order_id, "0", **look)
        return cells.text(str(order.order_id), **look)

    def _end(self, orders: list[Order]) -> None:
        """A total below the orders, or the ticked boxes that were drawn ahead."""
        if self.client.ticks_boxes:
            blank = [cells.tick(False) if name == "status" else None for name in self.style.columns]
            for _ in range(8):
                self._line(blank)
            return
        total = sum(units for order in orders for _, units in order.services)
        line = {"outlet": cells.text("TOTAL", bold=True), "units": cells.number(total, bold=True)}
        self.rows.append([])
        self._line([line.get(name) for name in self.style.columns])

    def _merge_dates(self) -> None:
        """Neighbouring rows of one day share one merged date cell, with the value in its topmost one."""
        column = self.style.first_column + self.style.columns.index("date")
        start = 0
        while start < len(self.date_runs):
            end = start
            while end + 1 < len(self.date_runs) and self.date_runs[end + 1] == (
                self.date_runs[start][0],
                self.date_runs[end][1] + 1,
            ):
                end += 1
            top, bottom = self.date_runs[start][1], self.date_runs[end][1]
            if bottom > top:
                self._merge(top - 1, bottom, column, column + 1)
                for row in range(top, bottom):
                    self.rows[row][column] = None
            start = end + 1
