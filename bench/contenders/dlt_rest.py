"""dlt: its REST source for Basecamp as its documentation tells, and its way of reading Google Sheets.

Basecamp: newest first by `updated_at`, `row_order` told, so that dlt stops where the last load ended; merged by id. The
values of a spreadsheet come with two calls a load, its list of tabs and then all of them at once, and replace the last
ones: dlt's source for Google Sheets has no way to know what changed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

from bench.contenders.job import Job, run
from bench.contenders.vendor import USER_AGENT, basecamp_base, basecamp_token, sheets_client

os.environ |= {"RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "ERROR"}

import dlt
from dlt.sources.rest_api import rest_api_source

WALKS = [(kind, status) for kind in ("Todo", "Comment") for status in ("active", "archived", "trashed")]
FIRST = "1970-01-01T00:00:00.000Z"


def _pipeline(job: Job, name: str) -> dlt.Pipeline:
    with_password = job.dsn.replace("@", ":none@", 1)  # dlt asks for one, the embedded server for none
    return dlt.pipeline(
        pipeline_name=name,
        pipelines_dir=str(job.folder / "pipelines"),
        destination=dlt.destinations.postgres(with_password),
        dataset_name=name,
    )


def _walk(kind: str, status: str) -> dict[str, Any]:
    return {
        "name": f"{kind.lower()}_{status}",
        "table_name": kind.lower(),
        "primary_key": "id",
        "write_disposition": "merge",
        # Nested lists stay JSON, as in the other contenders: tables of their own would be more work for dlt.
        "max_table_nesting": 0,
        "endpoint": {
            "path": "projects/recordings.json",
            "params": {"type": kind, "status": status, "sort": "updated_at", "direction": "desc"},
            "incremental": {"cursor_path": "updated_at", "initial_value": FIRST, "row_order": "desc"},
        },
    }


def _list(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "write_disposition": "replace",
        "max_table_nesting": 0,
        "endpoint": {"path": f"{name}.json"},
    }


def read_basecamp(job: Job) -> Callable[[], dict[str, Any]]:
    pipeline = _pipeline(job, "basecamp")

    def work() -> dict[str, Any]:
        source = rest_api_source(
            {
                "client": {
                    "base_url": basecamp_base(job),
                    "headers": {"User-Agent": USER_AGENT},
                    "auth": {"type": "bearer", "token": basecamp_token(job)},
                    "paginator": "header_link",
                },
                "resources": [_list("projects"), _list("people"), *(_walk(*walk) for walk in WALKS)],
            }
        )
        pipeline.run(source)
        found = dict(pipeline.last_trace.last_normalize_info.row_counts)
        return {"counts": {"todos": found.get("todo", 0), **found}}

    return work


def read_sheets(job: Job) -> Callable[[], dict[str, Any]]:
    client = sheets_client(job).http_client
    pipeline = _pipeline(job, "trackers")

    @dlt.resource(write_disposition="replace", columns={"cells": {"data_type": "json"}}, max_table_nesting=0)
    def tracker_rows() -> Iterator[list[dict[str, Any]]]:
        for key in job.spreadsheets:
            told = client.fetch_sheet_metadata(key, params={"fields": "sheets(properties(sheetId,title))"})
            titles = [sheet["properties"]["title"] for sheet in told["sheets"]]
            ranges = [f"'{title}'" for title in titles]
            answer = client.values_batch_get(key, ranges, params={"valueRenderOption": "UNFORMATTED_VALUE"})
            yield [
                {"spreadsheet_id": key, "tab": title, "row": number, "cells": row}
                for title, block in zip(titles, answer["valueRanges"], strict=True)
                for number, row in enumerate(block.get("values", []), start=1)
            ]

    def work() -> dict[str, Any]:
        pipeline.run(tracker_rows())
        return {"counts": dict(pipeline.last_trace.last_normalize_info.row_counts)}

    return work


if __name__ == "__main__":
    run({"basecamp": read_basecamp, "sheets": read_sheets}, sys.argv[1:])
