"""Lines and figures of a month, kept as revisions: equal content never makes a new one, a final one never changes."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from rekap import period, warehouse
from rekap.errors import PermanentError
from rekap.run import Run

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Recap:
    """One revision of a month, as people get it. `figures`: total, by_client, by_technician; `lines`: dicts of
    outputs.recap_lines in their order."""

    month: str
    revision: int
    state: str
    content_sha256: str
    figures: dict[str, Any]
    incomplete_clients: list[str]
    workbook_sha256: str | None
    computed_at: datetime
    approved_by: str | None
    final_at: datetime | None
    lines: list[dict[str, Any]]

    @property
    def final(self) -> bool:
        return self.state == "final"


def compute(connection: warehouse.Connection, run: Run, month: str) -> dict[str, int]:
    """Bring the newest revision of `month` (YYYY-MM) in line with reconciliation.visits.

    Unchanged content changes nothing. A draft or delivered revision is replaced and becomes a draft again; after a
    final one a new revision begins. Returns revision, lines and changed (0 or 1)."""
    period.checked(month)
    with warehouse.repeatable_read(connection):
        # Two runs for one month must not both begin the same revision.
        connection.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"recap:{month}",))
        warehouse.execute(connection, "40_outputs/recap_candidate", {"month": month})
        content = warehouse.execute(connection, "40_outputs/recap_content")[0]
        newest = connection.execute(
            "select revision, state, content_sha256 from outputs.recap_months where month = %s"
            " order by revision desc limit 1",
            (month,),
        ).fetchone()
        if newest and newest["content_sha256"] == content["content_sha256"]:
            return {"revision": newest["revision"], "lines": content["lines"], "changed": 0}
        revision = newest["revision"] + (newest["state"] == "final") if newest else 1
        key = {"month": month, "revision": revision}
        connection.execute(
            """
            insert into outputs.recap_months
                (month, revision, state, content_sha256, figures, incomplete_clients, computed_at)
            values (%(month)s, %(revision)s, 'draft', %(sha256)s, '{}', %(incomplete)s, %(now)s)
            on conflict (month, revision) do update set (state, content_sha256, incomplete_clients, computed_at)
                = (excluded.state, excluded.content_sha256, excluded.incomplete_clients, excluded.computed_at)
            """,
            key | {"sha256": content["content_sha256"], "incomplete": content["incomplete_clients"], "now": run.now},
        )
        warehouse.execute(connection, "40_outputs/recap_lines", key)
        figures = {
            "total": warehouse.execute(connection, "40_outputs/recap_totals", key)[0],
            "by_client": warehouse.execute(connection, "40_outputs/recap_by_client", key),
            "by_technician": warehouse.execute(connection, "40_outputs/recap_by_technician", key),
        }
        connection.execute(
            "update outputs.recap_months set figures = %(figures)s where month = %(month)s and revision = %(revision)s",
            key | {"figures": Jsonb(figures)},
        )
    log.info("recap %s revision %d: %d lines", month, revision, content["lines"])
    return {"revision": revision, "lines": content["lines"], "changed": 1}


def newest(connection: warehouse.Connection, month: str) -> Recap:
    """The newest revision of a month with its lines; raises PermanentError when the month was never computed."""
    row = connection.execute(
        "select * from outputs.recap_months where month = %s order by revision desc limit 1", (month,)
    ).fetchone()
    if row is None:
        raise PermanentError(f"the recap of {month} was never computed: start master_schedule with this partition key.")
    lines = connection.execute(
        "select * from outputs.recap_lines where month = %s and revision = %s order by position",
        (month, row["revision"]),
    ).fetchall()
    return Recap(
        month=month, revision=row["revision"], state=row["state"], content_sha256=row["content_sha256"],
        figures=row["figures"], incomplete_clients=row["incomplete_clients"], workbook_sha256=row["workbook_sha256"],
        computed_at=row["computed_at"], approved_by=row["approved_by"], final_at=row["final_at"], lines=lines,
    )  # fmt: skip
