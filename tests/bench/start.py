"""How long a start takes, and what it weighs: `python tests/bench/start.py [--rounds 5]`."""

import argparse
import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

from stand import environment, free_port, table, upstream, weather

WEATHER = str(Path(sys.executable).with_name("weather"))
FOLDER = {"WEATHER_CACHE_URL": "memory:"}


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


def resident_and_first_page() -> tuple[float, float]:
    """Megabytes of a worker that has shown a page and looked up a name, and milliseconds of that first page."""
    with upstream() as origin, weather(origin) as port:
        urlopen(f"http://127.0.0.1:{port}/search?begins=lon").close()
        for i in range(2):  # the first call warms the way upstream
            began = time.perf_counter()
            urlopen(f"http://127.0.0.1:{port}/forecast/{51 + i},0").read()
            taken = (time.perf_counter() - began) * 1000
        found = subprocess.run(["pgrep", "-f", f"port {port}"], capture_output=True, text=True, check=True).stdout
        status = Path(f"/proc/{found.split()[0]}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024, taken


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=5)
    rounds = options.parse_args().rounds
    times = {"python": python_seconds, "weather --help": help_seconds, "weather serve, first answer": serve_seconds}
    taken: dict[str, list[float]] = {name: [] for name in times}
    for _ in range(rounds):
        for name, measure in times.items():
            taken[name].append(measure())
    print(environment())
    base = statistics.median(taken["python"])
    rows = [
        (name, f"{statistics.median(took) * 1000:.0f}", f"{statistics.median(took) / base:.1f}")
        for name, took in taken.items()
    ]
    print(table(("", "ms", ": python"), rows))
    megabytes, page = resident_and_first_page()
    print(f"a worker with the gazetteer open: {megabytes:.0f} MB (aim <= 90); a cold page: {page:.1f} ms")


if __name__ == "__main__":
    main()
