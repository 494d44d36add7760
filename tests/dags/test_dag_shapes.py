"""How the DAGs follow each other and what runs after what: read from the parsed DAGs."""

from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import AssetOrTimeSchedule, CronPartitionTimetable, PartitionedAssetTimetable, PartitionedAtRuntime
from airflow.serialization.encoders import coerce_to_core_timetable
from airflow.timetables.base import TimeRestriction

from rekap_airflow import assets

ORDER = {
    "extract_basecamp": ["register", "fetch", "gate", "stage", "emit", "report", "verdict"],
    "extract_trackers": ["register", "changed", "read", "gate", "emit", "report", "verdict"],
    "reconcile_orders": ["gate", "reconcile", "veto", "emit", "score", "report", "verdict"],
    "raise_incidents": ["raise_incidents", "verdict"],
    "send_messages": ["send", "verdict"],
    "deliver_documentation": ["deliver", "verdict"],
    "master_schedule": ["compute", "gate", "deliver", "emit", "report", "verdict"],
    "keep_house": ["count_projects", "sweep", "forget_grids", "gate", "score", "report", "forget_verdicts", "verdict"],
    "close_month": ["complete", "closing", "approve", "close", "audit", "verdict"],
}
EMITS = {
    "extract_basecamp": assets.ORDERS,
    "extract_trackers": assets.TRACKER_ROWS,
    "reconcile_orders": assets.RECONCILED,
    "master_schedule": assets.MONTH_DELIVERED,
}
WAITS_FOR = {
    "reconcile_orders": {assets.ORDERS.name, assets.TRACKER_ROWS.name},
    "raise_incidents": {assets.RECONCILED.name},
    "deliver_documentation": {assets.RECONCILED.name},
    "close_month": {assets.MONTH_DELIVERED.name},
}


def test_tasks_run_one_after_the_other_as_the_chain_reads(bag: DagBag) -> None:
    for dag_id, order in ORDER.items():
        dag = bag.dags[dag_id]
        assert {task.task_id for task in dag.tasks} == set(order), dag_id
        for before, after in pairwise(order):
            assert after in dag.get_task(before).downstream_task_ids, f"{dag_id}: {before} → {after}"


def test_one_unmapped_task_that_always_runs_emits_each_asset(bag: DagBag) -> None:
    emitters = {(dag_id, task.task_id): task for dag_id, dag in bag.dags.items() for task in dag.tasks if task.outlets}
    assert {key: task.outlets for key, task in emitters.items()} == {
        (dag_id, "emit"): [asset] for dag_id, asset in EMITS.items()
    }
    for task in emitters.values():
        assert task.trigger_rule == "all_done" and not task.is_mapped


def test_everything_else_follows_by_assets(bag: DagBag) -> None:
    heard = {
        dag_id: {key.name for key, _ in coerce_to_core_timetable(dag.timetable).asset_condition.iter_assets()}
        for dag_id, dag in bag.dags.items()
    }
    assert {dag_id: names for dag_id, names in heard.items() if names} == WAITS_FOR
    assert isinstance(bag.dags["close_month"].timetable, PartitionedAssetTimetable)


def test_trackers_are_read_in_mapped_batches(bag: DagBag) -> None:
    assert [task.task_id for task in bag.dags["extract_trackers"].tasks if task.is_mapped] == ["read"]


def test_only_the_direct_follower_of_a_refusal_is_skipped(bag: DagBag) -> None:
    dag = bag.dags["close_month"]
    assert not dag.get_task("closing").ignore_downstream_trigger_rules
    assert not dag.get_task("approve").ignore_downstream_trigger_rules
    assert dag.get_task("audit").trigger_rule == "all_done"
    assert dag.get_task("approve").execution_timeout is None, "it would become the limit of the answer"
    assert dag.get_task("approve").response_timeout is None


def moments(bag: DagBag, dag_id: str, day: str) -> list[str]:
    """The times of day at which a DAG starts by the clock on one day, in the house's zone."""
    zone = ZoneInfo("Asia/Jakarta")
    timetable = coerce_to_core_timetable(bag.dags[dag_id].timetable)
    begin = datetime.fromisoformat(f"{day}T00:00:00").replace(tzinfo=zone)
    found: list[str] = []
    last = None
    restriction = TimeRestriction(earliest=_pendulum(begin), latest=None, catchup=True)
    while info := timetable.next_dagrun_info(last_automated_data_interval=last, restriction=restriction):
        at = info.run_after.astimezone(zone)
        if at.date() != begin.date():
            return found
        found.append(f"{at:%H:%M}")
        last = info.data_interval
    return found


def _pendulum(moment: datetime) -> object:
    import pendulum

    return pendulum.instance(moment)


@pytest.mark.parametrize(
    ("dag_id", "first", "last", "times"),
    [
        ("extract_basecamp", "07:00", "21:00", 57),
        ("extract_trackers", "07:00", "21:00", 29),
        ("raise_incidents", "07:45", "20:00", 50),
        ("deliver_documentation", "07:00", "21:00", 29),
        ("send_messages", "08:00", "20:00", 145),
        ("keep_house", "03:00", "03:00", 1),
    ],
)
def test_the_day_of_a_dag(bag: DagBag, dag_id: str, first: str, last: str, times: int) -> None:
    if type(bag.dags["master_schedule"].timetable) is PartitionedAtRuntime:
        assert moments(bag, dag_id, "2026-10-07") == [], "the clock stands still"
        return
    day = moments(bag, dag_id, "2026-10-07")
    assert (day[0], day[-1], len(day)) == (first, last, times)


def test_the_month_is_known_by_its_partition_key(bag: DagBag) -> None:
    timetable = bag.dags["master_schedule"].timetable
    if type(timetable) is PartitionedAtRuntime:
        assert not timetable.can_be_scheduled
        return
    assert isinstance(timetable, CronPartitionTimetable)
    core = coerce_to_core_timetable(timetable)
    restriction = TimeRestriction(
        earliest=_pendulum(datetime(2026, 10, 20, tzinfo=ZoneInfo("UTC"))), latest=None, catchup=True
    )
    info = core.next_dagrun_info_v2(last_dagrun_info=None, restriction=restriction)
    assert f"{info.run_after.astimezone(ZoneInfo('Asia/Jakarta')):%Y-%m-%d %H:%M}" == "2026-11-01 06:00"
    assert info.partition_key == "2026-10"


def test_a_clock_and_an_asset_are_joined_only_while_the_clock_runs(bag: DagBag) -> None:
    still = type(bag.dags["master_schedule"].timetable) is PartitionedAtRuntime
    for dag_id in ("raise_incidents", "deliver_documentation"):
        assert isinstance(bag.dags[dag_id].timetable, AssetOrTimeSchedule) is not still


def test_the_label_of_a_mapped_batch_fits_the_250_letters_that_airflow_keeps(bag: DagBag) -> None:
    """A longer one is refused by the metadata database after the work was done, and the task is tried again."""
    from jinja2 import Template

    label = bag.dags["extract_trackers"].get_task("read").partial_kwargs["map_index_template"]
    slugs = [f"a-client-with-a-long-name-{number}" for number in range(25)]
    rendered = Template(label).render(task={"op_kwargs": {"clients": slugs}})
    assert rendered.startswith(slugs[0]) and len(rendered) <= 250
    assert Template(label).render(task={"op_kwargs": {"clients": slugs[:2]}}) == ", ".join(slugs[:2])
