"""The manager's approval of a month."""

from __future__ import annotations

from typing import Any

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import Context, TriggerRule, get_current_context, task

from rekap_airflow.work import config


class ManagerApproval(ApprovalOperator):
    """Asks those people of the register with the role manager who have an `airflow_user`; where none has one, whoever
    may edit the DAG. The register is read when it asks, not when the DAG is parsed. Waits without a limit: closing a
    month by silence would be a decision that nobody took."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(execution_timeout=None, **kwargs)  # a limit of the task would become the limit of the answer

    def execute(self, context: Context) -> Any:
        users = [(person.airflow_user, person.name) for person in config().register.with_role("manager")]
        if assigned := [{"id": user, "name": name} for user, name in users if user]:
            self.assigned_users = assigned
        return super().execute(context)

    def execute_complete(self, context: Context, event: dict[str, Any]) -> Any:
        answer = {
            "decision": next(iter(event.get("chosen_options") or []), None),
            "by": event.get("responded_by_user"),
            "at": str(event["responded_at"]) if event.get("responded_at") else None,
        }
        context["ti"].xcom_push(key="answer", value=answer)  # a rejection returns nothing, and must be on record too
        return super().execute_complete(context, event)


def approval() -> dict[str, Any]:
    """What the manager answered (decision, by, at) and the sha256 of the figures that were shown; null where nobody
    was asked or answered."""
    instance = get_current_context()["ti"]
    shown = instance.xcom_pull(task_ids="closing") or {}
    answer = instance.xcom_pull(task_ids="approve", key="answer") or {"decision": None, "by": None, "at": None}
    return {"sha256": shown.get("sha256"), **answer}


def audit() -> Any:
    """Whatever happened, the log of the run says who decided what about which figures. Never fails the run."""

    @task(task_id="audit", trigger_rule=TriggerRule.ALL_DONE)
    def record() -> dict[str, Any]:
        return approval()

    return record()
