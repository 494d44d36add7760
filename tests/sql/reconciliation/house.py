"""A small house to reconcile: two clients, four outlets, one technician; orders and rows are written by the test."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from psycopg.types.json import Jsonb

from rekap import warehouse
from rekap.reconciliation import reconcile
from rekap.run import Run
from rekap.settings import Config, Register, Service, Settings

WIB = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 10, 6, 11, 30, tzinfo=WIB)
REGISTER = """
insert into staging.people (code, name, roles) values
    ('sinta', 'Sinta', '{am}'), ('bayu', 'Bayu', '{pic}'), ('joko', 'Joko', '{technician}'),
    ('udin', 'Udin', '{technician}');
insert into staging.technicians (code) values ('joko'), ('udin');
insert into staging.services (code, minutes_per_unit) values ('cleaning', 45), ('repair', 90);
insert into staging.clients (slug, name, active_from, am, pic, spreadsheet_id) values
    ('kopi', 'Kopi Senja', '2026-07-01', 'sinta', 'bayu', 'sheet-kopi'),
    ('ruko', 'Ruko Melati', '2026-07-01', 'sinta', 'bayu', null);
insert into staging.outlets (code, client, name) values
    ('KS-1', 'kopi', 'Kopi Senja BSD 1'), ('KS-2', 'kopi', 'Kopi Senja BSD 2'), ('RM-1', 'ruko', 'Ruko Melati');
insert into staging.outlet_aliases (client, alias, outlet) values
    ('kopi', 'kopi senja bsd 1', 'KS-1'), ('kopi', 'kopi senja bsd 2', 'KS-2'), ('ruko', 'ruko melati', 'RM-1');
