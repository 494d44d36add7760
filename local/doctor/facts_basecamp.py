"""Basecamp's lists and records against docs/assumptions.md. Facts: reference pages of the API, inferred there."""

from collections.abc import Iterable
from urllib.parse import parse_qs, urlsplit

from local.doctor.account import Account, Json
from local.doctor.assumptions import Check, assumed, differs, unchecked, unseen
from local.doctor.findings import Finding, Findings
from rekap.errors import RekapError

BULLET = "•"
GEARS = (15, 30)
LARGEST = 3_000_000  # bytes of the posted file that is fetched


def checks(account: Account, *, admin: bool) -> list[Check]:
    """Every number about lists, records and tokens, and what only a refusal or a write would show."""
    return [
        ((1, 2, 20, 21, 25), lambda: _todos(account)),
        ((4,), lambda: _bin(account)),
        ((14, 15, 16), lambda: _pages(account)),
        ((17,), lambda: [_caching(account)]),
        ((18, 22), lambda: _people(account, admin)),
        ((19, 23), lambda: _comments(account)),
        ((24,), lambda: [_file(account)]),
        ((5,), lambda: [_rotation(account)]),
        ((), lambda: unchecked(31, 33, 34, 36, 37)),
    ]


def _keys(number: int, rows: Iterable[Json], *keys: str) -> Finding:
    rows = list(rows)
    if not rows:
        return unseen(number, "the account shows no such record")
    lacking = {key: sum(key not in row for row in rows) for key in keys}
    if told := [f"{count} of {len(rows)} rows lack {key}" for key, count in lacking.items() if count]:
        return differs(number, ", ".join(told))
    return assumed(number, f"{len(rows)} rows looked at")


def _todos(account: Account) -> Findings:
    rows = account.todos
    yield _keys(1, rows, "assignees", "due_on")
    yield _keys(20, rows, "visible_to_clients")
    done = [row for row in rows if row.get("completed")]
    if any("completed" not in row for row in rows) or any("completion" not in row for row in done):
        yield differs(21, "rows lack completed or completion")
    elif done and len(done) < len(rows):
        yield assumed(21, f"{len(done)} of {len(rows)} are completed")
    else:
        yield unseen(21, f"{len(done)} of {len(rows)} to-dos are completed")
    loose = [row for row in rows if (row.get("parent") or {}).get("type") == "Todoset"]
    yield assumed(25, f"{len(loose)} of {len(rows)}") if loose else unseen(25, "all to-dos looked at lie in lists")
    first = account.pages[0]
    told = first.headers.get("X-Total-Count", "")
    more = "next" in account.pages[-1].links
    if not told.isdigit():
        yield differs(2, "no such header came")
    elif int(told) < len(rows) or (not more and int(told) != len(rows)):
        yield differs(2, f"it says {told}, the list holds {'more than ' if more else ''}{len(rows)}")
    else:
        yield assumed(2, f"it says {told}, {'the first ' if more else 'all '}{len(rows)} were read")


def _bin(account: Account) -> Findings:
    if not account.trashed:
        yield unseen(4, "no to-do lies in the bin")
        return
    strange = [row for row in account.trashed if row.get("status") != "trashed"]
    found = account.todo(account.trashed[0]["id"])
    if strange or found is None or found.get("status") != "trashed":
        told = "answers 404" if found is None else f"has the status {found.get('status')}"
        yield differs(4, f"a listed to-do {told if not strange else 'is not in the bin'}")
    else:
        yield assumed(4, f"{len(account.trashed)} listed, one asked for")


def _pages(account: Account) -> Findings:
    first = account.pages[0]
    following = first.links.get("next", {}).get("url")
    last = next((page for page in (account.people_end, *account.pages) if "next" not in page.links), None)
    if last is None:
        yield unseen(14, "every list is longer than what was read")
    elif account.people.links.get("next") or following:
        yield assumed(
            14, "a Link leads on, and it is " + ("blank" if "Link" in last.headers else "absent") + " at the end"
        )
    else:
        yield assumed(14, "one page, without a Link")
    if not following:
        yield unseen(15, "no list has a second page")
        yield unseen(16, "no list has a second page")
        return
    page = parse_qs(urlsplit(following).query).get("page", [""])[0]
    yield assumed(15, f"page={page}") if page.isdigit() else differs(15, "the Link holds a cursor")
    sizes = [len(page.json()) for page in account.pages]
    whole = sizes if "next" in account.pages[-1].links else sizes[:-1]
    told = ", ".join(map(str, whole))
    yield assumed(16, told) if tuple(whole) == GEARS[: len(whole)] else differs(16, f"they hold {told}")


def _caching(account: Account) -> Finding:
    tag = account.people.headers.get("ETag")
    if not tag:
        return differs(17, "no ETag came")
    again = account.basecamp.page("/people.json", headers={"If-None-Match": tag})
    return assumed(17, "304") if again.status_code == 304 else differs(17, f"the answer was {again.status_code}")


def _people(account: Account, admin: bool) -> Findings:
    rows = account.people.json()
    yield _keys(22, rows, "attachable_sgid")
    masked = [row for row in rows if BULLET in str(row.get("email_address"))]
    if not admin:
        yield unseen(18, "Rekap's user is no administrator")
    elif masked:
        yield differs(18, f"{len(masked)} of {len(rows)} come masked")
    else:
        yield assumed(18, f"{len(rows)} people looked at")


def _comments(account: Account) -> Findings:
    yield _keys(19, account.comments, "parent", "content_attachments")
    parent = next((row["id"] for row in account.todos if int(row.get("comments_count") or 0) > 1), None)
    if parent is None:
        yield unseen(23, "no to-do looked at has two comments")
        return
    moments = [row["created_at"] for row in account.basecamp.page(f"/recordings/{parent}/comments.json").json()]
    yield assumed(23, f"{len(moments)} comments") if moments == sorted(moments) else differs(23, "they do not")


def _file(account: Account) -> Finding:
    files = account.files(LARGEST)
    if not files:
        return unseen(24, f"no file of at most {LARGEST:,} bytes stands in the comments looked at")
    file = min(files, key=lambda each: int(each["byte_size"]))
    try:
        size = sum(map(len, account.basecamp.download(file["download_url"], max_bytes=LARGEST)))
    except RekapError as error:
        return differs(24, str(error).rstrip("."))
    told = f"{size:,} of {int(file['byte_size']):,} bytes"
    return assumed(24, told) if size == int(file["byte_size"]) else differs(24, told)


def _rotation(account: Account) -> Finding:
    access = account.basecamp.access
    if not access.rotated:
        return assumed(5, "the last renewal gave none")
    where = "" if access.shelf else " just now, and without REKAP_WAREHOUSE the new one is kept nowhere"
    return differs(5, f"connection '{access.conn_id}' holds one that Basecamp has replaced{where}")
