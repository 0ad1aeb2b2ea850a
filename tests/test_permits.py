"""Permits to call: never more than there are, clients in turn, and none is lost whoever leaves."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from fakes import Clock, Free, Upstream, make_admission, until

from weather.errors import ClientQuotaExhausted, QuotaExhausted, TooManyCalls
from weather.providers.openweathermap.endpoints import WEATHER
from weather.providers.openweathermap.validation import validate
from weather.upstream.cache import Cache
from weather.upstream.freshness_policy import Policy
from weather.upstream.gateway import Gateway
from weather.upstream.quota import Quota
from weather.upstream.stores.memory import MemoryStore
from weather.upstream.types import Requester, UpstreamRequest, make_request
from weather.upstream.wire.client import Timing, UpstreamClient, in_process
from weather.upstream.wire.network import Network
from weather.upstream.wire.permits import Permits

pytestmark = pytest.mark.anyio

LONG = 60.0


class For(Free):
    """Leave to call for one client; refused, if he has spent his share."""

    def __init__(self, client: str, *, is_spent: bool = False) -> None:
        self.client, self.is_spent = client, is_spent

    def reserve(self):
        if self.is_spent:
            raise ClientQuotaExhausted(10.0, self.client)
        return super().reserve()


class Held(Upstream):
    """Answers one call when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.permits = asyncio.Semaphore(0)

    async def __call__(self, scope, receive, send) -> None:
        told = Upstream.__call__(self, scope, receive, send)
        self.released.set()
        await asyncio.gather(told, self.permits.acquire())


@asynccontextmanager
async def client_of(upstream: Upstream, connections: int) -> AsyncIterator[UpstreamClient]:
    network, wire = Network(connections=connections), in_process(upstream)
    client = UpstreamClient({"api": "http://x"}, str, validate, Timing(LONG, Clock()), network, wire)
    yield client
    await client.close()


def numbered(i: int) -> UpstreamRequest:
    return make_request(WEATHER, lat=str(i), lon="1")


async def test_the_crowd_of_one_client_lets_another_through():
    """40 cold requests of one client wait for two connections; another's is the next but one (issue, 6)."""
    upstream = Held()
    async with client_of(upstream, 2) as client:
        greedy = [asyncio.create_task(client.send(numbered(i), For("greedy"))) for i in range(40)]
        await until(lambda: upstream.count == 2)
        other = asyncio.create_task(client.send(numbered(77), For("other")))
        await asyncio.sleep(0)
        for done in range(3, 5):
            upstream.permits.release()
            await until(lambda done=done: upstream.count == done)
        assert upstream.queries[-1]["lat"] == "77"
        for _ in range(40):
            upstream.permits.release()
        assert (await other).status == 200
        await asyncio.gather(*greedy, return_exceptions=True)


async def test_who_has_nothing_left_to_spend_does_not_queue():
    """Both connections are taken; a client whose share is spent is told so at once, and stands in nobody's way."""
    upstream = Held()
    async with client_of(upstream, 2) as client:
        busy = [asyncio.create_task(client.send(numbered(i), For("one"))) for i in range(2)]
        await until(lambda: upstream.count == 2)
        with pytest.raises(ClientQuotaExhausted):
            await client.send(numbered(3), For("spent", is_spent=True))
        assert not any(task.done() for task in busy)
        for _ in busy:
            upstream.permits.release()
        await asyncio.gather(*busy)


@pytest.mark.slow
async def test_who_waits_too_long_is_told_whose_place_it_was():
    """No connection becomes free: Busy, with the client's name, so that who follows his flight may try himself (23)."""
    upstream = Held()
    async with client_of(upstream, 1) as client:
        busy = asyncio.create_task(client.send(numbered(1), For("one")))
        await until(lambda: upstream.count == 1)
        with pytest.raises(TooManyCalls) as refused:
            await client.send(numbered(2), For("two"))
        assert refused.value.client == "two"
        upstream.permits.release()
        await busy
        upstream.permits.release()
        assert (await client.send(numbered(2), For("two"))).status == 200


