"""The steps of the last day that have gone by, of sources whose forecast begins with the next one.

What an answer foresaw is kept beside it, for it is the only one to tell of an hour once that has gone by: no call
brings it back. The newest answer that told of a step counts.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from typing import Generic, TypeVar

import msgspec

from weather.domain.calendar_day import day_of
from weather.domain.model import HourlyForecast
from weather.upstream.lenient_json import reader
from weather.upstream.stores.base import Store
from weather.upstream.types import CacheEntry

S = TypeVar("S")


def of_today(steps: Sequence[HourlyForecast], now: float, tz: tzinfo) -> tuple[HourlyForecast, ...]:
    """Those of the calendar day that it is now (Unix seconds): the day counts them."""
    today = datetime.fromtimestamp(now, tz).date()
    return tuple(step for step in steps if day_of(step, tz) == today)


BEHIND, AHEAD = 28 * 3600, 30 * 3600
"""Seconds for which steps are kept: a day of 25 hours and a step; and until somebody asks again, for as long a day."""

MOST_PLACES = 1000
"""The most places whose steps are in memory: some kilobytes each."""


class PastSteps(Generic[S]):
    """Remembers the steps of the answers of each place, in memory above the store that all workers share.

    `kind` is a type that msgspec encodes, `moment` tells the Unix seconds of a step.
    """

    def __init__(self, store: Store, kind: type[S], moment: Callable[[S], float], most: int = MOST_PLACES) -> None:
        self._store, self._read, self._moment, self._most = store, reader(list[kind]), moment, most  # type: ignore[valid-type]
        self._memory: OrderedDict[str, tuple[float, list[S]]] = OrderedDict()

    async def before(self, key: str, entry: CacheEntry, coming: Sequence[S]) -> list[S]:
        """The steps before those that this answer tells, in order; `key` is that of its place. Never raises."""
        fetched_at, gone = self._memory.get(key, (0.0, []))
        if fetched_at != entry.fetched_at:
            gone = await self._gone(key, entry.fetched_at, coming)
            self._memory[key] = entry.fetched_at, gone
            while len(self._memory) > self._most:
                self._memory.popitem(last=False)
        return gone

    async def _gone(self, key: str, fetched_at: float, coming: Sequence[S]) -> list[S]:
        """Those of what is stored, with what this answer tells; it is stored then."""
        name = f"steps {key}"
        stored = self._decoded(await self._store.get(name))
        steps = self._merged(stored, coming, fetched_at)
        if steps != stored:
            await self._store.put(name, msgspec.json.encode(steps), BEHIND + AHEAD, fetched_at)
        first = min(map(self._moment, coming), default=0.0)
        return [step for step in steps if self._moment(step) < first]

    def _decoded(self, stored: bytes | None) -> list[S]:
        try:
            steps = self._read(stored) if stored else []
            return [step for step in steps if self._moment(step)]
        except (msgspec.DecodeError, ValueError, RecursionError):
            return []

    def _merged(self, older: Sequence[S], newer: Sequence[S], fetched_at: float) -> list[S]:
        """The steps of both about a time, in order; of two of one time the newer."""
        steps = {self._moment(step): step for step in (*older, *newer)}
        return [steps[at] for at in sorted(steps) if -BEHIND <= at - fetched_at <= AHEAD]
