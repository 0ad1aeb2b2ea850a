"""The real server, as a user starts it: a process, a port, signals."""

import errno
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
import starlette
from fakes import KEY, air_body, forecast_body, weather_body
from serving import (
    Quiet,
    crash,
    free_port,
    kept_in,
    listening,
    plain_environment,
    served,
    stored,
    wait_until,
    workers_of,
)

import weather

pytestmark = pytest.mark.slow

BODIES = {"/data/2.5/weather": weather_body, "/data/2.5/forecast": forecast_body, "/data/2.5/air_pollution": air_body}
PATHS = ["/data/2.5/weather?lat=51.51&lon=-0.13", "/api/v1/forecast?lat=51.51&lon=-0.13", "/forecast/51.51,-0.13"]


class Recorded(Quiet, BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.answer(200, json.dumps(BODIES[self.path.partition("?")[0]]()).encode())


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
            crash(process)
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
    assert b"Out of date" in second[PATHS[2]][2]
    assert {status for status, _, _ in unknown} <= {502, 503}  # the breaker may have opened meanwhile
    assert json.loads(unknown[0][2])["cod"] == 502
    assert json.loads(unknown[1][2])["code"] == "upstream_failed"


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(tmp_path, sign):
    """SIGTERM, SIGINT: exit status 0, and the next start on the same folder succeeds at once."""
    for _ in range(2):
        with served(tmp_path / "c") as (process, base):
            assert get(f"{base}/api/v1/current?q=Tokyo")[0] == 200
            process.send_signal(sign)
            assert process.wait(60) == 0


ON_A_TERMINAL = "import os, sys; os.open(sys.argv[1], os.O_RDWR); os.execv(sys.argv[2], sys.argv[2:])"
"""The first process of a session gets the terminal that it opens for its own."""


@contextmanager
def on_a_terminal(command: Sequence[str] = ()) -> Iterator[list[str]]:
    """What starts a program on a terminal of its own, by that command."""
    ours, its = os.openpty()
    try:
        yield [sys.executable, "-c", ON_A_TERMINAL, os.ttyname(its), *map(shutil.which, command)]
    finally:
        os.close(ours)
        os.close(its)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGHUP])
def test_a_terminal_that_tells_all_processes_ends_it_cleanly(tmp_path, sign):
    """Ctrl-C, or a closed terminal, signals the workers too: exit status 0, and no request line is lost."""
    with on_a_terminal() as before, served(tmp_path / "c", "--workers", "2", before=before) as (process, base):
        assert get(f"{base}/api/v1/current?q=Tokyo")[0] == 200
        os.killpg(process.pid, sign)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert err.count("path=/api/v1/current") == 1


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
    """--offline on an empty folder: 503 `offline`, at once (31); no Retry-After, for waiting would not help."""
    with served(tmp_path / "c", "--offline") as (_, base):
        status, headers, body = get(f"{base}/api/v1/current?q=Tokyo")
    assert (status, json.loads(body)["code"]) == (503, "offline")
    assert "retry-after" not in {name.lower() for name in headers}


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


def run(*arguments: str, python: tuple[str, ...] = (), **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *python, "-m", "weather", *arguments],
        env=plain_environment() | environment,
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


LARGEST = {
    "WEATHER_CALLS_PER_MINUTE": "999999999999",
    "WEATHER_CALLS_PER_MONTH": "999999999999",
    "WEATHER_ONECALL_PER_DAY": "999999999999",
    "WEATHER_FRESH_FOR": "3650d",
    "WEATHER_STALE_FOR": "3650d",
    "WEATHER_TIMEOUT": "3650d",
    "WEATHER_HOME": "90,-180",
    "WEATHER_ACCESS_KEYS": "schlüssel, ,b",
    "WEATHER_TRUSTED_PROXIES": "::/0,0.0.0.0/0",
}
SMALLEST = {
    "WEATHER_CALLS_PER_MINUTE": "1",
    "WEATHER_CALLS_PER_MONTH": "1",
    "WEATHER_ONECALL_PER_DAY": "1",
    "WEATHER_FRESH_FOR": "1ms",
    "WEATHER_STALE_FOR": "1ms",
    "WEATHER_TIMEOUT": "1ms",
    "WEATHER_HOME": "-90,180",
    "WEATHER_ACCESS_KEYS": "b",
}


