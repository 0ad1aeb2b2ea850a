"""Answers that agree, whichever of their parts were asked for: days with hours, hours with the nowcast, at no call."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from weather.domain.model import Coordinates, Place
from weather.errors import WeatherError
from weather.providers.report import Provider, Report
from weather.upstream.types import Requester

AGREEING = frozenset({"current", "nowcast", "hourly"})
"""The sections of which the others, and the days, say no less."""

COUNTING = frozenset({"current", "hourly", "daily"})
"""The sections that count them."""


class Agreeing:
    """A provider of which an hour, the present and today are the same in each answer, at no further call upstream.

    What was not asked for counts as it is kept, if it is of the same source; the weather now only while it is fresh.
    """

    def __init__(self, provider: Provider, clock: Callable[[], float]) -> None:
        self._provider, self._clock = provider, clock

    async def report(self, at: Coordinates, known: Place | None, wanted: frozenset[str], visitor: Requester) -> Report:
        """Return the provider's report. Raises what the provider raises."""
        report = await self._provider.report(at, known, wanted, visitor)
        others = await self._cached_sections(report, at, known, AGREEING - wanted, visitor) if wanted & COUNTING else {}
        return replace(report, as_of=self._clock() // 60 * 60, unasked=frozenset(others), **others)

    async def _cached_sections(
        self, report: Report, at: Coordinates, known: Place | None, names: frozenset[str], visitor: Requester
    ) -> dict[str, Any]:
        """Return those sections as they are kept."""
        if not names:
            return {}
        peek = replace(visitor, may_call=False, is_peek=True, is_counted=False)
        try:
            cached = await self._provider.report(at, known, names, peek)
        except WeatherError:
            return {}
        if cached.source.word != report.source.word:
            return {}
        sections = {name: section for name, section in cached.sections().items() if section.value}
        if (now := sections.get("current")) and now.fetched and now.fetched.state == "stale":
            del sections["current"]
        return sections
