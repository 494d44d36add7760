"""Refusals in the two dialects that Google speaks: Sheets (google.rpc.Status) and Drive (errors[] with reasons)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

STATUS_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
}

DRIVE_REASONS = {
    400: "invalid",
    401: "authError",
    403: "insufficientFilePermissions",
    404: "notFound",
    501: "notImplemented",
}


@dataclass
class ApiError(Exception):
    """A refusal: HTTP `code`, `message` for the reader; `reason`, `domain`, `location` are used by Drive only,
    `details` by Sheets only."""

    code: int
    message: str
    reason: str | None = None
    domain: str = "global"
    location: str | None = None
    location_type: str = "parameter"
    details: list[dict[str, Any]] = field(default_factory=list)

    def body(self, service: str) -> dict[str, Any]:
        """The JSON body of this refusal as `service` ("sheets" or "drive") writes it."""
        if service == "drive":
            item = {
                "message": self.message,
                "domain": self.domain,
                "reason": self.reason or DRIVE_REASONS.get(self.code, "backendError"),
            }
            if self.location:
                item |= {"location": self.location, "locationType": self.location_type}
            return {"error": {"code": self.code, "message": self.message, "errors": [item]}}
        error: dict[str, Any] = {
            "code": self.code,
            "message": self.message,
            "status": STATUS_NAMES.get(self.code, "UNKNOWN"),
        }
        if self.details:
            error["details"] = self.details
        return {"error": error}


def bad_request(message: str, *violations: tuple[str, str]) -> ApiError:
    """A Sheets 400; `violations` are (field, description) and become google.rpc.BadRequest details."""
    details = []
    if violations:
        found = [{"field": name, "description": text} if name else {"description": text} for name, text in violations]
        details = [{"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": found}]
    return ApiError(400, message, details=details)


def no_such_file(file_id: str) -> ApiError:
    """Drive's answer for a file that is missing or that the caller may not see."""
    return ApiError(404, f"File not found: {file_id}.", reason="notFound", location="fileId")
