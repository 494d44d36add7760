"""What moves a to-do's updated_at: read off records that exist.

A to-do that is older than something that happened to it proves that this does not move it. One that carries the very
moment proves that it does. Everything in between was moved by something else later and proves nothing.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from local.doctor.account import LOOKED_AT, Account, at
from local.doctor.assumptions import assumed, differs, unseen
from local.doctor.findings import Finding, Findings

CLOSE = timedelta(
    seconds=2
)  # between what happened and the to-do's stamp, seen as milliseconds in the vendor's examples
ACTIONS = {10: ("assignment_changed",), 12: ("due", "schedul"), 13: ("adopted", "moved")}
WHAT = {10: "an assignment", 12: "a new date", 13: "a move to another list"}
Pair = tuple[datetime, datetime]  # what happened to a to-do, and the to-do's updated_at


def examine(account: Account) -> Findings:
    done = [row for row in account.todos if (row.get("completion") or {}).get("created_at")]
    yield _judged(3, "a completion", [(at(row["completion"]["created_at"]), at(row["updated_at"])) for row in done])
    yield _judged(11, "a comment", _commented(account))
    for number, parts in ACTIONS.items():
        yield _judged(number, WHAT[number], list(_happened(account, parts)))


def _commented(account: Account) -> list[Pair]:
    """The newest comment of each to-do, the to-dos with the newest comments first."""
    newest: dict[int, datetime] = {}
    for row in account.comments:
        if (row.get("parent") or {}).get("type") == "Todo":
            newest.setdefault(row["parent"]["id"], at(row["created_at"]))
    found = ((moment, account.known(todo)) for todo, moment in list(newest.items())[:LOOKED_AT])
    return [(moment, at(todo["updated_at"])) for moment, todo in found if todo]


def _happened(account: Account, parts: tuple[str, ...]) -> Iterable[Pair]:
    for todo, events in account.histories:
        moments = [at(event["created_at"]) for event in events if any(part in event["action"] for part in parts)]
        if moments:
            yield max(moments), at(todo["updated_at"])


def _judged(number: int, what: str, pairs: list[Pair]) -> Finding:
    older = [pair for pair in pairs if pair[1] < pair[0] - CLOSE]
    same = [pair for pair in pairs if abs(pair[1] - pair[0]) <= CLOSE]
    if older:
        return differs(number, f"{len(older)} of {len(pairs)} to-dos are older than {what} of theirs")
    if same:
        return assumed(number, f"{len(same)} of {len(pairs)} to-dos carry its moment, none is older")
    if pairs:
        return unseen(number, f"all {len(pairs)} to-dos with {what} were moved by something later")
    return unseen(number, f"no to-do looked at has {what}")
