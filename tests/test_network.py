"""The way out: names that hang, addresses in turn, proxies, and whose certificates hold, on real sockets."""

import asyncio
import base64
import socket
import ssl
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpcore
import httpx
import pytest
from fakes import KEY, Clock, Free, running, until
from wire import Call, answer, giving, self_signed, wired

from weather.errors import UntrustedUpstream, UpstreamError, UpstreamTimeout, UpstreamUnreachable
from weather.providers.openweathermap.endpoints import WEATHER
from weather.providers.openweathermap.validation import validate
from weather.settings import SettingsError, load
from weather.upstream.types import make_request
from weather.upstream.wire.client import Timing, UpstreamClient
from weather.upstream.wire.network import ATTEMPT_DELAY, Network, first, interleaved

pytestmark = pytest.mark.anyio

REQUEST = make_request(WEATHER, lat="1", lon="2")
PATH = "/data/2.5/weather?lat=51.51&lon=-0.13"
BODY = b'{"cod": 200, "main": {}, "dt": 1, "coord": {}}'


async def no_wait(_: float) -> None: ...


@asynccontextmanager
async def asking(origin: str, network: Network | None = None, timeout: float = 6.0) -> AsyncIterator[UpstreamClient]:
    client = UpstreamClient({"api": origin}, lambda: KEY, validate, Timing(timeout, Clock(), no_wait), network)
    try:
        yield client
    finally:
        await client.close()


async def failed(client: UpstreamClient) -> UpstreamError:
    with pytest.raises(UpstreamError) as caught:
        await client.send(REQUEST, Free())
    return caught.value


@pytest.fixture
def hanging(monkeypatch):
    """Names that end in `hangs.example` are looked up for ever; how often is written down."""
    released, sought, real = threading.Event(), [], socket.getaddrinfo

    def getaddrinfo(host, *arguments, **more):
        if str(host).endswith("hangs.example"):
            sought.append(host)
            released.wait(30)
            raise socket.gaierror(socket.EAI_AGAIN, "no answer")
        return real(host, *arguments, **more)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    yield sought
    released.set()


async def test_a_name_that_hangs_holds_up_its_own_calls_only(hanging):
    """40 calls wait for one name: one look-up; other names, and other work in threads, are not held up (issue, 7)."""
    async with wired(giving(answer())) as wire, asking("http://hangs.example", timeout=60.0) as stuck:
        calls = [asyncio.create_task(stuck.send(REQUEST, Free())) for _ in range(40)]
        while not hanging:
            await asyncio.sleep(0.001)
        assert await asyncio.to_thread(lambda: "done") == "done"
        assert await asyncio.get_running_loop().getaddrinfo("localhost", 1)
        async with asking(wire.origin.replace("127.0.0.1", "localhost")) as other:
            assert (await other.send(REQUEST, Free())).status == 200
        assert not any(call.done() for call in calls)
        assert hanging == ["hangs.example"]
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)


async def test_a_name_that_hangs_ends_in_time(hanging):
    """The call ends by its deadline, though the look-up goes on; it counts as a connection that was not made."""
    async with asking("http://hangs.example", timeout=0.3) as client:
        error = await failed(client)
    assert (type(error), error.of_connection) == (UpstreamTimeout, True)


@pytest.mark.slow
async def test_the_site_goes_on_while_a_name_hangs(hanging, clock):
    """Cold places of an upstream whose name hangs, and meanwhile what is made in threads is there (issue, 7)."""
    where = {"WEATHER_UPSTREAM_URL": "http://hangs.example", "WEATHER_TIMEOUT": "60s"}
    async with running(None, clock, **where) as site:
        cold = [asyncio.create_task(site.get(f"/data/2.5/weather?lat={i}&lon=1")) for i in range(12)]
        while not hanging:
            await asyncio.sleep(0.001)
        assert (await site.get("/openapi.json")).status_code == 200
        assert not any(visit.done() for visit in cold)
        for visit in cold:
            visit.cancel()
        await asyncio.gather(*cold, return_exceptions=True)


def test_the_second_address_is_of_the_other_family():
    """RFC 8305, 4: so that a broken IPv6 costs a quarter of a second; nothing is tried twice."""
    assert interleaved(["::1", "::2", "192.0.2.1", "::1", "192.0.2.2"]) == ["::1", "192.0.2.1", "::2", "192.0.2.2"]
    assert interleaved(["192.0.2.1", "192.0.2.2"]) == ["192.0.2.1", "192.0.2.2"]
    assert interleaved([]) == []


