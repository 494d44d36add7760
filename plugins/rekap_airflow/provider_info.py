"""What Airflow learns from the entry point `apache_airflow_provider`: the forms of two connection types."""

from typing import Any


def _text(label: str, description: str, **schema: Any) -> dict[str, Any]:
    return {"label": label, "description": description, "schema": {"type": ["string", "null"], **schema}}


def get_provider_info() -> dict[str, Any]:
    """The forms under Admin → Connections; secrets are marked, so that they are masked."""
    return {
        "package-name": "rekap",
        "name": "Rekap",
        "description": "Basecamp, Google Sheets and Drive as Rekap uses them.",
        "connection-types": [
            {
                "connection-type": "basecamp",
                "hook-class-name": "rekap_airflow.hooks.basecamp.BasecampHook",
                "hook-name": "Basecamp (Rekap)",
                "ui-field-behaviour": {
                    "hidden-fields": ["schema", "port"],
                    "relabeling": {"host": "Base URL", "login": "Client id", "password": "Client secret"},
                    "placeholders": {"host": "https://3.basecampapi.com"},
                },
                "conn-fields": {
                    "account_id": _text("Account id", "The number in the account's address."),
                    "refresh_token": _text(
                        "Refresh token", "From `make connect-basecamp`, given by Rekap's own user.", format="password"
                    ),
                    "user_agent": _text("User agent", "Name and contact, as Basecamp demands: Rekap (you@company)."),
                    "token_url": _text("Token URL", "Where the refresh token is exchanged; empty for Basecamp's own."),
                    "storage_url": _text("Storage URL", "Where downloads may lead; empty for Basecamp's own."),
                },
            },
            {
                "connection-type": "rekap_google",
                "hook-class-name": "rekap_airflow.hooks.google.GoogleHook",
                "hook-name": "Google Sheets and Drive (Rekap)",
                "ui-field-behaviour": {
                    "hidden-fields": ["host", "port", "schema", "login", "password"],
                    "relabeling": {},
                    "placeholders": {},
                },
                "conn-fields": {
                    "keyfile_dict": _text("Key file", "The service account's whole JSON key.", format="password"),
                    "subject": _text("Subject", "The user to act as; empty for the service account itself."),
                    "sheets_endpoint": _text("Sheets endpoint", "Empty for Google's own."),
                    "drive_endpoint": _text("Drive endpoint", "Empty for Google's own."),
                },
            },
        ],
    }