@pytest.mark.slow
async def test_who_follows_a_flight_that_got_no_connection_tries_for_himself():
    """The flight's place in the queue was another client's: a follower takes his own, and is answered (issue, 6)."""
    upstream, clock = Held(), Clock()
    async with client_of(upstream, 1) as client:
        gateway = Gateway(client, Cache(MemoryStore(clock)), make_admission(clock), Policy(None, 0, LONG), clock)
        busy = asyncio.create_task(client.send(numbered(1), For("one")))
        await until(lambda: upstream.count == 1)
        leader = asyncio.create_task(gateway.fetch(numbered(2), Requester("greedy")))
        await asyncio.sleep(0)
        follower = asyncio.create_task(gateway.fetch(numbered(2), Requester("other")))
        with pytest.raises(TooManyCalls):
            await leader
        for _ in range(2):
            upstream.permits.release()
        await busy
        assert (await follower).entry.status == 200
        await gateway.close(1.0)


@pytest.mark.slow
async def test_who_waits_in_vain_for_a_connection_is_charged_nothing():
    """The one call that was made counts, the one that got no connection does not: it never went out."""
    upstream, clock = Held(), Clock()
    admission = make_admission(clock, quotas=[Quota("minute", 60, "minute")])
    async with client_of(upstream, 1) as client:
        busy = asyncio.create_task(client.send(numbered(1), admission.permit(numbered(1), Requester("one"))))
        await until(lambda: upstream.count == 1)
        with pytest.raises(TooManyCalls):
            await client.send(numbered(2), admission.permit(numbered(2), Requester("two")))
        upstream.permits.release()
        await busy
    assert [used for _, used in await admission.usage()] == [1]


async def test_a_connection_is_given_back_where_the_permit_is_refused():
    """The quota of all is spent; the next one who may call finds the one connection free."""
    upstream, clock = Upstream(), Clock()
    admission = make_admission(clock, quotas=[Quota("minute", 1, "minute")])
    async with client_of(upstream, 1) as client:
        await client.send(numbered(1), admission.permit(numbered(1), Requester()))
        for _ in range(2):
            with pytest.raises(QuotaExhausted):
                await client.send(numbered(2), admission.permit(numbered(2), Requester()))
        assert (await client.send(numbered(3), For("other"))).status == 200


async def test_clients_take_turns():
    """Of three who wait, one with many, the permits go round; each client's own come in order."""
    permits, got = Permits(1), []
    await permits.acquire("a", LONG)

    async def wait(name: str) -> None:
        await permits.acquire(name[0], LONG)
        got.append(name)
        permits.release()

    waiting = [asyncio.create_task(wait(name)) for name in ("a1", "a2", "a3", "b1", "c1", "b2")]
    await asyncio.sleep(0)
    permits.release()
    await asyncio.gather(*waiting)
    assert got == ["a1", "b1", "c1", "a2", "b2", "a3"]


@pytest.mark.parametrize("seed", range(20))
async def test_no_permit_is_lost_and_none_is_made(seed):
    """Visitors who take, wait, give up and leave at any moment: at the end as many permits as at the start (49)."""
    dice, permits, held = random.Random(seed), Permits(3), [0]

    async def visit(client: str) -> None:
        try:
            await permits.acquire(client, dice.choice([0.0, 0.001, LONG]))
        except TimeoutError:
            return
        held[0] += 1
        assert held[0] <= 3
        try:
            await asyncio.sleep(dice.choice([0, 0, 0.001]))
        finally:
            held[0] -= 1
            permits.release()

    visits = []
    for _ in range(200):
        visits.append(asyncio.create_task(visit(dice.choice("abc"))))
        if dice.random() < 0.5:
            await asyncio.sleep(0)
        if dice.random() < 0.4:
            dice.choice(visits).cancel()
    ends = await asyncio.gather(*visits, return_exceptions=True)
    assert all(end is None or isinstance(end, asyncio.CancelledError) for end in ends)
    for _ in range(3):
        await permits.acquire("last", 0.0)
    with pytest.raises(TimeoutError):
        await permits.acquire("last", 0.0)
