"""Quota of calls that wait for a connection: reserved while they wait, charged when they are sent, never exceeded."""

import asyncio
import random
import time
from bisect import bisect_left
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from fakes import NOON, Clock, Upstream, make_admission, until
from redises import REDIS, Server

from weather.errors import CallRefused, CircuitOpen, ClientQuotaExhausted, QuotaExhausted, TooManyCalls
from weather.providers.openweathermap.endpoints import WEATHER
from weather.providers.openweathermap.validation import validate
from weather.upstream.limits.admission import AdmissionControl
from weather.upstream.limits.quota_account import QuotaAccount
from weather.upstream.limits.quota_ledger import Ledger
from weather.upstream.quota import Charge, Quota, QuotaRefusal
from weather.upstream.stores.base import LedgerUnavailable, Store
from weather.upstream.stores.disk import BUDGETS, DiskStore
from weather.upstream.stores.memory import MemoryStore
from weather.upstream.stores.redis import RedisStore
from weather.upstream.types import Requester, UpstreamRequest, make_request
from weather.upstream.wire.client import Timing, UpstreamClient, in_process
from weather.upstream.wire.network import Network

pytestmark = pytest.mark.anyio


class Hanging(Upstream):
    """Answers nothing until it is released."""

    def __init__(self) -> None:
        super().__init__()
        self.released.clear()


@pytest.fixture(params=["memory", "disk", pytest.param("redis", marks=pytest.mark.needs(REDIS))])
async def store(request, tmp_path) -> AsyncIterator[Store]:
    """Each kind of ledger: a share of one process, a file, a server."""
    async with AsyncExitStack() as stack:
        if request.param == "redis":
            server = Server()
            stack.callback(server.stop)
            made = RedisStore(server.url, time.monotonic, Clock())
        elif request.param == "disk":
            made = DiskStore(tmp_path, 2**24, time.monotonic, Clock(), BUDGETS, patience=20)
        else:
            made = MemoryStore(time.monotonic)
        await made.open()
        stack.push_async_callback(made.close)
        yield made


def place(number: int) -> UpstreamRequest:
    return make_request(WEATHER, lat=str(number), lon="1")


def connected(upstream: Upstream, connections: int, clock=None) -> UpstreamClient:
    network, timing = Network(connections=connections), Timing(60.0, clock or Clock())
    return UpstreamClient({"api": "http://x"}, str, validate, timing, network, in_process(upstream))


class Site:
    """A client of upstream under admission control, with so many connections."""

    def __init__(self, upstream: Upstream, admission: AdmissionControl, connections: int, clock=None) -> None:
        self.client, self.admission = connected(upstream, connections, clock), admission
        self.number = 0

    def call(self, client: str) -> asyncio.Task:
        """One attempt to call upstream for a place that nobody has asked for."""
        self.number += 1
        permit = self.admission.permit(place(self.number), Requester(client))
        return asyncio.create_task(self.client.send(place(self.number), permit))

    async def used(self) -> float:
        return (await self.admission.usage())[0][1]


async def test_of_a_crowd_only_as_many_wait_as_the_quota_has_left(store):
    """Two connections hang, five calls are left, ten want to call: five are refused while nobody has been answered."""
    upstream = Hanging()
    site = Site(upstream, make_admission(Clock(), store, [Quota("minute", 5, "minute")]), 2)
    calls = [site.call(f"192.0.2.{i}") for i in range(10)]
    await until(lambda: upstream.count == 2 and sum(call.done() for call in calls) == 5)
    assert all(isinstance(call.exception(), QuotaExhausted) for call in calls if call.done())
    assert await site.used() == 2
    upstream.released.set()
    answers = await asyncio.gather(*calls, return_exceptions=True)
    assert sum(isinstance(answer, QuotaExhausted) for answer in answers) == 5
    assert (await site.used(), upstream.count) == (5, 5)


async def test_a_client_waits_with_no_more_than_its_own_share(store):
    """Of nine a minute one client may use six: of its ten calls four are refused at once, and another's may wait."""
    upstream = Hanging()
    site = Site(upstream, make_admission(Clock(), store, [Quota("minute", 9, "minute")]), 2)
    calls = [site.call("192.0.2.1") for _ in range(10)]
    await until(lambda: upstream.count == 2 and sum(call.done() for call in calls) == 4)
    assert all(isinstance(call.exception(), ClientQuotaExhausted) for call in calls if call.done())
    other = site.call("192.0.2.2")
    await asyncio.sleep(0)
    assert not other.done()
    upstream.released.set()
    await asyncio.gather(other, *calls, return_exceptions=True)
    assert await site.used() == upstream.count == 7


@pytest.mark.slow
async def test_who_waited_in_vain_leaves_its_quota_to_others(store):
    """Both that are left are waited for in vain; then they are there for who calls next."""
    upstream = Hanging()
    site = Site(upstream, make_admission(Clock(), store, [Quota("minute", 3, "minute")]), 1)
    busy = site.call("192.0.2.1")
    await until(lambda: upstream.count == 1)
    refused = await asyncio.gather(*(site.call(f"192.0.2.{i}") for i in range(2, 6)), return_exceptions=True)
    assert sorted(type(error).__name__ for error in refused) == 2 * ["QuotaExhausted"] + 2 * ["TooManyCalls"]
    assert await site.used() == 1
    upstream.released.set()
    await busy
    for i in range(2):
        assert (await site.call(f"192.0.2.{i}")).status == 200
    assert await site.used() == 3


