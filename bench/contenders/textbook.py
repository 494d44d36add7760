"""The textbook ways: gspread as its first pages show it, Basecamp list by list. Every tick reads everything, since
neither way knows what changed; the rows replace those of the tick before."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import psycopg
import requests

from bench.contenders.job import Job, run
from bench.contenders.vendor import USER_AGENT, basecamp_base, basecamp_token, sheets_client

Json = dict[str, Any]
LIFE_CYCLES = ("active", "archived", "trashed")
#: a list shows its open to-dos unless it is asked for others
STATES: tuple[dict[str, str], ...] = ({}, {"completed": "true"}, {"status": "archived"}, {"status": "trashed"})


class Walk:
    """The account from the projects down to the comments."""

    def __init__(self, job: Job) -> None:
        self.base = basecamp_base(job)
        self.session = requests.Session()
        self.session.headers.update({"User-Agent": USER_AGENT, "Authorization": f"Bearer {basecamp_token(job)}"})

    def get(self, path: str) -> Any:
        answer = self.session.get(f"{self.base}{path}", timeout=60)
        answer.raise_for_status()
        return answer.json()

    def pages(self, path: str, params: dict[str, str] | None = None) -> Iterator[Json]:
        address: str | None = f"{self.base}{path}"
        while address:
            answer = self.session.get(address, params=params, timeout=60)
            answer.raise_for_status()
            yield from answer.json()
            address, params = answer.links.get("next", {}).get("url"), None

    def records(self) -> Iterator[tuple[str, Json]]:
        """(kind, record) of everything."""
        for project in self.pages("/projects.json"):
            yield "project", project
            for tool in project["dock"]:
                if tool["name"] == "todoset":
                    yield from self._todoset(tool["id"])
        for person in self.pages("/people.json"):
            yield "person", person

    def _todoset(self, number: int) -> Iterator[tuple[str, Json]]:
        self.get(f"/todosets/{number}.json")
        for status in LIFE_CYCLES:
            for todolist in self.pages(f"/todosets/{number}/todolists.json", {"status": status}):
                yield from self._todos(todolist["id"])
                for group in self.pages(f"/todolists/{todolist['id']}/groups.json"):
                    yield from self._todos(group["id"])

    def _todos(self, number: int) -> Iterator[tuple[str, Json]]:
        for state in STATES:
            for todo in self.pages(f"/todolists/{number}/todos.json", state):
                yield "todo", todo
                if todo["comments_count"]:
                    for comment in self.pages(f"/recordings/{todo['id']}/comments.json"):
                        yield "comment", comment


def read_basecamp(job: Job) -> Callable[[], dict[str, Any]]:
    connection = psycopg.connect(job.dsn)

    def work() -> dict[str, Any]:
        found: Counter[str] = Counter()

        def rows() -> Iterator[tuple[Any, ...]]:
            for kind, record in Walk(job).records():
                found[kind] += 1
                yield kind, record["id"], json.dumps(record)

        replace_rows(connection, "records", "kind text, id bigint, payload jsonb", rows())
        return {"counts": {"todos": found["todo"], **found}}

    return work


def read_sheets(job: Job) -> Callable[[], dict[str, Any]]:
    client = sheets_client(job)
    connection = psycopg.connect(job.dsn)

    def rows() -> Iterator[tuple[Any, ...]]:
        for key in job.spreadsheets:
            for worksheet in client.open_by_key(key).worksheets():
                for number, row in enumerate(worksheet.get_all_values(), start=1):
                    yield key, worksheet.id, number, json.dumps(row)

    def work() -> dict[str, Any]:
        columns = "spreadsheet_id text, sheet_id bigint, row integer, payload jsonb"
        return {"counts": {"rows": replace_rows(connection, "tracker_rows", columns, rows())}}

    return work


def replace_rows(connection: psycopg.Connection[Any], table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> int:
    """Everything that is read takes the place of everything that was there, in one transaction, by COPY."""
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute(f"create table if not exists {table} ({columns})")
        cursor.execute(f"truncate {table}")
        with cursor.copy(f"copy {table} from stdin") as copy:
            loaded = 0
            for row in rows:
                copy.write_row(row)
                loaded += 1
    return loaded


if __name__ == "__main__":
    run({"basecamp": read_basecamp, "sheets": read_sheets}, sys.argv[1:])
