"""Ten minutes of load while upstream's faults change every few seconds: does anything leak, and is anybody left alone?

    python tests/bench/soak.py [--seconds 600] [--workers 2] [--seed 1]

Fails (status 1) unless: everybody gets a whole answer where a good one was kept; every fault was met by some call (of a
run of five minutes or more); no worker died; the memory, files and threads of each worker are flat after the first
tenth of the time; and the exported count of calls is upstream's own. Nothing leaves this machine.
"""

import argparse
import http.client
import itertools
import json
import random
import re
import socket
import statistics
import struct
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from fakes import air_body, forecast_body, weather_body  # noqa: E402
from stand import environment, weather  # noqa: E402

CLIENTS, PLACES, OTHERS, CHANGE_EVERY = 4, 40, 30, 3.0
"""`OTHERS` are places that are not warmed up, so that some calls are for what is not kept; they are few, so that all
caches are full after the first tenth of the time."""

FAULTS = ("500", "429", "slow", "cut", "garbage", "empty", "html", "gone", "hangs", "reset")
BODIES: dict[str, Callable[[], object]] = {
    "/data/2.5/weather": lambda: weather_body(dt=int(time.time())),
    "/data/2.5/forecast": lambda: forecast_body(time.time() // 10800 * 10800 + 10800),
    "/data/2.5/air_pollution": air_body,
}
DOORS = ("/data/2.5/weather?lat={0}&lon=9", "/api/v1/current?lat={0}&lon=9", "/forecast/{0},9")
WHOLE = (b'"main":', b'"current":{', b'<p class="big">')
"""What stands in a whole answer at each door."""

MEMORY, FILES, THREADS = 1.05, 10, 3
"""How much more there may be in the last quarter than in the first after the first tenth: a ratio, and two numbers."""

TURNS = 3
"""After so many turns of all faults each has been met by some call: a breaker that is open hides some of one turn."""

SETTLES = 60.0
"""Seconds in which the calls that are still under way at the end are over, and counted."""

Held = tuple[float, float, float]
"""Megabytes, files and threads: the most of any worker."""


class Upstream:
    """What it does now, and how many calls have come."""

    def __init__(self, dice: random.Random) -> None:
        self.fault, self.met, self._lock, self._dice = "well", Counter[str](), threading.Lock(), dice

    @property
    def calls(self) -> int:
        return self.met.total()

    def count(self) -> str:
        """Count a call; the fault that it meets."""
        with self._lock:
            self.met[self.fault] += 1
            return self.fault

    def change(self, stop: threading.Event) -> None:
        """Have all faults in turn, each time in another order, and be well for twice as long after each: what follows
        at once would meet nobody, for a circuit breaker is open."""
        while not stop.is_set():
            for fault in self._dice.sample(FAULTS, len(FAULTS)):
                self.fault = fault
                stop.wait(CHANGE_EVERY)
                self.fault = "well"
                if stop.wait(2 * CHANGE_EVERY):
                    break


@contextmanager
def faulty(dice: random.Random) -> Iterator[tuple[Upstream, str]]:
    """An upstream that has each fault in turn, and its origin."""
    told = Upstream(dice)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            fault, self.close_connection = told.count(), True
            time.sleep({"slow": 1, "hangs": 5}.get(fault, 0))
            if fault == "reset":  # without waiting for what is unsent, the system says RST
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
            if fault in ("gone", "reset"):
                return
            body = json.dumps(BODIES[self.path.partition("?")[0]]()).encode()
            body = {"garbage": body[: len(body) // 2], "empty": b"", "html": b"<html>busy</html>"}.get(fault, body)
            self.send_response(int(fault) if fault.isdecimal() else 200)
            self.send_header("Content-Type", "text/html" if fault == "html" else "application/json")
            self.send_header("Content-Length", str(len(body) + (1000 if fault == "cut" else 0)))
            self.send_header("Retry-After", "1")
            self.send_header("Connection", "close")  # a call on a connection that is being closed would reach nobody
            self.end_headers()
            self.wfile.write(body)

        def handle(self) -> None:
            with suppress(OSError):  # who asked has given up
                super().handle()

        def log_message(self, *_: object) -> None:
            """Silence."""

    class Server(ThreadingHTTPServer):
        request_queue_size = 256

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield told, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def ask(port: int, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers={"Connection": "close"})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def visit(port: int, stop: threading.Event, came: Counter[str]) -> None:
    """Ask for places that are kept, at any door, and now and then for one that may not be."""
    dice = random.Random()
    while not stop.is_set():
        is_other, door = dice.random() < 0.02, dice.randrange(len(DOORS))
        number = -dice.randrange(1, OTHERS + 1) if is_other else dice.randrange(1, PLACES + 1)
        kind, began = "other" if is_other else "kept", time.monotonic()
        try:
            status, body = ask(port, DOORS[door].format(number))
            part = "" if status != 200 or WHOLE[door] in body else ", not whole"
            came[f"{kind} {status}{part}"] += 1
        except (OSError, http.client.HTTPException) as error:
            came[f"{kind} broken: {type(error).__name__}"] += 1
        slowest[kind] = max(slowest.get(kind, 0.0), time.monotonic() - began)


slowest: dict[str, float] = {}
"""The longest that an answer took, in seconds, by kind of place."""


def workers(parent: int) -> list[int]:
    """The processes that serve: children, or grandchildren where something pins the parent."""
    return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def held(parent: int) -> Held:
    """The most that one worker holds now."""
    rows = []
    for pid in workers(parent):
        status = Path(f"/proc/{pid}/status").read_text()
        memory, threads = (int(re.search(rf"{name}:\s+(\d+)", status)[1]) for name in ("VmRSS", "Threads"))
        rows.append((memory / 1024, len([*Path(f"/proc/{pid}/fd").iterdir()]), threads))
    return max(row[0] for row in rows), max(row[1] for row in rows), max(row[2] for row in rows)


def exported(port: int) -> float:
    """The calls that have reached upstream, as `/metrics` tells them."""
    text = ask(port, "/metrics")[1].decode()
    rows = re.findall(r"^weather_upstream_attempts_total\{(.*)\} (\S+)$", text, re.M)
    return sum(float(value) for labels, value in rows if 'outcome="not_connected"' not in labels)


def server_on(port: int) -> int:
    """The process that was started with this port and has workers."""
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            words = file.read_bytes().split(b"\0")
            if str(port).encode() in words and workers(int(file.parent.name)):
                return int(file.parent.name)
    raise SystemExit("the server is not there")


def middle(samples: Sequence[Held]) -> Held:
    """The median of each number: one sample may fall into the moment of a burst."""
    memory, files, threads = (statistics.median(column) for column in zip(*samples, strict=True))
    return memory, files, threads


def watched(parent: int, seconds: float) -> tuple[Held, Held]:
    """What the workers held in the first and in the last quarter of this time, looked at each second."""
    samples, ends = [], time.monotonic() + seconds
    while time.monotonic() < ends:
        samples.append(held(parent))
        time.sleep(1)
    quarter = max(1, len(samples) // 4)
    return middle(samples[:quarter]), middle(samples[-quarter:])


def settled(port: int, told: Upstream) -> float:
    """The exported count, once it is upstream's own; what it is after a while, if it never is."""
    ends = time.monotonic() + SETTLES
    while (count := exported(port)) != told.calls and time.monotonic() < ends:
        time.sleep(1)
    return count


def warm_up(port: int) -> None:
    """Have all places kept that are asked for at all doors."""
    for number, door in itertools.product(range(1, PLACES + 1), DOORS):
        while ask(port, door.format(number))[0] != 200:
            time.sleep(1)


def soak(port: int, told: Upstream, seconds: float) -> list[str]:
    """Run it; what was wrong."""
    warm_up(port)
    came, stop, parent = Counter[str](), threading.Event(), server_on(port)
    began = workers(parent)
    threads = [threading.Thread(target=visit, args=(port, stop, came)) for _ in range(CLIENTS)]
    threads.append(threading.Thread(target=told.change, args=(stop,)))
    for thread in threads:
        thread.start()
    time.sleep(seconds / 10)
    early, late = watched(parent, seconds * 9 / 10)
    stop.set()
    for thread in threads:
        thread.join()
    count = settled(port, told)
    print(f"requests: {dict(sorted(came.items()))}")
    print(f"slowest  {slowest.get('kept', 0.0):8.1f} s where an answer was kept")
    print(f"calls by what they met: {dict(sorted(told.met.items()))}")
    for name, before, after in zip(("MB", "files", "threads"), early, late, strict=True):
        print(f"{name:8} {before:8.1f} -> {after:8.1f}")
    print(f"calls    exported {count:.0f}, upstream's own count {told.calls}")
    died = [] if workers(parent) == began else ["a worker died"]
    missed = set(FAULTS) - told.met.keys() if seconds >= 3 * TURNS * CHANGE_EVERY * len(FAULTS) else set[str]()
    return died + [f"no call met: {missed}"] * bool(missed) + faults(came, early, late, (count, told.calls))


def faults(came: Counter[str], early: Held, late: Held, calls: tuple[float, int]) -> list[str]:
    """What does not hold, in words."""
    lost = {name: number for name, number in came.items() if name.startswith("kept") and name != "kept 200"}
    lost |= {name: number for name, number in came.items() if "broken" in name}
    checks = {
        f"lost where something was kept: {lost}": not lost,
        "memory grows": late[0] <= early[0] * MEMORY,
        "files grow": late[1] <= early[1] + FILES,
        "threads grow": late[2] <= early[2] + THREADS,
        "the exported count of calls is not upstream's": calls[0] == calls[1],
    }
    return [words for words, holds in checks.items() if not holds]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--seconds", type=float, default=600)
    options.add_argument("--workers", default="2")
    options.add_argument("--seed", type=int, default=1, help="decides the order of the faults")
    chosen = options.parse_args()
    print(environment())
    with faulty(random.Random(chosen.seed)) as (told, origin), tempfile.TemporaryDirectory() as folder:
        more = {"WEATHER_FRESH_FOR": "5s", "WEATHER_TIMEOUT": "3s", "WEATHER_PROVIDER": "openweathermap"}
        more |= {"WEATHER_ALERTS": "none", "WEATHER_DATABASE_URL": f"sqlite:///{folder}/places.sqlite"}
        with weather(origin, "--workers", chosen.workers, core=None, **more) as port:
            wrong = soak(port, told, chosen.seconds)
    print("\n".join(wrong) or "all is well")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