async def test_who_leaves_the_queue_leaves_its_quota(store):
    """The one that waits for the last unit is cancelled: another may wait for it."""
    upstream = Hanging()
    site = Site(upstream, make_admission(Clock(), store, [Quota("minute", 2, "minute")]), 1)
    busy = site.call("192.0.2.1")
    await until(lambda: upstream.count == 1)
    leaving = site.call("192.0.2.2")
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.wait({leaving})
    other = site.call("192.0.2.3")
    await asyncio.sleep(0)
    upstream.released.set()
    assert [(await call).status for call in (busy, other)] == [200, 200]
    assert await site.used() == upstream.count == 2


async def test_a_breaker_that_opens_meanwhile_costs_nothing(store):
    """Upstream refuses the one call under way for good; the one that waits is not made, and not charged."""
    upstream = Hanging()
    site = Site(upstream, make_admission(Clock(), store, [Quota("minute", 3, "minute")]), 1)
    busy = site.call("192.0.2.1")
    await until(lambda: upstream.count == 1)
    waiting = site.call("192.0.2.2")
    await asyncio.sleep(0)
    upstream.fails(429, b"{}", "application/json", **{"retry-after": "60"})
    upstream.released.set()
    answers = await asyncio.gather(busy, waiting, return_exceptions=True)
    assert isinstance(answers[1], CircuitOpen | CallRefused) and not isinstance(answers[1], TooManyCalls)
    assert await site.used() == upstream.count == 1


class Uneven(MemoryStore):
    """Its next read takes longer than all that begin after it."""

    turns = 0

    async def get_many(self, keys, *, patient=False):
        turns, self.turns = self.turns, 0
        for _ in range(turns):
            await asyncio.sleep(0)
        return await super().get_many(keys, patient=patient)


async def test_who_waits_finds_the_breaker_open_however_long_it_takes_to_record_that():
    """The one call under way is refused for good; the next begins to look when that is recorded, and not before."""
    upstream, store = Hanging(), Uneven(time.monotonic)
    site = Site(upstream, make_admission(Clock(), store, [Quota("minute", 3, "minute")]), 1)
    busy = site.call("192.0.2.1")
    await until(lambda: upstream.count == 1)
    waiting = site.call("192.0.2.2")
    await asyncio.sleep(0)
    store.turns = 100
    upstream.fails(429, b"{}", "application/json", **{"retry-after": "60"})
    upstream.released.set()
    answers = await asyncio.gather(busy, waiting, return_exceptions=True)
    assert isinstance(answers[1], CircuitOpen)
    assert upstream.count == 1


class Lost(MemoryStore):
    """A shared store that is down, after it has said how much is spent."""

    async def charge(self, taken, now):
        raise LedgerUnavailable


@pytest.mark.parametrize(("workers", "expected"), [(1, 8), (2, 4), (4, 2)])
async def test_a_worker_without_a_shared_ledger_reserves_of_its_share(workers, expected):
    """Of eight a minute one of four workers reserves two, once it knows that it is on its own."""
    ledger, charge = Ledger(Lost(Clock()), workers), Charge("minute", 1, NOON + 60, 8)
    assert await ledger.charge([charge], NOON) is None
    reserved = [ledger.reserve([charge], NOON) for _ in range(10)]
    assert sum(not isinstance(one, QuotaRefusal) for one in reserved) == expected - 1


@pytest.mark.slow
@pytest.mark.virtual_time
@pytest.mark.parametrize("kind", ["memory", "disk"])
@pytest.mark.parametrize("seed", range(8))
async def test_no_interleaving_exceeds_a_quota_and_only_calls_count(kind, seed, tmp_path):
    """Two workers, clients that come, wait in vain, are refused and leave, for three minutes: no rolling minute has
    more calls than the quota, and at the end the month has as many as upstream has seen."""
    dice, loop, limit, upstream = random.Random(seed), asyncio.get_running_loop(), 12, Timed()
    sites, workers = [], 2 if kind == "disk" else 1

    def clock() -> float:
        return NOON + loop.time()

    async with AsyncExitStack() as stack:
        for _ in range(workers):
            store = MemoryStore(loop.time) if kind == "memory" else DiskStore(tmp_path, 2**24, loop.time, clock)
            await store.open()
            stack.push_async_callback(store.close)
            account = QuotaAccount(
                Ledger(store, workers), [Quota("month", 9e3, "month"), Quota("minute", limit, "minute")], clock
            )
            admission = AdmissionControl(store, account, clock, lambda: 0.5, lambda: "test", offline=False)
            sites.append(Site(upstream, admission, 2, clock))
        calls = []
        for _ in range(300):
            upstream.seconds = dice.choice([0.3, 2.0, 5.0])
            calls.append(dice.choice(sites).call(f"192.0.2.{dice.randrange(4)}"))
            await asyncio.sleep(dice.choice([0, 0, 0, 0.5, 3.0]))
            if kind == "memory" and dice.random() < 0.3:  # on disk a charge may be on its way when its call is given up
                dice.choice(calls).cancel()
        ends = await asyncio.gather(*calls, return_exceptions=True)
        assert {type(end) for end in ends if isinstance(end, Exception)} >= {QuotaExhausted, TooManyCalls}
        assert [await site.used() for site in sites] == [len(upstream.times)] * workers
        assert all(site.admission.account.ledger._waiting._amounts == {} for site in sites)
    assert len(upstream.times) > 2 * limit
    assert max(bisect_left(upstream.times, at + 60) - i for i, at in enumerate(upstream.times)) <= limit


class Timed(Upstream):
    """Takes so many seconds for each call, and writes down when it was called."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds, self.times = 0.0, []

    async def __call__(self, scope, receive, send) -> None:
        self.times.append(asyncio.get_running_loop().time())
        await asyncio.sleep(self.seconds)
        await super().__call__(scope, receive, send)
