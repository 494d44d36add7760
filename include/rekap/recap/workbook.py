"""The recap as an .xlsx file: a summary and the lines. Equal recaps give equal bytes; no text becomes a formula."""

from datetime import date, time
from io import BytesIO
from typing import Any

from rekap.recap.figures import Recap
from rekap.recap.wording import Table, Worded

NAVY, PALE, AMBER = "#1F3A5F", "#EAF0F7", "#FFF4D6"
LINE_WIDTHS = (5, 22, 12, 8, 32, 30, 9, 9, 16, 24, 7, 42, 8, 8)
HEAD_HEIGHT = 32  # points: two lines
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(recap: Recap, words: Worded) -> bytes:
    """The file's bytes: the summary (totals, by client, by technician) and the lines as a filtered table."""
    import xlsxwriter

    buffer = BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "remove_timezone": True,
        },
    )
    # The file's own time is the recap's: the same recap must give the same bytes.
    book.set_properties({"title": words.title, "created": recap.computed_at})
    _Pages(book).write(words)
    book.close()
    return buffer.getvalue()


class _Pages:
    def __init__(self, book: Any) -> None:
        self.book = book
        font = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
        self.formats = {
            "title": book.add_format(font | {"bold": True, "font_size": 18, "font_color": NAVY}),
            "status": book.add_format(font | {"bold": True, "bg_color": AMBER}),
            "note": book.add_format(font | {"italic": True, "font_color": "#9C2A00"}),
            "section": book.add_format(font | {"bold": True, "font_size": 13, "font_color": NAVY}),
            "head": book.add_format(
                font | {"bold": True, "font_color": "white", "bg_color": NAVY, "text_wrap": True, "border": 1}
            ),
            "head_of_numbers": book.add_format(
                font
                | {"bold": True, "font_color": "white", "bg_color": NAVY, "text_wrap": True, "border": 1}
                | {"align": "right"}
            ),
            "text": book.add_format(font | {"text_wrap": True, "bottom": 4, "bottom_color": "#C8D2DE"}),
            "number": book.add_format(font | {"num_format": "#,##0_w", "bottom": 4, "bottom_color": "#C8D2DE"}),
            "date": book.add_format(
                font | {"num_format": "dd/mm/yyyy", "align": "left", "bottom": 4, "bottom_color": "#C8D2DE"}
            ),
            "time": book.add_format(
                font | {"num_format": "hh.mm", "align": "left", "bottom": 4, "bottom_color": "#C8D2DE"}
            ),
            "link": book.add_format(font | {"font_color": "#1155CC", "underline": 1, "bottom": 4}),
        }

    def write(self, words: Worded) -> None:
        summary = self.book.add_worksheet(words.totals.title)
        lines = self.book.add_worksheet(words.lines.title)
        self._summary(summary, words)
        self._lines(lines, words)

    def _summary(self, sheet: Any, words: Worded) -> None:
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, len(words.by_client.columns), 14)
        sheet.set_row(0, 28)
        sheet.write_string(0, 0, words.title, self.formats["title"])
        sheet.merge_range(1, 0, 1, 5, words.status, self.formats["status"])
        row = 2
        for note in words.notes:
            sheet.write_string(row, 0, note, self.formats["note"])
            row += 1
        for table in (words.totals, words.by_client, words.by_technician):
            row = self._table(sheet, row + 1, table) + 1
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)

    def _lines(self, sheet: Any, words: Worded) -> None:
        for column, width in enumerate(LINE_WIDTHS):
            sheet.set_column(column, column, width)
        sheet.write_string(0, 0, f"{words.title}: {words.status}", self.formats["section"])
        end = self._table(sheet, 1, Table("", words.lines.columns, words.lines.rows))
        sheet.freeze_panes(2, 2)
        if words.lines.rows:
            sheet.autofilter(1, 0, end - 1, len(words.lines.columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(1)

    def _table(self, sheet: Any, row: int, table: Table) -> int:
        """Write a table and return the row below it."""
        if table.title:
            sheet.write_string(row, 0, table.title, self.formats["section"])
            row += 1
        sheet.set_row(row, HEAD_HEIGHT)
        first = table.rows[0] if table.rows else [""] * len(table.columns)
        for column, title in enumerate(table.columns):
            is_number = isinstance(first[column], int | float)
            sheet.write_string(row, column, title, self.formats["head_of_numbers" if is_number else "head"])
        for cells in table.rows:
            row += 1
            for column, value in enumerate(cells):
                self._cell(sheet, row, column, value)
        return row + 1

    def _cell(self, sheet: Any, row: int, column: int, value: Any) -> None:
        if value is None or value == "":
            sheet.write_blank(row, column, None, self.formats["text"])
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, self.formats["number"])
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, self.formats["date"])
        elif isinstance(value, time):
            sheet.write_datetime(row, column, value, self.formats["time"])
        elif value.startswith("https://") or value.startswith("http://"):
            sheet.write_url(row, column, value, self.formats["link"], string="↗")
        else:
            sheet.write_string(row, column, value, self.formats["text"])
