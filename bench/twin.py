"""`python -m bench.twin --seed N --trackers N --todos N --config FOLDER`: the sandbox with a large world, in a process
of its own, without limits. Prints the sandbox's ready line.

What it adds to the sandbox's control origin: `POST /_bench/change` lets people change a share of everything,
`GET /_bench/calls` tells when each request was answered and how long the twin itself was busy, `DELETE` forgets both.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import sys
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from bench.changes import change
from local import register
from sandbox import server
from sandbox.__main__ import announced
from sandbox.traffic import RequestLog
from sandbox.world import World, build
from sandbox.world.truth import tell

MONTHS = 3.36  # to-dos of a world for each order a month: three months, the coming days, the troubles
FEWEST = 12  # orders a month; with fewer the twin plants more troubles than orders


class Timed(RequestLog):
    """The request log, with the moment of each answer."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []
        self.busy_since = time.process_time()

    def record(self, *told: Any, **more: Any) -> None:
        self.times.append(time.monotonic())
        super().record(*told, **more)

    __call__ = record

    def clear(self) -> None:
        super().clear()
        self.times.clear()
        self.busy_since = time.process_time()


class LargeTwin(server.Twin):
    """The sandbox's twin with a timed log and what a benchmark asks of it."""

    def __init__(self, world: World) -> None:
        self.timed = Timed()
        super().__init__(world, rate_limit=None, log=self.timed)
        self.google_app.state.quota.per_minute = None

    def apps(self) -> dict[str, ASGIApp]:
        made = super().apps()
        made["control"] = Mount("", routes=[*self._routes(), Mount("", app=made["control"])])
        return made

    def _routes(self) -> list[Route]:
        async def changed(request: Request) -> Response:
            asked = await request.json()
            moments = [datetime.fromisoformat(asked[name]) for name in ("since", "until", "now")]
            with self.lock:
                done = change(self, asked["share"], *moments)
            return JSONResponse(done)

        async def calls(request: Request) -> Response:
            if request.method == "DELETE":
                self.timed.clear()
            told = zip(self.timed.calls(), self.timed.times, strict=True)
            return JSONResponse(
                {
                    "busy": time.process_time() - self.timed.busy_since,
                    "calls": [[c.service, f"{c.method} {c.route}", c.status, at] for c, at in told],
                }
            )

        return [
            Route("/_bench/change", changed, methods=["POST"]),
            Route("/_bench/calls", calls, methods=["GET", "DELETE"]),
        ]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.twin")
    for name in ("seed", "trackers", "todos"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--config", type=Path, required=True, help="where the register of this world is written")
    asked = parser.parse_args(arguments)
    sockets = server.bind(None)
    gc.disable()  # nothing of what is drawn goes again
    world = build(asked.seed, clients=asked.trackers, orders_per_month=max(FEWEST, round(asked.todos / MONTHS)))
    twin = LargeTwin(world)
    gc.freeze()
    gc.enable()
    twin.announce({name: sock.getsockname()[1] for name, sock in sockets.items()})
    asked.config.mkdir(parents=True, exist_ok=True)
    told = tell(replace(world, orders=[], troubles=[]))
    register.write(told, world.master_schedule_id, "http://127.0.0.1", asked.config)
    asyncio.run(announced(twin, sockets))
    return 0


if __name__ == "__main__":
    sys.exit(main())