@pytest.mark.parametrize("settings", [LARGEST, SMALLEST])
def test_the_ends_of_every_setting_work(tmp_path, settings):
    """The largest and the smallest values that are taken: no status 500, no traceback, no open door (statement 111)."""
    paths = [f"{path}{'&' if '?' in path else '?'}appid=b" for path in PATHS]
    with listening(Recorded) as origin:
        more = settings | {"OPENWEATHERMAP_API_KEY": KEY, "WEATHER_UPSTREAM_URL": origin}
        with served(tmp_path / "c", **more) as (process, base):
            found = [get(base + path)[0] for path in [*paths, *paths, "/", "/readyz", "/status"]]
            closed = [get(base + path)[0] for path in PATHS[:2]]
            process.terminate()
            _, err = process.communicate(timeout=60)
    assert 500 not in found
    assert settings is SMALLEST or set(found[:6]) == {200}
    assert closed == [401, 401]
    assert "Traceback" not in err


STOPPING = [
    ("WEATHER_UPSTREAM_URL", "http://user:geheim@x/"),
    ("WEATHER_CACHE_URL", "redis://u:geheim@localhost:abc"),
    ("WEATHER_DATABASE_URL", "postgresql://u:geheim@h:abc/db"),
    ("WEATHER_HOME", "99,999"),
    ("WEATHER_HOME", "NaN,1"),
    ("WEATHER_HOME", "95°N 5°E"),
    ("WEATHER_ACCESS_KEYS", ","),
]


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize(("name", "text"), STOPPING)
def test_a_setting_that_cannot_work_stops_the_start_with_one_line(name, text, workers):
    """No traceback, no worker begun again and again, no password: one line that names it, status 2 (statement 111)."""
    ended = run("serve", "--workers", workers, **{name: text})
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert name in ended.stderr
    assert "geheim" not in ended.stderr


@pytest.mark.parametrize(
    ("package", "name", "url"),
    [
        ("redis", "WEATHER_CACHE_URL", "redis://h:1"),
        ("psycopg", "WEATHER_DATABASE_URL", "postgresql://h/d"),
    ],
)
def test_a_store_whose_extra_is_not_installed_is_told(tmp_path, package, name, url):
    """One line that says what to install, status 2: in an installation with all packages but that one."""
    for path in Path(starlette.__file__).parents[1].iterdir():
        if not path.name.startswith((package, "weatherglass")):
            (tmp_path / path.name).symlink_to(path)
    path = f"{tmp_path}:{Path(weather.__file__).parents[1]}"
    ended = run("serve", python=("-S",), PYTHONPATH=path, PYTHONDONTWRITEBYTECODE="1", **{name: url})
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1), ended.stderr
    assert "pip install" in ended.stderr


@pytest.mark.parametrize("option", [("--port", "0"), ("--port", "x"), ("--workers", "0"), ("--nonsense",)])
def test_a_bad_option_stops_the_start(option):
    """argparse's status 2, and nothing is served."""
    assert run("serve", *option).returncode == 2


def refused(*options: str) -> tuple[int, str]:
    """Status and output of a start that ends by itself, in one line."""
    ended = run("serve", "--demo", *options)
    assert (ended.stdout, ended.stderr.count("\n")) == ("", 1), ended.stderr
    assert "Traceback" not in ended.stderr
    return ended.returncode, ended.stderr


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_port_in_use_is_told(tmp_path, workers):
    """A second server on one port says so in one line and ends with status 2, and so for one that is only bound."""
    with served(tmp_path / "c") as (_, base):
        status, told = refused("--workers", workers, "--port", base.rpartition(":")[2])
    assert (status, "in use" in told) == (2, True)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        status, told = refused("--workers", workers, "--port", str(other.getsockname()[1]))
    assert (status, "in use" in told) == (2, True)


@pytest.mark.parametrize("host", ["192.0.2.1", "nobody.invalid", "a..b", "", "1.2.3.4.5"])
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_host_that_cannot_be_listened_at_is_told(host, workers):
    """An address of another machine, a name that nobody knows: one line, status 2."""
    status, told = refused("--host", host, "--workers", workers, "--port", str(free_port()))
    assert status == 2
    assert f"cannot listen at {host}:" in told


@pytest.mark.parametrize(
    ("host", "shown"), [("localhost", "localhost"), ("::1", "[::1]"), ("[::1]", "[::1]"), ("127.0.0.2", "127.0.0.2")]
)
def test_a_host_may_be_a_name_or_an_address(tmp_path, host, shown):
    """Names, IPv6 with and without brackets: served at the URL that is printed."""
    with served(tmp_path / "c", "--host", host, shown=shown) as (_, base):
        assert get(f"{base}/healthz")[0] == 200


