"""What became of a message that was tried."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Outcome:
    """`reason` says why it is not sent. `planned`: nothing left, a later run tries again. `by_mail`: a comment that
    may not be written is told by mail instead."""

    state: Literal["sent", "failed", "unknown", "withdrawn", "planned"]
    reason: str | None = None
    external_id: str | None = None
    by_mail: bool = False
