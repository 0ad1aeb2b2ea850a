"""Who answers when a source cannot: one rule for each pair of sources, so that doors need not know of it. No I/O."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Protocol

from weather.domain.model import Coordinates, Place
from weather.errors import CircuitOpen, KeyRejected, UpstreamTimeout, UpstreamUnreachable, WeatherError
from weather.providers.report import Fallback, Provider, Report, Source
from weather.upstream.stores.base import Store
from weather.upstream.types import Requester

PROBE_SECONDS = KeyRejected.retry_after
FIRST_ANSWER = "the first real answer has come"
TEN_YEARS = 3653 * 86400.0


class FallbackRule(Protocol):
    """When the other source may stand in."""

    async def admit(self, trouble: WeatherError) -> bool: ...

    async def answered(self) -> None:
        """The first source has answered."""


class Always:
    """The other is as real as the first."""

    async def admit(self, trouble: WeatherError) -> bool:
        return True

    async def answered(self) -> None: ...


class UntilFirstAnswer:
    """The other is an invention: it may be shown while there is no network, until the first real answer ever."""

    def __init__(self, notes: Store) -> None:
        self._notes, self._is_over = notes, False

    async def admit(self, trouble: WeatherError) -> bool:
        is_cut_off = isinstance(cause(trouble), UpstreamUnreachable | UpstreamTimeout)
        return is_cut_off and not self._is_over and await self._notes.get(FIRST_ANSWER) is None

    async def answered(self) -> None:
        if not self._is_over:
            self._is_over = True
            await self._notes.put(FIRST_ANSWER, b"", TEN_YEARS)


class FallbackProvider:
    """A source; and another for whole reports, where it has nothing, or only old parts because it rejects our key.

    Each has `patience` seconds at most. Nothing of the two is mixed.
    """

    def __init__(
        self,
        first: Provider,
        source: Source,
        second: Provider,
        terms: FallbackRule,
        clock: Callable[[], float],
        patience: float,
    ) -> None:
        self._first, self._source, self._second, self._terms = first, source, second, terms
        self._clock, self._patience = clock, patience

    async def report(self, at: Coordinates, known: Place | None, wanted: frozenset[str], visitor: Requester) -> Report:
        """The first one's report, else the other's, which says why. Raises what the first has raised."""
        told = await self._outcome(self._first.report(at, known, wanted, visitor))
        if isinstance(told, Report) and not is_rejected(told):
            if told.has_data:
                await self._terms.answered()
            return told
        if isinstance(told, Report) or await self._may(told):
            other = await self._outcome(self._second.report(at, known, wanted, visitor))
            if isinstance(other, Report):
                return replace(other, instead=self._instead(told))
        if isinstance(told, Report):
            return told
        raise told

    async def _outcome(self, coming: Awaitable[Report]) -> Report | WeatherError:
        try:
            async with asyncio.timeout(self._patience):
                return await coming
        except TimeoutError:
            return UpstreamTimeout("upstream takes long")
        except WeatherError as error:
            return error

    async def _may(self, trouble: WeatherError) -> bool:
        """Never for what is the visitor's own fault: another source would not have it either."""
        return trouble.status >= 500 and await self._terms.admit(trouble)

    def _instead(self, told: Report | WeatherError) -> Fallback:
        if isinstance(told, Report):
            return Fallback(self._source, KeyRejected.code, told.standing.via.retry_at or self._clock() + PROBE_SECONDS)
        retry_at = None if told.retry_after is None else self._clock() + told.retry_after
        reason = str(cause(told)) if isinstance(cause(told), UpstreamUnreachable) else ""
        return Fallback(self._source, told.code, retry_at, reason)


def cause(trouble: WeatherError) -> WeatherError | None:
    """What went wrong, also where upstream is not asked because of it."""
    return trouble.because if isinstance(trouble, CircuitOpen) else trouble


def is_rejected(report: Report) -> bool:
    """Whether it is only what is kept from before its source rejected our key."""
    if not report.has_data:
        return False
    return report.standing.is_stale and report.standing.via.code == KeyRejected.code