def test_of_two_that_start_together_one_serves(tmp_path):
    """Two starts at one moment never share a port: one serves, the other says that it is in use (A28)."""
    for _ in range(2):
        environment = plain_environment() | {"WEATHER_CACHE_URL": f"disk://{tmp_path / 'c'}"}
        command = [sys.executable, "-m", "weather", "serve", "--demo", "--port", str(free_port())]
        told = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "env": environment}
        two = [subprocess.Popen(command, **told) for _ in range(2)]
        assert sorted(one.stdout.readline()[:13] for one in two) == ["", "Weatherglass:"]
        (ended,) = (one for one in two if one.poll() is not None or one.stdout.read(1) == "")
        (serving,) = (one for one in two if one is not ended)
        serving.terminate()
        assert "in use" in ended.communicate(timeout=60)[1]
        serving.communicate(timeout=60)
        assert (ended.returncode, serving.returncode) == (2, 0)


def test_under_nohup_a_hangup_means_nothing(tmp_path):
    """What nohup has the kernel pass over stays so, on a terminal too."""
    with on_a_terminal(["nohup"]) as before, served(tmp_path / "c", before=before) as (process, _):
        assert is_ignored(process, signal.SIGHUP)


def test_a_service_goes_on_after_a_hangup(tmp_path):
    """It has no terminal that could hang up: who sends it the signal wants its key read anew, which is done anyway."""
    with served(tmp_path / "c", "--workers", "2") as (process, base):
        assert is_ignored(process, signal.SIGHUP)
        os.killpg(process.pid, signal.SIGHUP)
        assert get(f"{base}/api/v1/current?q=Tokyo")[0] == 200


def is_ignored(process: subprocess.Popen, sign: signal.Signals) -> bool:
    """Whether the kernel drops that signal to it (proc(5): SigIgn, the first bit for signal 1)."""
    told = Path(f"/proc/{process.pid}/status").read_text()
    return bool(int(re.search(r"SigIgn:\t(\w+)", told)[1], 16) & 1 << (sign - 1))


def replaced(process: subprocess.Popen, old: int) -> int | None:
    """Kill that worker; the one that takes its place, or None if the whole server ends instead."""
    before = set(workers_of(process))
    os.kill(old, signal.SIGKILL)
    while process.poll() is None:
        with suppress(OSError):
            if new := set(workers_of(process)) - before:
                return new.pop()
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.02)
    return None


def test_a_dead_worker_is_replaced_but_not_for_ever(tmp_path):
    """kill -9 of one of two: another takes its place. Each killed right after its start, in turn: all end with status 1
    and one line that says why, after a few."""
    with served(tmp_path / "c", "--demo", "--workers", "2") as (process, _):
        first, second = workers_of(process)
        dead = [first]
        while (new := replaced(process, dead[-1])) and len(dead) < 8:
            dead.append(second)
            second = new
        _, err = process.communicate(timeout=60)
    assert 2 <= len(dead) < 8
    assert process.returncode == 1
    assert err.count("given up") == 1


STARTED = """
import sys
from weather.server import Limits, Listening, run
from weather.settings import load
limits = Limits(connections=int(sys.argv[1]), headers=1.0, look_every=0.05)
sys.exit(run(load(), Listening("127.0.0.1", "127.0.0.1", int(sys.argv[-1]), None), 1, limits))
"""


@pytest.mark.parametrize("sent", [b"", b"GET /healthz HTTP/1.1\r\nHo", b"\r\n"])
def test_silent_connections_are_no_outage_without_end(tmp_path, sent):
    """As many connections as may be, and more, that send nothing or half their headers: a visitor who comes then is
    served within 60 s, and one warning is in the log (statement 106). With 30 connections instead of thousands."""
    with served(tmp_path / "c", "30", script=STARTED) as (process, base):
        address = ("127.0.0.1", int(base.rpartition(":")[2]))
        with ExitStack() as stack:
            for _ in range(40):
                stack.enter_context(socket.create_connection(address)).sendall(sent)
            with urllib.request.urlopen(f"{base}/healthz", timeout=60) as answer:
                assert answer.status == 200
        process.terminate()
        _, err = process.communicate(timeout=60)
    assert err.count("as many as may be") == 1


def test_cleartext_http2_is_not_spoken(tmp_path):
    """The preface of HTTP/2 without TLS is a bad request of HTTP/1: one protocol less that waits without end."""
    with served(tmp_path / "c") as (_, base):
        with socket.create_connection(("127.0.0.1", int(base.rpartition(":")[2])), timeout=20) as one:
            one.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
            assert not one.recv(9).startswith(b"\0\0")


