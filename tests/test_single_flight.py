"""Flights on a loop whose time is told: who waits how long, and what becomes of a failure that nobody waits for."""

import asyncio
import gc
import selectors

import pytest
from fakes import NOON, Clock, make_admission

from weather.errors import UpstreamServerError, UpstreamTimeout
from weather.providers.openweathermap.endpoints import WEATHER
from weather.upstream.cache import Cache
from weather.upstream.freshness_policy import PATIENCE, Policy
from weather.upstream.gateway import Gateway
from weather.upstream.single_flight import SingleFlight
from weather.upstream.stores.memory import MemoryStore
from weather.upstream.types import CacheEntry, CallPermit, Requester, UpstreamRequest, UpstreamResponse, make_request

REQUEST = make_request(WEATHER, lat="1", lon="2")


class Told(asyncio.SelectorEventLoop):
    """A loop that never waits: when nothing is to be done it is the time of the next timer."""

    def __init__(self) -> None:
        super().__init__(selectors.DefaultSelector())
        self.ahead, real = 0.0, self._selector.select

        def select(timeout: float | None = None):
            self.ahead += timeout or 0.0
            return real(0)

        self._selector.select = select

    def time(self) -> float:
        return self.ahead


@pytest.fixture
def run():
    with asyncio.Runner(loop_factory=Told) as runner:
        yield runner.run


class Slow:
    """An upstream that takes so long, and then fails."""

    def __init__(self, seconds: float) -> None:
        self.origins, self.seconds, self.count = {"api": "http://x"}, seconds, 0

    async def send(self, request: UpstreamRequest, permit: CallPermit) -> UpstreamResponse:
        self.count += 1
        await asyncio.sleep(self.seconds)
        raise UpstreamServerError(503)

    async def close(self) -> None: ...


async def gateway_of(upstream: Slow, clock: Clock, *, is_kept: bool) -> Gateway:
    cache = Cache(MemoryStore(clock))
    if is_kept:
        key = REQUEST.key(upstream.origins)
        await cache.put(key, CacheEntry(200, "application/json", b"{}", NOON - 3600), 1e6, persist=True)
    return Gateway(upstream, cache, make_admission(clock), Policy(600.0, 1e6, 8.0), clock)


def now() -> float:
    return asyncio.get_running_loop().time()


@pytest.mark.parametrize("later", [0.0, 0.1, 0.4])
def test_all_who_have_an_old_answer_wait_until_the_flight_is_half_a_second_old(run, later):
    """Who comes later waits for what is left of it, and not half a second of his own (statements 22 and 26)."""

    async def visits() -> None:
        gateway = await gateway_of(Slow(100.0), Clock(), is_kept=True)
        first = asyncio.create_task(gateway.fetch(REQUEST, Requester()))
        await asyncio.sleep(later)
        await gateway.fetch(REQUEST, Requester())
        assert now() == pytest.approx(PATIENCE)
        await first
        await gateway.close(0)

    run(visits())


def test_who_comes_while_a_flight_is_slow_gets_the_old_answer_at_once(run):
    """After half a second nobody waits at all, however many come (statement 22)."""

    async def visits() -> None:
        upstream = Slow(100.0)
        gateway = await gateway_of(upstream, Clock(), is_kept=True)
        await gateway.fetch(REQUEST, Requester())
        for _ in range(100):
            fetched = await gateway.fetch(REQUEST, Requester())
            assert (fetched.state, fetched.via.detail) == ("stale", "upstream-timeout")
        assert (now(), upstream.count) == (pytest.approx(PATIENCE), 1)
        await gateway.close(0)

    run(visits())


def test_who_has_nothing_waits_as_long_as_the_operator_says(run):
    """WEATHER_TIMEOUT of his own, also in a flight that was up before (interface, 6)."""

    async def visits() -> None:
        gateway = await gateway_of(Slow(100.0), Clock(), is_kept=False)
        first = asyncio.create_task(gateway.fetch(REQUEST, Requester()))
        await asyncio.sleep(3.0)
        with pytest.raises(UpstreamTimeout):
            await gateway.fetch(REQUEST, Requester())
        assert now() == pytest.approx(11.0)
        with pytest.raises(UpstreamTimeout):
            await first
        await gateway.close(0)

    run(visits())


@pytest.mark.slow
def test_a_flight_that_fails_when_everybody_has_left_is_no_accident(run):
    """Its exception is read: the loop has nothing to complain of (statement 96)."""

    async def flown() -> list[dict]:
        complaints: list[dict] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, about: complaints.append(about))

        async def fails() -> None:
            await asyncio.sleep(1)
            raise UpstreamServerError(503)

        async def nothing() -> None: ...

        flights: SingleFlight[None] = SingleFlight(MemoryStore(Clock()))
        flight, _ = flights.join("k", fails, nothing)
        await flight.wait(0.5)
        del flight
        await asyncio.sleep(2)
        gc.collect()
        assert len(flights) == 0
        return complaints

    assert run(flown()) == []
