"""What moves a to-do's updated_at: read off records that exist.

A to-do that is older than something that happened to it proves that this does not move it. One that carries the very
moment proves that it does. Everything in between was moved by something else later and proves nothing.
"""

from datetime import datetime, timedelta

from local.doctor.account import LOOKED_AT, Account, at
from local.doctor.assumptions import Check, assumed, differs, unseen
from local.doctor.findings import Finding

CLOSE = timedelta(
    seconds=2
)  # between what happened and the to-do's stamp, seen as milliseconds in the vendor's examples
ACTIONS = {10: ("assignment_changed",), 12: ("due", "schedul"), 13: ("adopted", "moved")}
WHAT = {10: "an assignment", 12: "a new date", 13: "a move to another list"}
Pair = tuple[datetime, datetime]  # what happened to a to-do, and the to-do's updated_at


def checks(account: Account) -> list[Check]:
    return [
        ((3,), lambda: [_judged(3, "a completion", _completed(account))]),
        ((11,), lambda: [_judged(11, "a comment", _commented(account))]),
        (tuple(ACTIONS), lambda: [_judged(n, WHAT[n], _happened(account, parts)) for n, parts in ACTIONS.items()]),
    ]


def _completed(account: Account) -> list[Pair]:
    done = [row for row in account.todos if (row.get("completion") or {}).get("created_at")]
    return [(at(row["completion"]["created_at"]), at(row["updated_at"])) for row in done]


def _commented(account: Account) -> list[Pair]:
    """The newest comment of each to-do, the to-dos with the newest comments first."""
    newest: dict[int, datetime] = {}
    for row in account.comments:
        if (row.get("parent") or {}).get("type") == "Todo":
            newest.setdefault(row["parent"]["id"], at(row["created_at"]))
    found = ((moment, account.known(todo)) for todo, moment in list(newest.items())[:LOOKED_AT])
    return [(moment, at(todo["updated_at"])) for moment, todo in found if todo]


def _happened(account: Account, parts: tuple[str, ...]) -> list[Pair]:
    """The newest event of a kind of each to-do whose history is looked at."""
    found = []
    for todo, events in account.histories:
        moments = [at(event["created_at"]) for event in events if any(part in event["action"] for part in parts)]
        if moments:
            found.append((max(moments), at(todo["updated_at"])))
    return found


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
