"""Runs the app on granian, in this very process, until a signal ends it."""

import asyncio
import os
import signal
import socket
import sys
from ipaddress import ip_address

from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

from weather.app import create_app
from weather.logs import to_standard_error
from weather.settings import Settings


def run(settings: Settings, host: str, port: int, workers: int) -> int:
    """Serve; the exit status."""
    if is_taken(host, port):
        print(f"weather: {host}:{port} is in use by another program", file=sys.stderr)
        return 1
    os.umask(0o077)  # what is kept is for us alone
    to_standard_error(settings.log, settings.api_key)
    for line in warnings(settings, host, workers):
        print(f"weather: {line}", file=sys.stderr)
    asyncio.run(serve(settings, host, port))
    return 0


async def serve(settings: Settings, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    server = Server(
        create_app(settings),
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        websockets=False,
        log_enabled=False,
        http1_settings=HTTP1Settings(max_buffer_size=128 * 1024),
        backlog=1024,
    )
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, server.stop)
    greeting = asyncio.create_task(greet(settings, host, port))
    await server.serve()
    greeting.cancel()


async def greet(settings: Settings, host: str, port: int) -> None:
    """Print the URL once it answers."""
    while not is_taken(host, port):  # noqa: ASYNC110, granian has no event for it
        await asyncio.sleep(0.02)
    shown = f"[{host}]" if ":" in host else host
    print(f"Weatherglass: http://{shown}:{port}{settings.root_path}/", flush=True)
    if settings.provider == "demo":
        print("Demo: all weather shown is invented.", flush=True)
    elif settings.api_key is None:
        print("Without OPENWEATHERMAP_API_KEY: weather by Open-Meteo.com, for non-commercial use.", flush=True)


def is_taken(host: str, port: int) -> bool:
    """Whether somebody answers there."""
    try:
        socket.create_connection((host, port), 1).close()
    except OSError:
        return False
    return True


def warnings(settings: Settings, host: str, workers: int) -> list[str]:
    """What the operator should know before it starts."""
    told = []
    if not is_loopback(host) and not settings.access_keys:
        told.append(f"listening at {host} without WEATHER_ACCESS_KEYS: whoever reaches it spends your calls")
    if workers > 1:
        told.append("--workers: one process serves until a later version shares flights among several")
    if settings.cache.kind == "redis":
        told.append("WEATHER_CACHE_URL: Redis comes with a later version; answers are kept in memory until then")
    return told


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
