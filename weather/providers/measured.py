"""Days that reach as far as the weather now does, also where they alone are asked for."""

from dataclasses import replace

from weather.domain.model import Coordinates, Place
from weather.errors import WeatherError
from weather.providers.report import Provider, Report
from weather.upstream.types import Requester

NOW = frozenset({"current"})


class WithMeasured:
    """A provider of which today's high and low are the same in each answer, at no further call upstream.

    Asked for days without the weather now, it counts the one that is kept, if that is fresh and of the same source.
    """

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    async def report(self, at: Coordinates, known: Place | None, wanted: frozenset[str], visitor: Requester) -> Report:
        """Return the provider's report. Raises what the provider raises."""
        report = await self._provider.report(at, known, wanted, visitor)
        if "daily" not in wanted or "current" in wanted:
            return report
        peek = replace(visitor, may_call=False, is_peek=True, is_counted=False)
        try:
            present = await self._provider.report(at, known, NOW, peek)
        except WeatherError:
            return report
        is_fresh = present.now is not None and not present.freshness_now.is_stale
        is_same_source = present.source.word == report.source.word
        return replace(report, measured=present.now) if is_fresh and is_same_source else report
