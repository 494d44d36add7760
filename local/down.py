"""`make down`: stop everything that any state of this folder left running; `--only GLOB` names states in var/."""

import argparse
import sys
from collections.abc import Sequence

from local.postgres import Server
from local.processes import Processes
from local.state import VAR, everything


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="make down", description=__doc__)
    parser.add_argument("--only", default="*")
    only = parser.parse_args(arguments).only
    stopped = []
    for state in everything(only):
        processes = Processes(state)
        stopped += processes.running()
        processes.stop()
    own = [path.parent for path in VAR.glob(f"{only}/postgres/port")]
    for folder in own if only != "*" else [VAR / "postgres", *own]:
        server = Server(folder)
        if server.running():
            server.stop()
            stopped.append("postgres")
    print(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing was running.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
