"""What is for this machine alone stays closed behind a proxy on this machine that sends no forwarding headers."""

import http.client
import socket
from contextlib import closing

import pytest
from counting import get
from serving import nginx, served

pytestmark = [pytest.mark.slow, pytest.mark.needs("prometheus_client")]


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
        rest = f"server {{ listen 127.0.0.1:PORT; location / {{ proxy_pass {base}; {more} }} }}"
        with nginx(tmp_path, rest) as port:
            assert [asked(port, path, host) for path in ("/metrics", "/status", "/healthz")] == [403, 403, 200]
