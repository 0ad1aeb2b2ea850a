"""Runs the app under granian's own process manager, in as many processes as are wanted, until a signal ends it.

The parent watches over the workers. Each worker builds the app and listens at the port for its own (SO_REUSEPORT); or
all accept from one socket that was handed over, which outlives them: a restart then refuses nobody.
"""

import asyncio
import gc
import logging
import multiprocessing
import os
import resource
import signal
import sys
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.connection import Connection, wait
from pathlib import Path
from shutil import rmtree
from threading import Thread
from typing import Any

from granian._granian import SocketHolder
from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import MPServer

from weather.announcements import greeting
from weather.app import GRACE, Serving, create_app
from weather.backend import FLIGHT_GRACE, Clocks
from weather.logs import to_standard_error
from weather.port import answers, stop_accepting
from weather.settings import Settings
from weather.upstream.wire.api_key import ApiKey
from weather.web.http.middleware import App
from weather.web.metrics.workers import folder_of_run

log = logging.getLogger(__name__)

LAST_SECONDS = int(GRACE) + 1
"""How long a worker may take to end."""

BACKLOG = 1024
"""Connections that wait until a worker accepts them."""

FIRST_BYTES = 0.3
"""Seconds in which the request of a connection that was accepted arrives, where its successor takes over."""

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
class Listening:
    """`host` as it was given, `address` what it stands for. `fd`: of a socket that was handed over."""

    host: str
    address: str
    port: int
    fd: int | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What all workers are told."""

    settings: Settings
    where: Listening
    workers: int
    limits: Limits
    folder: Path | None
    """Where the workers tell each other what they counted; None if one is alone, or no folder can be made."""


def run(settings: Settings, where: Listening, workers: int, limits: Limits | None = None) -> int:
    """Serve; the exit status: 0 after a signal, 1 if workers die."""
    with folder_of_run() if workers > 1 else nullcontext() as folder:
        return manage(Plan(settings, where, workers, within_files(limits or Limits()), folder))


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
    gc.freeze()  # all of this stays: no worker's collection walks through it, and copies its pages
    gc.enable()
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


class Server(MPServer):
    """Granian's manager; with `fd` all workers accept from that socket, instead of each from one of its own."""

    def __init__(self, fd: int | None, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._handed_over = fd

    def _init_shared_socket(self) -> None:
        if self._handed_over is None:
            super()._init_shared_socket()  # type: ignore[no-untyped-call]
        else:
            holder: Any = SocketHolder  # whose stub lacks the constructor that granian itself uses
            self._ssp = self._sso = None
            self._shd = holder(self._handed_over, False, BACKLOG)


def granian(plan: Plan) -> MPServer:
    """The manager, with its own lines going where ours go."""
    return Server(
        plan.where.fd,
        "weather",
        address=plan.where.address,
        port=plan.where.port,
        interface=Interfaces.ASGI,
        workers=plan.workers,
        loop=Loops.asyncio,
        http=HTTPModes.http1,  # `auto` waits for the first byte without end
        websockets=False,
        backlog=BACKLOG,
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
    """SIGHUP ends as SIGTERM does where a terminal hangs up, unless nohup has made it mean nothing.

    A service has no terminal: who sends it one means that its files be read anew. The only one that may change while
    it runs is the key's, which is read at the next call anyway. Granian would begin all workers anew.
    """
    is_ours = before is not signal.SIG_IGN and has_terminal()
    signal.signal(signal.SIGHUP, server.signal_handler_interrupt if is_ours else signal.SIG_IGN)


def has_terminal() -> bool:
    """Whether this process has a controlling terminal, which may hang up."""
    with suppress(OSError), Path("/dev/tty").open("rb"):
        return True
    return False


class Worker:
    """One process that serves: called by granian to build the app, before the loop runs."""

    def __init__(self, plan: Plan, first: Connection) -> None:
        self._plan, self._first = plan, first

    def __call__(self) -> App:
        settings = self._plan.settings
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # a terminal tells all; the parent tells us in its way
        tell = to_standard_error(settings.log, ApiKey(settings), Clocks().wall)
        if parent := multiprocessing.parent_process():
            Thread(target=end_with, args=(parent.sentinel, self._plan.folder), daemon=True).start()
        # Granian puts its name into the header `Server`, and cannot be told not to.
        serving = Serving(self._plan.workers, tell, early=True, server="", folder=self._plan.folder)
        app = create_app(settings, serving=serving)
        asyncio.get_event_loop().call_soon(self._begin, app)
        return app

    def _begin(self, app: App) -> None:
        """Runs first in the loop: granian has its own signal handlers by then."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, end, app, self._plan.where.fd)
        loop.call_soon(self._greet)
        Crowd(self._plan.limits).look()

    def _greet(self) -> None:
        """Print the URL once it answers, one worker for all."""
        plan = self._plan
        if not answers(plan.where.address, plan.where.port):
            asyncio.get_running_loop().call_later(0.02, self._greet)
        elif is_first(self._first):
            print("\n".join(greeting(plan.settings, plan.where.host, plan.where.port)), flush=True)


def is_first(token: Connection) -> bool:
    """Whether nobody has taken the token yet."""
    with suppress(BlockingIOError):
        return bool(os.read(token.fileno(), 64))
    return False


def end_with(sentinel: int, folder: Path | None) -> None:
    """End when the parent has: one that was killed could not tell us, nor remove its folder."""
    wait([sentinel])
    if folder:
        rmtree(folder, ignore_errors=True)
    os.kill(os.getpid(), signal.SIGTERM)


def end(app: App, fd: int | None) -> None:
    """Take no more connections, and give those who are there a few seconds: granian waits for the last for ever."""
    loop = asyncio.get_running_loop()
    loop.call_later(GRACE - FLIGHT_GRACE, app.end)
    if fd is not None:
        stop_accepting(fd)
    # Granian hears this signal: our handler took the place of its own for SIGTERM.
    loop.call_later(0.0 if fd is None else FIRST_BYTES, signal.raise_signal, signal.SIGINT)


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