class Stream(httpcore.AsyncNetworkStream):
    """A connection that knows whether it was closed."""

    closed = False

    async def aclose(self) -> None:
        self.closed = True


async def test_an_address_that_does_not_answer_gives_way_to_the_next():
    """The first never connects, the second does; what comes too late is closed (RFC 8305)."""
    second, ended = Stream(), []

    async def never():
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            ended.append("first")

    async def at_once():
        return second

    assert await first([never, at_once]) is second
    assert (ended, second.closed) == (["first"], False)
    assert ATTEMPT_DELAY == 0.25


async def test_of_two_that_connect_at_once_one_is_closed():
    """No connection is left behind."""
    streams, together, begun = [Stream(), Stream()], asyncio.Event(), []

    async def later(stream: Stream) -> Stream:
        begun.append(stream)
        await together.wait()
        return stream

    task = asyncio.create_task(first([lambda: later(streams[0]), lambda: later(streams[1])]))
    await until(lambda: len(begun) == 2)
    together.set()
    won = await task
    assert [stream.closed for stream in streams] == [stream is not won for stream in streams]


async def test_when_no_address_answers_the_last_failure_is_told():
    """Each is tried at once when the one before has failed."""

    async def refused():
        raise httpcore.ConnectError("refused")

    with pytest.raises(httpcore.ConnectError):
        await first([refused, refused, refused])


async def test_a_second_address_is_connected_to(monkeypatch):
    """A name with an address where nobody listens, then one where upstream is: it is answered."""
    async with wired(giving(answer())) as wire:
        port = int(wire.origin.rpartition(":")[2])
        both = [(2, 1, 6, "", (one, port)) for one in ("127.0.0.9", "127.0.0.1")]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
        async with asking(f"http://two.example:{port}") as client:
            assert (await client.send(REQUEST, Free())).status == 200


# Why there is no answer


async def test_why_there_is_no_answer_is_said_in_words(caplog, tmp_path):
    """Name, refusal, certificate: one line each, once until it changes, with the host and no key (issue, 8)."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        refused = f"127.0.0.1:{held.getsockname()[1]}"
        for origin, kind, words in (
            ("http://nowhere.invalid", UpstreamUnreachable, "the name cannot be looked up (no network?)"),
            (f"http://{refused}", UpstreamUnreachable, "the connection is refused"),
        ):
            caplog.clear()
            async with asking(origin) as client:
                errors = [await failed(client) for _ in range(3)]
            assert {(type(error), str(error), error.of_connection) for error in errors} == {(kind, words, True)}
            told = [record.message for record in caplog.records if record.name == "weather.upstream.wire.client"]
            assert told == [f"no answer from {origin.partition('://')[2]}: {words}"]
            assert KEY not in caplog.text


async def test_what_breaks_after_the_request_was_sent_is_no_matter_of_the_connection():
    """A reset in answer to one question may be that question's fault."""

    async def reset(call: Call) -> None:
        call.reset()

    async with wired(reset) as wire, asking(wire.origin) as client:
        error = await failed(client)
    assert (type(error), error.of_connection) == (UpstreamUnreachable, False)


# Proxies


