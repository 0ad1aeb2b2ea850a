"""A fake OpenWeatherMap on a socket for the benches: `origin.py PORT`. Standard library and granian only."""

import asyncio
import json
import sys
import time
from pathlib import Path
from urllib.parse import parse_qs

from granian.constants import Interfaces
from granian.server.embed import Server

sys.path.insert(0, str(Path(__file__).parent.parent))
from fakes import air_body, forecast_body, weather_body


def body_of(path: str, query: dict[str, list[str]]) -> object:
    lat, lon, now = float(query.get("lat", ["51.51"])[0]), float(query.get("lon", ["-0.13"])[0]), int(time.time())
    if path.endswith("/weather"):
        return weather_body(lat, lon, dt=now - 300)
    if path.endswith("/forecast") and "air" not in path:
        return forecast_body(now // 10800 * 10800 + 10800)
    body = air_body(lat, lon)
    body["list"][0]["dt"] = now - 600
    return body


async def app(scope, receive, send) -> None:
    if scope["type"] == "lifespan":
        for _ in range(2):
            await send({"type": f"{(await receive())['type']}.complete"})
        return
    body = json.dumps(body_of(scope["path"], parse_qs(scope["query_string"].decode()))).encode()
    headers = [(b"content-type", b"application/json; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


if __name__ == "__main__":
    server = Server(app, port=int(sys.argv[1]), interface=Interfaces.ASGI, log_enabled=False)
    asyncio.run(server.serve())
