"""How much a kept answer costs: `python tests/bench/hit.py [--rounds 5] [--seconds 3]`, a table of ratios.

Each row is loaded by wrk with 32 connections in turn with all others; medians, of the ratios in each round too. `bare`
is an ASGI function under granian's own command that sends the same bytes.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from urllib.request import Request, urlopen

from stand import HERE, Target, environment, free_port, interleaved, started, table, upstream, weather

JSON, OWM, PAGE = (
    "/api/v1/current?lat=51.51&lon=-0.13",
    "/data/2.5/weather?lat=51.51&lon=-0.13",
    "/forecast/51.51,-0.13",
)
NGINX = """{user}daemon off; worker_processes 1; pid {folder}/pid; error_log /dev/null;
events {{ worker_connections 256; }}
http {{ access_log off; proxy_cache_path {folder}/c keys_zone=z:1m; server {{ listen 127.0.0.1:{port}; location / {{
  proxy_pass http://127.0.0.1:{origin}; proxy_cache z; proxy_cache_valid 200 1h; proxy_http_version 1.1; }} }} }}
"""


def got(url: str, **headers: str) -> tuple[bytes, dict[str, str]]:
    with urlopen(Request(url, headers=headers)) as answer:
        return answer.read(), {name.lower(): value for name, value in answer.headers.items()}


GRANIAN = ("granian", "--interface", "asgi", "--loop", "asyncio", "--http", "1", "--no-ws", "--no-log", "--factory")
UVICORN = ("uvicorn", "--log-level", "error", "--no-access-log", "--factory")


def bare(
    stack: ExitStack, folder: Path, name: str, body: bytes, kind: str, command: Sequence[str] = (*GRANIAN, "bare:bare")
) -> Target:
    """What sends those bytes and does nothing else, under a server's own command."""
    port, file = free_port(), folder / name.replace(" ", "-")
    file.write_bytes(body)
    told = {"BARE_FILE": str(file), "BARE_KIND": kind, "PYTHONPATH": os.pathsep.join((str(HERE), *sys.path[1:]))}
    stack.enter_context(started([sys.executable, "-m", *command, "--port", str(port)], port, **told))
    return Target(name, f"http://127.0.0.1:{port}/")


def nginx(stack: ExitStack, folder: Path, origin: str) -> Target:
    port, home = free_port(), folder / "nginx"
    home.mkdir()
    user = "user root; " * (os.geteuid() == 0)
    told = NGINX.format(user=user, folder=home, port=port, origin=origin.rsplit(":", 1)[1].strip("/"))
    (home / "conf").write_text(told)
    stack.enter_context(started(["nginx", "-c", str(home / "conf"), "-p", str(home)], port))
    return Target("nginx proxy_cache", f"http://127.0.0.1:{port}/")


def varnish(stack: ExitStack, folder: Path, origin: str) -> Target:
    port, backend = free_port(), origin.removeprefix("http://").strip("/")
    command = ["varnishd", "-F", "-a", f"127.0.0.1:{port}", "-b", backend, "-t", "3600", "-n", str(folder / "varnish")]
    stack.enter_context(started(command, port))
    return Target("Varnish", f"http://127.0.0.1:{port}/")


def targets(stack: ExitStack) -> dict[str, Target]:
    folder = Path(tempfile.mkdtemp())
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    port = stack.enter_context(weather(stack.enter_context(upstream())))
    base = f"http://127.0.0.1:{port}"
    body, headers = got(base + JSON)
    page, _ = got(base + PAGE, **{"Accept-Encoding": "gzip"})
    owm, _ = got(base + OWM)
    found = {
        "json": Target("ours: JSON", base + JSON),
        "bare": bare(stack, folder, "bare: JSON", body, "application/json"),
        "304": Target("ours: 304", base + JSON, [f"If-None-Match: {headers['etag']}"]),
        "owm": Target("ours: OWM route", base + OWM),
        "bare owm": bare(stack, folder, "bare: OWM body", owm, "application/json"),
        "page": Target("ours: page, gzip", base + PAGE, ["Accept-Encoding: gzip"]),
        "bare page": bare(stack, folder, "bare: page", page, "text/html"),
    }
    if find_spec("uvicorn"):
        command = (*UVICORN, "bare:starlette")
        found["starlette"] = bare(stack, folder, "Starlette, uvicorn", body, "application/json", command)
    if shutil.which("nginx"):
        found["nginx"] = nginx(stack, folder, found["bare"].url)
    if shutil.which("varnishd"):
        found["varnish"] = varnish(stack, folder, found["bare"].url)
    return found


RATIOS = [
    ("JSON hit : bare ASGI", "json", "bare", 0.70),
    ("OWM-route hit : bare ASGI", "owm", "bare owm", 0.70),
    ("page hit : bare ASGI, same bytes", "page", "bare page", 0.70),
    ("JSON hit : Starlette on uvicorn", "json", "starlette", 1.3),
    ("JSON hit : nginx proxy_cache", "json", "nginx", 0.40),
    ("JSON hit : Varnish", "json", "varnish", None),
    ("304 : 200 hit", "304", "json", 1.0),
]


def beside(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the ratios of each round: what is measured in one round has the same weather."""
    return statistics.median(one / other for one, other in zip(ours, theirs, strict=True))


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=int, default=3)
    told = options.parse_args()
    with ExitStack() as stack:
        found = targets(stack)
        interleaved(list(found.values()), told.rounds, told.seconds, 32)
    print(environment())
    rows = [(one.name, f"{one.rate:,.0f}", f"{one.tail:.2f}") for one in found.values()]
    print(table(("", "requests/s", "p99 ms"), rows))
    ratios = [
        (name, f"{beside(found[a].rates, found[b].rates):.2f}", "" if aim is None else f">= {aim}")
        for name, a, b, aim in RATIOS
        if a in found and b in found
    ]
    if "nginx" in found:
        ratios.append(("hit p99 : nginx's", f"{beside(found['json'].tails, found['nginx'].tails):.1f}", "<= 4"))
    print(table(("ratio", "measured", "aim"), ratios))


if __name__ == "__main__":
    main()
