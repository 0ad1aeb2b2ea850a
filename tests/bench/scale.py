"""What a second worker adds: `python tests/bench/scale.py [--rounds 5]`: kept answers with one worker and with two.

Neither the servers nor wrk are pinned: on two cores wrk takes a part of what the second worker could use.
"""

import argparse
import re
import statistics
import subprocess
from urllib.request import urlopen

from stand import environment, table, upstream, weather

PATH = "/api/v1/current?lat=51.51&lon=-0.13"


def rate(port: int) -> float:
    command = ["wrk", "-t1", "-c64", "-d3s", f"http://127.0.0.1:{port}{PATH}"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1])


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=5)
    rounds = options.parse_args().rounds
    rates: dict[int, list[float]] = {1: [], 2: []}
    with upstream() as origin, weather(origin, core=None) as one, weather(origin, "--workers", "2", core=None) as two:
        for port in (one, two):
            for _ in range(20):
                urlopen(f"http://127.0.0.1:{port}{PATH}").close()
        for _ in range(rounds):
            rates[1].append(rate(one))
            rates[2].append(rate(two))
    print(environment())
    print(table(("workers", "requests/s"), [(str(n), f"{statistics.median(told):,.0f}") for n, told in rates.items()]))
    print(f"two : one {statistics.median(rates[2]) / statistics.median(rates[1]):.2f}")


if __name__ == "__main__":
    main()
