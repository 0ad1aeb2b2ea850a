"""What `weather deploy` prints, tried on the programs that it is for."""

import http.client
import json
import os
import re
import shlex
import shutil
import socket
import ssl
import subprocess
import sys
import threading
from contextlib import closing, contextmanager
from dataclasses import fields
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import yaml
from counting import get
from serving import free_port, plain_environment, served, wait_until

from weather.commands.cli import main
from weather.commands.deploy import KINDS
from weather.settings import Settings

NGINX, CADDY = "nginx", "caddy"


@pytest.fixture
def printed(capsys):
    def run(kind: str) -> str:
        assert main(["deploy", kind]) == 0
        return capsys.readouterr().out

    return run


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "grafana"])
def test_each_file_says_at_its_top_what_to_fill_in(kind, printed):
    """A comment first, which names the command that printed it; and every setting in it is one."""
    text = printed(kind)
    assert text.startswith("#") and f"weather deploy {kind}" in text
    known = {one.metadata["name"] for one in fields(Settings)}
    assert set(re.findall(r"\b(?:WEATHER|OPENWEATHERMAP)_[A-Z_]+\b", text)) <= known


@pytest.mark.parametrize("kind", ["compose", "kubernetes"])
def test_yaml_is_well_formed(kind, printed):
    """Each document is a mapping; no container runs as root or may write outside its volumes."""
    documents = list(yaml.safe_load_all(printed(kind)))
    assert all(isinstance(one, dict) for one in documents)
    if kind == "compose":
        assert documents[0]["services"]["weather"]["read_only"] is True
    else:
        (container,) = documents[0]["spec"]["template"]["spec"]["containers"]
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert documents[0]["spec"]["template"]["spec"]["securityContext"]["runAsNonRoot"] is True


@pytest.mark.slow
@pytest.mark.needs("prometheus_client")
def test_the_dashboard_names_only_metrics_that_exist(printed, tmp_path):
    """Each name in its queries is exported by a server that has just begun, with the labels that the query reads; and
    no family is left out of it without a reason."""
    from prometheus_client.parser import text_string_to_metric_families

    with served(tmp_path / "c", "--demo") as (_, base):
        get(f"{base}/data/2.5/weather?lat=51.51&lon=-0.13")
        families = list(text_string_to_metric_families(get(f"{base}/metrics")[2].decode()))
    suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}
    exported = {one.name + suffix: one for one in families for suffix in suffixes[one.type]}
    dashboard = json.loads(printed("grafana"))
    assert "weather deploy grafana" in dashboard["description"]
    queries = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    named = {name: query for query in queries for name in re.findall(r"\bweather_\w+", query)}
    assert named.keys() <= exported.keys()
    labels = {"le"} | {label for one in families for sample in one.samples for label in sample.labels}
    for query in queries:
        read = re.findall(r"by \(([^)]*)\)", query) + re.findall(r"(\w+)!?=\"", query)
        assert {label.strip() for words in read for label in words.split(",")} <= labels, query
    assert {one.name for one in families if one.name.startswith("weather_")} - {
        exported[name].name for name in named
    } == {
        "weather_workers",
        "weather_quota_used",
        "weather_response_cache_entries",
    }


@pytest.mark.needs("systemd-analyze")
def test_the_unit_is_valid_and_exposes_little(tmp_path, printed):
    """systemd-analyze verifies it, and its exposure is at most 2.0 of 10."""
    unit = tmp_path / "weatherglass.service"
    unit.write_text(printed("systemd").replace("/opt/weatherglass/bin/weather", shutil.which("true")))
    port = tmp_path / "weatherglass.socket"
    port.write_text(printed("socket"))
    verified = subprocess.run(["systemd-analyze", "verify", "--man=no", unit, port], capture_output=True, text=True)
    about_ours = [line for line in verified.stderr.splitlines() if "weatherglass" in line]
    assert (verified.returncode, about_ours) == (0, [])
    command = ["systemd-analyze", "security", "--offline=true", "--threshold=20", "--no-pager", unit]
    assessed = subprocess.run(command, capture_output=True, text=True)
    assert assessed.returncode == 0, assessed.stdout.splitlines()[-1:]


