"""Google Drive through google-api-python-client. Whatever is created carries an id that was generated before."""

import hashlib
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from http.client import HTTPException
from typing import Any, BinaryIO, TypeVar

from rekap.errors import PermanentError, TransientError
from rekap.services.google.calls import Caller
from rekap.services.google.refusals import NoAnswer, refused, unauthorised

T = TypeVar("T")

FOLDER = "application/vnd.google-apps.folder"
MADE = "id,name,mimeType,parents,trashed,md5Checksum,size,webViewLink,appProperties,driveId"
SIMPLE = 5 * 1024 * 1024  # bytes; larger files go up in pieces
PIECE = 8 * 1024 * 1024  # bytes; a multiple of 256 KiB
TIMEOUT = 120  # seconds
PAGE = 1000
IDS_A_CALL = 1000


@dataclass(frozen=True)
class Listing:
    """Files as asked for. `incomplete`: Google did not search everywhere, so what is missing may exist; `pages`: calls
    it took; `whole`: false when pages were left unread because the caller had enough."""

    files: list[dict[str, Any]]
    incomplete: bool
    pages: int = 1
    whole: bool = True


class Drive:
    """Lists, looks and creates; nothing here deletes, moves or renames."""

    def __init__(self, credentials: Any, caller: Caller, endpoint: str | None) -> None:
        self._credentials, self._caller, self._endpoint = credentials, caller, endpoint
        self._made: Any = None

    def files(
        self, q: str, fields: str, drive: str | None = None, *, order: str | None = None,
        enough: Callable[[list[dict[str, Any]]], bool] | None = None,
    ) -> Listing:  # fmt: skip
        """Every file that matches `q`, on shared drives too; `fields` are those of one file (`id,name`); `drive` keeps
        to one shared drive; `order` as Drive's orderBy (`modifiedTime desc`). `enough` is asked after each page and
        ends the walk there, unless Google did not search everywhere. Raises PermanentError, CredentialError or
        TransientError."""
        wanted: dict[str, Any] = {
            "q": q, "fields": f"nextPageToken,incompleteSearch,files({fields})", "pageSize": PAGE,
            "supportsAllDrives": True, "includeItemsFromAllDrives": True,
            "corpora": "drive" if drive else "allDrives",
        }  # fmt: skip
        if drive:
            wanted["driveId"] = drive
        if order:
            wanted["orderBy"] = order
        found: list[dict[str, Any]] = []
        incomplete, token, pages = False, None, 0
        while True:
            wanted["pageToken"] = token
            page = self._call("listing Drive files", lambda: self._files.list(**wanted))
            files, pages = page.get("files", []), pages + 1
            found += files
            incomplete = incomplete or bool(page.get("incompleteSearch"))
            token = page.get("nextPageToken")
            if not token or (enough and not incomplete and enough(files)):
                return Listing(found, incomplete, pages, whole=not token)

    def get(self, file_id: str, fields: str) -> dict[str, Any]:
        """One file or folder. Raises PermanentError when it does not exist or is not shared."""
        return self._call(
            f"Drive file {file_id}", lambda: self._files.get(fileId=file_id, fields=fields, supportsAllDrives=True)
        )

    def about(self, fields: str) -> dict[str, Any]:
        """Who the credential is and what storage it has."""
        return self._call("asking Drive who this is", lambda: self._service_made.about().get(fields=fields))

    def generate_ids(self, n: int) -> list[str]:
        """`n` fresh ids for `create_folder` and `upload`; keep them in the database before they are used."""
        ids: list[str] = []
        while len(ids) < n:
            count = min(n - len(ids), IDS_A_CALL)
            answer = self._call("reserving Drive ids", partial(self._generate, count))
            ids += answer["ids"]
        return ids

    def create_folder(
        self, folder_id: str, name: str, parent: str, app_properties: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Make a folder under its reserved id, or find it made: the file with id, name, parents, webViewLink. A person
        may have renamed or moved it since. Raises PermanentError when the id is something else or lies in the bin."""
        body = {
            "id": folder_id, "name": name, "mimeType": FOLDER, "parents": [parent],
            "appProperties": dict(app_properties or {}),
        }  # fmt: skip
        what = f"making Drive folder '{name}' in {parent}"
        try:
            return self._call(
                what, lambda: self._files.create(body=body, fields=MADE, supportsAllDrives=True), taken=True
            )
        except _Taken:
            found = self.get(folder_id, MADE)
        if found.get("mimeType") != FOLDER or found.get("trashed"):
            state = "lies in the bin: restore it" if found.get("trashed") else "is no folder: report it"
            raise PermanentError(f"{what}: its id {folder_id} is in use and {state}.")
        return found

    def upload(
        self, file_id: str, name: str, parent: str, content: bytes | BinaryIO, mime: str,
        app_properties: Mapping[str, str] | None = None, md5: str | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Create a file under its reserved id, or find it created: the file with id, md5Checksum, webViewLink.

        `content`: bytes or a seekable stream; `md5` (hex) is computed when it is not given. Raises PermanentError when
        the id holds other content, TransientError when what arrived is not what was sent."""
        stream = io.BytesIO(content) if isinstance(content, bytes) else content
        digest = md5 or _md5(stream)
        body = {"id": file_id, "name": name, "parents": [parent], "appProperties": dict(app_properties or {})}
        what = f"uploading '{name}' to Drive folder {parent}"
        try:
            made = self._uploaded(what, body, stream, mime)
        except _Taken:
            found = self.get(file_id, MADE)
            if found.get("md5Checksum") != digest:
                raise PermanentError(
                    f"{what}: its id {file_id} holds another content already; report it, nothing was overwritten."
                ) from None
            return found
        if made.get("md5Checksum") not in (None, digest):
            raise TransientError(f"{what}: what arrived differs from what was sent; look at file {file_id}.")
        return made

    def _uploaded(self, what: str, body: dict[str, Any], stream: BinaryIO, mime: str) -> dict[str, Any]:
        from googleapiclient.http import MediaIoBaseUpload

        size = stream.seek(0, io.SEEK_END)
        in_pieces = size > SIMPLE

        def request() -> Any:
            stream.seek(0)
            media = MediaIoBaseUpload(stream, mime, chunksize=PIECE, resumable=in_pieces)
            return self._files.create(body=body, media_body=media, fields=MADE, supportsAllDrives=True)

        if not in_pieces:
            return self._call(what, request, taken=True)
        # One request object keeps the session; after a failure it asks how far it came and goes on from there.
        going = request()

        def piece() -> dict[str, Any] | None:
            done: dict[str, Any] | None = self._sent(lambda: going.next_chunk(num_retries=0)[1], taken=True)
            return done

        made: dict[str, Any] | None = None
        while made is None:
            made = self._caller.call(what, piece, repeatable=True)
        return made

    def _call(self, what: str, request: Callable[[], Any], *, taken: bool = False) -> dict[str, Any]:
        """Execute a request that is built anew for each attempt. `taken`: raise _Taken on 409."""

        def send() -> dict[str, Any]:
            answer: dict[str, Any] = self._sent(lambda: request().execute(num_retries=0), taken=taken)
            return answer

        return self._caller.call(what, send, repeatable=True)

    def _generate(self, count: int) -> Any:
        return self._files.generateIds(count=count, space="drive")

    @property
    def _files(self) -> Any:
        return self._service_made.files()

    @property
    def _service_made(self) -> Any:
        if self._made is None:
            self._made = self._service()
        return self._made

    def _service(self) -> Any:
        import httplib2
        from google_auth_httplib2 import AuthorizedHttp
        from googleapiclient.discovery import build_from_document
        from googleapiclient.discovery_cache import get_static_doc

        document = json.loads(get_static_doc("drive", "v3"))
        if self._endpoint:
            # The address of an upload is made from rootUrl: client_options would leave it at https.
            document.update(rootUrl=f"{self._endpoint}/", baseUrl=f"{self._endpoint}/drive/v3/")
        http = httplib2.Http(timeout=TIMEOUT)
        http.redirect_codes = http.redirect_codes - {308}  # of a piece of an upload it means: go on
        return build_from_document(document, http=AuthorizedHttp(self._credentials, http=http))

    def _sent(self, send: Callable[[], T], *, taken: bool = False) -> T:
        """The answer, with errors of the vendor's libraries turned into Refused, NoAnswer and _Taken."""
        from google.auth.exceptions import RefreshError, TransportError
        from googleapiclient.errors import HttpError
        from httplib2 import HttpLib2Error

        try:
            return send()
        except HttpError as error:
            if taken and error.resp.status == 409:
                raise _Taken from error
            raise refused(error.resp.status, error.resp, error.content) from error
        except RefreshError as error:
            if error.retryable:
                raise NoAnswer(f"the token endpoint failed ({error.args[0]})", sent=False) from error
            raise unauthorised(str(error.args[0]), self._caller.connection, self._caller.email) from error
        except TransportError as error:
            raise NoAnswer(f"the token endpoint does not answer ({type(error).__name__})", sent=False) from error
        except (HttpLib2Error, HTTPException, OSError) as error:  # HTTPException: the answer was cut off
            raise NoAnswer(type(error).__name__, sent=True) from error


class _Taken(Exception):
    """The reserved id exists: a create before this one arrived."""


def _md5(stream: BinaryIO) -> str:
    digest = hashlib.md5(usedforsecurity=False)
    stream.seek(0)
    while piece := stream.read(1024 * 1024):
        digest.update(piece)
    return digest.hexdigest()
