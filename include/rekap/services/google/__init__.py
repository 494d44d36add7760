"""Google Sheets (gspread) and Drive (google-api-python-client) with one credential: `Google.from_connection(mapping)`.

The vendor libraries are imported when a client is made, never by importing this package.
"""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rekap.services.google.calls import Caller, QuotaUsedUp
from rekap.services.google.credentials import access_of
from rekap.services.google.drive import Drive, Listing
from rekap.services.google.refusals import CredentialError
from rekap.services.google.sheets import Sheets

__all__ = ["CredentialError", "Drive", "Google", "Listing", "QuotaUsedUp", "Sheets"]


@dataclass(frozen=True)
class Google:
    """Both services for one credential. `email` is the address that files must be shared with."""

    sheets: Sheets
    drive: Drive
    email: str

    @classmethod
    def from_connection(
        cls, mapping: Mapping[str, Any], *, dsn: str | None = None, per_minute: int = 55,
        sleep: Callable[[float], None] = time.sleep,
    ) -> "Google":  # fmt: skip
        """A client from a connection {host, login, password, port, extra}; the extras are those of `access_of`.
        At most `per_minute` reads and as many writes a minute (of the 60 that Google allows one user), unless the
        extras say another number; shared by all processes through a DSN (default REKAP_WAREHOUSE, "" for none), else
        of this client alone. Asks the network nothing. Raises CredentialError when there is no usable key in it."""
        dsn = os.environ.get("REKAP_WAREHOUSE") if dsn is None else dsn
        access = access_of(mapping)
        caller = Caller(access.email, access.connection, dsn=dsn, sleep=sleep)
        return cls(
            sheets=Sheets(access.credentials, caller, access.sheets_endpoint, access.requests_per_minute or per_minute),
            drive=Drive(access.credentials, caller, access.drive_endpoint),
            email=access.email,
        )
