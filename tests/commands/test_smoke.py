"""`weather smoke` and `weather healthcheck` against a real server, and against servers that are not fit for use."""

from http.server import BaseHTTPRequestHandler

import pytest
from serving import Quiet, free_port, listening, served

from weather.commands.cli import main


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    with served(tmp_path_factory.mktemp("smoke") / "c", "--demo") as (_, address):
        yield address


@pytest.fixture(autouse=True)
def no_settings(monkeypatch, tmp_path):
    """The commands read the settings of an empty folder."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.slow
def test_a_sound_server_passes_every_check(base, capsys):
    """Exit 0, one line a check, all "ok", each of the three doors among them."""
    assert main(["smoke", base + "/"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert all(line.startswith("ok    ") for line in lines)
    assert {"page", "API", "OpenWeatherMap's routes"} <= {line[6:].partition(":")[0] for line in lines}


@pytest.mark.slow
def test_the_health_check_answers_for_a_server(base, capsys):
    """Exit 0 without a word where it answers, 1 with one line where nobody does."""
    assert main(["healthcheck", base]) == 0
    assert capsys.readouterr() == ("", "")
    assert main(["healthcheck", f"http://127.0.0.1:{free_port()}"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_an_address_of_no_server_is_an_error_in_one_line(capsys):
    """What is no http address, or cannot be reached, fails the first check."""
    for address in ("file:///etc/passwd", "weather.example", "http://127.0.0.1:1"):
        assert main(["smoke", address]) == 1
        told, error = capsys.readouterr()
        assert told.startswith("FAIL  liveness: ") and told.count("\n") == error.count("\n") == 1


GOOD = {
    "/healthz": (200, "application/json", b"{}"),
    "/readyz": (
        200,
        "application/json",
        b'{"checks": {"cache": {"status": "degraded", "detail": "the disk is full"}}}',
    ),
}
STRICT = {"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "answer", "failing"),
    [
        ("/healthz", (503, "application/json", b"{}"), "liveness"),
        ("/readyz", (200, "application/json", b"[]"), "readiness"),
        ("/forecast/51.51,-0.13", (200, "text/html", b"<html>half"), "page"),
        ("/forecast/51.51,-0.13", (502, "text/html", b"<html></html>"), "page"),
        ("/api/v1/current?lat=51.51&lon=-0.13", (200, "application/json", b'{"freshness": {"state": "new"}}'), "API"),
        ("/api/v1/current?lat=51.51&lon=-0.13", (200, "application/json", b'{"freshness": {"state": "fresh"}}'), "API"),
    ],
)
def test_the_first_check_that_fails_ends_it(path, answer, failing, capsys):
    """Exit 1, and the last line names what came instead."""
    pages = {**GOOD, "/forecast/51.51,-0.13": (200, "text/html", b"<html></html>"), path: answer}

    class Server(Quiet, BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, content_type, body = pages[self.path]
            self.answer(status, body, content_type, **STRICT)

    with listening(Server) as address:
        assert main(["smoke", address]) == 1
    *passed, last = capsys.readouterr().out.splitlines()
    assert last.startswith(f"FAIL  {failing}: ") and all(line.startswith("ok    ") for line in passed)
    assert failing in ("liveness", "readiness") or "the disk is full" in passed[1]
