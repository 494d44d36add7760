"""Row identity: a key follows its row through sorting, inserting, editing and moving; none is given twice."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rekap.sources.sheets.faces import Faces
from rekap.sources.sheets.identity import Face, match
from tests.unit.sources.sheets.upsets import UPSETS, Outcome, Tracker, large, of_the_sandbox, upset

DAY = date(2026, 9, 7)
MISSPELT = {
    "Kopi Senja Bintraro 1": "KS-1",
    "kopisenja bintaro 2": "KS-2",
    "Kopi Senja Bintaro 3": "",
    "Ruko B": "",
    "Kopi Senja Bintaro 1": "",
}
LIVING = (
    "sheet_id", "row", "content_sha256", "order_ref", "service_date", "outlet_text", "service_text", "units",
    "time_from", "technicians", "status_text", "note",
)  # fmt: skip


def face(kind: int, **told: object) -> Face:
    """A row of its own kind; `told` changes what it says."""
    plain = Face(1, kind, f"content {kind}", None, DAY + timedelta(days=kind), f"outlet {kind}", "cleaning", 2)
    return replace(plain, **told)  # type: ignore[arg-type]  # the names are those of Face


def month(size: int) -> list[tuple[int, Face]]:
    return [(100 + row, face(row)) for row in range(1, size + 1)]


FACES = st.builds(
    Face,
    sheet_id=st.integers(1, 2),
    row=st.integers(1, 30),
    content=st.sampled_from("abcde"),
    reference=st.none() | st.integers(1, 4),
    day=st.none() | st.integers(0, 20).map(lambda days: DAY + timedelta(days=days)),
    outlet=st.sampled_from(["", "bsd", "melati", "anggrek"]),
    service=st.sampled_from(["", "cleaning", "repair"]),
    units=st.none() | st.integers(1, 3),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(FACES, max_size=15), st.lists(FACES, max_size=15))
def test_no_key_is_given_twice_and_none_is_invented(old: list[Face], new: list[Face]) -> None:
    known = list(enumerate(old, start=1))
    found = match(known, new)
    given_keys = [key for key in found if key is not None]
    assert len(found) == len(new)
    assert len(set(given_keys)) == len(given_keys)
    assert set(given_keys) <= {key for key, _ in known}


@settings(max_examples=100, deadline=None)
@given(st.lists(FACES, max_size=15))
def test_the_same_grid_keeps_every_key_in_its_place(old: list[Face]) -> None:
    placed = [replace(each, row=row) for row, each in enumerate(old, start=1)]
    assert match(list(enumerate(placed, start=1)), placed) == list(range(1, len(placed) + 1))


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000))
def test_sorting_inserting_deleting_and_editing_one_column_lose_no_key(seed: int) -> None:
    rng = Random(seed)
    known = month(40)
    kept = rng.sample(known, 36)
    edits = (
        lambda old: replace(old, content="edited", units=9),
        lambda old: replace(old, content="edited", day=old.day + timedelta(days=rng.randint(1, 7))),
        lambda old: replace(old, content="edited", reference=rng.randint(10**6, 10**7)),
        lambda old: replace(old, sheet_id=2),
        lambda old: old,
    )
    moved = [(key, replace(rng.choice(edits)(old), row=row)) for row, (key, old) in enumerate(kept, start=3)]
    fresh = [face(900 + number, row=1 + number) for number in range(2)]
    assert match(known, [*fresh, *(new for _, new in moved)]) == [None, None, *(key for key, _ in moved)]


def test_a_reference_wins_over_equal_content_elsewhere() -> None:
    known = [(1, face(5, reference=7001234)), (2, face(6))]
    changed = face(6, reference=7001234, row=9, content="other")
    assert match(known, [changed]) == [1]


def test_the_same_order_pasted_twice_keeps_its_order() -> None:
    twin = {"content": "same", "outlet": "bsd", "day": DAY}
    known = [(1, face(10, **twin)), (2, face(11, **twin))]
    assert match(known, [face(12, **twin), face(13, **twin)]) == [1, 2]


def test_of_two_equal_rows_of_which_one_went_the_nearer_stays() -> None:
    twin = {"content": "same", "outlet": "bsd", "day": DAY}
    assert match([(1, face(10, **twin)), (2, face(20, **twin))], [face(19, **twin)]) == [2]


def test_another_date_within_a_week_is_the_same_row_and_beyond_it_a_new_one() -> None:
    known = [(1, face(1))]
    moved = face(1, content="moved", day=DAY + timedelta(days=8))
    assert match(known, [moved]) == [1]
    assert match(known, [replace(moved, day=DAY + timedelta(days=9))]) == [None]


def test_two_orders_of_one_outlet_in_one_week_are_not_one_row() -> None:
    known = [(1, face(1, reference=7000001))]
    other = face(1, content="other", reference=7000002, day=DAY + timedelta(days=3))
    assert match(known, [other]) == [None]


def test_a_date_that_broke_or_was_mended_stays_the_same_row() -> None:
    broken = face(1, content="broken", day=None)
    assert match([(1, face(1))], [broken]) == [1]
    assert match([(1, broken)], [face(1)]) == [1]


def test_a_row_moved_to_another_tab_keeps_its_key() -> None:
    assert match([(1, face(4))], [face(4, sheet_id=2, row=30)]) == [1]


@settings(max_examples=200, deadline=None)
@given(st.lists(FACES, max_size=25), st.randoms(use_true_random=False))
def test_an_unedited_grid_in_another_order_keeps_every_key_and_says_so_twice(old: list[Face], rng: Random) -> None:
    """Rows that are the same in everything cannot be told apart: each key goes to a row that says the same."""
    said = {number: replace(each, content=repr(each), row=number) for number, each in enumerate(old, start=1)}
    order = rng.sample(sorted(said), len(said))
    faces = [replace(said[number], row=row) for row, number in enumerate(order, start=1)]
    found = match(list(said.items()), faces)
    assert sorted(key for key in found if key is not None) == sorted(said)
    assert [replace(said[key], row=0) for key in found if key is not None] == [replace(face, row=0) for face in faces]
    assert match(list(said.items()), faces) == found


@pytest.mark.parametrize("happening", sorted(UPSETS))
def test_no_key_is_lost_and_hardly_one_swapped_in_a_tracker_of_3000_rows(
    happening: str, chain: tuple[Tracker, list[tuple[Face, int]]]
) -> None:
    tracker, known = chain
    outcome = upset(tracker, known, UPSETS[happening], Random(happening))
    assert outcome.keys >= 2700
    assert (outcome.lost, outcome.between, outcome.unseen) == (0, 0, 0)
    assert outcome.swapped <= 0.002 * outcome.keys


@pytest.fixture(scope="module")
def chain() -> tuple[Tracker, list[tuple[Face, int]]]:
    """A chain of 120 outlets: two rounds a month through all of them, repairs between; every second row has its order's
    number."""
    tracker = large(3)
    return tracker, tracker.read()[0]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_key_is_lost_and_hardly_one_swapped_in_the_trackers_of_the_sandbox(seed: int) -> None:
    total = Outcome()
    for tracker in of_the_sandbox(seed):
        known, _ = tracker.read()
        for happening, upsetting in UPSETS.items():
            total += upset(tracker, known, upsetting, Random(f"{seed}/{happening}"))
    assert total.keys > 2500
    assert (total.lost, total.between) == (0, 0)
    assert total.swapped <= 0.002 * total.keys


def test_a_misspelt_outlet_is_the_outlet_and_another_number_is_another_one() -> None:
    faces = Faces({"kopi senja bintaro 1": "KS-1", "kopi senja bintaro 2": "KS-2", "ruko a": "R-A"}, {})
    met = {
        name: faces.of_known(dict.fromkeys(LIVING) | {"outlet_text": name, "sheet_id": 1, "row": 1}).outlet_meant
        for name in (
            "Kopi Senja Bintraro 1",
            "kopisenja bintaro 2",
            "Kopi Senja Bintaro 3",
            "Ruko B",
            "Kopi Senja Bintaro 1",
        )
    }
    assert met == MISSPELT


def test_rows_of_one_order_with_several_outlets_stay_with_their_outlet() -> None:
    known = [(1, face(1, reference=7001234, content="a")), (2, face(2, reference=7001234, content="b"))]
    # The row of outlet 1 was taken out, one of outlet 3 came in for the same order.
    new = [face(3, reference=7001234, content="c", row=1), face(2, reference=7001234, content="d", row=2)]
    assert match(known, new) == [None, 2]


def test_an_order_with_one_row_keeps_its_key_when_its_outlet_is_corrected() -> None:
    assert match([(1, face(1, reference=7001234))], [face(2, reference=7001234, content="other")]) == [1]


def test_the_same_words_in_two_months_are_two_rows() -> None:
    """A tab may hold only the day of its month."""
    same = {"content": "7, BSD, cuci", "outlet": "bsd", "row": 5}
    known = [(1, face(1, sheet_id=1, **same)), (2, face(30, sheet_id=2, **same))]
    assert match(known, [face(30, sheet_id=2, **same), face(1, sheet_id=1, **same)]) == [2, 1]


def test_thousands_of_alike_visits_are_paired_by_their_days() -> None:
    days = [DAY + timedelta(days=10 * (n % 350)) for n in range(1400)]
    many = [(n, face(n, outlet="bsd", content=f"{n}", row=n, units=n, day=days[n])) for n in range(1400)]
    moved = [replace(old, content=f"{n}!", row=1400 - n, day=days[n] + timedelta(days=2)) for n, old in many]
    assert match(many, moved) == list(range(1400))
