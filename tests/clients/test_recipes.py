"""The recipes of `/docs/terminal`, each run as it is printed, against the server that printed it."""

import html
import json
import os
import re
import shlex
import subprocess
import sys
import urllib.request
from pathlib import Path

import anyio
import pytest
from serving import kept_in, plain_environment, served, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.needs("curl")]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A server with the demo's weather: its address, and what keeps its answers."""
    folder = tmp_path_factory.mktemp("recipes") / "cache"
    with served(folder, errors=subprocess.DEVNULL) as (_, host):  # a pipe that nobody reads would fill
        yield host, kept_in(folder)


@pytest.fixture(scope="module")
def recipes(site) -> list[str]:
    """The blocks of the chapter, as a reader copies them."""
    with urllib.request.urlopen(f"{site[0]}/docs/terminal") as answer:
        page = answer.read().decode()
    return [html.unescape(block) for block in re.findall(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)]


def block(recipes: list[str], word: str) -> str:
    (found,) = [one for one in recipes if word in one]
    return found


def run(line: str, site, tmp_path: Path) -> str:
    """What a shell prints; it must succeed."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    told = plain_environment() | site[1] | {"WEATHER_PROVIDER": "demo", "PATH": path}
    done = subprocess.run(["bash", "-c", line], env=told, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, ""), line
    return done.stdout


def test_the_page_names_its_own_server(site, recipes):
    assert len(recipes) == 11 and all(site[0] in one for one in recipes if "curl" in one)


def test_text(site, recipes, tmp_path):
    """A report, one of now in US units without colour, a narrow one in German, and the help."""
    told = [run(line, site, tmp_path) for line in block(recipes, "/:help").splitlines()]
    assert told[0].startswith("\x1b[1mLondon, England") and "Invented for" in told[0]
    assert told[1].startswith("New York, United States\n") and "°F" in told[1] and "\x1b" not in told[1]
    assert "Jetzt" in told[2] and told[3].startswith("Weatherglass in a terminal")


def test_lines(site, recipes, tmp_path):
    """Which say that they are of the demo."""
    first, second = (run(line, site, tmp_path) for line in block(recipes, "format=3'\n").splitlines())
    assert re.fullmatch(r"London: \S+ [+-]\d+°C \(demo\)\n", first)
    assert re.match(r"Londres: .+, [+-]\d+°C, .*km/h, \d+% \(", second)


@pytest.mark.needs("jq")
def test_json(site, recipes, tmp_path):
    now, days = (run(line, site, tmp_path) for line in block(recipes, "current_condition").splitlines())
    assert re.match(r"-?\d+ °C, \w", now)
    assert len(days.splitlines()) == 3 and re.match(r"\d{4}-\d\d-\d\d -?\d+ to -?\d+\n", days)


@pytest.mark.needs("jq")
def test_without_a_server(site, recipes, tmp_path):
    told = [run(line, site, tmp_path) for line in block(recipes, "weather now").splitlines()]
    assert told[0].startswith("London, England") and re.match(r"New York: .*°F \(demo\)\n", told[1])
    assert float(told[2]) > -90


def test_waybar(site, recipes, tmp_path):
    """Its configuration is JSON; the command prints one line, which it shows as it is."""
    module = json.loads("{" + block(recipes, "custom/weather") + "}")["custom/weather"]
    assert module["format"] == "{}" and module["interval"] >= 60
    assert re.fullmatch(r"\S+ [+-]\d+°C \(demo\)", run(module["exec"], site, tmp_path))


@pytest.mark.needs("tmux")
def test_tmux(site, recipes, tmp_path):
    """A real tmux, in the window of another one that is read, shows the line in its status bar."""
    (tmp_path / "tmux.conf").write_text(block(recipes, "status-right"))
    environment = os.environ | {"LC_ALL": "C.UTF-8", "TERM": "xterm-256color"}
    inner, outer = (["tmux", "-u", "-S", str(tmp_path / name)] for name in ("inner", "outer"))
    shown = shlex.join(["env", "-u", "TMUX", *inner, "-f", str(tmp_path / "tmux.conf"), "new-session", "sleep 300"])
    window = [*outer, "-f", "/dev/null", "new-session", "-d", "-x", "120", "-y", "8", shown]
    subprocess.run(window, env=environment, check=True, timeout=60)
    try:

        def screen() -> str:
            asked = [*outer, "capture-pane", "-p"]
            return subprocess.run(asked, env=environment, capture_output=True, text=True, timeout=60).stdout

        wait_until(lambda: re.search(r"[+-]\d+°C \(demo\)", screen()))
    finally:
        for server in (inner, outer):
            subprocess.run([*server, "kill-server"], env=environment, check=False, capture_output=True)


def test_tables(site, recipes, tmp_path):
    days, hours = (run(line, site, tmp_path) for line in block(recipes, "format=csv").splitlines())
    assert days.startswith("date,temperature_min,") and len(days.splitlines()) == 4
    assert hours.startswith("time,temperature,freshness.state,") and len(hours.splitlines()) > 30


@pytest.mark.needs("jq")
def test_many_places(site, recipes, tmp_path):
    told = run(block(recipes, "current?at="), site, tmp_path)
    assert re.fullmatch(r"London[^:]*: -?[\d.]+\nParis[^:]*: -?[\d.]+\nNew York[^:]*: -?[\d.]+\n", told)


def test_calendar(site, recipes, tmp_path):
    told = run(block(recipes, "calendar.ics"), site, tmp_path)
    assert told.startswith("BEGIN:VCALENDAR") and told.count("BEGIN:VEVENT") >= 5 and "NAME:London" in told


def test_curl_fails_on_errors(site, tmp_path):
    """Status 22 of `curl -f` for a name that nobody knows."""
    done = subprocess.run(["curl", "-sf", f"{site[0]}/Berlinxq"], capture_output=True, timeout=60)
    assert (done.returncode, done.stdout) == (22, b"")


@pytest.mark.needs("mcp")
@pytest.mark.parametrize("door", ["url", "command"])
def test_language_models(site, recipes, tmp_path, door):
    """The SDK's client, started by each printed configuration, is answered by the demo."""
    server = json.loads(block(recipes, f'"{door}"'))["mcpServers"]["weather"]
    assert anyio.run(forecast_by_mcp, server, site, tmp_path).startswith("INVENTED:")


async def forecast_by_mcp(server: dict, site, tmp_path: Path) -> str:
    from mcp.client import Client
    from mcp.client.stdio import StdioServerParameters

    command = Path(sys.executable).parent / server.get("command", "")
    told = site[1] | {"WEATHER_PROVIDER": "demo"}
    stdio = StdioServerParameters(command=str(command), args=server.get("args", []), env=told, cwd=tmp_path)
    async with Client(server.get("url") or stdio) as client:
        return (await client.call_tool("forecast", {"q": "London"})).content[0].text
