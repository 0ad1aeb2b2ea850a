"""Who asks: the address that a call is counted against."""

import pytest
from fakes import Clock, Upstream, running
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers
from starlette.requests import Request

from weather.web.http.clients.client_ip import client_of, requester_of, scheme_of

PROXIES = ("10.0.0.0/8", "::1")


@pytest.mark.parametrize("name", ["x-forwarded-for", "forwarded", "x-real-ip", "x-client-ip", "cf-connecting-ip"])
def test_without_trusted_proxies_only_the_peer_counts(name):
    """Whatever a header says, the client is who is connected (59)."""
    assert client_of("203.0.113.9", Headers({name: "for=198.51.100.1, 198.51.100.1"}), ()) == "203.0.113.9"


@pytest.mark.parametrize(
    ("peer", "headers", "client"),
    [
        ("10.0.0.1", {}, "10.0.0.1"),
        ("10.0.0.1", {"x-forwarded-for": "198.51.100.7"}, "198.51.100.7"),
        ("10.0.0.1", {"x-forwarded-for": "192.0.2.1, 198.51.100.7"}, "198.51.100.7"),
        ("10.0.0.1", {"x-forwarded-for": "198.51.100.7, 10.1.2.3"}, "198.51.100.7"),
        ("203.0.113.9", {"x-forwarded-for": "198.51.100.7"}, "203.0.113.9"),
        ("10.0.0.1", {"x-forwarded-for": "198.51.100.7:4711"}, "198.51.100.7"),
        ("10.0.0.1", {"x-forwarded-for": "nonsense"}, "10.0.0.1"),
        ("10.0.0.1", {"x-forwarded-for": "unix:"}, "10.0.0.1"),
        ("10.0.0.1", {"x-forwarded-for": "198.51.100.7, unix:"}, "10.0.0.1"),
        ("10.0.0.1", {"x-forwarded-for": "198.51.100.7, unknown, 10.1.2.3"}, "10.1.2.3"),
        ("10.0.0.1", {"x-forwarded-for": "192.0.2.1, " + "9" * 999}, "10.0.0.1"),
        ("10.0.0.1", {"x-forwarded-for": "192.0.2.1,, 198.51.100.7,"}, "198.51.100.7"),
        ("10.0.0.1", {"forwarded": "for=unknown"}, "10.0.0.1"),
        ("10.0.0.1", {"forwarded": "for=192.0.2.1, for=_hidden"}, "10.0.0.1"),
        ("10.0.0.1", {"forwarded": "for=198.51.100.7", "x-forwarded-for": "198.51.100.7"}, "198.51.100.7"),
        ("10.0.0.1", {"forwarded": "for=198.51.100.7;proto=https;by=10.0.0.1"}, "198.51.100.7"),
        ("10.0.0.1", {"forwarded": 'for=192.0.2.1, For="[2001:db8:1:2:3::4]:4711"'}, "2001:db8:1:2::"),
        ("10.0.0.1", {"forwarded": "for=192.0.2.1", "x-forwarded-for": "198.51.100.7"}, "10.0.0.1"),
        ("::1", {"x-forwarded-for": "198.51.100.7"}, "198.51.100.7"),
        ("::ffff:10.0.0.1", {}, "10.0.0.1"),
        ("::ffff:10.0.0.1", {"x-forwarded-for": "198.51.100.7"}, "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", {}, "2001:db8:1:2::"),
        ("", {}, ""),
    ],
)
def test_the_nearest_address_that_is_no_proxy_of_ours_counts(peer, headers, client):
    """Headers count from trusted peers, from the right, as far as the chain is trusted (59; RFC 7239)."""
    assert client_of(peer, Headers(headers), PROXIES) == client


@given(st.lists(st.ip_addresses(v=4).map(str), max_size=5), st.sampled_from(["x-forwarded-for", "forwarded"]))
def test_a_client_that_makes_up_the_other_header_has_no_more_than_one_other_name(made_up, written):
    """Whichever of the two a proxy writes, what a client puts into the other one makes it nobody else (A20)."""
    other = "forwarded" if written == "x-forwarded-for" else "x-forwarded-for"
    true = {"x-forwarded-for": "198.51.100.7", "forwarded": "for=198.51.100.7"}[written]
    false = ", ".join(f"for={one}" if other == "forwarded" else one for one in made_up)
    assert client_of("10.0.0.1", Headers({written: true, other: false}), PROXIES) in ("198.51.100.7", "10.0.0.1")


