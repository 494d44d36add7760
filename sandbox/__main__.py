"""``python -m sandbox serve --seed N``: prints one JSON line when ready and serves until SIGTERM or SIGINT."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import socket
import sys
import threading
from datetime import datetime

from sandbox import server
from sandbox.world import DEFAULT_NOW
from sandbox.world.building import DEFAULT_CLIENTS, DEFAULT_ORDERS_PER_MONTH


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0 when stopped by a signal, 1 for a refused value or a taken port, 2 for wrong usage."""
    asked = _parser().parse_args(arguments)
    try:
        twin, sockets = server.prepare(
            asked.seed,
            now=asked.now,
            port=asked.port,
            clients=asked.clients,
            orders_per_month=asked.orders_per_month,
            rate_limit=None if asked.no_rate_limit else (50, 10.0),
        )
    except (ValueError, OSError) as refused:
        print(f"the sandbox cannot start: {refused}", file=sys.stderr)
        return 1
    asyncio.run(announced(twin, sockets))
    return 0


async def announced(twin: server.Twin, sockets: dict[str, socket.socket]) -> None:
    """Serve until SIGTERM or SIGINT; the ready line goes to stdout."""
    stop, ready = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    serving = asyncio.create_task(server.serve(twin, sockets, ready, stop))
    while not ready.is_set() and not serving.done():
        await asyncio.sleep(0.01)
    if ready.is_set():
        print(json.dumps(dict(twin)), flush=True)
    await serving


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="The twin of Basecamp, Google and SMTP.")
    serve = parser.add_subparsers(dest="command", required=True).add_parser("serve", help="serve until SIGTERM")
    serve.add_argument("--seed", type=int, required=True, help="the world's seed: the same seed, the same world")
    serve.add_argument("--now", type=datetime.fromisoformat, default=DEFAULT_NOW, help="ISO 8601 with zone")
    serve.add_argument("--port", type=int, help="control's port, the others follow; free ports when left out")
    serve.add_argument("--clients", type=int, default=DEFAULT_CLIENTS)
    serve.add_argument("--orders-per-month", type=int, default=DEFAULT_ORDERS_PER_MONTH)
    serve.add_argument("--no-rate-limit", action="store_true", help="answer more than 50 requests in 10 s")
    return parser


if __name__ == "__main__":
    sys.exit(main())
