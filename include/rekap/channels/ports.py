"""What the outbox needs of its clients; `rekap.services` has them."""

from email.message import EmailMessage
from typing import Any, Protocol


class Basecamp(Protocol):
    """Raises Refused (this record), UnknownOutcome, TransientError, PermanentError (the credential)."""

    def get(self, path: str) -> Any: ...

    def comment(self, recording_id: int, html: str) -> dict[str, Any]: ...

    def comments_of(self, recording_id: int) -> list[dict[str, Any]]: ...


class Smtp(Protocol):
    """`sender` is the address that mails come from. Raises as Basecamp."""

    sender: str

    def send(self, message: EmailMessage) -> None: ...
