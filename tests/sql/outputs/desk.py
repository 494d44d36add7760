"""A small company in a warehouse of its own: what incidents and the outbox are told, one word each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from psycopg.types.json import Jsonb

from rekap.channels import send
from rekap.incidents import raise_incidents
from rekap.run import Run
from rekap.settings import Client, Config, House, Person, Register, Scope, Service, Settings
from rekap.warehouse import Connection

JAKARTA = ZoneInfo("Asia/Jakarta")
TUESDAY = date(2026, 10, 6)


def at(hour: int, minute: int = 0, day: date = TUESDAY) -> datetime:
    """A moment of the demo's Tuesday, or of another day, in Jakarta."""
    return datetime.combine(day, time(hour, minute), JAKARTA)


def on(day: int) -> date:
    """A day of October 2026; the 6th is today."""
    return date(2026, 10, day)


def people() -> tuple[Person, ...]:
    return (
        Person(code="rekap", name="Rekap", roles=("robot",), basecamp_id=1),
        Person(code="sinta", name="Sinta", email="sinta@rekap.example", roles=("am",), basecamp_id=2),
        Person(code="bayu", name="Bayu", email="bayu@rekap.example", roles=("pic",), basecamp_id=3),
        Person(code="ratih", name="Ratih", email="ratih@rekap.example", roles=("head_of_operations",), basecamp_id=4),
        Person(code="data", name="Data", email="data@rekap.example", roles=("engineer",), language="en"),
        Person(code="joko", name="Joko", roles=("technician",), basecamp_id=5),
    )


def client(slug: str = "kopi", delivery: str = "live", project: int = 100, **more: Any) -> Client:
    given = {"active_from": date(2026, 7, 1), "live_from": date(2026, 7, 1), "am": "sinta", "pic": "bayu"} | more
    return Client(
        slug=slug, name=slug.title(), delivery=delivery, scopes=(Scope(kind="project", project_id=project),), **given
    )  # fmt: skip