def after_the_start(unit: str, base: str) -> list[str]:
    """The unit's command that says whether the server has started, as systemd reads it, of this program at `base`."""
    line = next(line for line in unit.splitlines() if line.startswith("ExecStartPost="))
    ours = {"/opt/weatherglass/bin/weather": f"{sys.executable} -m weather", "http://127.0.0.1:8000": base, "$$": "$"}
    for old, new in ours.items():
        line = line.replace(old, new)
    return shlex.split(line.removeprefix("ExecStartPost="))


@pytest.mark.slow
def test_the_unit_waits_for_a_server_that_is_still_beginning(printed):
    """systemd runs it when the server has only just begun, and nobody listens: it waits until one answers."""
    port = free_port()
    main = {"MAINPID": str(os.getpid())}
    command = after_the_start(printed("systemd"), f"http://127.0.0.1:{port}")
    with subprocess.Popen(command, env=plain_environment() | main) as waiting:
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(2)
        with server_at(port):
            assert waiting.wait(60) == 0


def test_the_unit_does_not_wait_for_a_server_that_has_ended(printed):
    """A setting that does not parse ends the server: the start fails at once, and is not tried again and again."""
    with subprocess.Popen(["true"]) as ended:
        ended.wait()
    command = after_the_start(printed("systemd"), f"http://127.0.0.1:{free_port()}")
    main = {"MAINPID": str(ended.pid)}
    assert subprocess.run(command, env=plain_environment() | main, timeout=60).returncode == 1
    assert "\nRestartPreventExitStatus=2\n" in printed("systemd")  # what `weather serve` ends with then


def test_the_script_runs_a_command_as_the_unit_runs_the_server(printed, tmp_path):
    """With the same program, user, folders, settings and key: each option of it stands in the unit too."""
    script, seen = tmp_path / "weatherglass", tmp_path / "systemd-run"
    script.write_text(printed("command"))
    seen.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    script.chmod(0o755)
    seen.chmod(0o755)
    path = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run([script, "backup", "my places.json"], env=path, capture_output=True, text=True, check=True)
    words = done.stdout.splitlines()
    assert words[-3:] == ["/opt/weatherglass/bin/weather", "backup", "my places.json"]
    unit = printed("systemd")
    properties = {after for before, after in zip(words, words[1:], strict=False) if before == "-p"}
    assert {one for one in properties if f"\n{one}\n" not in unit} == {
        "User=weatherglass",  # the name that DynamicUser takes from the unit's own
        "WorkingDirectory=/var/lib/weatherglass",
    }
    variables = {after for before, after in zip(words, words[1:], strict=False) if before == "-E"}
    assert {one for one in variables if one not in unit} == set()


@pytest.fixture
def certificate(tmp_path):
    """A self-signed certificate for weather.example.org, and its key."""
    files = [tmp_path / "cert.pem", tmp_path / "key.pem"]
    names = ["-subj", "/CN=weather.example.org", "-addext", "subjectAltName=DNS:weather.example.org"]
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
    ]
    subprocess.run([*command, *names, "-out", files[0], "-keyout", files[1]], check=True, capture_output=True)
    return files


@contextmanager
def running(*command, port: int):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: accepts(port))
        yield
    finally:
        process.terminate()
        process.wait()


def accepts(port: int) -> bool:
    with closing(socket.socket()) as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def through(port: int, authority, path: str, **headers: str):
    """Status, headers and body of a request for weather.example.org by TLS."""
    context = ssl.create_default_context(cafile=str(authority))
    connection = http.client.HTTPSConnection("weather.example.org", port, context=context, timeout=60)
    connection._create_connection = lambda address, *more: socket.create_connection(("127.0.0.1", port), 60)
    connection.request("GET", path, headers=headers)
    with closing(connection), connection.getresponse() as answer:
        return answer.status, answer.headers, answer.read()


def configured(text: str, upstream: str, secure: int, plain: int, files) -> str:
    """The printed file with this test's ports and certificate filled in."""
    replaced = {
        "127.0.0.1:8000": upstream.removeprefix("http://"),
        "listen 443": f"listen 127.0.0.1:{secure}",
        "listen 80": f"listen 127.0.0.1:{plain}",
        "/etc/ssl/certs/weather.example.org.pem": str(files[0]),
        "/etc/ssl/private/weather.example.org.key": str(files[1]),
    }
    for old, new in replaced.items():
        text = text.replace(old, new)
    return text


