"""Servers on loopback: the real one in a process of its own, as a user starts it; a stage for pages made by hand."""

import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

from bytecode import FOR_CHILDREN
from states import ASSETS

from weather.port import answers
from weather.upstream.stores.disk import ANSWERS
from weather.web.http.middleware import security
from weather.web.http.responses import HTML


def plain_environment() -> dict[str, str]:
    """This process's environment without our settings. A Python in it keeps what it compiles where this one does."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("WEATHER_", "OPENWEATHERMAP_"))}
    return plain | FOR_CHILDREN


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
def served(
    folder,
    *options: str,
    port: int = 0,
    errors=subprocess.PIPE,
    shown: str = "127.0.0.1",
    script: str = "",
    before: Sequence[str] = (),
    **environment: str,
):
    """`weather serve` in a process of its own; gives (process, base URL) once it has printed where it answers.

    `shown` is the host of that URL, `script` a program that serves instead of the command, `before` what starts it.
    """
    port = port or free_port()
    source = "openweathermap" if "OPENWEATHERMAP_API_KEY" in environment else "demo"
    program = ["-c", script] if script else ["-m", "weather", "serve"]
    process = subprocess.Popen(
        [*before, sys.executable, *program, *options, "--port", str(port)],
        env=plain_environment()
        | kept_in(folder)
        | {"WEATHER_PROVIDER": source, "TMPDIR": str(folder.parent)}
        | environment,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
        cwd=folder.parent,
        start_new_session=True,
    )
    try:
        root = environment.get("WEATHER_ROOT_PATH", "")
        assert process.stdout.readline() == f"Weatherglass: http://{shown}:{port}{root}/\n"
        yield process, f"http://{shown}:{port}"
    finally:
        crash(process)
        process.communicate()


def crash(process: subprocess.Popen) -> None:
    """kill -9 of all its processes at once, as a power cut would."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def workers_of(process: subprocess.Popen) -> list[int]:
    """The processes that it has begun and that serve."""
    return [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


class Quiet:
    """For handlers: answers on one connection after the other, and logs nothing."""

    protocol_version = "HTTP/1.1"

    def answer(self, status: int, body: bytes, content_type: str = "application/json", **headers: str) -> None:
        """Send an answer; a name's underscore is a hyphen."""
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_) -> None:
        """Silence."""


class Told(Quiet, BaseHTTPRequestHandler):
    """Pages made by hand, under the headers of the real ones, with the static files that they ask for."""

    pages: Mapping[str, bytes]

    def do_GET(self) -> None:
        asset = ASSETS.get(self.path.removeprefix("/static/"))
        body = asset.body if asset else self.pages.get(unquote(self.path), b"")
        content_type = asset.content_type if asset else HTML
        self.answer(200 if body else 404, body, content_type, **security("/", HTML))


NGINX = """daemon off; pid {folder}/pid; error_log /dev/null; events {{}}
http {{ access_log off; {paths} {rest} }}
"""


@contextmanager
def nginx(folder: Path, rest: str):
    """An nginx with that in its block `http`; gives its port, which stands there as PORT."""
    port = free_port()
    paths = "".join(f"{name}_temp_path {folder};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, paths=paths, rest=rest.replace("PORT", str(port))))
    process = subprocess.Popen(["nginx", "-e", "/dev/null", "-c", folder / "nginx.conf"])
    try:
        wait_until(lambda: answers("127.0.0.1", port))
        yield port
    finally:
        process.terminate()
        process.wait()


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
