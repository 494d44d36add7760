"""`make doctor` on docs/assumptions.md: every number once, right where the twin differs, by few requests that read."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from local.doctor.assumptions import ASSUMED, UNCHECKED
from local.doctor.doctor import Doctor
from rekap import warehouse as library
from sandbox.basecamp import writes
from sandbox.google import world_ops
from sandbox.server import Twin
from tests.production.compose import ROOT

Facts = dict[int, tuple[str, str]]
HASTE = 100_000  # the twin of these tests does not count
FACT = re.compile(r"[ \d]\d (as assumed|differs|cannot be seen)")
ROW = re.compile(r"\| (\d+) \| (.+) \|")


@pytest.fixture
def look(surroundings: dict[str, str]) -> Callable[..., Facts]:
    """What the doctor says about each number: sign and sentence."""

    def examine(**changed: str) -> Facts:
        said: list[tuple[str, str]] = []
        Doctor(surroundings | changed, lambda title, sign, text: said.append((sign, text)), per_10_s=HASTE).examine()
        told = [(int(text[:2]), (sign, text[3:])) for sign, text in said if FACT.match(text)]
        assert [number for number, times in Counter(number for number, _ in told).items() if times > 1] == []
        return dict(told)

    return examine


def test_the_document_and_the_doctor_know_the_same_numbers_and_words() -> None:
    lines = (ROOT / "docs" / "assumptions.md").read_text().splitlines()
    rows = [(int(found[1]), found[2].split(" | ")) for line in lines if (found := ROW.fullmatch(line))]
    assert len(rows) == len({number for number, _ in rows})
    seen = {number: tuple(cells) for number, cells in rows if len(cells) == 2}
    unseen = {number: tuple(cells[:2]) for number, cells in rows if len(cells) == 3}
    assert seen == {number: (each.text, each.otherwise) for number, each in ASSUMED.items()}
    assert unseen == UNCHECKED


def test_every_number_is_told_once_and_only_what_reading_cannot_show_stays_open(
    twin: Twin, look: Callable[..., Facts]
) -> None:
    facts = look()
    assert facts.keys() == ASSUMED.keys() | UNCHECKED.keys()
    assert {sign for sign, _ in facts.values()} == {"✔", "·"}
    assert all(facts[number][1].startswith("cannot be seen by reading, it takes ") for number in UNCHECKED)
    assert [number for number, (sign, _) in facts.items() if sign == "·" and number not in UNCHECKED] == [12, 13, 26]


def test_it_sends_only_a_bounded_number_of_requests_that_read(twin: Twin, look: Callable[..., Facts]) -> None:
    look()
    calls = [call for call in twin.log.calls() if call.route not in ("/token", "/authorization/token")]
    assert {call.method for call in calls} == {"GET"}
    sent = Counter(call.service for call in calls)
    clients = len(twin.world.clients)
    assert sent["basecamp"] + sent["storage"] <= 50
    assert sent["drive"] <= 14 + 2 * clients and sent["sheets"] <= 2


@pytest.mark.parametrize(
    ("switch", "value", "number", "told"),
    [
        ("thin_recordings", True, 1, "lack assignees"),
        ("count_header", False, 2, "no such header came"),
        ("wrong_total", -60, 2, "it says"),
        ("trashed_is_gone", True, 4, "answers 404"),
        ("cursor_pages", True, 15, "a cursor"),
        ("etags", False, 17, "no ETag came"),
    ],
)
def test_an_account_that_differs_is_told_with_what_rekap_does(
    twin: Twin, look: Callable[..., Facts], switch: str, value: object, number: int, told: str
) -> None:
    setattr(twin.basecamp.switches, switch, value)
    facts = look()
    sign, text = facts[number]
    assert sign == "!" and text.startswith("differs: ") and told in text
    assert text.endswith(f"Now: {ASSUMED[number].otherwise}")
    assert [other for other, (sign, _) in facts.items() if sign in "!✘"] == [number]


def test_comments_that_do_not_move_their_to_do_are_found_on_what_is_there(
    twin: Twin, look: Callable[..., Facts]
) -> None:
    assert look()[11][1].startswith("as assumed")
    twin.basecamp.switches.comments_touch = False
    with twin.lock:
        todo = next(todo for todo in twin.world.account.todos.values() if todo.status == "active")
        writes.comment(twin.basecamp, todo, todo.creator_id, "<div>sudah dikabari</div>")
    assert look()[11][0] == "!"


def test_assignments_that_do_not_move_their_to_do_are_found_on_what_is_there(
    twin: Twin, look: Callable[..., Facts]
) -> None:
    assert look()[10][1].startswith("as assumed")
    twin.basecamp.switches.assigning_touches = False
    with twin.lock:
        account = twin.world.account
        newest = max(
            (todo for todo in account.todos.values() if todo.status == "active"), key=lambda todo: todo.created_at
        )
        other = next(user for user in account.users if user not in newest.assignee_ids)
        body = {"content": newest.content, "description": newest.description, "assignee_ids": [other]}
        writes.replace_todo(twin.basecamp, newest, newest.creator_id, body)
    sign, text = look()[10]
    assert sign == "✘" and "are older than an assignment of theirs" in text


def test_a_refresh_token_that_was_replaced_asks_for_an_engineer_and_is_kept(
    twin: Twin, look: Callable[..., Facts], warehouse: str
) -> None:
    twin.basecamp.switches.rotate_refresh_tokens = True
    for _ in range(2):
        sign, text = look(REKAP_WAREHOUSE=warehouse)[5]
        assert sign == "✘" and "run `make connect-basecamp`" in text and "kept nowhere" not in text
    assert len(twin.log.calls(route="/authorization/token")) == 1, "the second look used the token that was kept"
    twin.basecamp.grants.refresh_tokens[twin["basecamp"]["refresh_token"]] = twin.world.staff.robot.basecamp_id or 0
    assert "without REKAP_WAREHOUSE the new one is kept nowhere" in look()[5][1]


def test_a_list_of_drive_that_lags_is_told_only_when_it_lags_beyond_the_overlap(
    twin: Twin, look: Callable[..., Facts]
) -> None:
    twin.google.switches.drive_lag = True
    book = twin.world.clients[0].spreadsheet_id
    sheet = twin.google.book(book)["sheets"][0]["properties"]["sheetId"]  # type: ignore[index]  # it is there
    world_ops.edit_cell(twin.google, book, sheet, "A1", "baru")
    edited = twin.clock.now()
    sign, text = look(REKAP_NOW=(edited + timedelta(minutes=5)).isoformat())[6]
    assert sign == "✔" and "the list is behind 1 of 5 files" in text
    sign, text = look(REKAP_NOW=(edited + timedelta(minutes=40)).isoformat())[6]
    assert sign == "✘" and "raise `reading.drive_overlap_minutes`" in text


def test_versions_are_compared_with_what_rekap_saw_before(
    twin: Twin, look: Callable[..., Facts], warehouse: str
) -> None:
    client = twin.world.clients[0]
    with library.connect(warehouse) as connection:
        connection.execute(
            "insert into raw.tracker_files (spreadsheet_id, name, modified_at, version, trashed, seen_at)"
            " values (%s, 'x', '2026-01-01', 1, false, now())",
            (client.spreadsheet_id,),
        )
        connection.commit()
        assert look(REKAP_WAREHOUSE=warehouse)[26][1].startswith("as assumed")
        connection.execute("update raw.tracker_files set version = 1000000")
        connection.commit()
    assert look(REKAP_WAREHOUSE=warehouse)[26][0] == "!"


def test_a_user_who_is_no_administrator_cannot_see_whether_addresses_come_whole(
    twin: Twin, look: Callable[..., Facts]
) -> None:
    twin.basecamp.account.users[twin.world.staff.robot.basecamp_id or 0].admin = False
    assert look()[18][1].startswith("cannot be seen here, Rekap's user is no administrator")


def test_a_drive_that_does_not_look_everywhere_is_told(twin: Twin, look: Callable[..., Facts]) -> None:
    twin.google.switches.incomplete_search = True
    assert look()[27][0] == "!"


def test_what_was_found_before_the_account_stopped_answering_is_told(twin: Twin, surroundings: dict[str, str]) -> None:
    said: list[tuple[str, str]] = []
    headers = {"Reason": "Account Inactive"}
    route = "GET /recordings/{id}/events"
    twin.faults.add(service="basecamp", route=route, status=404, headers=headers, times=99)
    Doctor(surroundings, lambda title, sign, text: said.append((sign, text)), per_10_s=HASTE).examine()
    assert [text for sign, text in said if text.startswith(" 1 as assumed")]
    assert [text for sign, text in said if sign == "✘" and "its owner must reactivate it" in text]


def test_what_one_check_is_refused_leaves_only_its_own_numbers_open(twin: Twin, look: Callable[..., Facts]) -> None:
    twin.faults.add(service="basecamp", route="GET /recordings/{id}/events", status=403, times=99)
    facts = look()
    assert facts.keys() == ASSUMED.keys() | UNCHECKED.keys()
    assert {number for number, (_, text) in facts.items() if "it is refused" in text} == {10, 12, 13}
    assert [number for number, (sign, _) in facts.items() if sign in "!✘"] == []


def test_a_record_of_an_unexpected_form_is_told_and_stops_nothing(twin: Twin, look: Callable[..., Facts]) -> None:
    strange = '[{"id": 1, "completion": {"created_at": 7}, "completed": true, "parent": "list"}]'
    twin.faults.add(service="basecamp", route="GET /projects/recordings", body=strange, status=200, times=1)
    facts = look()
    assert facts.keys() == ASSUMED.keys() | UNCHECKED.keys()
    assert {number for number, (_, text) in facts.items() if "unexpected form" in text} >= {2, 3}
    assert facts[18][0] == "✔"


def test_an_empty_account_shows_nothing_and_is_no_trouble(twin: Twin, look: Callable[..., Facts]) -> None:
    with twin.lock:
        account = twin.world.account
        account.todos.clear()
        account.comments.clear()
    facts = look()
    assert {facts[number][0] for number in (1, 3, 4, 10, 11, 19, 20, 21, 23, 24, 25)} == {"·"}
    assert [number for number, (sign, _) in facts.items() if sign in "!✘"] == []
