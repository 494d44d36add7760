"""What is read of a Basecamp account once and looked at by several checks: at most 45 GETs and one posted file."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import requests

from rekap.errors import Refused
from rekap.services.basecamp import Basecamp

RECORDINGS = "/projects/recordings.json"
LOOKED_AT = 8  # to-dos whose history is asked for, and as many whose newest comment is compared
MOST_PAGES = 5  # followed to the end of a list, or to find a posted file
Json = dict[str, Any]


class Account:
    """The newest records of the account, as pages with their headers."""

    def __init__(self, basecamp: Basecamp) -> None:
        self.basecamp = basecamp
        self._todos: dict[int, Json | None] = {}

    @cached_property
    def pages(self) -> list[requests.Response]:
        """Two pages of to-dos, newest first by creation: an assignment that moves nothing would hide in the other
        order."""
        first = self._page({"type": "Todo", "sort": "created_at", "direction": "desc"})
        following = first.links.get("next", {}).get("url")
        return [first, self.basecamp.page(following)] if following else [first]

    @cached_property
    def todos(self) -> list[Json]:
        return [row for page in self.pages for row in page.json()]

    @cached_property
    def trashed(self) -> list[Json]:
        return list(self._page({"type": "Todo", "status": "trashed"}).json())

    @cached_property
    def comments(self) -> list[Json]:
        """The newest comments by creation."""
        return list(self._newest_comments.json())

    @cached_property
    def _newest_comments(self) -> requests.Response:
        return self._page({"type": "Comment", "sort": "created_at", "direction": "desc"})

    def files(self, largest: int) -> list[Json]:
        """Posted files of at most so many bytes, of the newest comments or the few pages after them."""
        for page in self._on(self._newest_comments):
            found = [file for row in page.json() for file in row.get("content_attachments") or []]
            if fit := [file for file in found if 0 < int(file.get("byte_size") or 0) <= largest]:
                return fit
        return []

    @cached_property
    def people(self) -> requests.Response:
        return self.basecamp.page("/people.json")

    @cached_property
    def people_end(self) -> requests.Response:
        """The last page of the people, or the last one that is looked at."""
        return list(self._on(self.people))[-1]

    def _on(self, page: requests.Response) -> Iterator[requests.Response]:
        """A page and those after it, as they are asked for."""
        yield page
        for _ in range(MOST_PAGES - 1):
            if not (following := page.links.get("next", {}).get("url")):
                return
            page = self.basecamp.page(following)
            yield page

    def todo(self, number: int) -> Json | None:
        """A to-do by itself; None when it cannot be had."""
        if number not in self._todos:
            try:
                self._todos[number] = self.basecamp.get(f"/todos/{number}.json")
            except Refused:
                self._todos[number] = None
        return self._todos[number]

    def known(self, number: int) -> Json | None:
        """A to-do as a list showed it, else asked for."""
        return next((row for row in self.todos if row["id"] == number), None) or self.todo(number)

    @cached_property
    def histories(self) -> list[tuple[Json, list[Json]]]:
        """To-dos and their events. Those with people on them come first, of them those to which the least happened
        since; the others are those that changed most."""
        assigned = [row for row in self.todos if row.get("assignees")]
        assigned.sort(key=lambda row: (int(row.get("comments_count") or 0), bool(row.get("completed")), age(row)))
        picked = {row["id"]: row for row in assigned[: LOOKED_AT - 2]}
        picked |= {row["id"]: row for row in sorted(self.todos, key=age)[-2:]}
        return [(row, self.basecamp.page(f"/recordings/{row['id']}/events.json").json()) for row in picked.values()]

    def _page(self, params: Mapping[str, str]) -> requests.Response:
        return self.basecamp.page(RECORDINGS, params)


def age(row: Json) -> timedelta:
    """From the entry of a record to its last change."""
    return at(row["updated_at"]) - at(row["created_at"])


def at(text: str) -> datetime:
    """A moment as Basecamp writes it: ISO 8601 in UTC."""
    return datetime.fromisoformat(text)
