"""A warehouse with one client, and Basecamp's records as the API writes them, for the golden tests beside it."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from rekap import warehouse as stored
from rekap.run import Run
from rekap.settings import Config, Register, Settings
from rekap.sources import basecamp, register
from rekap.sources.basecamp.reading import COLUMNS, _hashed

NOW = datetime(2026, 10, 6, 4, 30, tzinfo=UTC)
ROBOT, AM, TECHNICIAN, OTHER = 1, 2, 3, 4
REGISTER: dict[str, Any] = {
    "people": [
        {"code": "rekap", "name": "Rekap", "roles": ["robot"], "basecamp_id": ROBOT},
        {"code": "sinta", "name": "Sinta", "roles": ["am", "pic"], "basecamp_id": AM},
        {
            "code": "joko",
            "name": "Joko Susilo",
            "roles": ["technician"],
            "basecamp_id": TECHNICIAN,
            "aliases": ["Joko"],
        },
        {"code": "andi-1", "name": "Andi Rahman", "roles": ["technician"], "basecamp_id": OTHER, "aliases": ["Andi"]},
        {"code": "andi-2", "name": "Andi Wijaya", "roles": ["technician"], "aliases": ["Andi"]},
    ],
    "clients": [
        {
            "slug": "kopi",
            "name": "Kopi",
            "active_from": "2026-07-01",
            "am": "sinta",
            "pic": "sinta",
            "scopes": [{"kind": "project", "project_id": 10}, {"kind": "list", "project_id": 20, "value": "21"}],
            "outlets": [{"code": "K-1", "name": "Kopi BSD"}, {"code": "K-2", "name": "Kopi BSD 2"}],
        },
        {
            "slug": "roti",
            "name": "Roti",
            "active_from": "2026-07-01",
            "am": "sinta",
            "pic": "sinta",
            "scopes": [{"kind": "title_prefix", "project_id": 10, "value": "[ROTI]"}],
            "outlets": [{"code": "R-1", "name": "Roti BSD"}],
        },
    ],
    "services": [{"code": "cleaning", "minutes_per_unit": 45}],
}
FORM = "<div>Outlet: Kopi BSD<br>Layanan: Cuci AC<br>Unit: 3<br>Jam: 10.00</div>"
TODO: dict[str, Any] = {
    "id": 100,
    "status": "active",
    "type": "Todo",
    "visible_to_clients": False,
    "title": "Kopi BSD - Cuci AC 3 unit - 12 Okt 2026",
    "description": FORM,
    "description_attachments": [],
    "app_url": "https://3.basecamp.com/1/buckets/10/todos/100",
    "bucket": {"id": 10, "name": "Kopi", "type": "Project"},
    "parent": {"id": 11, "title": "Order", "type": "Todolist"},
    "creator": {"id": AM},
    "assignees": [],
    "steps": [],
    "due_on": "2026-10-12",
    "completed": False,
    "comments_count": 0,
    "created_at": "2026-10-01T02:00:00.000Z",
    "updated_at": "2026-10-01T02:00:00.000Z",
}
COMMENT: dict[str, Any] = {
    "id": 900,
    "status": "active",
    "type": "Comment",
    "parent": {"id": 100, "title": "x", "type": "Todo"},
    "bucket": {"id": 10, "name": "Kopi", "type": "Project"},
    "creator": {"id": AM},
    "content": "<div>Mohon dijadwalkan</div>",
    "content_attachments": [],
    "created_at": "2026-10-02T02:00:00.000Z",
    "updated_at": "2026-10-02T02:00:00.000Z",
}


@dataclass
class Desk:
    """`read` puts records where a walk would; `stage` stages them at `now`."""

    conn: stored.Connection
    config: Config = field(default_factory=lambda: Config(Settings(), Register.model_validate(REGISTER)))
    runs: int = 0

    def run(self) -> Run:
        self.runs += 1
        return Run(f"test/{self.runs}", NOW, self.config)

    def load_register(self) -> None:
        register.load(self.conn, self.run())

    def read(self, kind: str, *records: dict[str, Any]) -> dict[str, int]:
        with self.conn.transaction():
            rows = ((kind, record["id"], *_hashed(record), record.get("updated_at")) for record in records)
            stored.load(self.conn, "raw.basecamp_items", COLUMNS, rows)
            return stored.count(self.conn, "10_raw/basecamp_items", {"now": NOW})

    def stage(self) -> dict[str, int]:
        return basecamp.stage(self.conn, self.run())

    def todo(self, **changed: Any) -> dict[str, int]:
        """Read and stage the to-do with other fields."""
        self.read("todo", TODO | changed)
        return self.stage()

    def comment(self, **changed: Any) -> dict[str, int]:
        self.read("comment", COMMENT | changed)
        return self.stage()

    def rows(self, statement: str) -> list[dict[str, Any]]:
        found = self.conn.execute(statement).fetchall()
        self.conn.commit()
        return found

    def order(self, order_id: int = 100) -> dict[str, Any]:
        (found,) = self.rows(f"select * from staging.orders where order_id = {order_id}")
        return found

    def without(self, slug: str) -> None:
        """The register without a client."""
        told = self.config.register
        clients = tuple(client for client in told.clients if client.slug != slug)
        self.config = replace(self.config, register=told.model_copy(update={"clients": clients}))
