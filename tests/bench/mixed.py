"""Visitors as they come: `python tests/bench/mixed.py [--seconds 10]`: Zipf over places, most of them kept.

wrk asks for places drawn by Zipf's law, of which the rarest are cold; beside it, the same load on one kept place.
"""

import argparse
import re
import subprocess
import tempfile
import time
from pathlib import Path

from stand import LOAD_CORE, environment, table, upstream, weather

SCRIPT = """
local places, skew = {places}, 1.1
local total, sums = 0, {{}}
for i = 1, places do total = total + 1 / i ^ skew; sums[i] = total end
local function draw()
  local x, low, high = math.random() * total, 1, places
  while low < high do
    local middle = math.floor((low + high) / 2)
    if sums[middle] < x then low = middle + 1 else high = middle end
  end
  return low
end
request = function()
  local n = draw()
  return wrk.format("GET", string.format("/data/2.5/weather?lat=%.2f&lon=%.2f", n % 90, n / 90))
end
done = function(_, latency, _)
  for _, p in ipairs({{50, 99, 99.9}}) do print(string.format("P %.1f %.3f", p, latency:percentile(p) / 1000)) end
end
"""


def loaded(port: int, places: int, seconds: int) -> list[str]:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT.format(places=places))
        script.flush()
        command = ["taskset", "-c", LOAD_CORE, "wrk", "-t1", "-c32", f"-d{seconds}s", "-s", script.name]
        told = subprocess.run([*command, f"http://127.0.0.1:{port}"], capture_output=True, text=True, check=True).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)[1]
    return [f"{float(rate):,.0f}", *(found for found in re.findall(r"P [\d.]+ ([\d.]+)", told))]


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=int, default=10)
    seconds = options.parse_args().seconds
    rows = []
    with upstream() as origin, weather(origin) as port:
        time.sleep(1)  # templates are compiled beside the start
        for name, places in (("one kept place", 1), ("Zipf over 3,000", 3000), ("the same, warm", 3000)):
            rows.append((name, *loaded(port, places, seconds)))
    print(environment())
    print(table(("", "requests/s", "p50 ms", "p99", "p99.9"), rows))
    print(f"Zipf, warm : one place {float(rows[2][1].replace(',', '')) / float(rows[0][1].replace(',', '')):.2f}")


if __name__ == "__main__":
    assert Path("/proc").exists(), "needs Linux"
    main()
