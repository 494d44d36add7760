"""Who is asked to close a month, and what is on record of the answer."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import DAG

from rekap_airflow.operators.approval import ManagerApproval


class Instance:
    """What the operator uses of a task instance."""

    def __init__(self) -> None:
        self.pushed: dict[str, Any] = {}

    def xcom_push(self, key: str, value: Any) -> None:
        self.pushed[key] = value


def question() -> ManagerApproval:
    with DAG("asks", schedule=None):
        return ManagerApproval(task_id="approve", subject="s", body="b")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ApprovalOperator, "execute", lambda self, context: self.assigned_users)


@pytest.mark.usefixtures("connections", "asked")
def test_without_airflow_users_in_the_register_whoever_may_edit_the_dag_is_asked() -> None:
    assert question().execute({}) is None


@pytest.mark.usefixtures("connections", "asked")
def test_the_register_says_which_airflow_users_are_asked(tmp_path: Path) -> None:
    register = tmp_path / "config" / "clients.yaml"
    told = register.read_text()
    changed = told.replace("roles: [manager, head_of_operations]", "roles: [manager], airflow_user: ratih-k")
    changed = changed.replace("roles: [engineer, operator]", "roles: [engineer, operator], airflow_user: data")
    assert changed.count("airflow_user") == 2
    register.write_text(changed)
    assert question().execute({}) == [{"id": "ratih-k", "name": "Ratih Contoh"}]


@pytest.mark.parametrize("option", ["Approve", "Reject"])
def test_the_answer_is_kept_whatever_it_is(option: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ManagerApproval, "skip", lambda self, **_: None)
    instance = Instance()
    event = {
        "chosen_options": [option],
        "params_input": {},
        "responded_at": datetime(2026, 10, 6, 4, 30, tzinfo=UTC),
        "responded_by_user": {"id": "ratih-k", "name": "Ratih"},
    }
    approve = question()
    approve.execute_complete({"ti": instance, "task": approve}, event)
    assert instance.pushed["answer"] == {
        "decision": option, "by": {"id": "ratih-k", "name": "Ratih"}, "at": "2026-10-06 04:30:00+00:00",
    }  # fmt: skip
