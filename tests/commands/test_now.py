"""`weather now`: the answers of a server without one; its exit status says how good they are."""

import json
import signal
import socket
import subprocess
import sys
from functools import partial
from pathlib import Path

import httpx
import pytest
from fakes import KEY, NOON, Clock, Upstream, no_wait, running
from serving import plain_environment

from weather.backend import Clocks
from weather.commands.cli import parser
from weather.commands.now import ERROR, FRESH, STALE, Question, answer
from weather.domain.units import SYSTEMS
from weather.settings import load
from weather.web.terminal.options import Options

pytestmark = pytest.mark.anyio

NOBODY = Path("/nonexistent")


@pytest.fixture
def ask(tmp_path):
    """The status and the text, at a time, of this upstream."""

    async def run(upstream, *words, at: float = NOON, as_json: bool = False, more: dict | None = None, **options):
        texts = {
            "OPENWEATHERMAP_API_KEY": KEY,
            "WEATHER_CACHE_URL": f"disk://{tmp_path}/cache",
            "WEATHER_DATABASE_URL": f"sqlite:///{tmp_path}/places.sqlite",
            "WEATHER_PROVIDER": "openweathermap",
            "WEATHER_PLAN": "free",
            "WEATHER_ALERTS": "none",
        }
        settings = load(texts | (more or {}), NOBODY)
        clocks = Clocks(wall=Clock(at), sleep=no_wait)
        wire = httpx.ASGITransport(app=upstream)
        return await answer(settings, Question(words, Options(**options), as_json), clocks, wire)

    return run


async def test_a_report(ask):
    """Several words are one name; the place and the age stand first."""
    status, text = await ask(Upstream(), "New", "York")
    assert status == FRESH
    assert text.startswith("New York, United States\nAs of 11:55 · 5 min ago")


async def test_a_line(ask):
    upstream = Upstream()
    assert await ask(upstream, "London", format="3") == (FRESH, "London: 🌦 +12°C\n")
    assert await ask(upstream, "London", format="%t", units="us") == (FRESH, "+54°F")
    assert await ask(upstream, "London", format="%C", lang="de") == (FRESH, "Leichter Regen")
    assert upstream.calls == ["/data/2.5/weather"]


async def test_json_is_the_api_s(ask, clock, tmp_path):
    """The same members and values as `/api/v1/forecast`."""
    status, text = await ask(Upstream(), "London", as_json=True)
    async with running(Upstream(), clock) as client:
        answered = (await client.get("/api/v1/forecast?q=London")).json()
    assert (status, json.loads(text)) == (FRESH, answered)


async def test_a_server_s_cache_is_shared(ask, tmp_path):
    """What a server keeps costs the command no call."""
    server, own = Upstream(), Upstream()
    async with running(server, Clock(NOON), tmp_path / "cache") as client:
        await client.get("/api/v1/current?q=London")
    assert (await ask(own, "London", format="3"))[0] == FRESH
    assert (server.count, own.count) == (1, 0)


async def test_stale_is_3(ask):
    """Upstream fails half an hour later: the old answer, marked."""
    upstream = Upstream()
    await ask(upstream, "London", format="3")
    upstream.fails(500)
    assert await ask(upstream, "London", at=NOON + 1800, format="3") == (STALE, "London: 🌦 +12°C (30 min ago)\n")
    status, text = await ask(upstream, "London", at=NOON + 1800, as_json=True)
    assert status == STALE and json.loads(text)["freshness"]["state"] == "stale"


async def test_offline_with_what_is_kept(ask):
    upstream = Upstream()
    await ask(upstream, "London")
    status, text = await ask(upstream, "London", at=NOON + 86400, more={"WEATHER_OFFLINE": "yes"})
    assert status == STALE and "Offline. Data from:" in text


async def test_an_error_is_1(ask):
    """Nothing kept and upstream silent; a name that nobody knows, for which nobody is asked."""
    upstream = Upstream()
    status, text = await ask(upstream, "Berlinxq")
    assert (status, upstream.count) == (ERROR, 0) and text.startswith("Place not found\n")
    upstream.fails(500)
    status, text = await ask(upstream, "London")
    assert status == ERROR and KEY not in text


async def test_invented_weather_that_nobody_asked_for_is_no_answer(ask):
    """Where no source has ever answered the demo stands in, and says so: status 1, as there is none. Asked for: 0."""

    async def unreachable(scope, receive, send) -> None:
        raise httpx.ConnectError("no network")

    auto = {"WEATHER_PROVIDER": "auto", "OPENWEATHERMAP_API_KEY": ""}
    status, text = await ask(unreachable, "London", more=auto)
    assert status == ERROR and "Invented for" in text
    assert (await ask(unreachable, "London", more=auto | {"WEATHER_PROVIDER": "demo"}))[0] == FRESH


def test_its_options():
    """Of the interface; the unit systems are all that there are."""
    told = parser().parse_args(["now", "New", "York", "--format", "3", "--units", "us", "--lang", "de"])
    assert (told.place, told.format, told.units, told.lang, told.json) == (["New", "York"], "3", "us", "de", False)
    for name in SYSTEMS:
        assert parser().parse_args(["now", "x", "--units", name]).units == name


@pytest.mark.slow
def test_in_a_process_of_its_own(tmp_path):
    """The demo: text without colour where no terminal is, invented and says so, exit status 0; an error on stderr."""
    keeps = {"WEATHER_CACHE_URL": f"disk://{tmp_path}/c", "WEATHER_DATABASE_URL": f"sqlite:///{tmp_path}/p.sqlite"}

    def run(*words: str) -> subprocess.CompletedProcess:
        command = [sys.executable, "-m", "weather", "now", *words]
        told = plain_environment() | keeps | {"WEATHER_PROVIDER": "demo"}
        return subprocess.run(command, env=told, cwd=tmp_path, capture_output=True, text=True, timeout=120)

    shown = run("London")
    assert shown.returncode == 0 and "Invented for" in shown.stdout and "\x1b" not in shown.stdout
    unknown = run("Berlinxq")
    assert (unknown.returncode, unknown.stdout) == (1, "") and "Place not found" in unknown.stderr


def test_ctrl_c_ends_it_without_a_traceback(tmp_path):
    """While a source is silent: the exit status of a command that was interrupted, and nothing on stderr."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        origin = f"http://127.0.0.1:{silent.getsockname()[1]}"
        told = plain_environment() | {"WEATHER_PROVIDER": "open-meteo", "WEATHER_OPENMETEO_URL": origin}
        told |= {"WEATHER_CACHE_URL": "memory:", "WEATHER_ALERTS": "none", "WEATHER_TIMEOUT": "1h"}
        told |= {"WEATHER_DATABASE_URL": f"sqlite:///{tmp_path}/p.sqlite", "WEATHER_OPENMETEO_AIR_URL": origin}
        command = [sys.executable, "-m", "weather", "now", "London"]
        piped = {"stderr": subprocess.PIPE, "text": True}
        # In the background of a shell these tests ignore the signal, and what they start would too.
        hears = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
        with subprocess.Popen(command, env=told, cwd=tmp_path, preexec_fn=hears, **piped) as process:
            waiting, _ = silent.accept()
            process.send_signal(signal.SIGINT)
            _, words = process.communicate(timeout=120)
            waiting.close()
    assert (process.returncode, words) == (130, "")
