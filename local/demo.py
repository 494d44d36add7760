"""`make demo`: the whole job from end to end on this machine, checked against the twin's truth, then stopped."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from local.installation import Installation, dag_ids
from local.pipeline import EXTRACTS, Pipeline
from local.postgres import PostgresError
from local.processes import GRACE_SECONDS
from local.rest import AirflowError
from local.state import VAR, InUseError, State
from local.steps import Steps
from local.summary import Summary

NOW = "2026-10-06T11:30:00+07:00"
MONTH = "2026-09"
SMALL = ("--clients", "5", "--orders-per-month", "40")  # the smallest world that holds every trouble
IMPATIENT_SECONDS = 3.0  # after Ctrl-C or a failure nobody waits for tasks: they may be killed at any moment
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Demo:
    """One demo of one seed. `keep` takes up what an earlier, killed demo left instead of beginning anew."""

    def __init__(self, installation: Installation, steps: Steps, *, keep: bool = False) -> None:
        self.installation, self.steps, self.keep = installation, steps, keep
        self.exists = dag_ids()

    def run(self) -> list[str]:
        """Everything; returns the differences from the truth."""
        self.start()
        pipeline = Pipeline(self.installation, self._note)
        self.first_time(pipeline)
        quiet = self.second_time(pipeline)
        with self.steps.step("Comparing with the twin's truth"):
            summary = Summary(self.installation, MONTH if "close_month" in self.exists else None, killed=self.keep)
            differences = quiet + summary.differences()
        summary.write()
        for line in summary.lines():
            self.steps.say(line)
        return differences

    def start(self) -> None:
        made, steps = self.installation, self.steps
        with steps.step("Starting Postgres"):
            made.processes.stop()
            made.start_postgres()
        with steps.step("Making the databases, starting the twin"):
            made.start_twin()
            made.make_databases(fresh=not self.keep)
            made.configure()
        with steps.step("Starting Airflow: api-server, scheduler, dag-processor"):
            made.start_airflow()
            made.wait_for_airflow(self.exists)

    def first_time(self, pipeline: Pipeline) -> None:
        """As the clock would: extracts, what follows by assets, messages, the month. Photos take as long as Basecamp's
        limit of requests says, so they go on beside the rest."""
        steps = self.steps
        with steps.step("Reading Basecamp and the trackers"):
            pipeline.run(*self._existing(*EXTRACTS))
        with steps.step("Reconciling both, raising incidents"):
            pipeline.settle("reconcile_orders", "raise_incidents")
        with steps.step(f"Sending messages, drafting the Master Schedule of {MONTH}"):
            pipeline.run(*self._existing("send_messages", "master_schedule"), partition_key=MONTH)
        if "master_schedule" in self.exists:
            with steps.step("Closing the month: a manager approves"):
                pipeline.approve(MONTH)
                pipeline.settle("close_month", closings=1)
        with steps.step("Delivering documentation photos"):
            pipeline.settle()
        if "master_schedule" in self.exists:
            with steps.step("Sending the draft's and the final mails"):
                pipeline.run("send_messages")

    def second_time(self, pipeline: Pipeline) -> list[str]:
        """All of it again, with nothing changed in the world: nothing may be sent, uploaded, asked or read again."""
        with self.steps.step("Everything once more: must be quiet"):
            before = len(self.installation.control("requests"))
            mails = len(self.installation.control("mail"))
            pipeline.run(*self._existing(*EXTRACTS))
            pipeline.settle()
            planners = self._existing("raise_incidents", "deliver_documentation", "master_schedule")
            pipeline.run(*planners, partition_key=MONTH)
            pipeline.run(*self._existing("send_messages"))
            pipeline.settle(closings=2 if "close_month" in self.exists else 0)
            pipeline.run(*self._existing("close_month"), partition_key=MONTH)
            calls = self.installation.control("requests")[before:]
            noise = [f"the second run called {call['method']} {call['path']}" for call in calls if _is_noise(call)]
            if (more := len(self.installation.control("mail")) - mails) > 0:
                noise.append(f"the second run sent {more} mails")
            noise += [f"the second run asked: {question['subject']}" for question in pipeline.airflow.questions()]
        return noise

    def _existing(self, *names: str) -> list[str]:
        absent = [name for name in names if name not in self.exists]
        if absent:
            self.steps.say(f"    (not yet there: {', '.join(absent)})")
        return [name for name in names if name in self.exists]

    def _note(self, text: str) -> None:
        self.steps.note = text


def _is_noise(call: dict[str, Any]) -> bool:
    """A write, or any reading of a spreadsheet; signing in is neither."""
    if "token" in call["route"] or "authorization" in call["route"]:
        return False
    if call["method"] not in ("GET", "HEAD"):
        return True
    return bool(call["service"] == "sheets")


def _interrupted(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--folder", type=Path, help="where the state goes (default: var/demo-SEED)")
    parser.add_argument("--keep", action="store_true", help="go on with what a killed demo left")
    parser.add_argument("--durable", action="store_true", help="a Postgres of its own, with fsync")
    parser.add_argument("--small", action="store_true", help="a small world, for tests")
    given = parser.parse_args(arguments)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    for number in STOPPING:
        signal.signal(number, _interrupted)
    state = State(given.folder or VAR / f"demo-{given.seed}")
    twin_options = SMALL if given.small else ()
    installation = Installation(state, given.seed, NOW, durable=given.durable, twin_options=twin_options)
    steps = Steps()
    try:
        lock = state.take()
    except InUseError as error:
        steps.say(str(error))
        return 1
    steps.say(f"Rekap's demo, seed {given.seed}; its clock stands at {NOW}.")
    grace = IMPATIENT_SECONDS
    try:
        differences = Demo(installation, steps, keep=given.keep).run()
        grace = GRACE_SECONDS
    except KeyboardInterrupt:
        steps.say("\nStopped by hand; stopping the services …")
        return 130
    except (AirflowError, PostgresError) as error:
        steps.say(f"\n{error}\n\nThe demo stopped. Logs: {state.logs}")
        return 1
    finally:
        # A second Ctrl-C must not leave services behind.
        for number in STOPPING:
            signal.signal(number, signal.SIG_IGN)
        with steps.step("Stopping everything"):
            installation.stop(grace)
        lock.close()
    if differences:
        steps.say("\nThe result differs from the twin's truth:")
        for line in differences:
            steps.say(f"  {line}")
        return 1
    steps.say(f"\nDone in {steps.seconds:.0f} s: everything is as the twin's truth says.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
