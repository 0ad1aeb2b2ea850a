"""Programs that we did not write, unchanged but for the host: what they understand is what upstream's own bodies say.

Each runs in a process of its own against the real server. Those of Node are looked for where NODE_PATH points.
"""

import json
import os
import socket
import subprocess
import sys
import tomllib
import urllib.request
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from fakes import KEY
from recipes import recipe
from serving import Quiet, listening, served

HERE = Path(__file__).parent
SAMPLES = HERE.parents[2] / "shared" / "owm" / "samples"
NODE = Path(os.environ.get("NODE_PATH", "node_modules"))
PNG = b"\x89PNG\r\n\x1a\n" + bytes(1000)
RECORDED = {
    "/data/2.5/weather": "weather-london-20240118-standard.json",
    "/data/2.5/forecast": "forecast-london-20250320-standard-rain.json",
    "/data/2.5/air_pollution": "air_pollution-lat38.7078-20230623-n1.json",
    "/data/2.5/air_pollution/forecast": "air_pollution-forecast-lat38.7078-20230623-n96.json",
    "/data/3.0/onecall": "onecall30-berlin-lat52.52-20240422-metric-alerts1-rain.json",
    "/geo/1.0/direct": "geo-direct-lisbon-n1.json",
}
PROGRAMS = {
    "pyowm": "drive_pyowm.py",
    "pyopenweathermap": "drive_pyopenweathermap.py",
    "openweather-api-node": "drive_openweather_api_node.cjs",
    "openweathermap-ts": "drive_openweathermap_ts.cjs",
}

pytestmark = [pytest.mark.needs(SAMPLES), pytest.mark.slow]


def body(path: str):
    return json.loads((SAMPLES / RECORDED[path]).read_bytes())


class Recorded(Quiet, BaseHTTPRequestHandler):
    """OpenWeatherMap, as recorded; it knows no key but the server's own."""

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        is_tile = path.startswith("/map/")
        raw = PNG if is_tile else (SAMPLES / RECORDED[path]).read_bytes()
        content_type = "image/png" if is_tile else "application/json; charset=utf-8"
        self.answer(200 if f"appid={KEY}" in query else 401, raw, content_type)


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    """The server, with an access key, over an upstream on loopback."""
    with listening(Recorded) as origin:
        environment = {"OPENWEATHERMAP_API_KEY": KEY, "WEATHER_UPSTREAM_URL": origin, "WEATHER_TILES_URL": origin}
        with served(tmp_path_factory.mktemp("clients") / "c", WEATHER_ACCESS_KEYS="mine", **environment) as (_, base):
            yield base


