"""What many places weigh: `python tests/bench/memory.py [--places 100000]`: resident memory of one worker."""

import argparse
import asyncio
import re
import subprocess
from pathlib import Path

import httpx
from stand import environment, table, upstream, weather


def resident(port: int) -> float:
    found = subprocess.run(["pgrep", "-f", f"port {port}"], capture_output=True, text=True, check=True).stdout
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{found.split()[-1]}/status").read_text())[1]) / 1024


async def visit(port: int, first: int, last: int) -> None:
    """Sixteen visitors share the places out."""
    numbers = iter(range(first, last))

    async def one(client: httpx.AsyncClient) -> None:
        for n in numbers:
            path = f"/data/2.5/weather?lat={n % 17900 / 100 - 89:.2f}&lon={n // 17900:.2f}"
            (await client.get(path)).raise_for_status()

    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False) as client:
        await asyncio.gather(*(one(client) for _ in range(16)))


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--places", type=int, default=100_000)
    places = options.parse_args().places
    rows = []
    with upstream() as origin, weather(origin) as port:
        asyncio.run(visit(port, 0, 10))
        rows.append(("10", f"{resident(port):.0f}"))
        base = resident(port)
        for part in range(1, 5):
            asyncio.run(visit(port, max(10, places * (part - 1) // 4), places * part // 4))
            rows.append((f"{places * part // 4:,}", f"{resident(port):.0f}"))
        ratio = resident(port) / base
    print(environment())
    print(table(("places", "MB"), rows))
    print(f"all places : ten places {ratio:.2f}")


if __name__ == "__main__":
    main()
