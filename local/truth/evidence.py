"""What the judge looks at: the twin's truth, calls and mails, the warehouse, and Drive as the real client sees it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from rekap import warehouse


@dataclass
class Evidence:
    """`truth`, `calls` and `mails` as the control origin tells them; `google` a client of rekap.services. `killed`:
    a sender was killed, so that a message may be unknown."""

    truth: dict[str, Any]
    calls: list[dict[str, Any]]
    mails: list[dict[str, Any]]
    connection: warehouse.Connection
    google: Any
    master_schedule_id: str
    killed: bool = False

    @cached_property
    def now(self) -> datetime:
        return datetime.fromisoformat(self.truth["now"])

    @cached_property
    def clients(self) -> dict[str, dict[str, Any]]:
        return {client["slug"]: client for client in self.truth["clients"]}

    @cached_property
    def people(self) -> dict[str, dict[str, Any]]:
        return {person["code"]: person for person in self.truth["people"]}

    @cached_property
    def visits(self) -> dict[str, dict[str, Any]]:
        """Line key (`order:ID/n`) → visit."""
        return {f"order:{visit['order_id']}/{visit['n']}": visit for visit in self.truth["orders"]}

    @cached_property
    def orders(self) -> dict[int, dict[str, Any]]:
        """To-do id → its first visit, which holds all that belongs to the order."""
        return {visit["order_id"]: visit for visit in reversed(self.truth["orders"])}

    @cached_property
    def outlets(self) -> dict[str, str]:
        """Outlet code → name in the register."""
        return {outlet["code"]: outlet["name"] for client in self.truth["clients"] for outlet in client["outlets"]}

    def troubles(self, kind: str) -> dict[str, dict[str, Any]]:
        """Planted troubles of a kind by their subject."""
        return {trouble["subject"]: trouble for trouble in self.truth["troubles"] if trouble["kind"] == kind}

    def rows(self, statement: str, *values: Any) -> list[dict[str, Any]]:
        found = self.connection.execute(statement, values).fetchall()
        self.connection.commit()
        return found

    @cached_property
    def row_address(self) -> dict[int, str]:
        """Row key → `row:SPREADSHEET/SHEET/ROW`, the only name by which the twin knows a row."""
        return {
            row["row_key"]: f"row:{row['spreadsheet_id']}/{row['sheet_id']}/{row['row']}"
            for row in self.rows(
                "select row_key, spreadsheet_id, sheet_id, row from staging.tracker_row_keys where gone_at is null"
            )
        }
