"""Runs the app under granian's own process manager, in as many processes as are wanted, until a signal ends it.

The parent looks whether the port can be had, and says so in one line if not; then it watches over the workers. Each
worker builds the app and listens at the port for its own (SO_REUSEPORT).
"""

import asyncio
import logging
import multiprocessing
import os
import resource
import signal
import sys
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from functools import partial
from ipaddress import ip_address
from multiprocessing.connection import Connection, wait
from pathlib import Path
from threading import Thread

from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import MPServer

from weather.app import FLIGHT_GRACE, GRACE, Clocks, WorkerGroup, create_app
from weather.logs import to_standard_error
from weather.port import answers, bindable, claimed, is_in_use, reason, shown
from weather.settings import Settings
from weather.upstream.api_key import ApiKey
from weather.web.http.middleware import App

log = logging.getLogger(__name__)

LAST_SECONDS = int(GRACE) + 1
"""How long a worker may take to end."""

SPARE_FILES = 256
"""Of the files that a process may open, those that are not for visitors: stores, upstream, libraries."""

SIGNALS = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True, slots=True)
class Limits:
    """What silent visitors may hold of each worker: connections, and seconds without headers (first or next)."""

    connections: int = 2048
    headers: float = 20.0
    look_every: float = 5.0
    """Seconds between looks at how many connections there are."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What all workers are told: `host` as it was given, `address` what it stands for."""

    settings: Settings
    host: str
    address: str
    port: int
    worker_group: WorkerGroup
    limits: Limits


def run(settings: Settings, host: str, port: int, workers: int, limits: Limits | None = None) -> int:
    """Serve; the exit status: 0 after a signal, 1 if the port is in use or workers die, 2 if no such host can be."""
    with ExitStack() as held:
        try:
            address = bindable(host, port)
            held.enter_context(claimed(address, port))
        except (OSError, UnicodeError) as error:
            print(f"weather: cannot listen at {shown(host)}:{port}: {reason(error)}", file=sys.stderr)
            return 1 if is_in_use(error) else 2
        for line in warnings(settings, address):
            print(f"weather: {line}", file=sys.stderr)
        return manage(Plan(settings, host, address, port, WorkerGroup(workers), within_files(limits or Limits())))


def within_files(limits: Limits) -> Limits:
    """Ask the system for as many files as the connections need; or be content with as many as it gives."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = limits.connections + SPARE_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):
            resource.setrlimit(
                resource.RLIMIT_NOFILE, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard)
            )
        soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        return replace(limits, connections=min(limits.connections, max(soft - SPARE_FILES, soft // 2)))
    return limits


class Kept(dict[int, float]):
    """When each worker was begun anew. Granian forgets all at each death: two that die in turn would go on for ever."""

    def clear(self) -> None:
        """Keep them."""


def manage(plan: Plan) -> int:
    """Start the workers, and others for those that die; the exit status."""
    os.umask(0o077)  # what is kept is for us alone
    to_standard_error(plan.settings.log, ApiKey(plan.settings), Clocks().wall)
    if sys.platform == "linux":
        # All is imported by now: half the time to start, and shared memory.
        multiprocessing.set_start_method("fork", force=True)
    os.register_at_fork(after_in_child=as_by_default)
    first, token = multiprocessing.Pipe(duplex=False)
    os.set_blocking(first.fileno(), False)
    token.send_bytes(b"1")
    server = granian(plan)
    server.respawned_wrks = Kept()
    server.on_startup(partial(hear_hangup, server, signal.getsignal(signal.SIGHUP)))
    try:
        server.serve(target_loader=Worker(plan, first), wrap_loader=False)
    except SystemExit:
        if not server.interrupt_signal:
            print("weather: a worker ended again right after its start: given up", file=sys.stderr)
            return 1
    return 0


def granian(plan: Plan) -> MPServer:
    """The manager, with its own lines going where ours go."""
    return MPServer(
        "weather",
        address=plan.address,
        port=plan.port,
        interface=Interfaces.ASGI,
        workers=plan.worker_group.workers,
        loop=Loops.asyncio,
        http=HTTPModes.http1,  # `auto` waits for the first byte without end
        websockets=False,
        backlog=1024,
        backpressure=plan.limits.connections,
        http1_settings=HTTP1Settings(header_read_timeout=int(plan.limits.headers * 1000), max_buffer_size=128 * 1024),
        log_level=LogLevels.error,
        log_dictconfig={"loggers": {"_granian": {"propagate": True}}},
        respawn_failed_workers=True,
        workers_kill_timeout=LAST_SECONDS,
    )


def as_by_default() -> None:
    """In a worker just forked the parent's handlers would hear signals, and do nothing."""
    for sign in SIGNALS:
        signal.signal(sign, signal.SIG_DFL)


