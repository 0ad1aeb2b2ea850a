"""A crowd and one free key: 10,000 visits over 1,000 places, sixty calls a minute (statement 54)."""

import random
from bisect import bisect_left
from collections import deque

import pytest
from fakes import Clock, Upstream, running

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

VISITS, PLACES, LIMIT = 10_000, 1_000, 60


class Counting(Upstream):
    """Writes down when it was called."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock, self.times = clock, deque()

    async def __call__(self, scope, receive, send) -> None:
        self.times.append(self.clock())
        await super().__call__(scope, receive, send)


async def test_a_crowd_never_exceeds_the_quota_and_loses_no_known_place(clock):
    """At ten visits a second no sliding minute has more than sixty calls; a place once answered is always answered."""
    upstream, dice, known, refused = Counting(clock), random.Random(54), set(), 0
    weights = [1 / (n + 1) for n in range(PLACES)]
    settings = {"WEATHER_CALLS_PER_MINUTE": str(LIMIT), "WEATHER_TRUSTED_PROXIES": "127.0.0.1"}
    async with running(upstream, clock, **settings) as site:
        for place in dice.choices(range(PLACES), weights, k=VISITS):
            clock.now += 0.1
            visitor = {"X-Forwarded-For": f"192.0.2.{dice.randrange(200)}"}
            answer = await site.get(f"/data/2.5/weather?lat={place % 90}&lon={place // 90}", headers=visitor)
            assert answer.status_code in (200, 503), answer.text
            assert answer.status_code == 200 or place not in known
            refused += answer.status_code != 200
            known |= {place} if answer.status_code == 200 else set()
    times = list(upstream.times)
    assert max(bisect_left(times, at + 60) - i for i, at in enumerate(times)) <= LIMIT
    assert len(times) > 900
    assert refused > 0
