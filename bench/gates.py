"""Seconds of the gate of tracker rows in Postgres, beside the same suite on a pandas frame of the same rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bench.child import ask
from bench.page import table
from local.postgres import Server
from rekap import warehouse

MODULE = "bench.contenders.gate"
SIZES = (10_000, 100_000, 1_000_000)
QUICK = (1_000, 2_000)
WAYS = {"postgres": "Great Expectations in Postgres", "pass": "the SQL pass", "pandas": "Great Expectations in pandas"}
DATABASE = "bench_gates"
# One row in a hundred fails a critical rule or two, one in twenty gets a warning.
ROWS = """
insert into staging.people (code, name, roles) values ('sinta', 'Sinta', '{am}'), ('bayu', 'Bayu', '{pic}');
insert into staging.services (code, minutes_per_unit) values ('cleaning', 45);
insert into staging.clients (slug, name, active_from, am, pic, spreadsheet_id)
select 'client-' || n, 'Client ' || n, '2026-07-01', 'sinta', 'bayu', 'sheet-' || n from generate_series(0, 99) as n;
insert into staging.outlets (code, client, name)
select 'O-' || n, 'client-' || n, 'Outlet ' || n from generate_series(0, 99) as n;
insert into staging.tracker_row_keys (row_key, client, spreadsheet_id, sheet_id, row, content_sha256, first_seen_at,
    last_seen_at) overriding system value
select n, 'client-' || n %% 100, 'sheet-' || n %% 100, 1, n, '', '2026-10-06', '2026-10-06'
from generate_series(1, %(rows)s) as n;
insert into staging.tracker_rows (row_key, client, spreadsheet_id, sheet_id, tab, row, cell_url, month, service_date,
    outlet_text, outlet, units, status, flags, content_sha256, first_seen_at, last_seen_at)
select n, 'client-' || n %% 100, 'sheet-' || n %% 100, 1, 'OKT 26', n, '', '2026-10', '2026-10-08',
    case when n %% 211 <> 0 then 'Outlet ' || n %% 100 end,
    case when n %% 211 <> 0 and n %% 199 <> 0 then 'O-' || n %% 100 end,
    case when n %% 331 = 0 then 900 else 2 end, 'scheduled',
    case when n %% 503 = 0 then '{date_far}'::text[] when n %% 37 = 0 then '{status_unknown}' else '{}' end, n::text,
    '2026-10-06', '2026-10-06'
from generate_series(1, %(rows)s) as n;
insert into staging.tracker_row_services (row_key, n, service, units)
select n, 1, 'cleaning', 2 from generate_series(1, %(rows)s) as n where n %% 53 <> 0;
"""
ABOUT = """## Quality gates

The suite of tracker rows, of whose eight rules five look into other relations or arrays, over rows of which about one
in a hundred fails: in Postgres, as the gate does it (Great Expectations judges, then the SQL pass names the rows and
their reasons), and by the same rules on a pandas frame of the same rows, which must be read first. Each in a process
of its own; Great Expectations' import, which every process pays once, is told apart. All three must count the same
failing rows. *Growth* is the time of a row beside that of the size before: 1.0 is linear."""


class Gates:
    def __init__(
        self, server: Server, sizes: Sequence[int] = SIZES, *, say: Callable[[str], None] = print
    ) -> None:  # fmt: skip
        self.server, self.sizes, self.say = server, sizes, say
        self.measured: dict[tuple[int, str], dict[str, Any]] = {}

    def run(self) -> None:
        """Measure every size in every way. Raises RuntimeError when two ways count differently."""
        for rows in self.sizes:
            dsn = self.server.create(DATABASE)
            try:
                warehouse.migrate(dsn)
                _fill(dsn, rows)
                for way in WAYS:
                    told = ask(MODULE, {"dsn": dsn, "with": way})
                    self.measured[rows, way] = told
                    self.say(f"  {rows:,} rows, {WAYS[way]}: {told['seconds']:.2f} s, {told['peak_mb']:.0f} MB")
            finally:
                self.server.drop(DATABASE)
            counted = {way: self.measured[rows, way]["failing"] for way in WAYS}
            if len({str(sorted(failing.items())) for failing in counted.values()}) > 1:
                raise RuntimeError(f"the ways count differently over {rows} rows: {counted}")

    def tables(self) -> str:
        rows = []
        for way, name in WAYS.items():
            before = None
            for size in self.sizes:
                told = self.measured[size, way]
                each = (told["seconds"] + told["load_seconds"]) / size
                rows.append(
                    [f"{name}, {size:,} rows", f"{told['import_seconds']:.1f}", f"{told['load_seconds']:.2f}",
                     f"{told['seconds']:.2f}", f"{each / before:.2f}" if before else "-", f"{told['peak_mb']:.0f}"]
                )  # fmt: skip
                before = each
        head = ["", "import, s", "reading the frame, s", "judging, s", "growth", "peak MB"]
        return table(head, rows)

    def text(self) -> str:
        """The part of docs/benchmarks.md."""
        return f"{ABOUT}\n\n{self.tables()}"


def _fill(dsn: str, rows: int) -> None:
    import psycopg

    with psycopg.connect(dsn) as connection, psycopg.ClientCursor(connection) as cursor:
        cursor.execute(ROWS, {"rows": rows})
        connection.commit()
        connection.autocommit = True
        connection.execute("vacuum analyze")
