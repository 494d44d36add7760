"""A failed task is tried again when the service said, never, or with the task's own delay."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from airflow.models.taskinstancehistory import TaskInstanceHistory
from airflow.sdk import RetryAction
from airflow.utils.session import create_session
from sqlalchemy import select

from rekap.errors import PermanentError, Refused, TransientError
from rekap_airflow.policy import dag_args
from rekap_airflow.retry import ByIntent


@pytest.mark.parametrize(
    ("asked", "seconds"), [(61, 61), (300.5, 300.5), (3600, 3600), (0, 1), (10.0**9, 3600), (-5, 1)]
)
def test_the_wait_that_a_service_asked_for_is_kept_within_reason(asked: float, seconds: float) -> None:
    decision = ByIntent().evaluate(TransientError("429", retry_after=asked), 1, 3)
    assert (decision.action, decision.retry_delay) == (RetryAction.RETRY, timedelta(seconds=seconds))
    assert decision.reason


@pytest.mark.parametrize("error", [PermanentError("no"), Refused("gone", 404)])
def test_what_repeating_cannot_help_fails_at_once(error: Exception) -> None:
    assert ByIntent().evaluate(error, 1, 3).action == RetryAction.FAIL


@pytest.mark.parametrize("error", [TransientError("no answer"), ValueError("a bug"), TimeoutError()])
def test_everything_else_waits_as_the_task_says(error: Exception) -> None:
    decision = ByIntent().evaluate(error, 1, 3)
    assert (decision.action, decision.retry_delay) == (RetryAction.DEFAULT, None)


def test_the_policy_of_every_dag_survives_being_written_down() -> None:
    policy = dag_args("now", "raw")["default_args"]["retry_policy"]
    assert isinstance(ByIntent.deserialize(policy.serialize()), ByIntent)


def test_a_task_that_was_asked_to_wait_frees_its_slot_and_comes_back_then(run_probe: Callable[..., Any]) -> None:
    run = run_probe("probe_asked_to_wait", retry_after=3)
    assert run.state == "success"
    tried = {(ti.task_id, ti.map_index): ti for ti in run.get_task_instances() if ti.task_id != "verdict"}
    assert {key: ti.try_number for key, ti in tried.items()} == {("single", -1): 2, ("mapped", 0): 2, ("mapped", 1): 2}
    with create_session() as session:
        first = session.scalars(select(TaskInstanceHistory).where(TaskInstanceHistory.run_id == run.run_id)).all()
    assert len(first) == 3
    for before in first:
        assert before.retry_delay_override == 3, "what the scheduler counts from its end"
        # The task's own delay is at least 20 seconds.
        pause = tried[before.task_id, before.map_index].start_date - before.end_date
        assert timedelta(seconds=3) <= pause < timedelta(seconds=20)
