"""The real server, as a user starts it: a process, a port, signals."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler

import pytest
from fakes import KEY, air_body, forecast_body, weather_body
from serving import free_port, listening, served, stored, wait_until

pytestmark = pytest.mark.slow

BODIES = {"/data/2.5/weather": weather_body, "/data/2.5/forecast": forecast_body, "/data/2.5/air_pollution": air_body}
PATHS = ["/data/2.5/weather?lat=51.51&lon=-0.13", "/api/v1/forecast?lat=51.51&lon=-0.13", "/forecast/51.51,-0.13"]


class Recorded(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = json.dumps(BODIES[self.path.partition("?")[0]]()).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_) -> None:
        """Silence."""


def get(url: str) -> tuple[int, dict[str, str], bytes]:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()


def test_after_a_kill_and_without_upstream_all_doors_still_answer(tmp_path):
    """Fetched, killed with -9, started again with upstream gone: 200 at every door, stale with the true times (32)."""
    with listening(Recorded) as origin:
        with served(tmp_path / "c", OPENWEATHERMAP_API_KEY=KEY, WEATHER_UPSTREAM_URL=origin) as (process, base):
            first = {path: get(base + path) for path in PATHS}
            wait_until(lambda: stored(tmp_path / "c") == len(BODIES))
            process.send_signal(signal.SIGKILL)
            process.wait()
    assert {status for status, _, _ in first.values()} == {200}
    gone = {"OPENWEATHERMAP_API_KEY": KEY, "WEATHER_UPSTREAM_URL": origin, "WEATHER_FRESH_FOR": "500ms"}
    with served(tmp_path / "c", **gone) as (_, base):
        second = {path: get(base + path) for path in PATHS}
        unknown = [get(base + path.replace("51.51", "1.5")) for path in PATHS]
    for path, (status, headers, body) in second.items():
        assert status == 200, path
        assert re.fullmatch(
            r"weather; fwd=stale; (collapsed; )?ttl=-\d+; detail=upstream-\w+|weather; hit; ttl=-\d+; detail=gate",
            headers["cache-status"],
        )
        assert int(headers["age"]) >= 1
        assert path != PATHS[0] or body == first[path][2]
    told, before = json.loads(second[PATHS[1]][2])["freshness"], json.loads(first[PATHS[1]][2])["freshness"]
    assert (told["state"], told["fetched_at"]) == ("stale", before["fetched_at"])
    assert b"Not up to date" in second[PATHS[2]][2]
    assert {status for status, _, _ in unknown} <= {502, 503}  # the gate may have closed meanwhile
    assert json.loads(unknown[0][2])["cod"] == 502
    assert json.loads(unknown[1][2])["code"] == "upstream_failed"


def test_a_signal_ends_it_cleanly(tmp_path):
    """SIGTERM: exit status 0, and the next start on the same folder succeeds at once."""
    for _ in range(2):
        with served(tmp_path / "c") as (process, base):
            assert get(f"{base}/api/v1/current?q=Tokyo")[0] == 200
            process.terminate()
            assert process.wait(60) == 0


@pytest.mark.parametrize("folder", ["/proc/nowhere", "/dev/null/cache"])
def test_it_starts_with_nothing_at_all(tmp_path, folder):
    """No key, no network, no folder that can be written: /healthz answers, and so does the demo (33)."""
    nobody = f"http://127.0.0.1:{free_port()}"
    alone = {"WEATHER_OPENMETEO_URL": nobody, "WEATHER_OPENMETEO_AIR_URL": nobody, "WEATHER_PROVIDER": "auto"}
    with served(tmp_path / "c", WEATHER_CACHE_URL=f"disk://{folder}", **alone) as (_, base):
        assert get(f"{base}/healthz")[0] == 200
        assert json.loads(get(f"{base}/api/v1/current?q=Tokyo")[2])["freshness"]["source"] == "demo"
        assert json.loads(get(f"{base}/readyz")[2])["checks"]["cache"]["status"] == "degraded"


def test_offline_without_anything_kept_is_told(tmp_path):
    """--offline on an empty folder: 503 `offline`, at once (31)."""
    with served(tmp_path / "c", "--offline") as (_, base):
        status, headers, body = get(f"{base}/api/v1/current?q=Tokyo")
    assert (status, json.loads(body)["code"]) == (503, "offline")
    assert int(headers["retry-after"]) > 0


def test_the_key_is_in_no_output_and_no_file(tmp_path):
    """After successes and failures: the key is neither in the output nor in the cache folder (83, 84)."""
    with listening(Recorded) as origin:
        with served(tmp_path / "c", OPENWEATHERMAP_API_KEY=KEY, WEATHER_UPSTREAM_URL=origin, WEATHER_LOG="json") as (
            process,
            base,
        ):
            for path in [*PATHS, "/geo/1.0/zip?zip=x", "/nowhere?appid=" + KEY, "/%0d%0aevil"]:
                get(base + path)
            wait_until(lambda: stored(tmp_path / "c") >= len(BODIES))
            process.terminate()
            out, err = process.communicate(timeout=60)
    assert KEY not in out + err
    assert all(json.loads(line)["level"] for line in err.splitlines())
    files = [file for file in (tmp_path / "c").rglob("*") if file.is_file()]
    assert files
    assert not any(KEY.encode() in file.read_bytes() for file in files)
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert {file.parent.stat().st_mode & 0o777 for file in files} == {0o700}


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("WEATHER_", "OPENWEATHERMAP_"))}
    return subprocess.run(
        [sys.executable, "-m", "weather", *arguments],
        env=plain | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_bad_setting_stops_the_start_with_one_line():
    """An unknown name, or a value that does not parse: one line, status 2."""
    for name, value in {"WEATHER_NONSENSE": "1", "WEATHER_TIMEOUT": "soon"}.items():
        ended = run("serve", **{name: value})
        assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
        assert name in ended.stderr


@pytest.mark.parametrize("option", [("--port", "0"), ("--port", "x"), ("--workers", "0"), ("--nonsense",)])
def test_a_bad_option_stops_the_start(option):
    """argparse's status 2, and nothing is served."""
    assert run("serve", *option).returncode == 2


def test_a_port_in_use_is_told(tmp_path):
    """A second server on one port says so and ends with status 1."""
    with served(tmp_path / "c") as (_, base):
        ended = run("serve", "--port", base.rpartition(":")[2])
    assert ended.returncode == 1
    assert "in use" in ended.stderr


def test_version_and_help_need_no_setting():
    """--version and --help answer whatever the environment holds."""
    assert run("--version").stdout.startswith("weatherglass ")
    assert "serve" in run("--help", WEATHER_NONSENSE="1").stdout
