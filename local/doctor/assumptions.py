"""What Rekap relies on and could not be confirmed on a live account: the same list as docs/assumptions.md, in code.

A check gives one verdict for each number: as assumed, differs, or cannot be seen here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from local.doctor.findings import BAD, GOOD, NOTE, UNSEEN, Finding, Findings
from rekap.errors import Refused, RekapError

Check = tuple[tuple[int, ...], Callable[[], Iterable[Finding]]]  # the numbers it tells, and how


@dataclass(frozen=True)
class Assumption:
    """`otherwise`: what Rekap does where it is not so. `act`: a person has to do something then."""

    text: str
    otherwise: str
    act: bool = False


ASSUMED = {
    1: Assumption(
        "rows of `/projects/recordings.json?type=Todo` carry `assignees` and `due_on`",
        "rows without them are completed by one `GET /todos/{id}` each",
    ),
    2: Assumption(
        "`X-Total-Count` is sent for recordings and counts the whole list",
        "completeness is *unknown*, which counts as incomplete; the weekly sweep still finds what is missing",
    ),
    3: Assumption(
        "completing a to-do moves its `updated_at`",
        "the weekly sweep finds it: set `reading.sweep_days: 1` in rekap.yaml, then the next night does",
        act=True,
    ),
    4: Assumption(
        "a to-do in the bin is listed under `status=trashed` and still answered by GET",
        "an order whose to-do answers 404 is taken for gone after the sweep and a second look",
    ),
    5: Assumption(
        "refresh tokens of Basecamp do not rotate",
        "the new one is kept in the warehouse and used on: run `make connect-basecamp` and store what it prints",
        act=True,
    ),
    6: Assumption(
        "Drive's list lags at most 15 minutes behind the files (`reading.drive_overlap_minutes`)",
        "changes are found by the full read once a day: raise `reading.drive_overlap_minutes` in rekap.yaml",
        act=True,
    ),
    8: Assumption(
        "a service account has no storage, so files are made on a shared drive only",
        "files are made on the shared drive all the same; `make doctor` names folders that are not on one",
    ),
    9: Assumption(
        "`files.generateIds` gives ids in advance (that using one twice answers 409 can only be seen by writing)",
        "folders and uploads fail and are tried again; nothing is made twice",
        act=True,
    ),
    10: Assumption(
        "assigning somebody moves the to-do's `updated_at`",
        "the weekly sweep finds it, and reminders may come too late: set `reading.sweep_days: 1` in rekap.yaml",
        act=True,
    ),
    11: Assumption(
        "commenting moves the to-do's `updated_at`",
        "nothing is lost: comments are walked by themselves; Rekap's own reminders read fewer to-dos again",
    ),
    12: Assumption(
        "moving the date of a to-do moves its `updated_at`",
        "the weekly sweep finds it: set `reading.sweep_days: 1` in rekap.yaml, then the next night does",
        act=True,
    ),
    13: Assumption(
        "moving a to-do to another list moves its `updated_at`",
        "the weekly sweep finds it: set `reading.sweep_days: 1` in rekap.yaml, then the next night does",
        act=True,
    ),
    14: Assumption(
        "the next page stands in `Link` only, which is absent or blank on the last page",
        "the walk would end early or not at all: it stops with an error and the account is incomplete",
        act=True,
    ),
    15: Assumption(
        "pages are numbered",
        "cursors are followed as well: Rekap never builds the address of a page",
    ),
    16: Assumption(
        "pages hold 15, then 30, 50 and 100 rows",
        "a tick may cost more or fewer requests; nothing is lost",
    ),
    17: Assumption(
        "an `ETag` sent back in `If-None-Match` is answered by 304",
        "nothing: Rekap relies on the walk's order, not on caching",
    ),
    18: Assumption(
        "e-mail addresses come whole for an administrator",
        "nothing: people are known by the basecamp_id in clients.yaml, mails go to the addresses there",
    ),
    19: Assumption(
        "rows of the walk over comments carry `parent` and `content_attachments`",
        "posted files are read out of the comment's HTML; a comment without `parent` is skipped and counted",
    ),
    20: Assumption(
        "rows of to-dos carry `visible_to_clients`",
        "a to-do without it is taken for internal, and a client could read a reminder: keep house.delivery in shadow",
        act=True,
    ),
    21: Assumption(
        "open and completed to-dos come in one walk, with `completed`, and `completion` when done",
        "completed orders count as open until the tracker says done",
        act=True,
    ),
    22: Assumption(
        "people carry `attachable_sgid`, with which they are mentioned",
        "they are told by mail instead of a mention",
    ),
    23: Assumption(
        "the comments of a to-do come oldest first",
        "nothing: Rekap looks for its own comment in all of them",
    ),
    24: Assumption(
        "a posted file is had in two hops over the API's host, whole",
        "documentation is not delivered and its orders are named: report it",
        act=True,
    ),
    25: Assumption(
        "to-dos outside any list stand in the walk too",
        "orders entered there are not seen: enter them in a list",
    ),
    26: Assumption(
        "`version` of a file grows with every change",
        "a change may be found by the full read once a day only",
    ),
    27: Assumption(
        "Drive's list looks everywhere (`incompleteSearch` false)",
        "trackers that it leaves out are read all the same",
    ),
    28: Assumption(
        "one masked read brings values, formats and hidden flags of all tabs",
        "trackers cannot be read and their clients are incomplete: report it",
        act=True,
    ),
    29: Assumption(
        "a date in a cell is a number whose format is of the type DATE or DATE_TIME",
        "it is read as text where it can be, else the row is in quarantine with its cell",
    ),
    30: Assumption(
        "a file says who changed it last (`lastModifyingUser.emailAddress`)",
        "Rekap cannot tell people's edits from its own: a tracker counts as kept whoever touched it",
    ),
}

UNCHECKED = {
    7: (
        "IMPORTRANGE and other recalculations do not move `modifiedTime`",
        "it takes a change in another sheet and a wait",
    ),
    31: (
        "the published limit is 50 requests in 10 s for an address, and 429 tells `Retry-After`",
        "it takes a refusal",
    ),
    32: ("Google allows a user 60 reads and 60 writes of Sheets a minute", "it takes a refusal"),
    33: (
        "a comment mentions only people who are on the project, and the same POST twice is two comments",
        "it takes a comment",
    ),
    34: ("a PUT of a to-do clears the fields that it leaves out", "it takes a change"),
    35: ("RAW values stay text, whatever they begin with", "it takes a write"),
    36: ("consenting again may give the same refresh token", "it takes a person's consent"),
    37: (
        "in an archived project, to-dos outside any list can only be listed where the to-do set's `todos_url` answers",
        "it takes an archived project that holds some",
    ),
}


def assumed(number: int, evidence: str) -> Finding:
    return GOOD, f"{number:>2} as assumed: {ASSUMED[number].text} ({evidence})"


def differs(number: int, evidence: str) -> Finding:
    it = ASSUMED[number]
    sign = BAD if it.act else NOTE
    return sign, f"{number:>2} differs: {evidence}. Assumed was: {it.text}. Now: {it.otherwise}"


def unseen(number: int, why: str) -> Finding:
    return UNSEEN, f"{number:>2} cannot be seen here, {why}: {ASSUMED[number].text}"


def unchecked(*numbers: int) -> list[Finding]:
    """What reading cannot show on any account."""
    return [
        (UNSEEN, f"{number:>2} cannot be seen by reading, {UNCHECKED[number][1]}: {UNCHECKED[number][0]}")
        for number in numbers
    ]


def told(checks: Iterable[Check]) -> Findings:
    """What the checks find, in the order of the document. A check that is refused, or meets a record of an unexpected
    form, leaves its own numbers open and no other; any other error is raised when all before it is told."""
    found: list[Finding] = []
    trouble: RekapError | None = None
    for numbers, check in checks:
        before = len(found)
        try:
            for finding in check():
                found.append(finding)
            continue
        except Refused as error:
            why = f"it is refused ({str(error).rstrip('.')})"
        except RekapError as error:
            trouble = error
            break
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            why = f"a record has an unexpected form, report it ({type(error).__name__}: {error})"
        known = {int(text[:2]) for _, text in found[before:]}
        found += [unseen(number, why) for number in numbers if number not in known]
    yield from sorted(found, key=lambda each: int(each[1][:2]))
    if trouble:
        raise trouble