def test_the_limit_of_connections_fits_the_files_that_may_be_open(tmp_path):
    """`ulimit -n 400`: the limit of files is not met, so a crowd neither ends the server nor keeps it busy."""
    command = 'ulimit -n 400; exec "$@"'
    before = ["bash", "-c", command, "bash"]
    with served(tmp_path / "c", "2048", script=STARTED, before=before) as (_, base):
        address = ("127.0.0.1", int(base.rpartition(":")[2]))
        with ExitStack() as stack:
            for _ in range(500):
                one = stack.enter_context(socket.socket())
                one.setblocking(False)
                assert one.connect_ex(address) in (0, errno.EINPROGRESS)
            with urllib.request.urlopen(f"{base}/healthz", timeout=60) as answer:
                assert answer.status == 200


def header_lines(base: str, path: str) -> list[str]:
    """The head of an answer as it came, line by line."""
    with socket.create_connection(("127.0.0.1", int(base.rpartition(":")[2])), timeout=20) as one:
        one.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        with one.makefile("rb") as answer:
            return answer.read().decode("latin-1").partition("\r\n\r\n")[0].split("\r\n")


def servers(base: str, path: str) -> list[str]:
    lines = header_lines(base, path)
    return [line.partition(":")[2].strip() for line in lines if line.lower().startswith("server:")]


def test_no_banner(tmp_path):
    """Nothing names the server, made anew and from the ready answers (90)."""
    with served(tmp_path / "c") as (_, base):
        assert [servers(base, "/api/v1/current?q=Tokyo") for _ in range(3)] == [[""]] * 3


OTHERS = {
    "granian": ["granian", "--interface", "asgi", "--factory", "weather.app:create_app", "--no-ws", "--port"],
    "uvicorn": ["uvicorn", "--factory", "weather.app:create_app", "--port"],
}


@pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.needs(name)) for name in OTHERS])
def test_other_servers_can_run_it(tmp_path, name):
    """One line a request to standard error, as with our own, and one `Server` header."""
    port, errors = free_port(), tmp_path / "errors"
    with errors.open("w") as told:
        process = subprocess.Popen(
            [sys.executable, "-m", *OTHERS[name], str(port)],
            env=plain_environment() | kept_in(tmp_path / "c") | {"WEATHER_PROVIDER": "demo"},
            stdout=subprocess.DEVNULL,
            stderr=told,
        )
    try:
        base = f"http://127.0.0.1:{port}"
        once_up(process, base)
        assert len(servers(base, "/api/v1/current?q=Tokyo&lang=de")) == 1
    finally:
        process.terminate()
        process.wait(60)
    lines = [line for line in errors.read_text().splitlines() if "path=/api/v1/current " in line]
    assert len(lines) == 1
    assert re.match(r"time=\S+ level=info id=\w+ door=api method=GET path=\S+ status=200 ", lines[0])


def once_up(process: subprocess.Popen, base: str) -> None:
    """Wait until it answers."""
    while process.poll() is None:
        with suppress(OSError):
            assert get(f"{base}/healthz")[0] == 200
            return
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
    raise AssertionError("it has ended")


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"WEATHER_PROVIDER": "demo"}, "Demo: all weather shown is invented.\n"),
        ({"WEATHER_PROVIDER": "open-meteo"}, "Weather by Open-Meteo.com, for non-commercial use.\n"),
        ({"WEATHER_PROVIDER": "met-norway", "WEATHER_CONTACT": "a@example.org"}, "Weather by MET Norway.\n"),
        ({"WEATHER_PROVIDER": "openweathermap"}, "Without OPENWEATHERMAP_API_KEY: only what is kept can be shown.\n"),
        (
            {"WEATHER_PROVIDER": "auto"},
            "Without OPENWEATHERMAP_API_KEY: weather by Open-Meteo.com, for non-commercial use.\n",
        ),
        ({"OPENWEATHERMAP_API_KEY": KEY}, ""),
    ],
)
def test_the_greeting_names_the_source_that_is_asked(tmp_path, environment, told):
    """After the URL one line about where weather comes from; of Open-Meteo only if it is asked (B10)."""
    with served(tmp_path / "c", **environment) as (process, _):
        process.terminate()
        assert process.stdout.read() == told


def test_version_and_help_need_no_setting():
    """--version and --help answer whatever the environment holds."""
    assert run("--version").stdout.startswith("weatherglass ")
    assert "serve" in run("--help", WEATHER_NONSENSE="1").stdout
