"""What a task body is given: the warehouse, the clients and the run. Errors of `rekap` become those of Airflow.

A body is `with work() as job: return reconcile(job.conn, job.run)`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow.sdk import Context, get_current_context
from airflow.sdk.exceptions import AirflowFailException

from rekap.errors import PermanentError
from rekap_airflow import clock
from rekap_airflow.hooks.basecamp import BasecampHook
from rekap_airflow.hooks.google import GoogleHook
from rekap_airflow.hooks.mapping import is_known
from rekap_airflow.hooks.smtp import SmtpHook
from rekap_airflow.hooks.warehouse import WarehouseHook

if TYPE_CHECKING:
    from rekap.run import Run
    from rekap.services.basecamp import Basecamp
    from rekap.services.google import Google
    from rekap.services.smtp import Smtp
    from rekap.settings import Config
    from rekap.warehouse import Connection


@dataclass
class Job:
    """`conn` is one warehouse connection, committed when the body ends well; clients are made when first used."""

    context: Context
    conn: Connection
    run: Run

    @cached_property
    def basecamp(self) -> Basecamp:
        limit = self.run.config.settings.reading.basecamp_requests_per_10_s
        return BasecampHook().client(WarehouseHook().dsn, limit)

    @cached_property
    def google(self) -> Google:
        limit = self.run.config.settings.reading.google_requests_per_minute
        return GoogleHook().client(WarehouseHook().dsn, limit)

    @cached_property
    def smtp(self) -> Smtp:
        return SmtpHook().client

    @cached_property
    def month(self) -> str:
        """The month that this run is about, such as `2026-09`; see `rekap.period.month_of_run`."""
        from rekap.period import month_of_run

        run = self.context["dag_run"]
        return month_of_run(
            partition_key=run.partition_key,
            params=self.context.get("params"),
            data_interval_start=run.data_interval_start,
            run_after=self.run.now if clock.stands_still() else run.run_after,
            zone=self.run.zone,
        )


@contextmanager
def work() -> Iterator[Job]:
    """Opens the warehouse for a task body. A PermanentError inside fails the task at once, as AirflowFailException
    with the same sentence; every other error is left to the task's retries."""
    context = get_current_context()
    with translated(), WarehouseHook().connect() as conn:
        yield Job(context=context, conn=conn, run=run_of(f"{context['dag'].dag_id}/{context['run_id']}"))


@contextmanager
def translated() -> Iterator[None]:
    try:
        yield
    except PermanentError as error:
        raise AirflowFailException(str(error)) from error


def run_of(run_id: str) -> Run:
    """A Run of that id, at the present moment, with the settings of REKAP_CONFIG."""
    from rekap.run import Run

    return Run(id=run_id, now=clock.now(endpoints), config=config())


def endpoints() -> list[str]:
    """Every address that Rekap may speak to through the connections that exist."""
    hooks: list[Any] = [WarehouseHook(), BasecampHook(), GoogleHook(), SmtpHook()]
    return [endpoint for hook in hooks if is_known(hook.conn_id) for endpoint in hook.endpoints]


def config() -> Config:
    """The settings and the register of REKAP_CONFIG (default: include/config); the last good ones when they are wrong
    now, kept beside Airflow's other files. Raises SettingsError when there never were good ones."""
    import rekap
    from rekap.settings import load_or_last_good

    default = Path(rekap.__file__).parents[1] / "config"
    return load_or_last_good(Path(os.environ.get("REKAP_CONFIG", default)), home() / "rekap_last_good")


def home() -> Path:
    """Airflow's home: what this machine alone has to remember is kept there."""
    return Path(os.environ.get("AIRFLOW_HOME", "~/airflow")).expanduser()
