"""A Basecamp and a mail server that remember what reached them, and fail where they are told to."""

from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from rekap.errors import Refused


@dataclass
class FakeBasecamp:
    """`todos` are answers of GET; any other is an ordinary open to-do. `before` and `after` raise around a comment."""

    todos: dict[int, dict[str, Any]] = field(default_factory=dict)
    threads: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    before: list[BaseException] = field(default_factory=list)
    after: list[BaseException] = field(default_factory=list)
    reading: list[BaseException] = field(default_factory=list)

    def get(self, path: str) -> Any:
        todo = int(path.split("/")[2].removesuffix(".json"))
        if self.reading:
            raise self.reading.pop(0)
        ordinary = {"status": "active", "completed": False, "visible_to_clients": False, "assignees": []}
        found = ordinary | self.todos.get(todo, {})
        if found["status"] == "purged":
            raise Refused("GET answered 404", 404)
        return found

    def comment(self, recording_id: int, html: str) -> dict[str, Any]:
        if self.before:
            raise self.before.pop(0)
        thread = self.threads.setdefault(recording_id, [])
        thread.append({"id": recording_id * 1000 + len(thread), "content": html})
        if self.after:
            raise self.after.pop(0)
        return thread[-1]

    def comments_of(self, recording_id: int) -> list[dict[str, Any]]:
        return self.threads.get(recording_id, [])

    @property
    def posted(self) -> list[int]:
        return [todo for todo, thread in sorted(self.threads.items()) for _ in thread]


@dataclass
class FakeSmtp:
    sender: str = "rekap@rekap.example"
    sent: list[EmailMessage] = field(default_factory=list)
    before: list[BaseException] = field(default_factory=list)
    after: list[BaseException] = field(default_factory=list)

    def send(self, message: EmailMessage) -> None:
        if self.before:
            raise self.before.pop(0)
        self.sent.append(message)
        if self.after:
            raise self.after.pop(0)

    @property
    def to(self) -> list[str]:
        return [message["To"].addresses[0].addr_spec for message in self.sent]
