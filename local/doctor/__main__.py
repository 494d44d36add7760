"""`python -m local.doctor [--env FILE] [--samples FOLDER] [--client SLUG] [--sheet ADDRESS]`: a line for each thing
that was looked at; with --client or --sheet, what was understood of that tracker and what that client needs.

Takes connections from the environment, from FILE (lines NAME=value, as in .env), or from what `make up` runs. It only
reads, at most about 50 requests of Basecamp and 30 of Google beside one for each tracker, folder and page of people and
projects. With --samples a few records are saved for the tests, without a word that came from the accounts. Exit status
0 when nothing is wrong, 1 otherwise.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from local import environment
from local.doctor import tracker
from local.doctor.doctor import Doctor
from local.doctor.findings import ending, line
from local.state import ROOT, VAR
from rekap.errors import PermanentError


def surroundings(env: str | None) -> dict[str, str]:
    """The environment to look at: the file where one is named, else ours, else what `make up` wrote."""
    up = VAR / "up" / "env"
    if env:
        return dict(os.environ) | environment.read(Path(env))
    if "AIRFLOW_CONN_BASECAMP_DEFAULT" not in os.environ and up.exists():
        print(f"(looking at what `make up` runs: {up.relative_to(ROOT)})")
        return dict(os.environ) | environment.read(up)
    return dict(os.environ)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="make doctor", description=__doc__)
    parser.add_argument("--env", help="file with the connections, such as .env")
    parser.add_argument("--samples", type=Path, help="folder for a few records, without a word from the accounts")
    tracker.add(parser)
    given = parser.parse_args(arguments)
    if given.env and not Path(given.env).is_file():
        print(f"there is no file {given.env}: name the one with the connections, such as .env", file=sys.stderr)
        return 1
    if given.client or given.sheet:
        checks: list[tuple[str, str, str]] = []
        doctor = Doctor(surroundings(given.env), lambda *finding: checks.append(finding))
        try:
            wrong = tracker.look(doctor, checks, given)
        except PermanentError as error:
            print(error, file=sys.stderr)
            return 1
    else:
        wrong = Doctor(surroundings(given.env), _say, folder=given.samples).examine()
        print(f"\n{ending(wrong)}")
    return int(wrong > 0)


def _say(title: str, sign: str, text: str) -> None:
    print(line(title, sign, text), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
