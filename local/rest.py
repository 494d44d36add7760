"""Airflow's REST API as far as the demo needs it: what a person would click."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests


class AirflowError(RuntimeError):
    """Airflow refused or did not answer; the message holds what it said."""


class Airflow:
    """One api-server. `base` is its origin; signs in with the local user."""

    def __init__(self, base: str, user: str, password: str) -> None:
        self.base, self.user, self.password = base, user, password
        self.session = requests.Session()
        self.session.trust_env = False

    def healthy(self) -> dict[str, str]:
        """Status by component; empty while the api-server does not answer."""
        try:
            answer = self.session.get(f"{self.base}/api/v2/monitor/health", timeout=5)
            return {name: part.get("status") or "absent" for name, part in answer.json().items()}
        except (requests.RequestException, ValueError):
            return {}

    def sign_in(self) -> None:
        answer = self.session.post(
            f"{self.base}/auth/token", json={"username": self.user, "password": self.password}, timeout=30
        )
        if answer.status_code != 201:
            raise AirflowError(f"Airflow refused the local user: {answer.status_code} {answer.text[:300]}")
        self.session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def get(self, path: str, **params: Any) -> dict[str, Any]:
        return self._call("GET", path, params=params)

    def make_pools(self, pools: dict[str, int]) -> None:
        for name, slots in pools.items():
            body = {"name": name, "slots": slots, "description": "calls that may run side by side"}
            self._call("POST", "/pools", json=body, fine=(409,))

    def dag_ids(self) -> set[str]:
        return {dag["dag_id"] for dag in self.get("/dags", limit=100)["dags"] if not dag["is_stale"]}

    def import_errors(self) -> list[str]:
        return [error["stack_trace"] for error in self.get("/importErrors")["import_errors"]]

    def trigger(self, dag_id: str, partition_key: str | None = None) -> str:
        """Start a run; its run id."""
        body: dict[str, Any] = {"logical_date": None, "conf": {}}
        if partition_key:
            body["partition_key"] = partition_key
        return str(self._call("POST", f"/dags/{dag_id}/dagRuns", json=body)["dag_run_id"])

    def runs(self, dag_id: str) -> list[dict[str, Any]]:
        """Runs of a DAG, oldest first."""
        return list(self.get(f"/dags/{dag_id}/dagRuns", order_by="id", limit=100)["dag_runs"])

    def queued_events(self, dag_id: str) -> int:
        """Number of asset events that the DAG has not yet answered with a run."""
        answer = self._call("GET", f"/dags/{dag_id}/assets/queuedEvents", fine=(404,))
        return int(answer.get("total_entries", 0))

    def unfinished(self) -> list[dict[str, Any]]:
        return list(self.get("/dags/~/dagRuns", state=["running", "queued"], limit=100)["dag_runs"])

    def tasks(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        return list(self.get(f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances", limit=100)["task_instances"])

    def log(self, dag_id: str, run_id: str, task_id: str, try_number: int, map_index: int = -1) -> str:
        """The text of a task's log, the last lines."""
        answer = self.get(
            f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}/logs/{max(try_number, 1)}",
            map_index=map_index,
            full_content=True,
        )
        lines = [
            str(line.get("event", line)) + _error(line) if isinstance(line, dict) else str(line)
            for line in answer.get("content", [])
        ]
        return "\n".join(lines[-40:])

    def questions(self) -> list[dict[str, Any]]:
        """Approvals that wait for an answer."""
        found = self.get("/dags/~/dagRuns/~/hitlDetails", response_received=False, limit=100)
        return list(found["hitl_details"])

    def approve(self, question: dict[str, Any]) -> None:
        """Answer as the manager would on the page."""
        task = question["task_instance"]
        self._call(
            "PATCH",
            f"/dags/{task['dag_id']}/dagRuns/{task['dag_run_id']}/taskInstances/{task['task_id']}"
            f"/{task['map_index']}/hitlDetails",
            json={"chosen_options": ["Approve"], "params_input": {}},
        )

    def _call(self, method: str, path: str, *, fine: tuple[int, ...] = (), **more: Any) -> dict[str, Any]:
        for attempt in range(4):
            try:
                answer = self.session.request(method, f"{self.base}/api/v2{path}", timeout=30, **more)
                break
            except requests.RequestException as error:
                # A busy api-server may cut a call; starting a run is the only one that must not be repeated blindly.
                if attempt == 3 or method == "POST":
                    raise AirflowError(f"Airflow did not answer {method} {path}: {error}") from error
                time.sleep(1 + attempt)
        if answer.status_code >= 400 and answer.status_code not in fine:
            raise AirflowError(f"Airflow refused {method} {path}: {answer.status_code} {answer.text[:500]}")
        return dict(answer.json()) if answer.content else {}


def _error(line: dict[str, Any]) -> str:
    details = line.get("error_detail") or []
    return "".join(f" | {detail.get('exc_type')}: {detail.get('exc_value')}" for detail in details)


@contextmanager
def deadline(seconds: float, what: str) -> Iterator[Any]:
    """Gives a function that sleeps a little and raises AirflowError once `seconds` are over."""
    until = time.monotonic() + seconds

    def wait(pause: float = 0.5) -> None:
        if time.monotonic() > until:
            raise AirflowError(f"{what} took longer than {seconds:.0f} s")
        time.sleep(pause)

    yield wait
