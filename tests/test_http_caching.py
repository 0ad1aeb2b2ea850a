"""What upstream says of the caching of its answers: kept with them, and asked about when their lifetime ends."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

import msgspec
import pytest
from fakes import NOON, Clock, make_admission
from hypothesis import given
from hypothesis import strategies as st
from wire import Wire, answer, giving, wired

from weather.errors import UpstreamStatus
from weather.providers.openmeteo.validation import validate
from weather.upstream.cache import Cache
from weather.upstream.codec import sealed
from weather.upstream.freshness import Lifetime
from weather.upstream.freshness_policy import Policy
from weather.upstream.gateway import Gateway
from weather.upstream.http_caching import LONGEST, Caching, caching_of, lifetime_of
from weather.upstream.quota import Quota
from weather.upstream.stores.disk import DiskStore
from weather.upstream.stores.memory import MemoryStore
from weather.upstream.types import CachedResponse, CacheEntry, Endpoint, Requester, make_request, unpack
from weather.upstream.wire.client import Timing, UpstreamClient

SAMPLES = Path(__file__).parents[2] / "shared/metno/samples"
FORECAST = Endpoint("/weatherapi/complete", "forecast", frozenset(), 600.0, "properties", uses_caching_headers=True)
REQUEST = make_request(FORECAST, lat="59.91", lon="10.75")
ONE, TWO = b'{"properties": 1}', b'{"properties": 2}'


def date(at: float) -> str:
    return format_datetime(datetime.fromtimestamp(at, UTC), usegmt=True)


MADE = date(NOON - 700)


def until(at: float, body: bytes = ONE, **headers: str) -> bytes:
    """An answer that expires then."""
    return answer(body=body, expires=date(at), last_modified=MADE, **headers)


def unchanged(at: float, **headers: str) -> bytes:
    return b"HTTP/1.1 304 Not Modified\r\n" + "".join(
        f"{name.replace('_', '-')}: {value}\r\n" for name, value in {"expires": date(at), **headers}.items()
    ).encode() + b"\r\n"  # fmt: skip


@asynccontextmanager
async def fetching(wire: Wire, clock: Clock, policy: Policy | None = None, store=None) -> AsyncIterator[Gateway]:
    """The real gateway, cache and client over that wire."""
    client = UpstreamClient({"api": wire.origin}, lambda: "", validate, Timing(6.0, clock))
    store = store or MemoryStore(clock)
    admission = make_admission(clock, store, [Quota("calls", 100, "day")])
    gateway = Gateway(client, Cache(store, steady=clock), admission, policy or Policy(None, 3 * 86400.0, 6.0), clock)
    yield gateway
    await gateway.close(0)


async def fetched(gateway: Gateway, clock: Clock, at: float) -> CachedResponse:
    clock.now = at
    return await gateway.fetch(REQUEST, Requester())


# What the headers say


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"cache-control": "max-age=600"}, 600),
        ({"cache-control": 'public, Max-Age="600"'}, 600),
        ({"cache-control": "max-age=600", "age": "200"}, 400),
        ({"cache-control": "max-age=600", "age": "700"}, 0),
        ({"cache-control": "max-age=600, s-maxage=60"}, 60),
        ({"cache-control": "max-age=600", "expires": date(NOON + 9)}, 600),
        ({"cache-control": "no-cache, max-age=600"}, 0),
        ({"cache-control": "max-age=-1", "expires": date(NOON + 9)}, 9),
        ({"cache-control": "max-age=99999999999"}, None),
        ({"expires": date(NOON + 1800)}, 1800),
        ({"expires": date(NOON - 1)}, 0),
        ({"expires": "0"}, 0),
        ({"expires": date(NOON + 1e9)}, LONGEST),
        ({"expires": date(NOON + 1800), "date": date(NOON)}, 1800),
        ({"expires": date(NOON + 1800), "date": date(NOON - 300), "age": "300"}, 1800),
        ({"expires": date(NOON + 1800), "date": date(NOON), "age": "300"}, 1800),
        ({"expires": date(NOON + 7200), "date": date(NOON + 5400)}, 1800),
        ({}, None),
        ({"last-modified": MADE}, None),
    ],
)
def test_how_long_an_answer_is_fresh_is_what_its_headers_say(headers, seconds):
    """By max-age less Age, else until Expires on upstream's own clock; within a day (RFC 9111, 4.2.1, 4.2.3, 5.3)."""
    assert lifetime_of(headers, NOON) == seconds


@pytest.mark.parametrize(
    ("name", "seconds"),
    [
        ("london_complete_2020_with_headers", 1912),
        ("new_york_compact_2020_with_headers", 1822),
        ("oslo_headers_2026", 1106),
    ],
)
def test_recorded_answers_of_met_norway_are_fresh_until_they_expire(name, seconds):
    """Its front cache dates an answer when it sends it: Age is not taken off a second time."""
    headers = {
        key.lower(): value for key, value in json.loads((SAMPLES / f"{name}.json").read_text())["headers"].items()
    }
    now = parsedate_to_datetime(headers["date"]).timestamp()
    assert lifetime_of(headers, now) == seconds
    assert caching_of(headers, now).conditions == {"if-modified-since": headers["last-modified"]}


