"""A provider with a fallback provider, which looks like one provider to the routes. Here is no I/O."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Protocol

from weather.domain.model import Coordinates, Place
from weather.errors import CircuitOpen, KeyRejected, UpstreamTimeout, UpstreamUnreachable, WeatherError
from weather.providers.report import Fallback, Provider, Report, Source
from weather.upstream.freshness_policy import unchanged_for
from weather.upstream.stores.base import Store
from weather.upstream.types import Requester

PROBE_SECONDS = KeyRejected.retry_after
FIRST_ANSWER_NOTE = "the first real answer has come"
TEN_YEARS = 3653 * 86400.0


class FallbackRule(Protocol):
    """When a fallback provider may answer."""

    async def allows(self, error: WeatherError) -> bool: ...

    async def on_success(self) -> None:
        """Note that the first provider has answered."""


class Always:
    """The rule of a fallback that is as real as the first provider."""

    async def allows(self, error: WeatherError) -> bool:
        return True

    async def on_success(self) -> None: ...


class UntilFirstAnswer:
    """The rule of an invented fallback: allowed while there is no network, until the first real answer ever."""

    def __init__(self, notes: Store) -> None:
        self._notes, self._is_over = notes, False

    async def allows(self, error: WeatherError) -> bool:
        is_cut_off = isinstance(cause(error), UpstreamUnreachable | UpstreamTimeout)
        return is_cut_off and not self._is_over and await self._notes.get(FIRST_ANSWER_NOTE) is None

    async def on_success(self) -> None:
        if not self._is_over:
            self._is_over = True
            await self._notes.put(FIRST_ANSWER_NOTE, b"", TEN_YEARS)


class FallbackProvider:
    """A provider with a fallback provider.

    1. The fallback answers whole reports; nothing of the two is mixed, but for warnings of the first one that are kept
       and in force, where the fallback has none: they stand there with their age, for no call.
    2. It is asked if the first one fails with a 5xx that `rule` allows, or has only stale parts because it rejects our
       key. Never for a fault of the visitor's own: another source would not have the place either.
    3. The first has `patience` seconds, and so has each of those that stand behind the second.
    """

    def __init__(
        self,
        first: Provider,
        source: Source,
        second: Provider,
        rule: FallbackRule,
        clock: Callable[[], float],
        patience: float,
    ) -> None:
        self._first, self._source, self._second, self._rule = first, source, second, rule
        self._clock, self._patience = clock, patience
        self._rest: float = second.patience if isinstance(second, FallbackProvider) else patience
        self.patience: float = patience + self._rest

    async def report(self, at: Coordinates, known: Place | None, wanted: frozenset[str], visitor: Requester) -> Report:
        """Return the first one's report, else the fallback's, which says why. Raises what the first one raised."""
        outcome = await outcome_of(self._first.report(at, known, wanted, visitor), self._patience)
        if isinstance(outcome, Report) and not is_rejected(outcome):
            if outcome.has_data:
                await self._rule.on_success()
            return outcome
        if isinstance(outcome, Report) or (outcome.status >= 500 and await self._rule.allows(outcome)):
            other = await outcome_of(self._second.report(at, known, wanted, visitor), self._rest)
            if isinstance(other, Report):
                other = replace(other, instead=self._fallback_of(outcome))
                return await self._with_kept_warnings(other, at, known, wanted, visitor)
        if isinstance(outcome, Report):
            return outcome
        raise outcome

    async def _with_kept_warnings(
        self, other: Report, at: Coordinates, known: Place | None, wanted: frozenset[str], visitor: Requester
    ) -> Report:
        """Add the first one's warnings to a fallback's report that has none, but no real ones to what is invented."""
        if "alerts" not in wanted or other.source.word == "demo" or (other.alerts and other.alerts.fetched):
            return other
        looking = replace(visitor, may_call=False, is_peek=True)
        report = await outcome_of(self._first.report(at, known, frozenset({"alerts"}), looking), self._patience)
        if not isinstance(report, Report) or report.alerts is None or not report.alerts.value:
            return other
        if (fetched := report.alerts.fetched) and other.instead:
            # It was not asked here, and nobody asks it before then.
            until = self._clock() + other.instead.unchanged_for
            fetched = replace(fetched, via=replace(fetched.via, unchanged_until=until))
        return replace(other, alerts=replace(report.alerts, fetched=fetched, source=self._source))

    def _fallback_of(self, outcome: Report | WeatherError) -> Fallback:
        """Say why the first one did not answer, and when it is asked again."""
        if isinstance(outcome, Report):
            probe_at = outcome.freshness_now.via.retry_at or self._clock() + PROBE_SECONDS
            until = min(part.unchanged_until for part in outcome.validities)
            return Fallback(self._source, KeyRejected.code, probe_at, unchanged_for=until - self._clock())
        retry_at = None if outcome.retry_after is None else self._clock() + outcome.retry_after
        reason = str(cause(outcome)) if isinstance(cause(outcome), UpstreamUnreachable) else ""
        return Fallback(self._source, outcome.code, retry_at, reason, unchanged_for(outcome))


async def outcome_of(report: Awaitable[Report], patience: float) -> Report | WeatherError:
    try:
        async with asyncio.timeout(patience):
            return await report
    except TimeoutError:
        return UpstreamTimeout("upstream takes long")
    except WeatherError as error:
        return error


def cause(error: WeatherError) -> WeatherError | None:
    """Return the error itself; of an open circuit breaker the error that opened it."""
    return error.because if isinstance(error, CircuitOpen) else error


def is_rejected(report: Report) -> bool:
    """Whether a report holds only cached answers because its source rejects our key."""
    if not report.has_data:
        return False
    return report.freshness_now.is_stale and report.freshness_now.via.code == KeyRejected.code
