"""An upstream in a thread that counts, and the real server before it."""

import json
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from fakes import KEY, weather_body
from serving import Quiet, listening, served


class Counting:
    """An upstream: writes down each call and when it came, and answers as it is told."""

    def __init__(self) -> None:
        self.calls: list[tuple[float, str]] = []
        self.wait, self.status, self.is_down = 0.3, 200, False
        self.came, self.ended = threading.Condition(), 0
        self.hold: Callable[[int], threading.Event | None] = lambda number: None

    def answer(self, path: str) -> tuple[int, bytes]:
        if self.is_down:
            raise ConnectionError
        with self.came:
            self.calls.append((time.monotonic(), path))
            number = len(self.calls)
            self.came.notify_all()
        held = self.hold(number)
        if held:
            held.wait(120)
        else:
            time.sleep(self.wait)
        return self.status, json.dumps(weather_body(id=number)).encode() if self.status == 200 else b"{}"

    def until(self, count: int) -> None:
        """Wait until so many calls have come; the minute is for those that never do."""
        with self.came:
            assert self.came.wait_for(lambda: len(self.calls) >= count, 60)


@contextmanager
def counting() -> Iterator[tuple[Counting, str]]:
    told = Counting()

    class Handler(Quiet, BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.answer(*told.answer(self.path), Connection="close")  # so that who has one is who asks

        def handle(self) -> None:
            with suppress(OSError):  # who asked was killed, or has given up
                super().handle()
            with told.came:
                told.ended += 1

    with listening(Handler) as origin:
        yield told, origin


def serving(folder: Path, origin: str, cache: str, *options: str, **more: str):
    environment = {"OPENWEATHERMAP_API_KEY": KEY, "WEATHER_UPSTREAM_URL": origin, "WEATHER_CACHE_URL": cache}
    quiet = {"errors": subprocess.DEVNULL, "WEATHER_CALLS_PER_MINUTE": "100000"}  # a pipe that nobody reads fills up
    return served(folder / "c", *options, **(quiet | environment | more))


def get(url: str, **headers: str) -> tuple[int, dict, bytes]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=60) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


def many(base: str, paths: list[str], clients: bool = False) -> list[tuple[int, dict, bytes]]:
    """All at once, each on a connection of its own, so that the kernel deals them to all workers; if so, each by a
    client of its own, where the server believes it."""

    def visit(number: int) -> tuple[int, dict, bytes]:
        return get(base + paths[number], **({"X-Forwarded-For": f"192.0.2.{number}"} if clients else {}))

    with ThreadPoolExecutor(len(paths)) as pool:
        return list(pool.map(visit, range(len(paths))))
