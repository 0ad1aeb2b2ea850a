"""Counts requests, as the access log is told of them."""

from bisect import bisect_left
from collections import Counter, defaultdict

from weather.logs import AccessRecord, Passing
from weather.upstream.limits.call_counts import SUM, Counts, Histogram
from weather.web.http.middleware import Tell
from weather.web.metrics.names import AGES, REQUESTS, RESPONSES, SECONDS

AGE_BOUNDS = (60.0, 300.0, 600.0, 1800.0, 3600.0, 10800.0, 21600.0, 86400.0, 259200.0)
"""Seconds, from a minute to WEATHER_STALE_FOR's three days."""

SECOND_BOUNDS = (0.001, 0.005, 0.025, 0.1, 0.5, 1.0, 2.5, 8.0)


MOST_KINDS = 1000
"""From so many kinds of requests on they are added up."""


class RequestCounts:
    """Requests for weather by door, result and name of the access key; the ages of the answers; all responses by door
    and status; and how long they took.

    A request is counted by its kind alone, which costs a hit little; the kinds are added up when somebody asks.
    """

    def __init__(self) -> None:
        self._counts: Counts = defaultdict(float)
        self._ages = Histogram(self._counts, AGE_BOUNDS)
        self._seconds = Histogram(self._counts, SECOND_BOUNDS)
        self._kinds: Counter[tuple[str, int, str, int | None, str, int]] = Counter()
        self._spent: defaultdict[str, float] = defaultdict(float)

    def before(self, tell: Tell) -> Tell:
        """Returns a function that counts a request, and then tells of it."""

        def counted(id: str, about: AccessRecord, passing: Passing) -> None:
            self.add(about, passing)
            tell(id, about, passing)

        return counted

    def add(self, about: AccessRecord, passing: Passing) -> None:
        bucket = bisect_left(SECOND_BOUNDS, passing.seconds)
        self._kinds[about.door, about.status, about.result, about.age, passing.name, bucket] += 1
        self._spent[about.door] += passing.seconds
        if len(self._kinds) >= MOST_KINDS:
            self._add_up()

    @property
    def counts(self) -> Counts:
        """All that was counted until now."""
        self._add_up()
        return self._counts

    def _add_up(self) -> None:
        for (door, status, result, age, name, bucket), times in self._kinds.items():
            self._counts[RESPONSES, door, str(status)] += times
            self._seconds.add(bucket, times, SECONDS, door)
            if result:
                self._counts[REQUESTS, door, result, name] += times
                if age is not None:
                    self._ages.observe(age, AGES, door, times=times)
        for door, seconds in self._spent.items():
            self._counts[SECONDS, door, SUM] += seconds
        self._kinds.clear()
        self._spent.clear()
