"""One process, several loopback origins: Basecamp's API and storage, Google, control, and SMTP."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import socket
import threading
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Scope

from sandbox import control, mail
from sandbox.basecamp import blobs
from sandbox.basecamp.app import Api
from sandbox.basecamp.state import State, Switches
from sandbox.clock import Clock
from sandbox.google import app as google_app
from sandbox.traffic import FaultBook, RequestLog, Traffic
from sandbox.world import DEFAULT_NOW, World, build, rows
from sandbox.world.building import DEFAULT_CLIENTS, DEFAULT_ORDERS_PER_MONTH

HOST = "127.0.0.1"
START_SECONDS = 30
#: orders from which on the world is kept out of garbage collection, where each look at it would take seconds
LARGE = 20_000
ORIGINS = ("control", "basecamp", "storage", "google", "smtp")


class Twin(dict[str, Any]):
    """The ready line as a dict, with the parts of the running twin as attributes.

    ``world``, ``clock``, ``log``, ``faults``, ``postbox``, ``basecamp`` (its State), ``google`` (its State),
    ``google_app`` (the Starlette app), ``lock`` (held by whoever reads or changes the world).
    """

    def __init__(self, world: World, rate_limit: tuple[int, float] | None) -> None:
        super().__init__()
        self.world = world
        rows.mark(world)
        self.days: Iterator[list[dict[str, Any]]] | None = None
        self.lock = threading.RLock()
        self.clock = Clock(world.now)
        self.log = RequestLog()
        self.faults = FaultBook()
        self.postbox = mail.Postbox(self.log, self.faults)
        self.basecamp = State(world, self.clock, switches=Switches(rate_limit=rate_limit), lock=self.lock)
        self.google_app = google_app.create(world, self.log.record, self.clock)
        self.google = self.google_app.state.google
        self.google.lock = self.lock

    def apps(self) -> dict[str, ASGIApp]:
        """The application of every HTTP origin, with its faults and its log around it."""
        api = Api(self.basecamp)
        return {
            "control": control.create(self),
            "basecamp": Traffic(api.app, "basecamp", self.log, self.faults, api.template),
            "storage": Traffic(blobs.storage(self.basecamp), "storage", self.log, self.faults),
            "google": Traffic(self.google_app, _google_service, self.log, self.faults, app_logs=True),
        }

    def announce(self, ports: dict[str, int]) -> None:
        """Fill in the ready line."""
        url = {name: f"http://{HOST}:{port}" for name, port in ports.items()}
        self.basecamp.storage_url = url["storage"]
        grants = self.basecamp.grants
        self["basecamp"] = {
            "url": url["basecamp"],
            "token_url": f"{url['basecamp']}/authorization/token",
            "authorize_url": f"{url['basecamp']}/authorization/new",
            "storage_url": url["storage"],
            "account_id": self.world.account.id,
            "client_id": grants.client_id,
            "client_secret": grants.client_secret,
            "refresh_token": self.basecamp.refresh_token,
        }
        self["google"] = {
            "sheets_url": url["google"],
            "drive_url": url["google"],
            "token_url": f"{url['google']}/token",
            "service_account": self.google_app.state.accounts.keyfile(f"{url['google']}/token"),
            "master_schedule_id": self.world.master_schedule_id,
        }
        self["smtp"] = {"host": HOST, "port": ports["smtp"]}
        self["control"] = url["control"]


def _google_service(scope: Scope) -> str:
    path = scope["path"]
    return "sheets" if path.startswith("/v4/") else "oauth" if path.startswith("/token") else "drive"


class _Server(uvicorn.Server):
    """Several of them share one loop, so signals are the process's business."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(twin: Twin, sockets: dict[str, socket.socket], ready: threading.Event, stop: asyncio.Event) -> None:
    """Serve every origin until ``stop``; ``ready`` is set when all of them answer."""
    loop = asyncio.get_running_loop()
    servers = []
    tasks = []
    for name, app in twin.apps().items():
        config = uvicorn.Config(
            app, log_level="warning", lifespan="off", proxy_headers=False, timeout_graceful_shutdown=1
        )
        servers.append(_Server(config))
        tasks.append(asyncio.create_task(servers[-1].serve(sockets=[sockets[name]])))
    smtp = await loop.create_server(lambda: mail.protocol(twin.postbox, loop), sock=sockets["smtp"])
    while not all(server.started for server in servers):
        failed = [task for task in tasks if task.done()]
        if failed:
            raise RuntimeError("an origin of the sandbox did not start") from failed[0].exception()
        await asyncio.sleep(0.01)
    ready.set()
    await stop.wait()
    for server in servers:
        server.should_exit = server.force_exit = True  # clients keep connections open that nobody uses any more
    smtp.close()
    await asyncio.gather(*tasks, return_exceptions=True)


def bind(port: int | None) -> dict[str, socket.socket]:
    """A socket for each origin on loopback: ``port`` and the ones after it, or free ones.

    Raises OSError when a port is taken.
    """
    sockets = {}
    for number, name in enumerate(ORIGINS):
        # asyncio switches Nagle's delay off only for sockets that name their protocol: 40 ms an answer otherwise.
        made = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((HOST, 0 if port is None else port + number))
        sockets[name] = made
    return sockets


def prepare(
    seed: int,
    now: datetime = DEFAULT_NOW,
    port: int | None = None,
    clients: int = DEFAULT_CLIENTS,
    orders_per_month: int = DEFAULT_ORDERS_PER_MONTH,
    rate_limit: tuple[int, float] | None = (50, 10.0),
) -> tuple[Twin, dict[str, socket.socket]]:
    """Build the world and bind the ports; nothing is served yet."""
    sockets = bind(port)
    with _uncollected():
        twin = Twin(build(seed, now, clients, orders_per_month), rate_limit)
    if len(twin.world.orders) > LARGE:
        gc.freeze()
    twin.announce({name: sock.getsockname()[1] for name, sock in sockets.items()})
    return twin, sockets


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Millions of records come into being and none goes: looking for garbage meanwhile finds nothing."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@contextlib.contextmanager
def start(seed: int = 1, **options: Any) -> Iterator[Twin]:
    """A running twin for tests, in a thread of this process; takes the options of ``prepare``.

    Raises RuntimeError when it does not answer within START_SECONDS.
    """
    twin, sockets = prepare(seed, **options)
    ready = threading.Event()
    held: dict[str, Any] = {}

    async def run() -> None:
        held["loop"], held["stop"] = asyncio.get_running_loop(), asyncio.Event()
        await serve(twin, sockets, ready, held["stop"])

    thread = threading.Thread(target=lambda: asyncio.run(run()), name="sandbox", daemon=True)
    thread.start()
    try:
        if not ready.wait(START_SECONDS):
            raise RuntimeError(f"the sandbox did not answer within {START_SECONDS} s")
        yield twin
    finally:
        if "stop" in held:
            held["loop"].call_soon_threadsafe(held["stop"].set)
        thread.join(10)
        for sock in sockets.values():
            sock.close()
