"""What the benches share: servers pinned to one core, wrk on the other, medians, and a table of ratios.

Run by hand on a quiet machine; needs `wrk`, and uses nginx, varnishd and uvicorn where they are installed.
"""

import os
import platform
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
KEY = "0123456789abcdef0123456789abcdef"
SERVER_CORE, LOAD_CORE = "0", str(max(0, (os.cpu_count() or 1) - 1))
DEADLINE = 20.0


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextmanager
def started(
    command: Sequence[str], port: int, core: str | None = SERVER_CORE, **environment: str
) -> Iterator[subprocess.Popen]:
    """A process on one core, from when it answers until the end of the block."""
    pinned = ["taskset", "-c", core, *command] if core and shutil.which("taskset") else list(command)
    plain = {name: value for name, value in os.environ.items() if not name.startswith("WEATHER_")}
    process = subprocess.Popen(
        pinned, env=plain | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        answers(port, process)
        yield process
    finally:
        os.killpg(process.pid, 15)
        try:
            process.wait(8)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait()


def answers(port: int, process: subprocess.Popen) -> float:
    """Wait until somebody listens; the seconds it took."""
    began = time.perf_counter()
    while time.perf_counter() - began < DEADLINE:
        if process.poll() is not None:
            raise SystemExit(f"{process.args} ended with {process.returncode}")
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return time.perf_counter() - began
        time.sleep(0.005)
    raise SystemExit(f"{process.args} does not listen")


@contextmanager
def upstream() -> Iterator[str]:
    """The fake OpenWeatherMap of this folder, over a socket; its origin."""
    port = free_port()
    with started([sys.executable, str(HERE / "origin.py"), str(port)], port, LOAD_CORE):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def weather(origin: str, *options: str, core: str | None = SERVER_CORE, **environment: str) -> Iterator[int]:
    """`weather serve` over that upstream, with a cache of its own; its port."""
    port, folder = free_port(), tempfile.mkdtemp()
    settings = {
        "WEATHER_CACHE_URL": f"disk://{folder}",
        "WEATHER_UPSTREAM_URL": origin,
        "WEATHER_PLAN": "free",
        "WEATHER_CALLS_PER_MINUTE": "1000000",
        "WEATHER_ALERTS": "none",  # nobody but this upstream is asked
        "WEATHER_FRESH_FOR": "6h",
        "OPENWEATHERMAP_API_KEY": KEY,
    }
    command = [str(Path(sys.executable).with_name("weather")), "serve", "--port", str(port), *options]
    try:
        with started(command, port, core, **(settings | environment)):
            yield port
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Target:
    """Something to load: a URL, headers, and what was measured (requests/s, p99 in ms)."""

    name: str
    url: str
    headers: Sequence[str] = ()
    rates: list[float] = field(default_factory=list)
    tails: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)

    @property
    def tail(self) -> float:
        return statistics.median(self.tails)

    def load(self, seconds: int, connections: int) -> None:
        headers = [part for header in self.headers for part in ("-H", header)]
        command = ["taskset", "-c", LOAD_CORE, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
        told = subprocess.run([*command, *headers, self.url], capture_output=True, text=True, check=True).stdout
        if "Non-2xx" in told and "304" not in self.name:
            raise SystemExit(f"{self.name}: {told}")
        self.rates.append(float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1]))
        number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", told).groups()
        self.tails.append(float(number) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[unit])


def interleaved(targets: Sequence[Target], rounds: int, seconds: int, connections: int) -> None:
    """Load each in turn, over and over, so that drift falls on all alike; the first round is not counted."""
    for number in range(rounds + 1):
        for target in targets:
            target.load(1 if number == 0 else seconds, connections)
            if number == 0:
                target.rates.clear(), target.tails.clear()


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in (head, *rows)]
    return "\n".join(line.rstrip() for line in lines)


def environment() -> str:
    """The machine in a line, for the head of a table."""
    told = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    model = re.search(r"model name\s*:\s*(.*)", told)
    where = f"{model[1] if model else platform.machine()}, {os.cpu_count()} cores"
    return f"{where}, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
