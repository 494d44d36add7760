"""What a connection's extras say: whose key, which user to act for, which addresses."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rekap.services.google.refusals import CredentialError

SCOPES = ["https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive"]
PREFIX = "extra__google_cloud_platform__"  # how older forms of Airflow's own Google connection name their extras


@dataclass(frozen=True)
class Access:
    """A credential and where to use it; `email` is the address that files must be shared with."""

    credentials: Any
    email: str
    connection: str
    sheets_endpoint: str | None
    drive_endpoint: str | None
    requests_per_minute: int | None


def access_of(mapping: Mapping[str, Any]) -> Access:
    """Extras: `keyfile_dict` (JSON text or object; a service account or an authorized_user) or `keyfile_path`,
    `subject` (the user to act for), `sheets_endpoint`, `drive_endpoint` (origins, for the sandbox), and
    `requests_per_minute`. The extras of Airflow's type google_cloud_platform (`key_path`) are understood too.
    Raises CredentialError with what is missing."""
    connection = str(mapping.get("conn_id") or "rekap_google")
    extra = {str(name).removeprefix(PREFIX): value for name, value in (mapping.get("extra") or {}).items()}
    key = _key(extra, connection)
    subject = extra.get("subject") or None
    return Access(
        credentials=_credentials(key, subject, connection),
        email=str(subject or key.get("client_email") or key.get("account") or "the user who gave consent"),
        connection=connection,
        sheets_endpoint=_origin(extra.get("sheets_endpoint")),
        drive_endpoint=_origin(extra.get("drive_endpoint")),
        requests_per_minute=int(extra.get("requests_per_minute") or 0) or None,
    )


def _key(extra: Mapping[str, Any], connection: str) -> dict[str, Any]:
    found = extra.get("keyfile_dict")
    path = extra.get("keyfile_path") or extra.get("key_path")
    if not found and path:
        try:
            found = Path(str(path)).read_text(encoding="utf-8")
        except OSError as error:
            raise CredentialError(
                f"connection '{connection}': the key file {path} cannot be read ({error.strerror}); correct the path or"
                " paste the key into keyfile_dict."
            ) from error
    if isinstance(found, str):
        try:
            found = json.loads(found)
        except ValueError as error:
            raise CredentialError(
                f"connection '{connection}': the key is no JSON; paste the whole key file of the service account."
            ) from error
    if not isinstance(found, dict) or not found:
        raise CredentialError(
            f"connection '{connection}': there is no key; put the service account's key file into the extra"
            " keyfile_dict."
        )
    return found


def _credentials(key: dict[str, Any], subject: str | None, connection: str) -> Any:
    try:
        if key.get("type") == "authorized_user":
            from google.oauth2 import credentials

            return credentials.Credentials.from_authorized_user_info(key, SCOPES)  # type: ignore[no-untyped-call]  # untyped in google-auth
        from google.oauth2 import service_account

        made = service_account.Credentials.from_service_account_info
        return made(key, scopes=SCOPES, subject=subject)  # type: ignore[no-untyped-call]  # untyped in google-auth
    except ValueError as error:
        # The library's own text may quote the key: only its kind is repeated.
        raise CredentialError(
            f"connection '{connection}': the key is neither that of a service account nor of an authorized user"
            f" ({type(error).__name__}); download it again and paste the whole file."
        ) from None


def _origin(value: object) -> str | None:
    return str(value).rstrip("/") if value else None
