"""What an HTTP answer says about trying again, and what of an address may be shown."""

import time
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import NewConnectionError

REPEATED = frozenset((429, 500, 502, 503, 504))
ADVICE = {
    401: "the token is refused though it is new: Rekap's Basecamp user must consent again, run `make connect-basecamp`",
    403: "Rekap's Basecamp user lacks the right: give it access to the project, or make it an administrator",
    404: "the record is gone or Rekap's Basecamp user cannot see it: add that user to the project",
    507: "the account has reached a limit of its plan: free some space in Basecamp",
}


def advice(response: requests.Response) -> str:
    """What a person must do about a refusal of Basecamp."""
    if response.headers.get("Reason") == "Account Inactive":
        return "the Basecamp account is switched off: its owner must reactivate it"
    return ADVICE.get(response.status_code, "the request is refused and repeating cannot help")


def origin(url: str) -> str:
    """Scheme, host and port."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def path(address: str) -> str:
    """What may stand in a log: never the query, which can hold a signature."""
    return urlsplit(address).path if "://" in address else address


def retry_after(response: requests.Response) -> float | None:
    """Seconds of Retry-After, given as a number or as an HTTP date."""
    value = response.headers.get("Retry-After", "").strip()
    if value.isdigit():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time()) if value else None
    except (TypeError, ValueError):
        return None


def never_sent(error: Exception) -> bool:
    """Whether the connection was never made, so that nothing can have been applied."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    inner = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(inner, NewConnectionError)
