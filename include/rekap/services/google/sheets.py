"""Google Sheets through gspread's HTTP client: only methods that cost one request each."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from rekap.services import rate_limit
from rekap.services.google.calls import TIMEOUT, Caller
from rekap.services.google.refusals import NoAnswer, unauthorised

if TYPE_CHECKING:
    from rekap.services.google.endpoint import EndpointClient

# One read brings all that the reader of trackers looks at; what nobody reads is left out, the payload is half as large.
GRID = (
    "spreadsheetId,properties(title,locale,timeZone),sheets(properties(sheetId,title,index,hidden,sheetType,"
    "gridProperties(rowCount,columnCount)),merges,data(startRow,startColumn,rowMetadata(hiddenByUser,hiddenByFilter),"
    "rowData(values(effectiveValue,formattedValue,hyperlink,effectiveFormat(numberFormat,textFormat(strikethrough))))))"
)
BASE = "https://sheets.googleapis.com/v4/spreadsheets"


class Sheets:
    """Reads and writes of spreadsheets, kept under `requests_per_minute` for reads and for writes."""

    def __init__(self, credentials: Any, caller: Caller, endpoint: str | None, requests_per_minute: int) -> None:
        self._credentials, self._caller, self._endpoint = credentials, caller, endpoint
        self._reads, self._writes = (caller.limit(way, requests_per_minute) for way in ("read", "write"))
        self._made: EndpointClient | None = None

    def limit(self, requests_per_minute: int) -> None:
        """Keep under this many reads and writes a minute from now on."""
        self._reads.rate = self._writes.rate = rate_limit.google(requests_per_minute)

    def spreadsheet(self, spreadsheet_id: str, fields: str) -> dict[str, Any]:
        """The masked Spreadsheet resource; one read. Raises PermanentError, CredentialError or TransientError."""
        return self._read(
            f"spreadsheet {spreadsheet_id}", lambda: self._client.spreadsheets_get(spreadsheet_id, {"fields": fields})
        )

    def grid(self, spreadsheet_id: str) -> dict[str, Any]:
        """All tabs with values, formats, strike-through, merges and hidden flags; one read."""
        return self.spreadsheet(spreadsheet_id, GRID)

    def values_get(self, spreadsheet_id: str, cells: str, render: str = "UNFORMATTED_VALUE") -> list[list[Any]]:
        """The values of one A1 range, rows as Google trims them; dates as serial numbers. One read."""
        answer = self._read(
            f"spreadsheet {spreadsheet_id}, {cells}",
            lambda: self._client.values_get(spreadsheet_id, cells, {"valueRenderOption": render}),
        )
        return list(answer.get("values", []))

    def values_batch_update(self, spreadsheet_id: str, data: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """Write [{range, values}] as they are (RAW: no text of a client becomes a formula). Absolute ranges, so that a
        repeat is the same. One write."""
        body = {"valueInputOption": "RAW", "data": list(data)}
        return self._write(
            f"writing values to spreadsheet {spreadsheet_id}",
            lambda: self._client.values_batch_update(spreadsheet_id, body),
            repeatable=True,
        )

    def batch_update(
        self, spreadsheet_id: str, requests: Sequence[dict[str, Any]], *, repeatable: bool = False
    ) -> dict[str, Any]:
        """Apply all requests or none. Unless `repeatable`, a lost answer raises UnknownOutcome: read before trying
        again. One write."""
        return self._write(
            f"changing spreadsheet {spreadsheet_id}",
            lambda: self._client.batch_update(spreadsheet_id, {"requests": list(requests)}),
            repeatable=repeatable,
        )

    def _read(self, what: str, send: Callable[[], Any]) -> dict[str, Any]:
        return self._caller.call(what, lambda: self._sent(send), repeatable=True, limit=self._reads)

    def _write(self, what: str, send: Callable[[], Any], *, repeatable: bool) -> dict[str, Any]:
        return self._caller.call(what, lambda: self._sent(send), repeatable=repeatable, limit=self._writes)

    @property
    def _client(self) -> "EndpointClient":
        if self._made is None:
            from rekap.services.google.endpoint import EndpointClient

            self._made = EndpointClient(self._credentials, self._endpoint)
            self._made.set_timeout(TIMEOUT)
        return self._made

    def _sent(self, send: Callable[[], Any]) -> dict[str, Any]:
        """The answer, with errors of requests and google-auth turned into NoAnswer and CredentialError."""
        import requests
        from google.auth.exceptions import RefreshError, TransportError

        try:
            answer: dict[str, Any] = send()
            return answer
        except RefreshError as error:
            if error.retryable:
                raise NoAnswer(f"the token endpoint failed ({error.args[0]})", sent=False) from error
            raise unauthorised(str(error.args[0]), self._caller.connection, self._caller.email) from error
        except TransportError as error:
            raise NoAnswer(f"the token endpoint does not answer ({type(error).__name__})", sent=False) from error
        except requests.JSONDecodeError as error:
            raise NoAnswer("the answer was cut off", sent=True) from error
        except requests.RequestException as error:
            raise NoAnswer(f"{type(error).__name__}", sent=not isinstance(error, requests.ConnectTimeout)) from error