@pytest.mark.parametrize("etag", ["abc", '"a b"', '"a', 'W/"', '"a"b"', '"ä"', '"' + "a" * 300 + '"', ""])
def test_what_is_no_entity_tag_is_not_sent_back(etag):
    """An ETag that is not well-formed (RFC 9110, 8.8.3) asks for nothing."""
    assert caching_of({"etag": etag, "last-modified": "yesterday"}, NOON).conditions == {}


@given(
    st.dictionaries(st.sampled_from(["etag", "last-modified", "expires", "date", "age", "cache-control"]), st.text())
)
def test_no_header_is_an_accident(headers):
    """Whatever stands in the headers, the lifetime is none or within a day, and what is sent back is bounded ASCII."""
    caching = caching_of(headers, NOON)
    assert caching.fresh_for is None or 0 <= caching.fresh_for <= LONGEST
    assert all(len(value) <= 210 and value.isascii() and value.isprintable() for value in caching.conditions.values())


# What is kept


def test_a_stored_entry_has_its_caching():
    """Lifetime and validators outlive the process with the answer."""
    entry = CacheEntry(200, "application/json", ONE, NOON, caching=Caching(1800.0, 'W/"1"', MADE))
    assert unpack(entry.pack()) == entry


def test_an_entry_of_before_is_still_read():
    """A row of four members, as it was stored before validators were kept, is an entry without any."""
    row = sealed((200, "application/json", NOON, ONE))
    assert unpack(row) == CacheEntry(200, "application/json", ONE, NOON)
    assert CacheEntry(200, "application/json", ONE, NOON).pack() == row
    assert msgspec.msgpack.decode(row[20:]) == [200, "application/json", NOON, ONE]


# What is asked


@pytest.mark.anyio
async def test_nothing_is_asked_before_it_expires_and_then_only_whether_it_changed():
    """Until Expires no call; then If-Modified-Since as it came; a 304 renews what is kept, and counts as a call."""
    clock = Clock()
    async with wired(giving(until(NOON + 1800), unchanged(NOON + 3700))) as wire, fetching(wire, clock) as gateway:
        first = await fetched(gateway, clock, NOON)
        assert (await fetched(gateway, clock, NOON + 1799)).state == "fresh"
        assert [call.headers.get("if-modified-since") for call in wire.calls] == [None]
        renewed = await fetched(gateway, clock, NOON + 1800)
        again = await fetched(gateway, clock, NOON + 3699)
        assert [call.headers.get("if-modified-since") for call in wire.calls] == [None, MADE]
        assert [usage for _, usage in await gateway.admission.usage()] == [2]
    assert (first.entry.body, renewed.entry.body, again.entry.body) == (ONE, ONE, ONE)
    assert (renewed.entry.status, renewed.entry.content_type) == (200, "application/json")
    assert (renewed.entry.fetched_at, renewed.valid_until, renewed.standing.age) == (NOON + 1800, NOON + 3700, 0)
    assert (again.state, again.via.fwd, wire.connections) == ("fresh", None, 1)


@pytest.mark.anyio
async def test_a_changed_answer_replaces_the_old_one():
    """A 200 to the conditional request has its own body, lifetime and validators."""
    clock, later = Clock(), date(NOON + 1000)
    second = answer(body=TWO, expires=date(NOON + 4000), last_modified=later)
    async with (
        wired(giving(until(NOON + 1800), second, unchanged(NOON + 9000))) as wire,
        fetching(wire, clock) as gateway,
    ):
        for at, body in ((NOON, ONE), (NOON + 1800, TWO), (NOON + 3999, TWO), (NOON + 4000, TWO)):
            assert (await fetched(gateway, clock, at)).entry.body == body
    assert [call.headers.get("if-modified-since") for call in wire.calls] == [None, MADE, later]


@pytest.mark.anyio
async def test_an_entity_tag_is_sent_back_and_renewed():
    """If-None-Match is the ETag as it came; that of a 304 takes its place, and a 304 without one keeps the last."""
    clock = Clock()
    answers = [answer(body=ONE, cache_control="max-age=60", etag='W/"1"'), unchanged(NOON, etag='"2"'), unchanged(NOON)]
    async with wired(giving(*answers)) as wire, fetching(wire, clock) as gateway:
        for n in range(4):
            assert (await fetched(gateway, clock, NOON + 600 * n)).entry.body == ONE
    assert [call.headers.get("if-none-match") for call in wire.calls] == [None, 'W/"1"', '"2"', '"2"']


