"""The whole job through the real scheduler, judged; and the judge, which must notice what it is there to notice."""

import dataclasses
import json
import random
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest

from local import environment, truth
from local.demo import MONTH, NOW, SMALL
from local.installation import Installation
from local.processes import Processes
from local.state import ROOT
from local.summary import Summary
from local.truth import Evidence
from rekap import warehouse
from tests.end_to_end.conftest import SEED, Finished, fresh_state
from tests.end_to_end.facts import facts, mails

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(600)]


def test_everything_is_as_the_twins_truth_says(finished: Finished) -> None:
    assert finished.summary.differences() == []


def test_a_second_pass_over_an_unchanged_world_sends_uploads_asks_and_reads_nothing(finished: Finished) -> None:
    assert finished.noise == []


def test_secrets_are_readable_by_their_owner_alone(finished: Finished) -> None:
    folder = finished.installation.state.folder
    for name in ("env", "secrets.json", "airflow/passwords.json"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600, name


def test_what_people_got_can_be_looked_at(finished: Finished) -> None:
    finished.summary.write()
    results = finished.installation.state.results
    assert [path.name for path in results.glob("*final*.xlsx")]
    assert list((results / "mails").glob("*.html"))
    assert "2026-" in (results / "drive.txt").read_text()


# Each statement breaks one thing in a copy of the warehouse; the theme is where the judge must name it.
BREAKS = {
    "orders": "update staging.orders set assigned = not assigned"
    " where order_id = (select min(order_id) from staging.orders)",
    "tracker rows": "update staging.tracker_rows set service_date = service_date + 1"
    " where row_key = (select min(row_key) from staging.tracker_rows)",
    "quarantine": "update ops.quarantine set state = 'fixed', fixed_at = last_seen_at",
    "links": "delete from reconciliation.links where row_key = (select min(row_key) from reconciliation.links)",
    "visits": "update reconciliation.visits set service_date = service_date - 1"
    " where line_key = (select min(line_key) from reconciliation.visits where not without_order)",
    "visits without order": "delete from reconciliation.visits where without_order",
    "findings unassigned": "update reconciliation.findings set cleared_at = last_seen_at"
    " where finding_id = (select min(finding_id) from reconciliation.findings where kind = 'unassigned')",
    "findings differs.status": "update reconciliation.findings set cleared_at = last_seen_at"
    " where kind = 'differs.status'",
    "incidents": "update outputs.incidents set state = 'resolved'",
    "told by mail": "delete from outputs.message_items",
    "mails": "update outputs.messages set state = 'planned' where channel = 'email'",
    "recap": "update outputs.recap_months set state = 'delivered'",
    "recap figures": "update outputs.recap_months set figures = jsonb_set(figures, '{total,visits}', '1')",
}


@pytest.mark.parametrize(("theme", "statement"), BREAKS.items(), ids=BREAKS)
def test_the_judge_names_what_is_wrong_in_the_warehouse(finished: Finished, theme: str, statement: str) -> None:
    made = finished.installation
    copy = f"{made.databases[1]}_broken"
    finished.summary.evidence.connection.close()
    del finished.summary.evidence
    made.postgres.drop(copy)
    dsn = made.postgres.create(copy, template=made.databases[1])
    with warehouse.connect(dsn) as connection:
        assert connection.execute(statement).rowcount > 0
        connection.commit()
        found = truth.check(dataclasses.replace(finished.summary.evidence, connection=connection), MONTH)
    assert theme in found.lines


def _a_photo_more(evidence: Evidence) -> None:
    in_drive = {
        slug
        for slug, client in evidence.clients.items()
        if client["documentation"] == "drive" and client["delivery"] == "live"
    }
    order = next(order for order in evidence.truth["orders"] if order["photos"] and order["client"] in in_drive)
    order["photos"].append("0" * 64)


def _a_trouble_less(evidence: Evidence) -> None:
    evidence.truth["troubles"].remove(
        next(trouble for trouble in evidence.truth["troubles"] if trouble["kind"] == "missing_in_tracker")
    )


def _a_comment_twice(evidence: Evidence) -> None:
    evidence.calls.append(
        next(call for call in evidence.calls if call["method"] == "POST" and call["path"].endswith("/comments.json"))
    )


def _a_mail_more(evidence: Evidence) -> None:
    evidence.mails.append(evidence.mails[0])


@pytest.mark.parametrize(
    ("theme", "change"),
    [
        ("photos", _a_photo_more),
        ("findings missing_in_tracker", _a_trouble_less),
        ("comments", _a_comment_twice),
        ("mails", _a_mail_more),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_judge_names_what_is_wrong_at_the_twin(
    finished: Finished, theme: str, change: Callable[[Evidence], Any]
) -> None:
    kept = finished.summary.evidence
    told = Evidence(
        truth=deepcopy(kept.truth), calls=list(kept.calls), mails=list(kept.mails), connection=kept.connection,
        google=kept.google, master_schedule_id=kept.master_schedule_id,
    )  # fmt: skip
    change(told)
    assert theme in truth.check(told, MONTH).lines


@pytest.fixture
def world() -> Iterator[Installation]:
    """The same world once more, in a state of its own. The twin runs beside it: it goes on when Rekap is killed."""
    state = fresh_state()
    outside = Processes(fresh_state())
    ready = outside.state.folder / "ready"
    try:
        command = [sys.executable, "-m", "sandbox", "serve", "--seed", str(SEED), "--now", NOW, *SMALL]
        outside.start("twin", command, environment.whole({}), out=ready)
        while not ready.read_text().endswith("\n"):
            assert not outside.dead(), outside.tail("twin")
            time.sleep(0.1)
        state.folder.mkdir(parents=True)
        (state.folder / "external-twin.json").write_text(ready.read_text())
        installation = Installation(state, SEED, NOW, durable=True)
        installation.ready = json.loads(ready.read_text())
        yield installation
        installation.stop()
    finally:
        outside.stop()
        shutil.rmtree(outside.state.folder)
        shutil.rmtree(state.folder, ignore_errors=True)


@pytest.mark.parametrize("moment", [0, *(pytest.param(n, marks=pytest.mark.soak) for n in range(1, 20))])
def test_killed_at_any_moment_and_started_again_it_comes_to_the_same(
    finished: Finished, world: Installation, moment: int
) -> None:
    drawn = random.Random(f"{SEED}/{moment}")
    # A moment is a number of calls at the twin: it falls where something happens, on a fast machine and on a slow one.
    # How often a process signs in or looks again differs from run to run: the first half is reached by every run, and
    # where one ends earlier all the same, its end is the moment.
    calls = drawn.randrange(1, len(finished.summary.evidence.calls) // 2)
    command = [sys.executable, "-m", "local.demo", "--seed", str(SEED), "--durable", "--keep"]
    command += ["--folder", str(world.state.folder)]
    runner = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    while runner.poll() is None and len(world.control("requests")) < calls:
        time.sleep(0.05)
    assert runner.returncode in (None, 0), runner.communicate()[0][-4000:]
    runner.kill()
    runner.communicate()
    world.processes.stop(grace=0)
    if drawn.random() < 0.5:
        world.postgres.kill()

    again = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)

    assert again.returncode == 0, again.stdout[-4000:]
    world.start_postgres()
    world.environment = environment.read(world.state.folder / "env")
    evidence = Summary(world, MONTH, killed=True).evidence
    assert facts(evidence) == facts(finished.summary.evidence)
    unknown = evidence.rows("select count(*) as n from outputs.messages where channel = 'email' and state = 'unknown'")
    apart = mails(finished.summary.evidence)
    apart.subtract(mails(evidence))
    assert all(number >= 0 for number in apart.values())
    assert sum(apart.values()) <= unknown[0]["n"]