def nginx(tmp_path, text: str, upstream: str, secure: int, files) -> list[str]:
    site = configured(text, upstream, secure, free_port(), files)
    paths = "".join(f"{name}_temp_path {tmp_path};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    main_file = tmp_path / "nginx.conf"
    main_file.write_text(
        f"daemon off; pid {tmp_path}/pid; error_log /dev/null; events {{}}\n"
        f"http {{ access_log off; {paths}\n{site}\n}}\n"
    )
    return ["nginx", "-e", "/dev/null", "-c", str(main_file)]


def caddy(tmp_path, text: str, upstream: str, secure: int, files) -> list[str]:
    site = configured(text, upstream, secure, 0, files)
    site = site.replace(
        "weather.example.org {", f"https://weather.example.org:{secure} {{\n\ttls {files[0]} {files[1]}"
    )
    file = tmp_path / "Caddyfile"
    file.write_text("{\n\tadmin off\n\tauto_https disable_redirects\n}\n" + site)
    return ["caddy", "run", "--config", str(file), "--adapter", "caddyfile"]


@pytest.mark.slow
@pytest.mark.needs("openssl")
@pytest.mark.parametrize(
    ("kind", "begin"),
    [pytest.param(*pair, marks=pytest.mark.needs(pair[0])) for pair in ((NGINX, nginx), (CADDY, caddy))],
)
def test_a_proxy_serves_it_under_tls_below_a_prefix(kind, begin, tmp_path, printed, certificate, monkeypatch):
    """The printed file on the real proxy: pages, links and redirects stay below the prefix and with https; the client
    is known by the proxy's word, whatever the client invents."""
    monkeypatch.setenv("HOME", str(tmp_path))
    settings = {"WEATHER_ROOT_PATH": "/weather", "WEATHER_TRUSTED_PROXIES": "127.0.0.1"}
    with served(tmp_path / "c", "--demo", **settings) as (_, base):
        secure, authority = free_port(), certificate[0]
        command = begin(tmp_path, printed(kind), base, secure, certificate)
        with running(*command, port=secure):
            assert through(secure, authority, "/weather")[1]["Location"].endswith("/weather/")
            status, _, body = through(secure, authority, "/weather/forecast/51.51,-0.13?name=London")
            assert (status, b'href="/weather/static/' in body) == (200, True)
            headers = {"X-Forwarded-For": "192.0.2.9", "Forwarded": "for=192.0.2.9;proto=http"}
            status, told, _ = through(secure, authority, "/weather/search?q=Tokyo", **headers)
            assert status == 303 and told["Location"].startswith("/weather/forecast/")
            assert through(secure, authority, "/weather/healthz")[0] == get(f"{base}/weather/healthz")[0] == 200


class Named(BaseHTTPRequestHandler):
    """Answers with 200."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_) -> None:
        """Silence."""


@pytest.mark.slow
@pytest.mark.needs("openssl")
@pytest.mark.needs(NGINX)
def test_servers_that_restart_one_after_the_other_cost_nobody_anything(tmp_path, printed, certificate):
    """The second ends when the first is only just back: nginx does not go on to hold that one for dead."""
    ports, secure = [free_port(), free_port()], free_port()
    several = "\n".join(f"    server 127.0.0.1:{port}{{}}" for port in ports)
    line = next(line for line in printed(NGINX).splitlines() if line.startswith("    server 127.0.0.1:8000"))
    text = printed(NGINX).replace(line, several.format(*[line.removeprefix("    server 127.0.0.1:8000")] * 2))
    with running(*nginx(tmp_path, text, "", secure, certificate), port=secure):

        def statuses() -> set[int]:
            return {through(secure, certificate[0], "/weather/")[0] for _ in range(20)}

        with server_at(ports[1]):
            assert statuses() == {200}  # and finds nobody at the first
        with server_at(ports[0]):
            assert statuses() == {200}


@contextmanager
def server_at(port: int):
    server = ThreadingHTTPServer(("127.0.0.1", port), Named)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
