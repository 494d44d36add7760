"""`make down`: stop everything that any state of this folder left running."""

import sys

from local.postgres import Server
from local.state import VAR, Processes, everything


def main() -> int:
    stopped = []
    for state in everything():
        processes = Processes(state)
        stopped += processes.running()
        processes.stop()
    for folder in [VAR / "postgres", *(path.parent for path in VAR.glob("*/postgres/port"))]:
        server = Server(folder if folder.name == "postgres" else folder)
        if server.folder.exists() and server.running():
            server.stop()
            stopped.append("postgres")
    print(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing was running.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
