"""What the demo shows at its end: one screen of numbers, and files to look at."""

import json
from functools import cached_property
from pathlib import Path
from typing import Any

from local import truth
from local.installation import Installation
from local.state import ROOT
from local.truth import Evidence


class Summary:
    """Collects the evidence of an installation, judges it, and writes copies of what people got into `results/`."""

    def __init__(self, installation: Installation, month: str | None, *, killed: bool = False) -> None:
        self.installation, self.month, self.killed = installation, month, killed
        self.folder = installation.state.results

    @cached_property
    def evidence(self) -> Evidence:
        from rekap import warehouse
        from rekap.services.google import Google

        made = self.installation
        extra = json.loads(made.environment["AIRFLOW_CONN_REKAP_GOOGLE"])["extra"]
        return Evidence(
            truth=made.control("truth"),
            calls=made.control("requests"),
            mails=made.control("mail"),
            connection=warehouse.connect(made.postgres.dsn(made.databases[1])),
            google=Google.from_connection({"extra": extra | {"keyfile_dict": json.loads(extra["keyfile_dict"])}}),
            master_schedule_id=made.ready["google"]["master_schedule_id"],
            killed=self.killed,
        )

    def differences(self) -> list[str]:
        return truth.check(self.evidence, self.month).told()

    def write(self) -> None:
        """Workbooks, mails and the Drive tree as files."""
        for document in self.evidence.rows("select name, content from outputs.documents order by name"):
            (self.folder / document["name"]).write_bytes(document["content"])
        mails = self.folder / "mails"
        mails.mkdir(exist_ok=True)
        for old in mails.glob("*"):
            old.unlink()
        for number, mail in enumerate(self.evidence.mails, 1):
            (mails / f"{number:02d} {_plain(mail['to'][0])}.txt").write_text(
                f"To: {', '.join(mail['to'])}\nSubject: {mail['subject']}\n\n{mail['text'] or ''}"
            )
            if mail["html"]:
                (mails / f"{number:02d} {_plain(mail['to'][0])}.html").write_text(mail["html"])
        (self.folder / "drive.txt").write_text("\n".join(self._tree()) + "\n")

    def lines(self) -> list[str]:
        """One screen."""
        count = self._count
        kinds = self.evidence.rows(
            "select kind, count(*)::integer as n from reconciliation.findings where cleared_at is null"
            " group by kind order by kind"
        )
        messages = self.evidence.rows(
            "select channel, state, delivery, count(*)::integer as n from outputs.messages"
            " group by 1, 2, 3 order by 1, 2, 3"
        )
        quarantined = self._one("select count(distinct row_key) as n from ops.quarantine where state = 'open'")
        told = {
            "orders": f"{count('staging.orders')}",
            "tracker rows": f"{count('staging.tracker_rows')} read, {quarantined} in quarantine",
            "visits": f"{count('reconciliation.visits')}, {count('reconciliation.links')} linked with a tracker row",
            "findings": ", ".join(f"{row['kind']} {row['n']}" for row in kinds),
            "incidents": f"{count('outputs.incidents')}",
            "messages": ", ".join(
                f"{row['n']} {row['channel']} {row['state']} ({row['delivery']})" for row in messages
            ),
            "photos": f"{self._one('select count(*) as n from outputs.photos where state = %s', 'uploaded')} in Drive",
        }
        for month in self.evidence.rows("select * from outputs.recap_months order by month, revision"):
            total = month["figures"]["total"]
            told[f"recap {month['month']}"] = (
                f"{month['state']}: {total['visits']} visits, {total['done']} done, {total['cancelled']} cancelled,"
                f" {total['units_done']} units"
            )
        where = _shown(self.folder)
        return [
            "",
            *(f"  {name:<14} {value}" for name, value in told.items()),
            "",
            f"  Look at: {where}/*.xlsx, {where}/mails/, {where}/drive.txt; `make up` leaves Airflow running.",
        ]

    def _tree(self) -> list[str]:
        """The clients' folders as text."""
        rows = self.evidence.rows(
            "select c.name as client, f.month, f.name, p.name as photo from outputs.drive_folders as f"
            " join staging.clients as c on c.slug = f.client left join outputs.photos as p on p.folder_id = f.drive_id"
            " where f.order_id <> 0 order by 1, 2, 3, 4"
        )
        tree: list[str] = []
        before: tuple[Any, ...] = ()
        for row in rows:
            path = (row["client"], row["month"], row["name"])
            for depth, name in enumerate(path):
                if path[: depth + 1] != before[: depth + 1]:
                    tree.append("  " * depth + name + "/")
            tree.append(f"      {row['photo']}")
            before = path
        return tree

    def _count(self, relation: str) -> int:
        return self._one(f"select count(*) as n from {relation}")

    def _one(self, statement: str, *values: Any) -> int:
        return int(self.evidence.rows(statement, *values)[0]["n"])


def _plain(text: str) -> str:
    return "".join(sign if sign.isalnum() or sign in "@.-" else "_" for sign in text)


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
