"""A recap in words: the same headings, rows and summary for the workbook, the tab and the mail.

Lines hold codes (services, status, remarks); here they become texts of the message catalogue.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from rekap import catalogue, period
from rekap.recap.figures import Recap

LINE_COLUMNS = (
    "number", "client", "service_date", "time", "outlet", "services", "units_ordered", "units_done", "status",
    "technicians", "photos", "remark", "order", "row",
)  # fmt: skip
TOTALS = (
    "visits", "done", "cancelled", "open", "units_ordered", "units_done", "without_order", "without_row", "disputed",
    "photos",
)  # fmt: skip
CLIENT_COLUMNS = ("client", *TOTALS)
TECHNICIAN_COLUMNS = ("technician", "visits", "done", "units_done")


@dataclass(frozen=True)
class Table:
    """A heading, column titles and rows of plain values (text, number, date, time or None)."""

    title: str
    columns: list[str]
    rows: list[list[Any]]


@dataclass(frozen=True)
class Worded:
    """A recap in one language."""

    title: str
    status: str
    notes: list[str]
    totals: Table
    by_client: Table
    by_technician: Table
    lines: Table


def worded(recap: Recap, language: str, client_names: dict[str, str], zone: ZoneInfo) -> Worded:
    """The recap in `language`; `client_names` maps slugs to names, `zone` cuts the moments into days."""
    say = Speaker(language)
    total = recap.figures["total"]
    marked = set(recap.incomplete_clients)
    return Worded(
        title=say("title", month=say.month(recap.month)),
        status=say("final", by=recap.approved_by or "-", at=say.moment(recap.final_at, zone))
        if recap.final
        else say("draft", at=say.moment(recap.computed_at, zone)),
        notes=[say("incomplete", clients=", ".join(client_names.get(slug, slug) for slug in recap.incomplete_clients))]
        if marked
        else [],
        totals=Table(
            say("totals"), [say("figure"), say("number_of")], [[say(f"column_{name}"), total[name]] for name in TOTALS]
        ),
        by_client=Table(
            say("by_client"),
            [say(f"column_{name}") for name in CLIENT_COLUMNS],
            [
                [row["client_name"] + (" *" if row["client"] in marked else ""), *(row[name] for name in TOTALS)]
                for row in recap.figures["by_client"]
            ],
        ),
        by_technician=Table(
            say("by_technician"),
            [say(f"column_{name}") for name in TECHNICIAN_COLUMNS],
            [[row[name] for name in TECHNICIAN_COLUMNS] for row in recap.figures["by_technician"]],
        ),
        lines=Table(
            say("lines"), [say(f"column_{name}") for name in LINE_COLUMNS], [say.line(line) for line in recap.lines]
        ),
    )


class Speaker:
    """The words of a recap in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, **values: object) -> str:
        return catalogue.text(self.language, f"recap.{key}", **values)

    def month(self, month: str) -> str:
        return catalogue.month(self.language, period.first_day(month))

    def moment(self, at: datetime | None, zone: ZoneInfo) -> str:
        return catalogue.moment(self.language, at.astimezone(zone)) if at else "-"

    def day(self, day: date) -> str:
        return catalogue.day(self.language, day)

    def line(self, line: dict[str, Any]) -> list[Any]:
        """The cells of a line in the order of LINE_COLUMNS; the links are addresses."""
        return [
            line["position"],
            line["client_name"],
            line["service_date"],
            line["time_from"],
            line["outlet_name"],
            self.services(line["services"]),
            line["units_ordered"],
            line["units_done"],
            catalogue.text(self.language, f"status.{line['status']}"),
            line["technicians"],
            line["photos"],
            self.remark(line["remark"]),
            line["order_url"],
            line["row_url"],
        ]

    def services(self, codes: str) -> str:
        named = []
        for item in filter(None, codes.split(", ")):
            code, _, units = item.partition(" ")
            named.append(f"{catalogue.text(self.language, f'service.{code}')} {units}".strip())
        return ", ".join(named)

    def remark(self, codes: str) -> str:
        named = []
        for item in filter(None, codes.split(", ")):
            code, _, fields = item.partition(":")
            words = [catalogue.text(self.language, f"field.{field}") for field in filter(None, fields.split("+"))]
            named.append(self(f"remark_{code}", fields=", ".join(words)))
        return "; ".join(named)
