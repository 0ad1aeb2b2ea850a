"""How long a start takes, and what it weighs: `python tests/bench/start.py [--rounds 5]`."""

import argparse
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.request import urlopen

from stand import environment, free_port, table, upstream, weather

WEATHER = str(Path(sys.executable).with_name("weather"))
FOLDER = {"WEATHER_CACHE_URL": "memory:"}
PRODUCTS = ("weather", "forecast", "air_pollution")
LATER = (0.0, 1.0)
"""When the first visitor comes: at once, while templates are still being compiled; and after that."""


def help_seconds() -> float:
    began = time.perf_counter()
    subprocess.run([WEATHER, "--help"], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def python_seconds() -> float:
    """The reference: an interpreter that does nothing."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", ""], check=True)
    return time.perf_counter() - began


def serve_seconds() -> float:
    """Until the server has answered its first question."""
    port = free_port()
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("WEATHER_", "OPENWEATHERMAP_"))}
    began = time.perf_counter()
    process = subprocess.Popen(
        [WEATHER, "serve", "--demo", "--port", str(port)], env=plain | FOLDER, stdout=subprocess.DEVNULL, stderr=-3
    )
    try:
        while True:
            try:
                urlopen(f"http://127.0.0.1:{port}/healthz").close()
                return time.perf_counter() - began
            except OSError:
                time.sleep(0.005)
    finally:
        process.terminate()
        process.wait()


def fetched(url: str) -> float:
    """Milliseconds until the whole answer was there."""
    began = time.perf_counter()
    urlopen(url).read()
    return (time.perf_counter() - began) * 1000


def direct(origin: str, at: str) -> float:
    """Milliseconds of the calls of one page, side by side, without a server between."""
    began = time.perf_counter()
    with ThreadPoolExecutor(len(PRODUCTS)) as threads:
        list(threads.map(fetched, (f"{origin}/data/2.5/{name}?{at}" for name in PRODUCTS)))
    return (time.perf_counter() - began) * 1000


def pages(later: float) -> dict[str, float]:
    """Milliseconds of the first page of a new process, asked for so many seconds after it answers, and of others."""
    with upstream() as origin:
        calls = statistics.median(direct(origin, f"lat=50&lon={i}") for i in range(20))
        with weather(origin) as port:
            time.sleep(later)
            first, *cold = (fetched(f"http://127.0.0.1:{port}/forecast/51,{i}") for i in range(21))
    return {"first": first, "cold": statistics.median(cold), "calls": calls}


def resident() -> float:
    """Megabytes of a worker that has shown a page and looked up a name."""
    with upstream() as origin, weather(origin) as port:
        for path in ("search?begins=lon", "forecast/51,0"):
            fetched(f"http://127.0.0.1:{port}/{path}")
        found = subprocess.run(["pgrep", "-f", f"port {port}"], capture_output=True, text=True, check=True).stdout
        status = Path(f"/proc/{found.split()[-1]}/status").read_text()  # its parent only watches over it
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=5)
    rounds = options.parse_args().rounds
    times = {"python": python_seconds, "weather --help": help_seconds, "weather serve, first answer": serve_seconds}
    taken: dict[str, list[float]] = {name: [] for name in times}
    shown: dict[float, list[dict[str, float]]] = {later: [] for later in LATER}
    for _ in range(rounds):
        for name, measure in times.items():
            taken[name].append(measure())
        for later, found in shown.items():
            found.append(pages(later))
    print(environment())
    base = statistics.median(taken["python"])
    rows = [
        (name, f"{statistics.median(took) * 1000:.0f}", f"{statistics.median(took) / base:.1f}")
        for name, took in taken.items()
    ]
    print(table(("", "ms", ": python"), rows))
    print(f"a worker with the gazetteer open: {resident():.0f} MB (aim <= 90)")
    told = [
        *((f"first page of a process, {later:g} s after it answers", found, "first") for later, found in shown.items()),
        ("cold page of a warm process", [one for found in shown.values() for one in found], "cold"),
    ]
    print(table(("", "ms", "its calls alone", "beyond (aim <= 15)"), [row(*one) for one in told]))


def row(name: str, found: Sequence[dict[str, float]], kind: str) -> tuple[str, ...]:
    """Medians of the pages of that kind."""
    page, calls = (statistics.median(one[part] for one in found) for part in (kind, "calls"))
    return name, f"{page:.1f}", f"{calls:.1f}", f"{page - calls:.1f}"


if __name__ == "__main__":
    main()
