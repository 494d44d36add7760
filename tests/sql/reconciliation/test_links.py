"""reconciliation.links: decisions first, then references, then client, date and outlet; one to one."""

import random
from typing import Any

import pytest


def test_reference_links_whatever_the_outlet_is_called(house: Any) -> None:
    house.order(1, outlet="KS-1")
    house.row(11, outlet=None, outlet_text="yang di BSD", order_ref=1)
    assert house.reconcile()["links_accepted"] == 1
    assert house.links() == [(1, 11, "reference", "accepted")]


def test_same_client_date_and_outlet_link_without_reference(house: Any) -> None:
    house.order(1)
    house.order(2, outlet="KS-2")
    house.row(11, outlet="KS-2")
    house.row(12, on="2026-10-09")
    house.reconcile()
    assert house.links() == [(2, 11, "client_date_outlet", "accepted")]


def test_outlets_unknown_to_the_register_link_by_their_normalised_spelling(house: Any) -> None:
    house.order(1, outlet=None, outlet_text="Gudang  Baru 01")
    house.row(11, outlet=None, outlet_text="GUDANG BARU 1")
    house.reconcile()
    assert house.links() == [(1, 11, "client_date_outlet", "accepted")]


def test_a_reference_is_stronger_than_date_and_outlet(house: Any) -> None:
    house.order(1)
    house.order(2, on="2026-10-20")
    house.row(11, order_ref=2)
    house.reconcile()
    assert house.links() == [(2, 11, "reference", "accepted")]


def test_equal_reference_with_other_outlet_and_other_date_goes_to_review(house: Any) -> None:
    house.order(1, on="2026-10-08", outlet="KS-1")
    house.row(11, on="2026-10-20", outlet="KS-2", order_ref=1)
    house.reconcile()
    assert house.links() == [(1, 11, "reference", "review")]


def test_a_reference_to_an_order_that_nobody_knows_does_not_stop_the_exact_match(house: Any) -> None:
    house.order(1)
    house.row(11, order_ref=9_999_999)
    house.reconcile()
    assert house.links() == [(1, 11, "client_date_outlet", "accepted")]


def test_a_reference_to_an_order_of_another_client_links_nothing(house: Any) -> None:
    house.order(1, client="ruko", outlet="RM-1")
    house.row(11, order_ref=1)
    house.reconcile()
    assert house.links() == []


def test_two_rows_of_one_order_give_one_link_and_the_better_row_wins(house: Any) -> None:
    house.order(1)
    house.row(11, on="2026-10-09", order_ref=1)
    house.row(12, order_ref=1)
    house.reconcile()
    assert house.links() == [(1, 12, "reference", "accepted")]


def test_two_visits_at_one_outlet_on_one_day_are_told_apart_by_their_time(house: Any) -> None:
    house.order(1, time="09:00")
    house.order(2, time="15:00")
    house.row(11, time="15:00")
    house.row(12, time="09:00")
    house.reconcile()
    assert house.links() == [(1, 12, "client_date_outlet", "accepted"), (2, 11, "client_date_outlet", "accepted")]


def test_an_order_entered_again_takes_the_row_of_the_trashed_one(house: Any) -> None:
    house.order(1, life_cycle="trashed")
    house.order(2)
    house.row(11)
    house.reconcile()
    assert house.links() == [(2, 11, "client_date_outlet", "accepted")]


def test_orders_that_are_gone_are_not_linked(house: Any) -> None:
    house.order(1, life_cycle="gone")
    house.row(11, order_ref=1)
    house.reconcile()
    assert house.links() == []


def test_a_confirmed_pair_wins_over_every_score(house: Any) -> None:
    house.order(1)
    house.order(2, outlet="KS-2", on="2026-11-01")
    house.row(11, order_ref=1)
    house.decide("confirmed", 2, 11)
    house.reconcile()
    assert house.links() == [(2, 11, "decision", "confirmed")]


def test_a_refused_pair_is_never_proposed_again_and_the_next_best_takes_its_place(house: Any) -> None:
    house.order(1)
    house.order(2, time="16:00")
    house.row(11)
    house.reconcile()
    assert house.links() == [(1, 11, "client_date_outlet", "accepted")]
    house.decide("refused", 1, 11)
    house.reconcile()
    assert house.links() == [(1, 11, "decision", "refused"), (2, 11, "client_date_outlet", "accepted")]


def test_the_last_decision_about_a_pair_counts(house: Any) -> None:
    house.order(1)
    house.row(11)
    house.decide("refused", 1, 11)
    house.decide("confirmed", 1, 11)
    house.reconcile()
    assert house.links() == [(1, 11, "decision", "confirmed")]


def test_evidence_names_every_field(house: Any) -> None:
    house.order(1, services={"cleaning": 3}, time=None)
    house.row(11, services={"repair": 2}, order_ref=1)
    house.reconcile()
    assert house.read("select evidence, score from reconciliation.links") == [
        (
            {
                "reference": "same", "date": "same", "outlet": "same",
                "service": "differs", "units": "differs", "time": "unknown",
            },
            pytest.approx(16 / 19, abs=0.001),
        )
    ]  # fmt: skip


def test_a_row_that_is_quarantined_takes_its_link_along(house: Any) -> None:
    house.order(1)
    house.row(11)
    house.reconcile()
    house.change("delete from staging.tracker_rows where row_key = 11")
    house.reconcile()
    assert house.links() == []


def test_the_order_in_which_things_arrive_changes_no_link(house: Any) -> None:
    chance = random.Random(7)
    things: list[tuple[Any, int, dict[str, Any]]] = []
    for number in range(1, 25):
        on = f"2026-10-{chance.randint(7, 10):02}"
        outlet = chance.choice(["KS-1", "KS-2"])
        times = [chance.choice(["09:00", "13:00", None]) for _ in range(2)]
        reference = number if chance.random() < 0.4 else None
        things.append((house.order, number, {"on": on, "outlet": outlet, "time": times[0]}))
        things.append((house.row, 100 + number, {"on": on, "outlet": outlet, "time": times[1], "order_ref": reference}))
    came_out = []
    for seed in range(4):
        house.change("truncate staging.orders, staging.tracker_row_keys cascade")
        random.Random(seed).shuffle(things)
        for write, number, told in things:
            write(number, **dict(told))
        house.reconcile()
        came_out.append(house.links())
    assert len(came_out[0]) == 24
    assert came_out == [came_out[0]] * 4
