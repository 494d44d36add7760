"""One event a run, only for changes; red only for what an engineer must repair; nothing lost between two DAGs."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from rekap.warehouse import Connection

Runner = Callable[..., Any]


def states(run: Any) -> dict[str, str]:
    return {
        f"{ti.task_id}[{ti.map_index}]" if ti.map_index >= 0 else ti.task_id: str(ti.state)
        for ti in run.get_task_instances()
    }


def events(asset: str) -> list[str | None]:
    """The partition keys of all events of an asset so far."""
    from airflow.models.asset import AssetEvent, AssetModel
    from airflow.utils.session import create_session

    with create_session() as session:
        return list(
            session.scalars(
                select(AssetEvent.partition_key)
                .join(AssetModel, AssetModel.id == AssetEvent.asset_id)
                .where(AssetModel.name == asset)
                .order_by(AssetEvent.id)
            )
        )


def mark(warehouse: Connection) -> str | None:
    row = warehouse.execute("select value from ops.watermarks where source = 'handover'").fetchone()
    warehouse.commit()
    return row["value"] if row else None


@pytest.fixture
def new_events() -> Callable[[str], int]:
    before = {asset: len(events(asset)) for asset in ("probe.rows", "probe.followed", "probe.months")}
    return lambda asset: len(events(asset)) - before[asset]


def test_a_run_that_changed_something_emits_once_however_many_batches(
    run_probe: Runner, new_events: Callable[[str], int]
) -> None:
    run = run_probe("probe_producer", changed=[1, 0, 4])
    assert run.state == "success"
    assert states(run)["emit"] == "success"
    assert new_events("probe.rows") == 1


def test_a_quiet_run_skips_the_emitter_emits_nothing_and_is_green(
    run_probe: Runner, new_events: Callable[[str], int], warehouse: Connection
) -> None:
    run = run_probe("probe_producer", changed=[0, 0])
    assert run.state == "success"
    assert states(run) == {
        "batches": "success", "read[0]": "success", "read[1]": "success", "emit": "skipped", "verdict": "success",
    }  # fmt: skip
    assert new_events("probe.rows") == 0
    assert mark(warehouse) == ""


def test_one_dead_batch_does_not_stop_the_others_and_the_run_is_red(
    run_probe: Runner, new_events: Callable[[str], int]
) -> None:
    run = run_probe("probe_producer", changed=[1, 0, 1], permanent=[1])
    assert states(run) == {
        "batches": "success", "read[0]": "success", "read[1]": "failed", "read[2]": "success",
        "emit": "success", "verdict": "failed",
    }  # fmt: skip
    assert run.state == "failed"
    assert new_events("probe.rows") == 1


def test_a_batch_that_failed_and_changed_nothing_else_leaves_the_hand_over_open_for_the_next_run(
    run_probe: Runner, new_events: Callable[[str], int]
) -> None:
    failed = run_probe("probe_producer", changed=[0, 0], permanent=[0])
    assert (failed.state, states(failed)["emit"], new_events("probe.rows")) == ("failed", "skipped", 0)
    quiet = run_probe("probe_producer", changed=[0])
    assert (quiet.state, states(quiet)["emit"], new_events("probe.rows")) == ("success", "success", 1)


def test_what_a_killed_run_left_behind_is_handed_over_until_the_consumer_took_it_up(
    run_probe: Runner, new_events: Callable[[str], int], warehouse: Connection
) -> None:
    # Killed after its rows were committed, before Airflow knew: only the mark is there.
    warehouse.execute(
        "insert into ops.watermarks (source, scope, value, run_id, moved_at)"
        " values ('handover', 'probe.rows', 'probe_producer/killed', 'probe_producer/killed#1', now())"
    )
    warehouse.commit()
    assert states(run_probe("probe_producer", changed=[0]))["emit"] == "success"
    assert states(run_probe("probe_producer", changed=[0]))["emit"] == "success", "nobody has taken it up yet"
    assert run_probe("probe_consumer").state == "success"
    assert mark(warehouse) == ""
    assert states(run_probe("probe_producer", changed=[0]))["emit"] == "skipped"
    assert new_events("probe.rows") == 2


def test_a_consumer_that_fails_hands_nothing_on_and_leaves_its_input_open(
    run_probe: Runner, new_events: Callable[[str], int], warehouse: Connection
) -> None:
    run_probe("probe_producer", changed=[1])
    run = run_probe("probe_consumer", permanent=[0])
    assert (run.state, states(run)["emit"]) == ("failed", "skipped")
    assert new_events("probe.followed") == 0
    assert mark(warehouse) != ""


def test_a_consumer_hands_on_although_it_counted_no_change(run_probe: Runner, new_events: Callable[[str], int]) -> None:
    assert run_probe("probe_consumer", changed=[0]).state == "success"
    assert new_events("probe.followed") == 1


def test_a_month_given_as_parameter_becomes_the_partition_key_of_the_event(run_probe: Runner) -> None:
    assert run_probe("probe_month", changed=[0], month="2026-08").state == "success"
    assert events("probe.months")[-1] == "2026-08"


def test_without_a_month_it_is_the_one_before_the_standing_clock(run_probe: Runner) -> None:
    assert run_probe("probe_month", changed=[0]).state == "success"
    assert events("probe.months")[-1] == "2026-09"
