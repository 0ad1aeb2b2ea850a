"""Runs the app on granian until a signal ends it: in this very process, or in as many as are wanted on one port."""

import asyncio
import multiprocessing
import os
import signal
import socket
import sys
from collections.abc import Callable
from ipaddress import ip_address
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from threading import Thread, Timer

from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

from weather.app import GRACE, LANDING, Clocks, Crew, create_app
from weather.logs import RequestLog, to_standard_error
from weather.settings import Key, Settings
from weather.web.middleware import Site

BREATH = 0.5
"""Seconds between looks at the workers: what kills one at once shall not spin."""

LAST_SECONDS = GRACE + 1
"""How long a worker may take to end."""


def run(settings: Settings, host: str, port: int, workers: int) -> int:
    """Serve; the exit status."""
    if is_taken(host, port):
        print(f"weather: {host}:{port} is in use by another program", file=sys.stderr)
        return 1
    for line in warnings(settings, host):
        print(f"weather: {line}", file=sys.stderr)
    crew = Crew(workers)
    if workers > 1:
        Supervisor(settings, host, port, crew).run()
    else:
        work(settings, host, port, crew)
    return 0


def work(settings: Settings, host: str, port: int, crew: Crew) -> None:
    """Serve in this process."""
    os.umask(0o077)  # what is kept is for us alone
    tell = to_standard_error(settings.log, Key(settings), Clocks().wall)
    if parent := multiprocessing.parent_process():
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, signal.SIG_DFL)  # inherited is the supervisor's own
        Thread(target=end_with, args=(parent.sentinel,), daemon=True).start()
    asyncio.run(serve(settings, host, port, crew, tell))
    tell.flush()


def end_with(sentinel: int) -> None:
    """End when the supervisor has: one that was killed could not tell us."""
    wait([sentinel])
    os.kill(os.getpid(), signal.SIGTERM)


class Supervisor:
    """Starts the workers, each with the port for its own (SO_REUSEPORT), and another for one that died."""

    def __init__(self, settings: Settings, host: str, port: int, crew: Crew) -> None:
        self._told = (settings, host, port, crew)
        # Forked, for all is imported by then and nothing runs yet: half the time to start, and shared memory.
        self._context = multiprocessing.get_context("fork")
        self._workers: list[BaseProcess] = []
        # Not an Event: its lock could be held at the moment when the signal comes.
        self._halt, self._stop = self._context.Pipe(duplex=False)

    def run(self) -> None:
        settings, host, port, crew = self._told
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda *_: self._stop.send_bytes(b"1"))
        self._workers = [self._begun() for _ in range(crew.workers)]
        Thread(target=lambda: asyncio.run(greet(settings, host, port)), daemon=True).start()
        while not self._halt.poll(BREATH):
            dead = [worker for worker in self._workers if not worker.is_alive()]
            self._workers = [worker for worker in self._workers if worker not in dead]
            self._workers += [self._begun() for _ in dead]
        self._end()

    def _end(self) -> None:
        """Tell all of them, those too that were being begun when the signal came; and end one that is stuck."""
        for worker in self._workers:
            worker.terminate()
        last = Timer(LAST_SECONDS, self._kill)
        last.start()
        for worker in self._workers:
            worker.join()
        last.cancel()

    def _kill(self) -> None:
        for worker in self._workers:
            worker.kill()

    def _begun(self) -> BaseProcess:
        worker = self._context.Process(target=work, args=self._told)
        worker.start()
        return worker


async def serve(settings: Settings, host: str, port: int, crew: Crew, tell: RequestLog) -> None:
    """Serve until SIGTERM or SIGINT."""
    app = create_app(settings, crew=crew, tell=tell, early=True)
    server = Server(
        app,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        websockets=False,
        log_enabled=False,
        http1_settings=HTTP1Settings(max_buffer_size=128 * 1024),
        backlog=1024,
    )
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, end, server.stop, app)
    greeting = asyncio.create_task(greet(settings, host, port)) if crew.workers == 1 else None
    await server.serve()
    if greeting:
        greeting.cancel()


def end(stop: Callable[[], None], app: Site) -> None:
    """Take no more connections, and give those who are there a few seconds: granian waits for the last for ever."""
    stop()
    asyncio.get_running_loop().call_later(GRACE - LANDING, app.end)


async def greet(settings: Settings, host: str, port: int) -> None:
    """Print the URL once it answers."""
    while not is_taken(host, port):  # noqa: ASYNC110, granian has no event for it
        await asyncio.sleep(0.02)
    shown = f"[{host}]" if ":" in host else host
    print(f"Weatherglass: http://{shown}:{port}{settings.root_path}/", flush=True)
    if settings.provider == "demo":
        print("Demo: all weather shown is invented.", flush=True)
    elif settings.api_key is None:
        print("Without OPENWEATHERMAP_API_KEY: weather by Open-Meteo.com, for non-commercial use.", flush=True)


def is_taken(host: str, port: int) -> bool:
    """Whether somebody answers there."""
    try:
        socket.create_connection((host, port), 1).close()
    except OSError:
        return False
    return True


def warnings(settings: Settings, host: str) -> list[str]:
    """What the operator should know before it starts."""
    told = []
    if not is_loopback(host) and not settings.access_keys:
        told.append(f"listening at {host} without WEATHER_ACCESS_KEYS: whoever reaches it spends your calls")
    return told


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