"""


class House:
    """Writes orders and rows as the sources would, reconciles, and reads what came out as small tuples."""

    def __init__(self, connection: warehouse.Connection) -> None:
        self.connection = connection
        self.now = NOW
        self.runs = 0
        connection.execute(REGISTER)
        self.complete("basecamp", "account")
        self.complete("sheets", "kopi")

    @property
    def run(self) -> Run:
        register = Register(people=(), clients=(), services=(Service(code="other", minutes_per_unit=60),))
        return Run(id=f"reconcile_orders/{self.runs}", now=self.now, config=Config(Settings(), register))

    def complete(self, source: str, scope: str, state: str = "complete") -> None:
        self.runs += 1
        warehouse.complete(self.connection, self.run, source, scope, state)
        self.connection.commit()

    def order(self, order_id: int, on: str | None = "2026-10-08", outlet: str | None = "KS-1", **told: Any) -> None:
        """An active order of one visit. `services`: {code: units}; `technicians` make it assigned."""
        services = told.pop("services", {"cleaning": 2})
        technicians = told.pop("technicians", ["joko"])
        visit = {
            "outlet": outlet, "outlet_text": told.pop("outlet_text", outlet), "service_date": on,
            "service_date_end": told.pop("on_end", None), "time_from": told.pop("time", "10:00"),
            "units": told.pop("units", sum(services.values())),
        }  # fmt: skip
        fields = {name: visit[name] for name in ("outlet", "outlet_text", "service_date", "time_from", "units")} | {
            "client": "kopi", "project_id": 1, "title": f"Order {order_id}", "url": f"https://bc.example/{order_id}",
            "life_cycle": "active", "completed": False, "visible_to_clients": False, "assigned": bool(technicians),
            "created_at": datetime(2026, 10, 1, 9, tzinfo=WIB), "updated_at": datetime(2026, 10, 1, 9, tzinfo=WIB),
            "first_seen_at": NOW, "last_seen_at": NOW,
        } | told  # fmt: skip
        self._insert("staging.orders", {"order_id": order_id} | fields)
        self._insert("staging.visits", {"order_id": order_id, "n": 1} | visit)
        for n, (service, units) in enumerate(services.items(), start=1):
            self._insert("staging.order_services", {"order_id": order_id, "n": n, "service": service, "units": units})
        for technician in technicians:
            self._insert(
                "staging.order_technicians", {"order_id": order_id, "technician": technician, "via": "assignee"}
            )
        self.connection.commit()

    def row(self, key: int, on: str = "2026-10-08", outlet: str | None = "KS-1", **told: Any) -> None:
        """A readable row of the tracker of `kopi`."""
        services = told.pop("services", {"cleaning": 2})
        number = told.pop("number", key)
        text = told.pop("outlet_text", outlet)
        fields = {
            "tab": "OKT 26", "month": "2026-10", "cell_url": f"https://sheet.example/{key}", "service_date": on,
            "service_date_end": told.pop("on_end", None), "time_from": told.pop("time", "10:00"), "outlet": outlet,
            "outlet_text": text, "units": told.pop("units", sum(services.values())), "status": "scheduled",
            "technicians": ["joko"],
        } | told  # fmt: skip
        self._key(key, number, text, fields.get("order_ref"))
        self._insert(
            "staging.tracker_rows",
            {
                "row_key": key, "client": "kopi", "spreadsheet_id": "sheet-kopi", "sheet_id": 7, "row": number,
                "content_sha256": f"sha {key}", "first_seen_at": NOW, "last_seen_at": NOW,
            } | fields,
        )  # fmt: skip
        for n, (service, units) in enumerate(services.items(), start=1):
            self._insert("staging.tracker_row_services", {"row_key": key, "n": n, "service": service, "units": units})
        self.connection.commit()

    def quarantined_row(self, key: int, outlet_text: str | None, order_ref: int | None = None) -> None:
        self._key(key, key, outlet_text, order_ref)
        self._insert(
            "ops.quarantine",
            {
                "source": "sheets", "row_key": key, "field": "date", "reason": "no_date", "rule": "reader",
                "severity": "critical", "client": "kopi", "original": {}, "cell_url": "https://sheet.example/q",
                "run_id": "r", "first_seen_at": NOW, "last_seen_at": NOW,
            },
        )  # fmt: skip
        self.connection.commit()

    def decide(self, kind: str, order_id: int, row_key: int) -> None:
        self._insert(
            "reconciliation.decisions",
            {"kind": kind, "identity": {"order_id": order_id, "row_key": row_key}, "decided_by": "sinta",
             "decided_at": NOW},
        )  # fmt: skip
        self.connection.commit()

    def change(self, statement: str) -> None:
        self.connection.execute(statement)
        self.connection.commit()

    def reconcile(self, later: timedelta = timedelta()) -> dict[str, int]:
        self.now += later
        return reconcile(self.connection, self.run)

    def links(self) -> list[tuple[Any, ...]]:
        return self.read("select order_id, row_key, rule, decision from reconciliation.links order by 1, 2")

    def visit(self, line_key: str, *columns: str) -> tuple[Any, ...]:
        """Columns of one line; dates and times as text."""
        (found,) = self.read(f"select {', '.join(columns)} from reconciliation.visits where line_key = '{line_key}'")
        return found

    def findings(self, kind: str) -> list[str]:
        """Subjects of the open findings of a kind."""
        return [
            subject
            for (subject,) in self.read(
                "select subject from reconciliation.findings"
                f" where kind = '{kind}' and cleared_at is null order by subject"
            )
        ]

    def read(self, statement: str) -> list[tuple[Any, ...]]:
        rows = [tuple(map(_plain, row.values())) for row in self.connection.execute(statement).fetchall()]
        self.connection.commit()
        return rows

    def _key(self, key: int, number: int, outlet_text: str | None, order_ref: int | None) -> None:
        self.connection.execute(
            "insert into staging.tracker_row_keys (row_key, client, spreadsheet_id, sheet_id, row, content_sha256,"
            " order_ref, outlet_text, first_seen_at, last_seen_at) overriding system value"
            " values (%s, 'kopi', 'sheet-kopi', 7, %s, '', %s, %s, %s, %s)",
            (key, number, order_ref, outlet_text, NOW, NOW),
        )

    def _insert(self, table: str, values: dict[str, Any]) -> None:
        marks = ", ".join(["%s"] * len(values))
        self.connection.execute(
            f"insert into {table} ({', '.join(values)}) values ({marks})",
            [Jsonb(value) if isinstance(value, dict) else value for value in values.values()],
        )


def _plain(value: Any) -> Any:
    return value.isoformat()[:16] if isinstance(value, (date, datetime)) else value
