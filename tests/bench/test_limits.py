from bench.limits import Limit


def test_requests_within_the_limit_wait_for_nothing() -> None:
    assert Limit(50, 10.0).adds([0.0] * 50) == 0.0
    assert Limit(2, 10.0).adds([0.0, 1.0, 10.0, 11.0]) == 0.0


def test_a_request_that_finds_the_window_full_waits_until_its_oldest_leaves_it() -> None:
    assert Limit(2, 10.0).adds([0.0, 4.0, 5.0]) == 5.0


def test_who_waits_once_comes_later_ever_after() -> None:
    """The fourth request comes with the third, at 10 s, and waits for the second to leave at 14 s."""
    assert Limit(2, 10.0).adds([0.0, 4.0, 5.0, 5.0]) == 9.0


def test_many_requests_at_once_take_a_window_for_each_full_one_before() -> None:
    assert Limit(50, 10.0).adds([0.0] * 501) == 100.0