def hear_hangup(server: MPServer, before: object) -> None:
    """SIGHUP ends as SIGTERM does, unless nohup has made it mean nothing. Granian would begin all workers anew."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN if before is signal.SIG_IGN else server.signal_handler_interrupt)


class Worker:
    """One process that serves: called by granian to build the app, before the loop runs."""

    def __init__(self, plan: Plan, first: Connection) -> None:
        self._plan, self._first = plan, first

    def __call__(self) -> App:
        settings = self._plan.settings
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # a terminal tells all; the parent tells us in its way
        tell = to_standard_error(settings.log, ApiKey(settings), Clocks().wall)
        if parent := multiprocessing.parent_process():
            Thread(target=end_with, args=(parent.sentinel,), daemon=True).start()
        # Granian puts its name into the header `Server`, and cannot be told not to.
        app = create_app(settings, worker_group=self._plan.worker_group, tell=tell, early=True, server="")
        asyncio.get_event_loop().call_soon(self._begin, app)
        return app

    def _begin(self, app: App) -> None:
        """Runs first in the loop: granian has its own signal handlers by then."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, end, app)
        loop.call_soon(self._greet)
        Crowd(self._plan.limits).look()

    def _greet(self) -> None:
        """Print the URL once it answers, one worker for all."""
        plan = self._plan
        if not answers(plan.address, plan.port):
            asyncio.get_running_loop().call_later(0.02, self._greet)
        elif is_first(self._first):
            print("\n".join(greeting(plan.settings, plan.host, plan.port)), flush=True)


def is_first(token: Connection) -> bool:
    """Whether nobody has taken the token yet."""
    with suppress(BlockingIOError):
        return bool(os.read(token.fileno(), 64))
    return False


def end_with(sentinel: int) -> None:
    """End when the parent has: one that was killed could not tell us."""
    wait([sentinel])
    os.kill(os.getpid(), signal.SIGTERM)


def end(app: App) -> None:
    """Take no more connections, and give those who are there a few seconds: granian waits for the last for ever."""
    asyncio.get_running_loop().call_later(GRACE - FLIGHT_GRACE, app.end)
    signal.raise_signal(signal.SIGINT)  # which granian hears: this handler took the place of its own for SIGTERM


class Crowd:
    """Looks now and then how many connections there are, and warns when there are as many as may be."""

    def __init__(self, limits: Limits) -> None:
        self._limits, self._others, self._is_told = limits, open_files(), False

    def look(self) -> None:
        count = open_files() - self._others
        if count >= self._limits.connections and not self._is_told:
            log.warning("%d connections are open, as many as may be: others have to wait", self._limits.connections)
        # Not told again until the crowd has gone: it comes and goes around its limit.
        self._is_told = count >= self._limits.connections // (2 if self._is_told else 1)
        asyncio.get_running_loop().call_later(self._limits.look_every, self.look)


def open_files() -> int:
    """How many files this process has open, connections among them; 0 where the system does not say."""
    try:
        return sum(1 for _ in Path("/dev/fd").iterdir())
    except OSError:
        return 0


def greeting(settings: Settings, host: str, port: int) -> list[str]:
    """The lines that are printed once the site answers."""
    told = [f"Weatherglass: http://{shown(host)}:{port}{settings.root_path}/"]
    if settings.provider == "demo":
        told.append("Demo: all weather shown is invented.")
    elif settings.provider == "open-meteo":
        told.append("Weather by Open-Meteo.com, for non-commercial use.")
    elif settings.api_key is None and settings.provider == "openweathermap":
        told.append("Without OPENWEATHERMAP_API_KEY: only what is kept can be shown.")
    elif settings.api_key is None:
        told.append("Without OPENWEATHERMAP_API_KEY: weather by Open-Meteo.com, for non-commercial use.")
    return told


def warnings(settings: Settings, address: str) -> list[str]:
    """What the operator should know before it starts."""
    told = []
    if not ip_address(address).is_loopback and not settings.access_keys:
        told.append(f"listening at {address} without WEATHER_ACCESS_KEYS: whoever reaches it spends your calls")
    return told