def driven(program: str, host: str, key: str = "mine") -> dict:
    """What a program prints."""
    script = HERE / PROGRAMS[program]
    command = [sys.executable, str(script), host, key]
    if script.suffix == ".cjs":
        marks = {"openweather-api-node": "API_ENDPOINT", "openweathermap-ts": "BASE_URL"}
        command = ["node", str(script), host, key, recipe(marks[program], "js", host, key)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def needing(program: str):
    needs = pytest.mark.needs(NODE / program if "-" in program else program)
    return pytest.param(program, marks=needs)


def temperatures(path: str, part: str = "list") -> list[float]:
    return [step["main"]["temp"] if "main" in step else step["temp"] for step in body(path)[part]]


@pytest.mark.needs("pyowm")
def test_pyowm(host):
    """Names, temperatures, steps, One Call with its alerts, air, geocoding and a tile are upstream's."""
    found, one_call = driven("pyowm", host), body("/data/3.0/onecall")
    here = body("/data/2.5/weather")
    assert (found["name"], found["temp"]) == (here["name"], here["main"]["temp"])
    assert found["steps"] == [[step["dt"], step["main"]["temp"]] for step in body("/data/2.5/forecast")["list"]]
    assert found["now"] == one_call["current"]["temp"]
    assert found["hours"] == temperatures("/data/3.0/onecall", "hourly")
    assert found["alerts"] == [alert["event"] for alert in one_call["alerts"]]
    assert found["pm2_5"] == body("/data/2.5/air_pollution")["list"][0]["components"]["pm2_5"]
    assert found["places"] == [[place["name"], place["lat"]] for place in body("/geo/1.0/direct")]
    assert found["tile"] == len(PNG)


@pytest.mark.needs("pyopenweathermap")
def test_pyopenweathermap(host):
    """Current, forecast, One Call 3.0 and air are upstream's."""
    found, one_call = driven("pyopenweathermap", host), body("/data/3.0/onecall")
    assert found["temp"] == body("/data/2.5/weather")["main"]["temp"]
    assert found["steps"] == temperatures("/data/2.5/forecast")
    assert found["now"] == one_call["current"]["temp"]
    assert found["minutes"] == [minute["precipitation"] for minute in one_call["minutely"]]
    assert found["hours"] == temperatures("/data/3.0/onecall", "hourly")
    assert found["days"] == [day["temp"]["max"] for day in one_call["daily"]]
    assert found["pm2_5"] == body("/data/2.5/air_pollution")["list"][0]["components"]["pm2_5"]


@pytest.mark.needs(NODE / "openweather-api-node")
def test_openweather_api_node(host):
    """The same, and a hundred names in as many scripts: not one of them garbled."""
    found, one_call = driven("openweather-api-node", host), body("/data/3.0/onecall")
    assert found["names"] == body("/geo/1.0/direct")[0]["local_names"]
    assert found["temp"] == body("/data/2.5/weather")["main"]["temp"]
    assert found["steps"] == temperatures("/data/2.5/forecast")
    assert found["now"] == one_call["current"]["temp"]
    assert len(found["minutes"]) == len(one_call["minutely"])
    assert found["hours"] == temperatures("/data/3.0/onecall", "hourly")
    assert found["alerts"] == [alert["event"] for alert in one_call["alerts"]]
    assert found["pm2_5"] == body("/data/2.5/air_pollution")["list"][0]["components"]["pm2_5"]


@pytest.mark.needs(NODE / "openweathermap-ts")
def test_openweathermap_ts(host):
    """It hands bodies on as they are: they are upstream's."""
    assert driven("openweathermap-ts", host) == {"now": body("/data/2.5/weather"), "steps": body("/data/2.5/forecast")}


@pytest.mark.parametrize("program", [needing(name) for name in PROGRAMS])
def test_a_wrong_key_is_understood(host, program):
    """Every program sees the refusal as what it is, in OpenWeatherMap's own words."""
    refused = driven(program, host, "wrong")["refused"]
    assert refused is True or "invalid api key" in refused.lower()


@pytest.mark.parametrize("target", ["q=S\xe3o+Paulo,BR", "q=S%C3%A3o%20Paulo%2CBR", "q=\u6771\u4eac"])
@pytest.mark.parametrize("accepts", ["", "Accept-Encoding: identity\r\n", "Accept-Encoding: gzip\r\n"])
def test_raw_bytes_in_the_request_line(host, target, accepts):
    """As curl sends them: a name unescaped, in UTF-8. The answer has a length and comes in one piece."""
    url = urlsplit(host)
    request = f"GET /data/2.5/weather?{target}&appid=mine HTTP/1.1\r\nHost: x\r\n{accepts}Connection: close\r\n\r\n"
    with socket.create_connection((url.hostname, url.port), 5) as wire:
        wire.sendall(request.encode("utf-8"))
        answer = b"".join(iter(lambda: wire.recv(65536), b""))
    head, _, raw = answer.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").lower().split("\r\n")
    assert lines[0] == "http/1.1 200 ok"
    assert f"content-length: {len(raw)}" in lines
    assert not any(line.startswith("transfer-encoding") for line in lines)
    assert ("content-encoding: gzip" in lines) is ("gzip" in accepts and len(raw) > 0 and raw[:2] == b"\x1f\x8b")
    if "gzip" not in accepts:
        assert raw == (SAMPLES / RECORDED["/data/2.5/weather"]).read_bytes()


def fetched(url: str) -> object:
    with urllib.request.urlopen(url, timeout=60) as answer:
        return json.load(answer)


@pytest.mark.needs("curl")
def test_curl_through_a_proxy(host):
    """The README's line of curl, run by bash: upstream's own body."""
    ended = subprocess.run(["bash", "-c", recipe("curl", "sh", host, "mine")], capture_output=True, check=True)
    assert json.loads(ended.stdout) == body("/data/2.5/weather")


def test_what_telegraf_asks(host):
    """With the README's settings its plugin asks for each city alone, with these parameters and this spelling."""
    (told,) = tomllib.loads(recipe("query_style", "toml", host, "mine"))["inputs"]["openweathermap"]
    assert told["query_style"] == "individual"
    query = {"APPID": told["app_id"], "id": told["city_id"][0], "lang": "en", "units": "metric"}
    for path in ("/data/2.5/weather", "/data/2.5/forecast"):
        assert fetched(f"{told['base_url'].rstrip('/')}{path}?{urlencode(query)}") == body(path)


def test_what_magicmirror_asks(host):
    """With the README's settings its weather module asks for One Call 3.0, with these parameters."""
    told = json.loads(recipe("apiBase", "json", host, "mine"))
    query = {"lat": told["lat"], "lon": told["lon"], "exclude": "minutely,hourly,daily", "units": "metric"}
    query |= {"lang": "en", "APPID": told["apiKey"]}
    assert (
        fetched(f"{told['apiBase']}3.0/onecall?{urlencode(query)}")["current"] == body("/data/3.0/onecall")["current"]
    )


def test_a_program_that_takes_us_for_its_proxy(host):
    """The whole address in the request line, as through http_proxy: upstream's own body, from upstream's own origin."""
    url = urlsplit(host)
    request = "GET http://api.openweathermap.org/data/2.5/weather?q=London&appid=mine HTTP/1.1\r\nHost: x\r\n"
    with socket.create_connection((url.hostname, url.port), 5) as wire:
        wire.sendall(f"{request}Connection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: wire.recv(65536), b""))
    assert answer.partition(b"\r\n\r\n")[2] == (SAMPLES / RECORDED["/data/2.5/weather"]).read_bytes()
