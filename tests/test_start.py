"""What a start imports: a refused one, help and the health check almost nothing, and no start what it does not use."""

import socket
import subprocess
import sys

import pytest
from serving import plain_environment

HEAVY = {"asyncio", "granian", "httpcore", "httpx", "jinja2", "mcp", "opentelemetry", "sqlalchemy", "starlette"}
"""Packages that take tens of milliseconds each."""

OPTIONAL = {"mcp", "opentelemetry", "psycopg", "redis", "resvg_py"}
"""Packages of extras: imported where a setting or a request asks for them."""

IMPORTED = """
import sys
try:
    from weather.commands.cli import main
    status = main(sys.argv[1:])
except SystemExit as end:
    status = end.code
print("imported", status, *{name.partition(".")[0] for name in sys.modules})
"""


def imported(script: str, *arguments: str, **environment: str) -> tuple[str, set[str]]:
    """The exit status of a command, and the packages that it imported."""
    command = [sys.executable, "-c", script, *arguments]
    ended = subprocess.run(command, env=plain_environment() | environment, capture_output=True, text=True, check=True)
    _, status, *names = ended.stdout.splitlines()[-1].split()
    return status, set(names)


@pytest.mark.parametrize(
    ("arguments", "status"),
    [("--help", "0"), ("--version", "0"), ("serve --help", "0"), ("nonsense", "2")],
)
def test_help_and_mistakes_import_next_to_nothing(arguments, status):
    """The commands and the settings: nothing of the site."""
    ended, names = imported(IMPORTED, *arguments.split())
    assert (ended, names & HEAVY) == (status, set())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("WEATHER_HOME", "NaN,1"),
        ("WEATHER_HOME", "95°N 5°E"),
        ("WEATHER_NONSENSE", "1"),
        ("WEATHER_UPSTREAM_URL", "http://x:0"),
    ],
)
def test_a_refused_setting_is_told_before_anything_is_imported(name, text):
    """The settings are looked at first: a mistake costs no more than help."""
    ended, names = imported(IMPORTED, "serve", **{name: text})
    assert (ended, names & HEAVY) == ("2", set())


def test_a_port_that_is_taken_is_told_before_anything_is_imported():
    """The port is looked at before the site is."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended, names = imported(IMPORTED, "serve", "--port", str(taken.getsockname()[1]))
    assert (ended, names & HEAVY) == ("2", set())


def test_the_health_check_is_one_request_and_little_more():
    """It runs each half minute in every container: it imports neither the loop nor the client of the site."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        ended, names = imported(IMPORTED, "healthcheck", f"http://127.0.0.1:{nobody.getsockname()[1]}")
    assert (ended, names & HEAVY) == ("1", set())


@pytest.mark.slow
def test_a_server_imports_no_package_that_nobody_asked_for():
    """Those of the extras wait for a setting, or a request, that needs them."""
    script = "import sys, weather.server; print('imported', 0, *{name.partition('.')[0] for name in sys.modules})"
    _, names = imported(script)
    assert names & OPTIONAL == set()
    assert {"granian", "starlette"} <= names
