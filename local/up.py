"""`make up`: everything against the twin, left running, with fsync on; prints addresses and login."""

import argparse
import sys
from collections.abc import Sequence

from local import environment
from local.demo import NOW
from local.installation import COMPONENTS, Installation, dag_ids
from local.postgres import PostgresError
from local.rest import AirflowError
from local.state import VAR, InUseError, State
from local.steps import Steps

STATE = State(VAR / "up")


def addresses() -> list[str]:
    """Where to look and how to sign in, from the state's env file."""
    made = environment.read(STATE.folder / "env")
    password = environment.secrets_of(STATE)["password"]
    return [
        "",
        f"  Airflow    {made['AIRFLOW__API__BASE_URL']}   user: manager   password: {password}",
        f"  Warehouse  {made['REKAP_WAREHOUSE']}",
        f"  Clock      {made.get('REKAP_NOW', 'runs')}",
        "  Start extract_basecamp and extract_trackers; the rest follows by assets. `make down` stops everything.",
    ]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="make up", description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args(arguments)
    steps = Steps()
    installation = Installation(STATE, given.seed, NOW, durable=True)
    running = set(installation.processes.running())
    if running >= {"twin", *COMPONENTS}:
        steps.say("Rekap runs already.")
        steps.say("\n".join(addresses()))
        return 0
    try:
        lock = STATE.take()
    except InUseError as error:
        steps.say(str(error))
        return 1
    try:
        with steps.step("Starting Postgres"):
            installation.processes.stop()
            installation.start_postgres()
        with steps.step("Making the databases, starting the twin"):
            installation.start_twin()
            # The twin begins anew with its seed, so the warehouse does too.
            installation.make_databases(fresh=True)
            installation.configure()
        with steps.step("Starting Airflow: api-server, scheduler, dag-processor"):
            installation.start_airflow()
            installation.wait_for_airflow(dag_ids())
    except (AirflowError, PostgresError, KeyboardInterrupt) as error:
        steps.say(f"\n{error or 'Stopped by hand'}")
        installation.stop()
        return 1
    finally:
        lock.close()
    steps.say("\n".join(addresses()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
