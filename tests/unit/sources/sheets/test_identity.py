"""Row identity: a key follows its row through sorting, inserting, editing and moving; none is given twice."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from rekap.sources.sheets.identity import Face, match

DAY = date(2026, 9, 7)


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
