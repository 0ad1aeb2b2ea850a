"""What is for this machine alone stays closed behind a proxy on this machine that sends no forwarding headers."""

import http.client
import socket
import subprocess
from contextlib import closing, contextmanager

import pytest
from counting import get
from serving import free_port, served, wait_until

from weather.port import answers

pytestmark = [pytest.mark.slow, pytest.mark.needs("prometheus_client")]

NGINX = """daemon off; pid {folder}/pid; error_log /dev/null; events {{}}
http {{ access_log off; {paths}
server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass {base}; {more} }} }} }}
"""


@contextmanager
def behind_nginx(folder, base: str, more: str):
    """The port of an nginx that passes on to `base`, with `more` in its location."""
    port = free_port()
    paths = "".join(f"{name}_temp_path {folder};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, paths=paths, port=port, base=base, more=more))
    process = subprocess.Popen(["nginx", "-e", "/dev/null", "-c", folder / "nginx.conf"])
    try:
        wait_until(lambda: answers("127.0.0.1", port))
        yield port
    finally:
        process.terminate()
        process.wait()


def asked(port: int, path: str, host: str) -> int:
    """The status of a request with that Host."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Host": host})
    with closing(connection), connection.getresponse() as answer:
        return answer.status


def spoken(port: int, head: str) -> int:
    """The status of the answer to a head that is sent as it is."""
    with closing(socket.create_connection(("127.0.0.1", port), 60)) as one:
        one.sendall(head.replace("\n", "\r\n").encode())
        return int(one.makefile("rb").readline().split()[1])


def test_a_proxy_that_asks_in_http_1_0_is_not_this_machine(tmp_path):
    """A scraper on this machine asks in 1.1, and may read."""
    with served(tmp_path / "c", "--demo", WEATHER_STATUS="local") as (_, base):
        port = int(base.rpartition(":")[2])
        for path in ("/metrics", "/status"):
            assert get(f"{base}{path}")[0] == 200
            assert spoken(port, f"GET {path} HTTP/1.0\nHost: 127.0.0.1:{port}\nConnection: close\n\n") == 403
            assert spoken(port, f"GET {path} HTTP/1.0\n\n") == 403


@pytest.mark.needs("nginx")
@pytest.mark.parametrize(
    ("more", "host"),
    [
        ("", "weather.example.org"),
        ("proxy_set_header Host $host;", "weather.example.org"),
        ("proxy_set_header Host $host;", "localhost"),
        ('proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host;', "weather.example.org"),
    ],
)
def test_behind_nginx_that_adds_no_header_the_doors_are_closed(tmp_path, more, host):
    """As it is by itself, with the name of the site, with a name that the visitor forges, and with kept connections;
    the site itself is served."""
    with served(tmp_path / "c", "--demo", WEATHER_STATUS="local") as (_, base):
        with behind_nginx(tmp_path, base, more) as port:
            assert [asked(port, path, host) for path in ("/metrics", "/status", "/healthz")] == [403, 403, 200]