class Proxy:
    """A forward proxy on a real socket: CONNECT is a tunnel to where it is told, everything else is passed on."""

    def __init__(self, password: str = "", status: bytes = b"200 OK") -> None:
        self.asked: list[bytes] = []
        self.password, self.status = password, status
        self.tasks: set[asyncio.Task] = set()
        self.origin = ""

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.tasks.add(asyncio.current_task())
        try:
            await self._serve(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.asked.append(head)
        right = base64.b64encode(self.password.encode())
        if self.password and b"proxy-authorization: basic " + right.lower() not in head.lower():
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n")
            await writer.drain()
            return
        method, target, _ = head.split(b" ", 2)
        where = target if method == b"CONNECT" else target.split(b"/")[2]
        host, _, port = where.decode().rpartition(":")
        if method == b"CONNECT":
            writer.write(b"HTTP/1.1 " + self.status + b"\r\n\r\n")
            if not self.status.startswith(b"200"):
                await writer.drain()
                return
        there, back = await asyncio.open_connection(host, int(port))
        if method != b"CONNECT":
            back.write(head)
        await asyncio.gather(pass_on(reader, back), pass_on(there, writer))


class Silent(Proxy):
    """One that takes what it is told, and says nothing."""

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        await asyncio.get_running_loop().create_future()


async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def proxying(proxy: Proxy) -> AsyncIterator[Proxy]:
    server = await asyncio.start_server(proxy.accept, "127.0.0.1", 0)
    proxy.origin = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield proxy
    finally:
        server.close()
        for task in proxy.tasks:
            task.cancel()
        await asyncio.gather(*proxy.tasks, return_exceptions=True)
        await server.wait_closed()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return self_signed(tmp_path_factory.mktemp("tls"))


@pytest.mark.needs("openssl")
@pytest.mark.parametrize("is_tls", [False, True], ids=["http", "https"])
@pytest.mark.parametrize("how", ["url", "env", "ENV"])
async def test_all_calls_go_through_the_proxy(clock, certificate, is_tls, how):
    """WEATHER_PROXY as a URL or `env`: plain calls are passed on, TLS is tunnelled and verified end to end (52)."""
    script = giving(answer(body=BODY))
    async with proxying(Proxy("me:s3cret")) as proxy, wired(script, certificate if is_tls else None) as wire:
        url = proxy.origin.replace("://", "://me:s3cret@")
        told = {
            "url": {"WEATHER_PROXY": url},
            "env": {"WEATHER_PROXY": "env", "http_proxy": url, "https_proxy": url, "HTTPS_PROXY": "http://no.invalid"},
            "ENV": {"WEATHER_PROXY": "env", "ALL_PROXY": url, "NO_PROXY": "localhost,.example"},
        }[how]
        where = {"WEATHER_UPSTREAM_URL": wire.origin, "WEATHER_CA_FILE": str(certificate)}
        async with running(None, clock, **told, **where) as site:
            answers = [await site.get(f"/data/2.5/weather?lat={i}&lon=1") for i in range(3)]
    assert {one.status_code for one in answers} == {200}
    assert len(wire.calls) == 3
    method = b"CONNECT" if is_tls else b"GET"
    assert proxy.asked
    assert {head.split(b" ")[0] for head in proxy.asked} == {method}
    assert all("proxy-authorization" not in call.headers for call in wire.calls) or not is_tls
    if is_tls:
        assert not [head for head in proxy.asked if KEY.encode() in head]


async def test_without_being_told_no_proxy_is_used(clock, monkeypatch):
    """The environment names proxies, WEATHER_PROXY nothing: none is spoken to (statement 52)."""
    async with proxying(Proxy()) as proxy, wired(giving(answer(body=BODY))) as wire:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.origin)
        named = {"HTTP_PROXY": proxy.origin, "ALL_PROXY": proxy.origin}
        async with running(None, clock, WEATHER_UPSTREAM_URL=wire.origin, **named) as site:
            assert (await site.get(PATH)).status_code == 200
    assert (proxy.asked, len(wire.calls)) == ([], 1)


@pytest.mark.parametrize("no_proxy", ["127.0.0.1", "example.org, 127.0.0.1", "*"])
async def test_no_proxy_is_obeyed(clock, no_proxy):
    """Hosts in NO_PROXY are spoken to directly."""
    async with proxying(Proxy()) as proxy, wired(giving(answer(body=BODY))) as wire:
        named = {"WEATHER_PROXY": "env", "HTTP_PROXY": proxy.origin, "NO_PROXY": no_proxy}
        async with running(None, clock, WEATHER_UPSTREAM_URL=wire.origin, **named) as site:
            assert (await site.get(PATH)).status_code == 200
    assert proxy.asked == []


@pytest.mark.parametrize(
    ("origin", "proxy"),
    [
        ("https://api.openweathermap.org", "http://one:1"),
        ("http://api.openweathermap.org", "http://two:2"),
        ("https://tiles.intern.example", None),
        ("https://intern.example:8443", None),
        ("https://notintern.example", "http://one:1"),
        ("http://127.0.0.1:9000", None),
    ],
)
def test_which_proxy_is_for_which_origin(origin, proxy):
    """By scheme; NO_PROXY names hosts and whole domains, at any port."""
    named = {"HTTPS_PROXY": "one:1", "HTTP_PROXY": "http://two:2", "NO_PROXY": "intern.example, 127.0.0.1"}
    settings = load({"WEATHER_PROXY": "env", **named}, folder=None)
    assert Network(settings.proxies).proxy(origin) == proxy


