"""Fetches the reports of many points in the time of one request: what is kept at once, the others a few at a time.

All at once they would share the time so that none ends in it, and a source of two connections would refuse most. What
has not come at the end carries its problem; calls under way go on, and the next request finds what they brought.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from weather.domain.model import Coordinates
from weather.errors import TooManyCalls, UpstreamTimeout, WeatherError
from weather.providers.report import Provider, Report
from weather.upstream.types import Requester

AT_ONCE = 4
"""Points under way at once: with a source of two connections half of them wait, for the time of one call."""

AGAIN = 0.1
"""Seconds until a point is tried again for which there was no connection: nothing was asked or charged for it."""

NO_TIME = "There was no time left for this place. Ask again: what has come meanwhile is kept."

Outcome = Report | WeatherError


class ManyReports:
    """The reports of some sections for many points, for one visitor."""

    def __init__(self, provider: Provider, wanted: frozenset[str], visitor: Requester) -> None:
        self._provider, self._wanted, self._visitor = provider, wanted, visitor

    async def fetch(self, points: Sequence[Coordinates], seconds: float) -> list[Outcome]:
        """Return the report of each point, or why there is none, after so many seconds at the latest."""
        looking = replace(self._visitor, may_call=False, is_peek=True)
        outcomes = list(await asyncio.gather(*(self._report(point, looking) for point in points)))
        due = deque(index for index, outcome in enumerate(outcomes) if not is_settled(outcome))
        answered: dict[int, Outcome] = {}
        try:
            async with asyncio.timeout(seconds):
                await asyncio.gather(*(self._take_turns(points, due, answered) for _ in range(AT_ONCE)))
        except TimeoutError:
            pass
        return [answered.get(index) or at_the_end(outcome) for index, outcome in enumerate(outcomes)]

    async def _take_turns(self, points: Sequence[Coordinates], due: deque[int], answered: dict[int, Outcome]) -> None:
        while due:
            index = due.popleft()
            outcome = await self._report(points[index], self._visitor)
            if isinstance(outcome, TooManyCalls):
                due.append(index)
                await asyncio.sleep(AGAIN)
            else:
                answered[index] = outcome

    async def _report(self, at: Coordinates, visitor: Requester) -> Outcome:
        try:
            return await self._provider.report(at, None, self._wanted, visitor)
        except WeatherError as error:
            return error


def is_settled(outcome: Outcome) -> bool:
    """Whether what is kept is what a request for the point alone would get: fresh, and of the source that is due."""
    return (
        isinstance(outcome, Report)
        and outcome.has_data
        and outcome.instead is None
        and not (outcome.freshness_now.is_stale)
    )


def at_the_end(outcome: Outcome) -> Outcome:
    """Return what is told of a point whose turn has not ended: what is kept, else that there was no time."""
    is_kept = isinstance(outcome, Report) and outcome.has_data
    return outcome if is_kept else UpstreamTimeout(NO_TIME)