@pytest.mark.anyio
@pytest.mark.parametrize("expires", [NOON - 1, NOON + 599])
async def test_an_answer_that_expires_early_is_not_asked_for_in_a_loop(expires):
    """Nothing is asked within the endpoint's own lifetime, whatever upstream says: a clock may be wrong."""
    clock = Clock()
    async with wired(giving(until(expires))) as wire, fetching(wire, clock) as gateway:
        for n in range(6):
            await fetched(gateway, clock, NOON + 100 * n)
        assert len(wire.calls) == 1
        await fetched(gateway, clock, NOON + 600)
        assert len(wire.calls) == 2


@pytest.mark.anyio
async def test_the_operator_cannot_make_the_lifetime_shorter_than_upstream_does():
    """WEATHER_FRESH_FOR of a minute: no call before Expires all the same."""
    clock, policy = Clock(), Policy(60.0, 3600.0, 6.0)
    async with wired(giving(until(NOON + 1800))) as wire, fetching(wire, clock, policy) as gateway:
        assert (await fetched(gateway, clock, NOON)).lifetime == Lifetime(1800.0, 3600.0)
        await fetched(gateway, clock, NOON + 1799)
    assert len(wire.calls) == 1


@pytest.mark.anyio
async def test_a_restart_asks_only_whether_it_changed(tmp_path):
    """The validators are in the store: a new process makes no call before Expires, and then a conditional one."""
    clock = Clock()
    async with wired(giving(until(NOON + 1800), unchanged(NOON + 3600))) as wire:
        for at in (NOON, NOON + 1799, NOON + 1800, NOON + 3599):
            store = DiskStore(tmp_path, 2**24, clock, clock)
            await store.open()
            async with fetching(wire, clock, store=store) as gateway:
                assert (await fetched(gateway, clock, at)).entry.body == ONE
            await store.close()
    assert [call.headers.get("if-modified-since") for call in wire.calls] == [None, MADE]


@pytest.mark.anyio
async def test_while_upstream_fails_what_is_kept_is_stale():
    """A failed conditional request is a failure like any other: the last good answer, and the next asks again."""
    clock = Clock()
    answers = [until(NOON + 1800), answer(403, b"", "text/html"), unchanged(NOON + 9000)]
    async with wired(giving(*answers)) as wire, fetching(wire, clock) as gateway:
        await fetched(gateway, clock, NOON)
        stale = await fetched(gateway, clock, NOON + 1800)
        renewed = await fetched(gateway, clock, NOON + 1900)
    assert (stale.state, stale.entry.body, stale.via.fwd_status) == ("stale", ONE, 403)
    assert (renewed.state, renewed.entry.body) == ("fresh", ONE)


@pytest.mark.anyio
async def test_a_304_that_was_not_asked_for_is_an_error():
    """Without a condition a 304 is no answer."""
    clock = Clock()
    async with wired(giving(unchanged(NOON + 1800))) as wire, fetching(wire, clock) as gateway:
        with pytest.raises(UpstreamStatus) as caught:
            await fetched(gateway, clock, NOON)
    assert caught.value.upstream_status == 304


@pytest.mark.anyio
async def test_a_304_with_the_headers_of_a_body_has_none():
    """Content-Encoding and Content-Length of the answer that a 304 speaks of are not read as those of a body."""
    clock = Clock()
    second = unchanged(NOON + 9000, content_encoding="gzip", content_length="500")
    async with wired(giving(until(NOON + 600), second)) as wire, fetching(wire, clock) as gateway:
        await fetched(gateway, clock, NOON)
        assert (await fetched(gateway, clock, NOON + 600)).state == "fresh"
    assert len(wire.calls) == 2


@pytest.mark.anyio
async def test_an_unreadable_answer_is_not_asked_for_again_before_it_expires():
    """What our reader cannot read leaves the last good answer in place; upstream is left alone until Expires."""
    clock, row = Clock(), replace(FORECAST, holds=lambda body: body != TWO)
    request = make_request(row, lat="59.91", lon="10.75")
    async with wired(giving(until(NOON + 600), until(NOON + 2400, TWO))) as wire, fetching(wire, clock) as gateway:
        for at, calls in ((NOON, 1), (NOON + 600, 2), (NOON + 1300, 2), (NOON + 2399, 2), (NOON + 2400, 3)):
            clock.now = at
            assert (await gateway.fetch(request, Requester())).entry.body == ONE
            assert len(wire.calls) == calls


@pytest.mark.anyio
async def test_endpoints_with_lifetimes_of_their_own_ask_as_before():
    """OpenWeatherMap's and Open-Meteo's: whatever headers come, the lifetime is fixed and no call is conditional."""
    clock, request = Clock(), make_request(Endpoint("/v1/forecast", "forecast", frozenset(), 600.0, "properties"))
    async with wired(giving(until(NOON + 1800, etag='"1"'))) as wire, fetching(wire, clock) as gateway:
        for at in (NOON, NOON + 599, NOON + 600):
            clock.now = at
            entry = (await gateway.fetch(request, Requester())).entry
    assert entry == CacheEntry(200, "application/json", ONE, NOON + 600)
    assert len(wire.calls) == 2
    assert not {"if-none-match", "if-modified-since"} & set(wire.calls[1].headers)
