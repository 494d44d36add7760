"""Basecamp's API by `requests`: lazy walks, retries where repeating is safe, comments, downloads in two hops.

Facts: reference/basecamp.md sections 1, 2, 5, 6. A write is sent once; reads and PUT are repeated.
"""

import logging
import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from html import escape
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from rekap.errors import PermanentError, Refused, TransientError, UnknownOutcome
from rekap.services import rate_limit
from rekap.services.answers import REPEATED, advice, never_sent, origin, path, retry_after
from rekap.services.basecamp_access import Access, Bearer
from rekap.services.rate_limit import LONGEST_WAIT, Limit, Paced, Shared

PRODUCTION = "https://3.basecampapi.com"
FILE_HOSTS = (".basecamp.com", ".basecampapi.com")
TIMEOUT = (5, 60)  # seconds to connect and to answer
ATTEMPTS = 5
CHUNK = 64 * 1024
IN_MEMORY = 1024 * 1024
log = logging.getLogger(__name__)
Json = dict[str, Any]


class Basecamp:
    """One account. `requests` counts what was sent, by method; `conn_id` names the connection in every message."""

    def __init__(
        self, base: str, access: Access, limit: Limit, *, storage: str = "", sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.base = base.rstrip("/")
        self.access = access
        self.limit = limit
        self.storage = storage
        self.sleep = sleep
        self.requests: Counter[str] = Counter()
        self._session = requests.Session()

    @classmethod
    def from_connection(cls, mapping: Mapping[str, Any], *, dsn: str | None = None, per_10_s: int = 49) -> "Basecamp":
        """From {host, login, password, port, extra}. host is the base address, with or without the account (then
        extra.account_id); empty means production. With a DSN (default REKAP_WAREHOUSE, "" for none) rate limit and
        token are shared by all processes on that warehouse."""
        dsn = os.environ.get("REKAP_WAREHOUSE") if dsn is None else dsn
        access = Access.from_connection(mapping, dsn=dsn)
        extra = mapping.get("extra") or {}
        base = _base(mapping.get("host"), mapping.get("port"), str(extra.get("account_id") or ""), access.conn_id)
        rate = rate_limit.basecamp(per_10_s)
        limit = Shared(dsn, f"basecamp {origin(base)}", rate) if dsn else Paced(rate)
        return cls(base, access, limit, storage=extra.get("storage_url") or "")

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        """The JSON of one GET. Raises PermanentError (4xx), TransientError (no answer, 5xx, long Retry-After)."""
        return self._json("GET", self._address(path), params=params)

    def walk(self, path: str, params: Mapping[str, Any] | None = None) -> "Walk":
        """The rows of a list, page by page as they are asked for."""
        return Walk(self, path, params)

    def put(self, path: str, body: Json) -> Any:
        """PUT replaces the whole record: read it first and send every field back."""
        return self._json("PUT", self._address(path), json=body)

    def post(self, path: str, body: Json) -> Any:
        """Sent once. Raises UnknownOutcome when it may have been applied, TransientError when it was not."""
        return self._json("POST", self._address(path), json=body)

    def comment(self, recording_id: int, html: str) -> Json:
        """Post a comment; the answer is the comment. Raises UnknownOutcome: read the thread before posting again."""
        made: Json = self.post(f"/recordings/{recording_id}/comments.json", {"content": html})
        return made

    def comments_of(self, recording_id: int) -> list[Json]:
        """Every comment of a to-do, oldest first."""
        return list(self.walk(f"/recordings/{recording_id}/comments.json"))

    @staticmethod
    def mention(person: Mapping[str, Any]) -> str:
        """The tag that mentions a person; `person` holds the `attachable_sgid` of Basecamp's list of people."""
        sgid = person.get("attachable_sgid")
        if not sgid:
            raise PermanentError(f"{person.get('name', 'this person')} cannot be mentioned: Basecamp gave no sgid.")
        return f'<bc-attachment sgid="{escape(str(sgid), quote=True)}"></bc-attachment>'

    def download(self, url: str, *, max_bytes: int) -> Iterator[bytes]:
        """The bytes of a posted file, in chunks, once it has arrived whole. Hop 1 goes to the API host with the bearer,
        hop 2 to where it points without it; a cut body starts again at hop 1. Raises PermanentError for a foreign host
        or a file above `max_bytes`, TransientError when it cannot be had now."""
        parts = urlsplit(url)
        if not self._is_ours(url):
            raise PermanentError(f"'{parts.hostname}' is not a host of Basecamp: the file is not fetched.")
        address = f"{origin(self.base)}{parts.path}" + (f"?{parts.query}" if parts.query else "")
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as spool:
            self._repeat("GET", f"download {parts.path}", lambda: self._fetch(address, spool, max_bytes))
            spool.seek(0)
            while chunk := spool.read(CHUNK):
                yield chunk

    def page(
        self, path: str, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> requests.Response:
        """One answer with its headers, parsed once to know that it is whole; 304 when `headers` ask for it."""
        address, more = self._address(path), {"params": params, "headers": headers or {}}
        response: requests.Response = self._repeat("GET", address, lambda: self._whole("GET", address, **more))
        return response

    def _address(self, path: str) -> str:
        address = path if "://" in path else f"{self.base}/{path.lstrip('/')}"
        if origin(address) != origin(self.base):
            raise PermanentError(f"connection '{self.access.conn_id}': refused to leave {origin(self.base)}.")
        return address

    def _is_ours(self, url: str) -> bool:
        host = urlsplit(url).hostname or ""
        ours = {origin(self.base), origin(self.storage)} if self.storage else {origin(self.base)}
        return origin(url) in ours or (url.startswith("https://") and f".{host}".endswith(FILE_HOSTS))

    def _json(self, method: str, address: str, **request: Any) -> Any:
        response = self._repeat(method, address, lambda: self._whole(method, address, **request))
        return response.json() if response.content else None

    def _whole(self, method: str, address: str, **request: Any) -> requests.Response:
        response = self._send(method, address, **request)
        if response.content and response.ok:
            response.json()  # a cut body is repeated like a cut connection
        return response

    def _send(self, method: str, address: str, **request: Any) -> requests.Response:
        """One request with the bearer. A refused token is renewed and the request sent again; twice, because the token
        that another process left may be refused too."""
        token = self.access.token()
        response = self._once(method, address, token, **request)
        for _ in range(2):
            if response.status_code != 401:
                break
            response.close()
            token = self.access.renew(token)
            response = self._once(method, address, token, **request)
        return response

    def _once(self, method: str, address: str, token: str, **request: Any) -> requests.Response:
        self.limit.take()
        self.requests[method] += 1
        headers = {"User-Agent": self.access.user_agent, "Accept": "application/json", **request.pop("headers", {})}
        given = {"headers": headers, "auth": Bearer(token), "timeout": TIMEOUT, "allow_redirects": False, **request}
        if method != "POST":
            return self._session.request(method, address, **given)
        # A connection of its own: one that the server closed while it was idle would leave the outcome unknown.
        with requests.Session() as fresh:
            return fresh.request(method, address, **given)

    def _repeat(self, method: str, what: str, call: Callable[[], requests.Response]) -> requests.Response:
        """Send until it is answered, as often as repeating is safe."""
        attempts = 1 if method == "POST" else ATTEMPTS
        for attempt in range(1, attempts + 1):
            asked: float | None = None
            try:
                response = call()
                if response.status_code not in REPEATED:
                    return self._accepted(response, method, what)
                problem, asked = f"answered {response.status_code}", retry_after(response)
                unsent = response.status_code == 429
                response.close()
            except (requests.RequestException, ValueError) as error:
                problem, unsent = f"did not answer whole ({type(error).__name__})", never_sent(error)
            wait = 2.0 ** (attempt - 1) if asked is None else max(asked, 0.5)
            if problem == "answered 429":
                self.limit.pause(wait)
            told = f"connection '{self.access.conn_id}': {method} {path(what)} {problem}"
            if method == "POST":
                if unsent:
                    raise TransientError(f"{told}; nothing was written.", retry_after=asked)
                raise UnknownOutcome(f"{told}; it may have been written: look before doing it again.")
            if attempt == attempts or wait > LONGEST_WAIT:
                raise TransientError(f"{told}; tried {attempt} times.", retry_after=asked)
            log.info("%s; trying again.", told)
            self.sleep(wait)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _accepted(self, response: requests.Response, method: str, what: str) -> requests.Response:
        if response.status_code < 300 or response.status_code == 304:
            return response
        told = (
            f"connection '{self.access.conn_id}': {method} {path(what)} answered {response.status_code};"
            f" {advice(response)}. ({response.text[:160].strip()})"
        )
        if response.status_code == 401 or "Reason" in response.headers:
            raise PermanentError(told)
        raise Refused(told, response.status_code)

    def _fetch(self, address: str, spool: Any, max_bytes: int) -> requests.Response:
        """Both hops into `spool`; the answer that decides what happens next."""
        spool.seek(0)
        spool.truncate()
        first = self._send("GET", address, stream=True)
        with closing(first):
            if first.status_code not in (301, 302, 303, 307):
                return _poured(first, spool, max_bytes)
            target = urljoin(address, first.headers.get("Location", ""))
        if urlsplit(target).scheme not in {"https", urlsplit(self.base).scheme}:
            raise PermanentError(f"connection '{self.access.conn_id}': a download points outside http(s): refused.")
        headers = {"User-Agent": self.access.user_agent}
        with requests.get(
            target, headers=headers, auth=Bearer(""), timeout=TIMEOUT, stream=True, allow_redirects=False
        ) as second:
            if second.status_code == 403:  # the signed address ran out: hop 1 gives a new one
                raise requests.exceptions.ChunkedEncodingError("the signed address expired")
            return _poured(second, spool, max_bytes)


class Walk:
    """The rows of a list. `total` is X-Total-Count once the first page was read; `pages` were asked for so far."""

    def __init__(self, basecamp: Basecamp, path: str, params: Mapping[str, Any] | None) -> None:
        self._basecamp = basecamp
        self._path = path
        self._params = params
        self.total: int | None = None
        self.pages = 0

    def __iter__(self) -> Iterator[Json]:
        for _, rows in self.each_page():
            yield from rows

    def each_page(self) -> Iterator[tuple[str, list[Json]]]:
        """(address, rows) of each page; a walk can begin anew at any address that an earlier one came to.
        Raises PermanentError when a page leads to another origin or back to itself."""
        address: str | None = self._basecamp._address(self._path)
        params, seen = self._params, set[str]()
        while address:
            if address in seen and self.pages:
                raise PermanentError(f"{path(address)}: a page of the list leads back to an earlier one.")
            seen.add(address)
            response = self._basecamp.page(address, params)
            self.pages += 1
            if self.total is None and (count := response.headers.get("X-Total-Count", "")).isdigit():
                self.total = int(count)
            rows = response.json()
            if not isinstance(rows, list):
                raise PermanentError(f"{path(address)}: expected a list, got {type(rows).__name__}.")
            yield response.url, rows
            following = response.links.get("next", {}).get("url")
            address, params = (
                (self._basecamp._address(urljoin(address, following)), None) if following else (None, None)
            )


def _base(host: str | None, port: int | None, account: str, conn_id: str) -> str:
    base = (host or PRODUCTION).rstrip("/")
    if "://" not in base:
        base = f"https://{base}" + (f":{port}" if port else "")
    if not urlsplit(base).path.strip("/"):
        if not account.isdigit():
            raise PermanentError(f"connection '{conn_id}': extra.account_id must be the number of the account.")
        base = f"{base}/{account}"
    return base


def _poured(response: requests.Response, spool: Any, max_bytes: int) -> requests.Response:
    """The answer with its body in `spool` when it is a file, in memory when it is a refusal."""
    if response.status_code != 200:
        response.content  # noqa: B018  # read before the connection closes: the message quotes it
        return response
    size = 0
    for chunk in response.iter_content(CHUNK):
        size += len(chunk)
        if size > max_bytes:
            raise PermanentError(f"the file is larger than {max_bytes} bytes; it is not fetched.")
        spool.write(chunk)
    return response