@pytest.mark.needs("openssl")
@pytest.mark.parametrize(("password", "status"), [("me:other", b"200 OK"), ("", b"502 Bad Gateway")])
async def test_a_proxy_that_refuses_is_told_as_such(caplog, certificate, password, status):
    """407, or no way on: not upstream's fault, said in words, without the password (issue, 8)."""
    async with proxying(Proxy(password, status)) as proxy, wired(giving(answer()), certificate) as wire:
        network = Network({"all": proxy.origin.replace("://", "://me:s3cret@")}, certificate)
        async with asking(wire.origin, network) as client:
            error = await failed(client)
            texts = [repr(network), repr(client), repr(error), caplog.text]
    assert (type(error), str(error), error.of_connection) == (
        UpstreamUnreachable,
        "the proxy refuses to connect",
        True,
    )
    assert wire.calls == []
    assert not [text for text in texts if "s3cret" in text]


@pytest.mark.slow
@pytest.mark.needs("openssl")
async def test_a_tunnel_that_hangs_costs_no_slot(certificate):
    """A proxy that takes CONNECT and says nothing, beyond the deadline, many times: then it works, and all slots do."""
    async with proxying(Silent()) as proxy, wired(giving(answer()), certificate) as wire:
        async with asking(wire.origin, Network({"all": proxy.origin}, certificate), timeout=0.4) as client:
            for _ in range(2):
                ends = await asyncio.gather(*(failed(client) for _ in range(60)))
                assert {type(end) for end in ends} == {UpstreamTimeout}
            (transport,) = client._wires.values()
            assert "Requests: 0 active, 0 queued" in repr(transport._pool)
            assert not [one for one in transport._pool.connections if not one.is_open() and not one.is_idle()]


# Certificates


@pytest.mark.needs("openssl")
@pytest.mark.parametrize("name", ["WEATHER_CA_FILE", "SSL_CERT_FILE"])
async def test_an_authority_of_ones_own_is_trusted_when_it_is_named(clock, certificate, name):
    """WEATHER_CA_FILE, else SSL_CERT_FILE, names who may sign; without it the same upstream is not trusted (52)."""
    async with wired(giving(answer(body=BODY)), certificate) as wire:
        where = {"WEATHER_UPSTREAM_URL": wire.origin}
        async with running(None, clock, **where, **{name: str(certificate)}) as site:
            assert (await site.get(PATH)).status_code == 200
        async with running(None, clock, **where) as site:
            assert (await site.get(PATH)).status_code == 502
        async with asking(wire.origin) as client:
            error = await failed(client)
    assert (type(error), str(error)) == (UntrustedUpstream, "its certificate is not trusted")
    assert len(wire.calls) == 1


def test_verification_cannot_be_switched_off(certificate):
    """Whatever is set, names and chains are verified (statement 52)."""
    for network in (Network(), Network(ca_file=certificate)):
        context = network.certificates() or httpx.create_ssl_context(trust_env=False)
        assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)


# The settings


@pytest.mark.parametrize(
    "text",
    [
        "http://me:s3cret@:3128",
        "socks5://me:s3cret@proxy:1080",
        "http://me:s3cret@proxy:abc",
        "http://me:s3cret@proxy:99999",
        "http://me:s3cret@[half",
        "http://me:s3cret@proxy/path",
        "http://me:s3cret@proxy?query",
    ],
)
@pytest.mark.parametrize("how", ["url", "env"])
def test_a_proxy_that_is_none_stops_the_start_and_tells_no_password(text, how):
    """One line that names the setting and what is allowed."""
    told = {"WEATHER_PROXY": text} if how == "url" else {"WEATHER_PROXY": "env", "HTTPS_PROXY": text}
    with pytest.raises(SettingsError) as caught:
        load(told)
    said = str(caught.value)
    assert said.startswith("WEATHER_PROXY is ")
    assert "http://user:password@host:port" in said
    assert "s3cret" not in said
    assert "\n" not in said


def test_the_proxy_is_not_in_what_is_printed_of_the_settings():
    """Its password is a secret."""
    assert "s3cret" not in repr(load({"WEATHER_PROXY": "http://me:s3cret@proxy:3128"}))


@pytest.mark.parametrize("name", ["WEATHER_CA_FILE", "SSL_CERT_FILE"])
def test_a_file_that_holds_no_certificate_stops_the_start(tmp_path, name):
    """Missing, empty or something else: one line, with the name of what was set."""
    (tmp_path / "empty").write_text("")
    (tmp_path / "text").write_text("no certificate")
    for file in ("missing", "empty", "text"):
        with pytest.raises(SettingsError, match=f"{name} is '.*{file}'; allowed: a readable file of certificates"):
            load({name: str(tmp_path / file)})
