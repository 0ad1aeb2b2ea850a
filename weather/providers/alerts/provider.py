"""A provider whose reports have the official warnings of the place's country where its own source has none."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from math import inf

from weather.domain.model import Coordinates, Place, zone
from weather.errors import UpstreamTimeout
from weather.places.time_zones import country_at, zone_at
from weather.providers.alerts.source import NOT_COVERED, AlertSection, AlertSource, missing
from weather.providers.report import Provider, Report
from weather.upstream.gateway import Gateway
from weather.upstream.types import Requester

PATIENCE, BRIEF = 3.0, 0.25
"""Seconds that a report waits for warnings; and after one has waited for the same source in vain. The call goes on, and
the next report has its answer.
"""

SLOW_FOR = 30.0
"""Seconds for which a source counts as slow after that."""


class WithAlerts:
    """A provider over another, and the sources of warnings with the gateway of each, by name.

    `at_once`: the warnings are asked for beside the weather, since none of its sources has any; else after it, where
    they turn out to be missing. The weather is the same whatever becomes of them.
    """

    def __init__(
        self,
        provider: Provider,
        sources: Mapping[str, tuple[AlertSource, Gateway]],
        clock: Callable[[], float],
        at_once: bool,
    ) -> None:
        self._provider, self._clock, self._at_once = provider, clock, at_once
        last_first = reversed(tuple(sources.values()))  # of two that warn for a country the first is asked
        self._slow_until = dict.fromkeys(sources, -inf)
        self._by_country = {country: pair for pair in last_first for country in pair[0].countries}

    async def report(self, at: Coordinates, known: Place | None, wanted: frozenset[str], visitor: Requester) -> Report:
        """Return the other provider's report with warnings. Raises what that raises."""
        if "alerts" not in wanted:
            return await self._provider.report(at, known, wanted, visitor)
        early = asyncio.create_task(self.warnings(at, visitor)) if self._at_once else None
        try:
            report = await self._provider.report(at, known, wanted, visitor)
            if not lacks_alerts(report):
                return report
            alerts = await (early or self.warnings(at, visitor))
        finally:
            if early:
                early.cancel()
        return report if adds_nothing(alerts, report) else replace(report, alerts=alerts)

    async def warnings(self, at: Coordinates, visitor: Requester) -> AlertSection:
        """Return the outcome of the source that warns for the point's country."""
        country = country_at(at)
        if country is None or country not in self._by_country:
            return missing("not_covered", NOT_COVERED)
        source, gateway = self._by_country[country]
        is_slow = self._clock() < self._slow_until[source.source.word]
        try:
            async with asyncio.timeout(BRIEF if is_slow else PATIENCE):
                return await source.warnings(gateway, at, zone(zone_at(at)), self._clock, visitor)
        except TimeoutError:
            if not is_slow:
                self._slow_until[source.source.word] = self._clock() + SLOW_FOR
            return replace(missing("upstream", str(UpstreamTimeout("upstream takes long"))), source=source.source)


def lacks_alerts(report: Report) -> bool:
    """Whether a report's own source has no warnings at all. To what is invented belong no real ones.

    Those of the source that should have answered (`instead`) are old, and stand there for want of others.
    """
    if report.instead and report.alerts and report.alerts.source == report.instead.source:
        return True
    gap = report.alerts.missing if report.alerts else None
    return gap is not None and gap.reason in ("plan", "not_available") and report.source.word != "demo"


def adds_nothing(alerts: AlertSection, report: Report) -> bool:
    """Whether nobody warns, and the report has old warnings, or says already that a plan would have some: that helps
    the operator more.
    """
    if report.alerts and report.alerts.value:
        return alerts.value is None
    if alerts.fetched:
        return False
    gap, own = alerts.missing, report.alerts.missing if report.alerts else None
    return gap is not None and gap.reason == "not_covered" and own is not None and own.reason == "plan"