@pytest.mark.parametrize("count", [11, 1000])
def test_of_a_long_chain_the_nearest_hops_are_read(count):
    """However many hops a client makes up, ten from the right are looked at: there the real address stands."""
    chain = ", ".join([*["192.0.2.1"] * count, "198.51.100.7", *["10.0.0.2"] * 8])
    assert client_of("10.0.0.1", Headers({"x-forwarded-for": chain}), PROXIES) == "198.51.100.7"
    only_ours = ", ".join(["192.0.2.1", *["10.0.0.2"] * count])
    assert client_of("10.0.0.1", Headers({"x-forwarded-for": only_ours}), PROXIES) == "10.0.0.2"


@pytest.mark.parametrize(
    ("peer", "headers", "scheme"),
    [
        ("10.0.0.1", {}, "http"),
        ("10.0.0.1", {"x-forwarded-proto": "https"}, "https"),
        ("10.0.0.1", {"forwarded": "for=192.0.2.1;proto=https"}, "https"),
        ("10.0.0.1", {"x-forwarded-proto": "https", "forwarded": "proto=http"}, "https"),
        ("10.0.0.1", {"x-forwarded-proto": "http", "forwarded": "for=192.0.2.1; proto=https"}, "https"),
        ("10.0.0.1", {"x-forwarded-proto": "gopher"}, "http"),
        ("203.0.113.9", {"x-forwarded-proto": "https", "forwarded": "proto=https"}, "http"),
    ],
)
def test_the_scheme_is_that_of_the_proxy_and_never_less_safe(peer, headers, scheme):
    """A client that says http, in the header that its proxy does not write, changes nothing (A20)."""
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "scheme": "http", "path": "/", "headers": raw, "client": (peer, 1), "server": ("x", 80)}
    assert scheme_of(Request(scope), PROXIES) == scheme


@pytest.mark.anyio
@pytest.mark.parametrize("hop", ["unix:", "nonsense", "", "_hidden", "[::"])
async def test_a_hop_that_is_no_address_has_a_budget_too(upstream, clock, hop):
    """Who is told as `unix:` by a proxy that is trusted may cause two thirds of the calls of a minute, as any (58)."""
    settings = {"WEATHER_TRUSTED_PROXIES": "127.0.0.1", "WEATHER_CALLS_PER_MINUTE": "6"}
    async with running(upstream, clock, **settings) as site:
        headers = {"X-Forwarded-For": hop}
        told = [(await site.get(f"/api/v1/current?lat={n}&lon=1", headers=headers)).status_code for n in range(6)]
    assert told == [200] * 4 + [429] * 2


def test_of_a_header_in_two_lines_the_last_counts():
    """A proxy that adds a line of its own below the one that the client made up is believed (59)."""
    lines = [(b"x-forwarded-for", b"192.0.2.1"), (b"x-forwarded-for", b"198.51.100.7")]
    assert client_of("10.0.0.1", Headers(raw=lines), PROXIES) == "198.51.100.7"


@pytest.mark.slow
@given(st.text(st.characters(codec="latin-1"), max_size=80), st.sampled_from(["x-forwarded-for", "forwarded"]))
def test_no_header_moves_an_untrusted_peer(text, name):
    """Fuzzed headers never change who an untrusted peer is, and never raise."""
    assert client_of("203.0.113.9", Headers({name: text}), PROXIES) == "203.0.113.9"
    client_of("10.0.0.1", Headers({name: text}), PROXIES)


@pytest.mark.parametrize(("header", "may_ask"), [("", True), ("no-cache", True), ("only-if-cached", False)])
def test_only_if_cached_alone_keeps_us_from_asking(header, may_ask):
    """What else a client says to caches neither costs nor saves a call (60)."""
    scope = {"type": "http", "headers": [(b"cache-control", header.encode())], "client": ("192.0.2.1", 1)}
    assert requester_of(Request(scope), ()).may_call == may_ask


@pytest.mark.anyio
@pytest.mark.parametrize("header", ["no-cache", "max-age=0", "no-store, must-revalidate"])
async def test_a_fresh_answer_is_not_fetched_again_for_a_header(header):
    """`Cache-Control` and `Pragma` of a client cause no call for a fresh key (60)."""
    upstream = Upstream()
    async with running(upstream, Clock()) as site:
        for _ in range(3):
            await site.get("/api/v1/current?q=London", headers={"Cache-Control": header, "Pragma": "no-cache"})
    assert upstream.count == 1


@pytest.mark.anyio
async def test_only_if_cached_on_a_miss_is_504_without_a_call(site, upstream):
    """`not_kept`, and nobody is asked (67); what is kept is answered."""
    headers = {"Cache-Control": "only-if-cached"}
    answer = await site.get("/api/v1/current?q=London", headers=headers)
    assert (answer.status_code, answer.json()["code"], upstream.count) == (504, "not_kept", 0)
    await site.get("/api/v1/current?q=London")
    assert (await site.get("/api/v1/current?q=London", headers=headers)).status_code == 200
    assert upstream.count == 1
