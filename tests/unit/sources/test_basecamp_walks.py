"""Walks that stop and go on: where, what when the list changed meanwhile, and what the log tells on the way."""

import json
import logging
from itertools import count
from typing import Any

import pytest

from rekap.errors import TransientError
from rekap.sources.basecamp import reading, walks
from rekap.sources.basecamp.reading import Reading
from rekap.sources.basecamp.walks import Scope, sweep, walk
from sandbox.happenings import happen
from tests.unit.sources.conftest import Bench

ACTIVE = Scope("Todo", "active")


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (reading, walks):
        monkeypatch.setattr(module, "BATCH", 20)


def begin(bench: Bench) -> Reading:
    return Reading(bench.conn, bench.client(), bench.run(), clock=lambda: 0.0)


def broken_off(bench: Bench, after: int, **fault: Any) -> None:
    """A walk that fails at the page after so many."""
    bench.twin.faults.add(service="basecamp", route="GET /projects/recordings", times=9, after=after, **fault)
    with pytest.raises(TransientError):
        walk(begin(bench), ACTIVE)
    bench.twin.faults.clear()
    bench.twin.log.clear()


def under_way(bench: Bench) -> dict[str, Any] | None:
    rows = bench.rows("select value from ops.watermarks where scope = 'todo active under way'")
    return json.loads(rows[0]["value"]) if rows else None


def kept(bench: Bench) -> set[int]:
    return {row["id"] for row in bench.rows("select id from raw.basecamp_newest where kind = 'todo'")}


def expected(bench: Bench) -> set[int]:
    world = bench.twin.world.account
    return {
        t.id for t in world.todos.values() if t.status == "active" and world.projects[t.project_id].status == "active"
    }


def pages(bench: Bench) -> int:
    return len(bench.twin.log.calls("basecamp", route="/projects/recordings"))


@pytest.mark.parametrize("cursors", [False, True])
def test_a_broken_walk_goes_on_at_the_page_that_was_kept_last(bench: Bench, cursors: bool) -> None:
    bench.twin.basecamp.switches.cursor_pages = cursors
    broken_off(bench, after=3, status=503)
    left = under_way(bench)
    assert left is not None and left["read"] == 95 and len(kept(bench)) == 95
    assert bench.rows("select 1 from ops.watermarks where scope = 'todo active'") == []
    walk(begin(bench), ACTIVE)
    assert kept(bench) == expected(bench) and under_way(bench) is None
    whole = 15, 30, 50
    assert pages(bench) == 1 + -(-(len(expected(bench)) - sum(whole)) // 100) + 1, (
        "from the third page on, then the top"
    )


def test_what_was_entered_meanwhile_is_read_as_well(bench: Bench) -> None:
    broken_off(bench, after=2, status=503)
    client = bench.config.register.clients[0]
    entered = happen(bench.twin, "enter", client=client.slug, outlet=client.outlets[0].code, date="2026-10-12")
    walk(begin(bench), ACTIVE)
    assert entered["order_id"] in kept(bench) and kept(bench) == expected(bench)


def test_when_more_was_removed_than_a_page_holds_the_walk_starts_again(bench: Bench) -> None:
    """Records move up when others above them leave the list: the kept page no longer joins what was read."""
    broken_off(bench, after=2, status=503)
    world = bench.twin.world.account
    top = sorted((t for t in world.todos.values() if t.id in kept(bench)), key=lambda t: t.updated_at, reverse=True)
    assert len(top) == 45
    with bench.twin.lock:
        for todo in top:
            todo.status = "trashed"
            bench.twin.basecamp.clock.tick()
    world_changed(bench)
    walk(begin(bench), ACTIVE)
    assert expected(bench) <= kept(bench)


def world_changed(bench: Bench) -> None:
    """Whatever the twin remembers of its lists is forgotten."""
    happen(bench.twin, "comment", order_id=plain_order(bench), text="Ok.")


def plain_order(bench: Bench) -> int:
    return next(o.order_id for o in bench.twin.world.orders if o.in_basecamp and o.life_cycle == "active"
                and o.photos == 0 and bench.twin.world.account.todos[o.order_id].status == "active")  # fmt: skip


def test_when_the_kept_page_is_refused_the_walk_starts_again(bench: Bench) -> None:
    broken_off(bench, after=3, status=503)
    bench.twin.faults.add(service="basecamp", route="GET /projects/recordings", status=400, times=1)
    walk(begin(bench), ACTIVE)
    assert kept(bench) == expected(bench) and under_way(bench) is None


def test_a_broken_sweep_remembers_what_it_met(bench: Bench) -> None:
    walk(begin(bench), ACTIVE)
    bench.twin.faults.add(service="basecamp", route="GET /projects/recordings", times=9, after=3, status=503)
    with pytest.raises(TransientError):
        sweep(begin(bench), ACTIVE)
    bench.twin.faults.clear()
    assert len(bench.rows("select 1 from raw.basecamp_met")) == 95
    bench.twin.log.clear()
    name, _ = sweep(begin(bench), ACTIVE)
    met = {row["id"] for row in bench.rows(f"select id from raw.basecamp_met where sweep = '{name}'")}
    assert met == expected(bench)
    assert pages(bench) == 1 + -(-(len(expected(bench)) - 95) // 100)


def many_within_the_overlap(bench: Bench) -> list[int]:
    """Sixty active to-dos that changed within a minute, oldest first: more than a first page holds."""
    world = bench.twin.world.account
    chosen = sorted(expected(bench))[:60]
    with bench.twin.lock:
        for number in chosen:
            world.todos[number].updated_at = bench.twin.basecamp.clock.tick()
    world_changed(bench)
    return chosen


def test_a_quiet_walk_costs_one_request_however_busy_the_minutes_before_were(bench: Bench) -> None:
    many_within_the_overlap(bench)
    walk(begin(bench), ACTIVE)
    bench.twin.log.clear()
    walk(begin(bench), ACTIVE)
    assert pages(bench) == 1


def test_the_walk_that_brings_something_reads_the_whole_overlap(bench: Bench) -> None:
    """A record whose moment lies before the watermark comes to sight later, beyond the first page."""
    late = bench.twin.world.account.todos[many_within_the_overlap(bench)[0]]
    with bench.twin.lock:
        late.status = "trashed"
    world_changed(bench)
    walk(begin(bench), ACTIVE)
    with bench.twin.lock:
        late.status = "active"
    happen(bench.twin, "trash", order_id=plain_order(bench))
    walk(begin(bench), ACTIVE)
    assert late.id not in kept(bench), "nothing is newer: the rest of the overlap waits"
    client = bench.config.register.clients[0]
    happen(bench.twin, "enter", client=client.slug, outlet=client.outlets[0].code, date="2026-10-12")
    walk(begin(bench), ACTIVE)
    assert late.id in kept(bench)


def test_a_long_walk_tells_how_far_it_is_and_how_long_it_takes(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    seconds = count(step=15)
    with caplog.at_level(logging.INFO):
        walk(Reading(bench.conn, bench.client(), bench.run(), clock=lambda: float(next(seconds))), ACTIVE)
    told = [record.getMessage() for record in caplog.records if "min left" in record.getMessage()]
    total = len(expected(bench))
    assert (
        told[0]
        == f"active to-dos: 45 of {total} read ({4500 // total} %), 3 a second, 0:{(total - 45) // 3:02d} min left"
    )
    assert len(told) >= 2


def test_a_short_walk_says_nothing(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        walk(begin(bench), ACTIVE)
    assert not [record for record in caplog.records if "a second" in record.getMessage()]
