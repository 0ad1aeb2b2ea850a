"""Servers on loopback: the real one in a process of its own, as a user starts it; a stage for pages made by hand."""

import os
import random
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

from states import ASSETS

from weather.stores.disk import ANSWERS
from weather.web.middleware import security
from weather.web.replies import HTML


def free_port() -> int:
    """A port that is free, of those that no system gives out by itself: it stays free until it is used."""
    for port in random.sample(range(10_000, 32_000), 1000):
        with socket.socket() as listener, suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


def wait_until(condition: Callable[[], object], seconds: float = 60) -> None:
    """Wait until something holds; the minute is for what never comes."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came to hold"
        time.sleep(0.02)


def kept_in(folder) -> dict[str, str]:
    """Settings that keep everything of a server in one place."""
    places = f"sqlite:///{folder.parent}/places.sqlite"
    return {"WEATHER_CACHE_URL": f"disk://{folder}", "WEATHER_DATABASE_URL": places, "WEATHER_PLAN": "free"}


def stored(folder: Path) -> int:
    """How many answers of upstream are written in a cache folder."""
    with closing(sqlite3.connect(folder / ANSWERS / "cache.db")) as connection:
        return connection.execute("SELECT count(*) FROM Cache WHERE key LIKE '/%'").fetchone()[0]


@contextmanager
def served(folder, *options: str, port: int = 0, errors=subprocess.PIPE, **environment: str):
    """`weather serve` in a process of its own; gives (process, base URL) once it has printed where it answers."""
    port = port or free_port()
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("WEATHER_", "OPENWEATHERMAP_"))}
    source = "openweathermap" if "OPENWEATHERMAP_API_KEY" in environment else "demo"
    process = subprocess.Popen(
        [sys.executable, "-m", "weather", "serve", "--port", str(port), *options],
        env=plain | kept_in(folder) | {"WEATHER_PROVIDER": source} | environment,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
        cwd=folder.parent,
    )
    try:
        assert process.stdout.readline() == f"Weatherglass: http://127.0.0.1:{port}/\n"
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.communicate()


class Told(BaseHTTPRequestHandler):
    """Pages made by hand, under the headers of the real ones, with the static files that they ask for."""

    protocol_version = "HTTP/1.1"
    pages: Mapping[str, bytes]

    def do_GET(self) -> None:
        asset = ASSETS.get(self.path.removeprefix("/static/"))
        body = asset.body if asset else self.pages.get(unquote(self.path), b"")
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", asset.content_type if asset else HTML)
        self.send_header("Content-Length", str(len(body)))
        for name, value in security("/", HTML).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_) -> None:
        """Silence."""


@contextmanager
def listening(handler: type[BaseHTTPRequestHandler]):
    """A server on loopback; gives its origin."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def staged(pages: Mapping[str, bytes]):
    """Those pages on loopback."""
    return listening(type("Stage", (Told,), {"pages": pages}))
