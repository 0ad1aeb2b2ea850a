"""Servers on loopback: the real one in a process of its own, as a user starts it; a stage for pages made by hand."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

from states import ASSETS

from weather.web.middleware import security
from weather.web.replies import HTML


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextmanager
def served(folder, *options: str, port: int = 0, **environment: str):
    """`weather serve` in a process of its own; gives (process, base URL) once it has printed where it answers."""
    port = port or free_port()
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("WEATHER_", "OPENWEATHERMAP_"))}
    process = subprocess.Popen(
        [sys.executable, "-m", "weather", "serve", "--port", str(port), *options],
        env=plain | {"WEATHER_CACHE_URL": f"disk://{folder}", "WEATHER_PLAN": "free"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
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
