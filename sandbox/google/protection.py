"""Protected ranges: who may write where."""

from __future__ import annotations

from typing import Any

from sandbox.google import access
from sandbox.google.a1 import Rectangle, from_grid_range
from sandbox.google.errors import bad_request
from sandbox.google.state import Book, Principal, State

MESSAGE = (
    "You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove protection "
    "if you need to edit."
)


def may_edit(state: State, book: Book, protected: dict[str, Any], who: Principal) -> bool:
    """Whether a user may edit what a ProtectedRange covers: listed editors and the file's owner."""
    if protected.get("warningOnly"):
        return True
    file = state.find(book["spreadsheetId"])
    if file is not None and access.rank(state, file, who) >= access.RANK["owner"]:
        return True
    editors = protected.get("editors", {}).get("users", [])
    return who.email.casefold() in {str(user).casefold() for user in editors}


def check(state: State, book: Book, place: Rectangle, who: Principal) -> None:
    """Raises ApiError 400 when the rectangle touches a cell that is protected from this user."""
    for protected in place.sheet.get("protectedRanges", ()):
        if may_edit(state, book, protected, who):
            continue
        guarded = from_grid_range(book, protected.get("range", {"sheetId": place.sheet["properties"]["sheetId"]}))
        top, left = max(guarded.top, place.top), max(guarded.left, place.left)
        bottom, right = min(guarded.bottom, place.bottom), min(guarded.right, place.right)
        if top >= bottom or left >= right:
            continue
        holes = [from_grid_range(book, hole) for hole in protected.get("unprotectedRanges", [])]
        if any(h.top <= top and h.left <= left and h.bottom >= bottom and h.right >= right for h in holes):
            continue
        raise bad_request(MESSAGE)


def seen_by(state: State, book: Book, sheet: dict[str, Any], who: Principal) -> list[dict[str, Any]]:
    """The sheet's protected ranges as this user gets them: editors are shown to those who may edit only."""
    found = []
    for protected in sheet["protectedRanges"]:
        if may_edit(state, book, protected, who):
            found.append({**protected, "requestingUserCanEdit": True})
        else:
            found.append({name: value for name, value in protected.items() if name != "editors"})
    return found