@dataclass
class Desk:
    """Writes what the stages before would have written, and runs ticks at given moments."""

    conn: Connection
    config: Config
    reads: int = 0

    @classmethod
    def opened(
        cls, conn: Connection, clients: Sequence[Client] = (), staff: Sequence[Person] = (), **settings: Any
    ) -> "Desk":  # fmt: skip
        house = House(delivery="live", airflow_url="http://airflow.example", **settings.pop("house", {}))
        config = Config(
            Settings(house=house, **settings),
            Register(
                people=tuple(staff) or people(),
                clients=tuple(clients) or (client(),),
                services=(Service(code="cleaning", minutes_per_unit=45),),
            ),
        )
        desk = cls(conn, config)
        desk._register()
        desk.basecamp_read()
        return desk

    def run(self, now: datetime) -> Run:
        return Run(f"test/{now.isoformat()}", now, self.config)

    def tick(self, now: datetime) -> dict[str, int]:
        return raise_incidents(self.conn, self.run(now))

    def send(self, now: datetime, basecamp: Any, smtp: Any) -> dict[str, int]:
        return send(self.conn, basecamp, smtp, self.run(now))

    def order(
        self,
        order_id: int,
        service_date: date | None,
        *,
        entered: datetime,
        seen: datetime | None = None,
        client: str = "kopi",
        outlet: str | None = None,
        at_time: time | None = time(10),
        visible: bool = False,
        title: str | None = None,
    ) -> int:
        """An order without technician, found so."""
        first = seen or entered
        self.conn.execute(
            """
            insert into staging.orders (order_id, client, project_id, title, url, life_cycle, completed, service_date,
                visible_to_clients, assigned, created_at, updated_at, first_seen_at, last_seen_at)
            values (%s, %s, 100, %s, %s, 'active', false, %s, %s, false, %s, %s, %s, %s)
            """,
            (
                order_id, client, title or f"Order {order_id}", f"https://basecamp.example/todos/{order_id}",
                service_date, visible, entered, entered, first, first,
            ),
        )  # fmt: skip
        name = None if title else outlet or f"Outlet {order_id}"
        self.conn.execute(
            """
            insert into reconciliation.visits (line_key, order_id, n, client, outlet_name, service_date, time_from,
                services, status, without_order, without_row, first_seen_at, changed_at)
            values (%s, %s, 1, %s, %s, %s, %s, %s, 'requested', false, true, %s, %s)
            """,
            (
                f"order:{order_id}/1", order_id, client, name, service_date, at_time,
                Jsonb([{"service": "cleaning", "units": 3}]), first, first,
            ),
        )  # fmt: skip
        self.found(order_id, service_date, first)
        return order_id

    def found(self, order_id: int, service_date: date | None, when: datetime) -> None:
        self.conn.execute(
            """
            insert into reconciliation.findings (kind, subject, client, order_id, service_date, sources, first_seen_at,
                last_seen_at)
            select 'unassigned', 'order:' || order_id, client, order_id, %s, '{basecamp}', %s, %s
            from staging.orders where order_id = %s
            on conflict (kind, subject) do update set cleared_at = null, service_date = excluded.service_date
            """,
            (service_date, when, when, order_id),
        )
        self.conn.commit()

    def cleared(self, order_id: int, when: datetime, **facts: Any) -> None:
        """The finding is over, because of `facts`, columns of staging.orders."""
        for column, value in facts.items():
            self.conn.execute(f"update staging.orders set {column} = %s where order_id = %s", (value, order_id))
        self.conn.execute(
            "update reconciliation.findings set cleared_at = %s where subject = %s", (when, f"order:{order_id}")
        )
        self.conn.commit()

    def assigned(self, order_id: int, when: datetime, technician: str = "joko") -> None:
        self.conn.execute("insert into staging.order_technicians values (%s, %s, 'assignee')", (order_id, technician))
        self.cleared(order_id, when, assigned=True)

    def moved(self, order_id: int, service_date: date | None) -> None:
        for relation in ("staging.orders", "reconciliation.visits", "reconciliation.findings"):
            self.conn.execute(f"update {relation} set service_date = %s where order_id = %s", (service_date, order_id))
        self.conn.commit()

    def basecamp_read(self, state: str = "complete", reason: str | None = None, now: datetime | None = None) -> None:
        self._read("basecamp", "account", state, reason, now)

    def project_read(self, project: int, state: str, reason: str | None, now: datetime) -> None:
        """The account was read whole, as far as its own counts tell, and one project was counted for itself."""
        run = f"read {self.reads + 1}"
        self._read("basecamp", f"project:{project}", state, reason, now)
        self._read("basecamp", "account", "complete", None, now, run)

    def tracker_read(self, client: str, state: str, reason: str | None = None, now: datetime | None = None) -> None:
        self._read("sheets", client, state, reason, now)

    def rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        found = self.conn.execute(query, values).fetchall()
        self.conn.commit()
        return found

    def incident(self, order_id: int) -> dict[str, Any]:
        """The newest incident of an order."""
        return self.rows(
            "select * from outputs.incidents where subject = %s order by incident_id desc limit 1", f"order:{order_id}"
        )[0]

    def messages(self) -> list[dict[str, Any]]:
        return self.rows("select * from outputs.messages order by message_id")

    def told(self) -> set[tuple[str, str, str]]:
        """Person, channel and step of everything that was planned."""
        return {
            (row["person"], row["channel"], row["step"])
            for row in self.rows(
                "select m.person, m.channel, t.step"
                " from outputs.messages m join outputs.message_items t using (message_id)"
            )
        }

    def _read(
        self, source: str, scope: str, state: str, reason: str | None, now: datetime | None, run: str = ""
    ) -> None:
        self.reads += 1
        self.conn.execute(
            "insert into ops.completeness (source, scope, run_id, state, reason, checked_at)"
            " values (%s, %s, %s, %s, %s, %s)",
            (source, scope, run or f"read {self.reads}", state, reason, now or at(7)),
        )
        self.conn.commit()

    def _register(self) -> None:
        for person in self.config.register.people:
            self.conn.execute(
                "insert into staging.people (code, name, email, basecamp_id, roles) values (%s, %s, %s, %s, %s)",
                (person.code, person.name, person.email, person.basecamp_id, list(person.roles)),
            )
            if person.basecamp_id:
                self.conn.execute(
                    "insert into staging.basecamp_people (id, name, attachable_sgid, seen_at) values (%s, %s, %s, %s)",
                    (person.basecamp_id, person.name, f"sgid-{person.code}", at(7)),
                )
            if "technician" in person.roles:
                self.conn.execute("insert into staging.technicians (code) values (%s)", (person.code,))
        for each in self.config.register.clients:
            self.conn.execute(
                "insert into staging.clients (slug, name, delivery, active_from, live_from, am, pic, spreadsheet_id)"
                " values (%s, %s, %s, %s, %s, %s, %s, %s)",
                (
                    each.slug, each.name, each.delivery, each.active_from, each.live_from, each.am, each.pic,
                    each.spreadsheet_id,
                ),
            )  # fmt: skip
        self.conn.commit()
