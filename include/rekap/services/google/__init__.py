"""Google Sheets (gspread) and Drive (google-api-python-client) with one credential: `Google.from_connection(mapping)`.

The vendor libraries are imported when a client is made, never by importing this package.
"""

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
    def from_connection(cls, mapping: Mapping[str, Any], *, sleep: Callable[[float], None] = time.sleep) -> "Google":
        """A client from a connection {host, login, password, port, extra}; the extras are those of `access_of`.
        Asks the network nothing. Raises CredentialError when there is no usable key in it."""
        access = access_of(mapping)
        caller = Caller(access.email, access.connection, sleep=sleep)
        return cls(
            sheets=Sheets(access.credentials, caller, access.sheets_endpoint, access.requests_per_minute),
            drive=Drive(access.credentials, caller, access.drive_endpoint),
            email=access.email,
        )
