"""What a cold answer costs beside a direct call: `python tests/bench/miss.py [--calls 400]`.

Each place is asked for once through us and once of upstream itself, in turn, over connections that stay open.
"""

import argparse
import http.client
import statistics
import time

from stand import environment, table, upstream, weather

PATH = "/data/2.5/weather?lat={lat}&lon={lon}&appid=0123456789abcdef0123456789abcdef"


def timed(connection: http.client.HTTPConnection, path: str) -> float:
    """Milliseconds until the whole answer is there."""
    began = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status}")
    return (time.perf_counter() - began) * 1000


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--calls", type=int, default=400)
    calls = options.parse_args().calls
    direct, through = [], []
    with upstream() as origin, weather(origin) as port:
        to_origin = http.client.HTTPConnection(origin.removeprefix("http://"))
        to_us = http.client.HTTPConnection("127.0.0.1", port)
        for i in range(calls + 20):
            path = PATH.format(lat=i % 90, lon=i // 90)
            times = timed(to_origin, path), timed(to_us, path)
            if i >= 20:
                direct.append(times[0])
                through.append(times[1])
    print(environment())
    rows = [
        (name, *(f"{point(times):.2f}" for point in (statistics.median, tail)))
        for name, times in (("direct", direct), ("through us, cold", through))
    ]
    print(table(("ms", "p50", "p99"), rows))
    added = statistics.median(through) - statistics.median(direct)
    print(
        f"added at p50: {added:.2f} ms (aim <= 3); ratio {statistics.median(through) / statistics.median(direct):.2f}"
    )


def tail(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.99)]


if __name__ == "__main__":
    main()
