"""The twin's trackers read into a warehouse of the test's own."""

from dataclasses import dataclass
from typing import Any

import pytest

from rekap.services.google import Google
from rekap.sources import sheets
from sandbox import server
from sandbox.world.model import Order
from tests.unit.sources.conftest import Bench


@dataclass
class Desk:
    """`google` asks the twin; `extract()` does what the DAG does, and returns the counts of `read`."""

    bench: Bench
    google: Google

    @property
    def twin(self) -> server.Twin:
        return self.bench.twin

    @property
    def state(self) -> Any:
        return self.twin.google

    def changed(self) -> list[list[str]]:
        return sheets.changed(self.bench.conn, self.google, self.bench.run())

    def extract(self) -> dict[str, int]:
        run = self.bench.run()
        total: dict[str, int] = {}
        for clients in sheets.changed(self.bench.conn, self.google, run):
            for name, number in sheets.read(self.bench.conn, self.google, run, clients).items():
                total[name] = total.get(name, 0) + number
        return total

    def rows(self, statement: str) -> list[dict[str, Any]]:
        return self.bench.rows(statement)

    def written(self) -> dict[tuple[str, int, int], Order]:
        """Every order that stands in a tracker, by its place there."""
        return {order.row: order for order in self.twin.world.orders if order.row}

    def sheet_reads(self) -> int:
        return len(self.twin.log.calls("sheets"))

    def keys(self) -> dict[tuple[int, int], int]:
        """Living row keys by sheet id and row."""
        found = self.rows("select row_key, sheet_id, row from staging.tracker_row_keys where gone_at is null")
        return {(row["sheet_id"], row["row"]): row["row_key"] for row in found}


@pytest.fixture
def desk(bench: Bench) -> Desk:
    told = bench.twin["google"]
    extra = {
        "keyfile_dict": told["service_account"],
        "sheets_endpoint": told["sheets_url"],
        "drive_endpoint": told["drive_url"],
    }
    return Desk(bench, Google.from_connection({"extra": extra}, sleep=lambda seconds: None))
