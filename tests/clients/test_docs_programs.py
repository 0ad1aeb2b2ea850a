"""The programs of `/docs/programs` and the snippets of `/docs`, run as printed: each state and error is told."""

import html
import json
import re
import subprocess
import sys
import urllib.request
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

import pytest
from fakes import KEY, air_body, forecast_body, weather_body
from serving import Quiet, listening, served, stored, wait_until

from weather.web.docs.pages import CODE

pytestmark = [pytest.mark.slow, pytest.mark.needs("curl"), pytest.mark.needs("jq"), pytest.mark.needs("node")]


class Recorded(Quiet, BaseHTTPRequestHandler):
    """OpenWeatherMap, which knows every point but Nairobi's."""

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        lat = parse_qs(address.query).get("lat", [""])[0]
        bodies = {"/data/2.5/weather": weather_body, "/data/2.5/forecast": forecast_body}
        body = b"[]" if address.path.startswith("/geo/") else json.dumps(bodies.get(address.path, air_body)()).encode()
        self.answer(200 if lat != "-1.29" else 500, body)


@pytest.fixture(scope="module", params=["demo", "fresh", "stale"])
def host(request, tmp_path_factory):
    """A server whose answers are in that state: its name, and its address."""
    folder = tmp_path_factory.mktemp("programs") / "c"
    quiet = {"errors": subprocess.DEVNULL}
    if request.param == "demo":
        with served(folder, **quiet) as (_, base):
            yield request.param, base
        return
    with listening(Recorded) as origin:
        owm = {"OPENWEATHERMAP_API_KEY": KEY, "WEATHER_UPSTREAM_URL": origin}
        with served(folder, **quiet, **owm) as (_, base):
            if request.param == "fresh":
                yield request.param, base
                return
            for block in programs(base):
                run(block, "London")
            wait_until(lambda: stored(folder) >= 6)  # four cities now; of London also forecast and air
    with served(folder, "--offline", **quiet, **owm, WEATHER_FRESH_FOR="500ms") as (_, base):
        yield request.param, base


def programs(base: str) -> list[str]:
    with urllib.request.urlopen(f"{base}/docs/programs", timeout=60) as answer:
        page = answer.read().decode()
    return [html.unescape(block) for block in re.findall(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)]


def command_of(program: str) -> list[str]:
    if program.startswith("#!"):
        return ["sh", "-c", program, "bar"]
    if "import " in program:
        return [sys.executable, "-c", program]
    return ["node", "--input-type=module", "-e", program]


def run(program: str, *arguments: str) -> tuple[int, str]:
    """The exit status, and all that was printed."""
    if command_of(program)[0] == "node":
        arguments = ()
    ended = subprocess.run([*command_of(program), *arguments], capture_output=True, text=True, timeout=60)
    return ended.returncode, ended.stdout + ended.stderr


def test_a_status_bar(host):
    """The temperature, the group, the age; a mark where it is old or invented."""
    state, base = host
    status, line = run(programs(base)[0], "London")
    mark = {"fresh": "", "stale": ", OUT OF DATE", "demo": ", INVENTED"}[state]
    assert status == 0 and re.fullmatch(rf"-?\d+ °C \w+ \(\d+ min{mark}\)\n", line)
    status, line = run(programs(base)[0], "Lodnon")
    assert status == 1 and not line.startswith(("null", "curl"))


def test_a_daily_message(host):
    """Today, what is known of warnings, the state and the credit."""
    state, base = host
    status, text = run(programs(base)[1], "London")
    lines = text.splitlines()
    assert status == 0 and lines[0].startswith("London: ") and re.match(r"\d{4}-\d\d-\d\d: ", lines[1])
    assert "Official warnings: not known. There may be some." in lines
    assert re.fullmatch(rf"{state}, fetched .*Z", lines[-2]) and lines[-1]
    status, text = run(programs(base)[1], "Lodnon")
    assert status == 1 and text.startswith("No weather: ")


def test_a_dashboard(host):
    """Five lines from one request; the city that cannot be had says why, and takes nothing from the others."""
    state, base = host
    status, text = run(programs(base)[2])
    lines = text.splitlines()
    assert status == 0 and [line.partition(":")[0] for line in lines] == [
        "London", "Paris", "New York", "Tokyo", "Nairobi"
    ]  # fmt: skip
    assert sum(f", {state}, " in line for line in lines) == (5 if state == "demo" else 4)
    assert state == "demo" or ", fresh" not in lines[4]


@pytest.mark.parametrize("language", CODE)
def test_a_snippet_shows_the_answer_and_what_an_error_says(host, language):
    snippet = CODE[language]
    command = {
        "curl": ["sh", "-c"],
        "Python": [sys.executable, "-c"],
        "JavaScript": ["node", "--input-type=module", "-e"],
    }
    for query, word in (("q=London", "51.5"), ("q=London&untis=us", "did you mean units?")):
        program = snippet.replace("{url}", f"{host[1]}/api/v1/current?{query}")
        ended = subprocess.run([*command[language], program], capture_output=True, text=True, timeout=60)
        assert word in ended.stdout + ended.stderr
