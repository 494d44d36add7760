"""Google's refusals in both dialects (google.rpc.Status, Drive's errors[]), as sentences that say what to do."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rekap.errors import PermanentError

QUOTA = {"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"}
SCOPE = {"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}
DISABLED = {"accessNotConfigured", "SERVICE_DISABLED"}


class CredentialError(PermanentError):
    """The credential itself is wrong: no file at all can be reached with it."""


@dataclass
class Refused(Exception):
    """An answer with a status that is no success. `retry_after` is in seconds."""

    status: int
    message: str
    reason: str = ""
    retry_after: float | None = None

    @property
    def is_quota(self) -> bool:
        return self.status == 429 or (self.status == 403 and self.reason in QUOTA)


class NoAnswer(Exception):
    """The connection failed. `sent` is False when the request certainly did not reach the server."""

    def __init__(self, message: str, *, sent: bool) -> None:
        super().__init__(message)
        self.sent = sent


def refused(status: int, headers: Mapping[str, Any], body: bytes | str) -> Refused:
    """A Refused from an HTTP answer; pages of a front end that are no JSON are understood by their status."""
    try:
        error = json.loads(body)["error"]
        message = str(error["message"])
        reasons = [*(item.get("reason") for item in error.get("errors", ())),
                   *(item.get("reason") for item in error.get("details", ())), error.get("status")]  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError):
        message, reasons = "an answer that is no JSON", []
    retry_after = str(next((value for name, value in headers.items() if str(name).lower() == "retry-after"), ""))
    return Refused(
        status,
        message,
        next((str(reason) for reason in reasons if reason), ""),
        float(retry_after) if retry_after.isdigit() else None,
    )


def explained(refusal: Refused, what: str, email: str, connection: str) -> PermanentError:
    """The error for a refusal that repeating cannot help; it names the connection, what is missing, what to do."""
    told = f"(connection '{connection}', Google said {refusal.status}: {refusal.message})"
    if refusal.status == 401:
        return CredentialError(f"{what}: Google does not accept the credential; make a new key and paste it {told}.")
    if refusal.reason in SCOPE:
        return CredentialError(
            f"{what}: the credential lacks a scope; allow it https://www.googleapis.com/auth/spreadsheets and"
            f" https://www.googleapis.com/auth/drive {told}."
        )
    if refusal.reason in DISABLED:
        return CredentialError(
            f"{what}: the API is switched off in the key's Google Cloud project; enable Google Sheets API and"
            f" Google Drive API there {told}."
        )
    if refusal.reason == "storageQuotaExceeded":
        return PermanentError(
            f"{what}: a service account owns no storage, so it cannot make files in My Drive, not even in a folder"
            f" shared with it; use a folder on a shared drive with {email} as content manager, or set the extra"
            f" 'subject' to a user {told}."
        )
    if refusal.status == 403:
        return PermanentError(f"{what}: it is not shared with {email} so far that this is allowed; share it {told}.")
    if refusal.status == 404:
        return PermanentError(
            f"{what}: it does not exist or is not shared with {email}; share it or correct the id {told}."
        )
    if refusal.status == 400 and "not supported for this document" in refusal.message:
        return PermanentError(
            f"{what}: the file is no Google Sheet; save it as Google Sheets and use the new id {told}."
        )
    return PermanentError(f"{what}: Google refused the request {told}.")


def unauthorised(message: str, connection: str, email: str) -> CredentialError:
    """The error for a refresh that the token endpoint refused; `message` is its own text."""
    if "unauthorized_client" in message:
        todo = f"allow domain-wide delegation for both scopes to act for {email}, or empty the extra 'subject'"
    elif "invalid_scope" in message:
        todo = "allow the scopes spreadsheets and drive to it"
    else:
        todo = "the key was deleted, disabled or revoked, or this machine's clock is wrong: make a new key and paste it"
    return CredentialError(f"connection '{connection}': Google gives no token for {email} ({message}); {todo}.")
