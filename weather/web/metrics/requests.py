"""Counts requests, as the access log is told of them."""

from collections import defaultdict

from weather.logs import AccessRecord, Passing
from weather.upstream.call_counts import Counts, Histogram
from weather.web.http.middleware import Tell
from weather.web.metrics.names import AGES, REQUESTS, RESPONSES, SECONDS

AGE_BOUNDS = (60.0, 300.0, 600.0, 1800.0, 3600.0, 10800.0, 21600.0, 86400.0, 259200.0)
"""Seconds, from a minute to WEATHER_STALE_FOR's three days."""

SECOND_BOUNDS = (0.001, 0.005, 0.025, 0.1, 0.5, 1.0, 2.5, 8.0)


class RequestCounts:
    """Requests for weather by door, result and name of the access key; the ages of the answers; all responses by door
    and status; and how long they took."""

    def __init__(self) -> None:
        self.counts: Counts = defaultdict(float)
        self._ages = Histogram(self.counts, AGE_BOUNDS)
        self._seconds = Histogram(self.counts, SECOND_BOUNDS)

    def before(self, tell: Tell) -> Tell:
        """Returns a function that counts a request, and then tells of it."""

        def counted(id: str, about: AccessRecord, passing: Passing) -> None:
            self.add(about, passing)
            tell(id, about, passing)

        return counted

    def add(self, about: AccessRecord, passing: Passing) -> None:
        door, result = about.door, about.result
        self.counts[RESPONSES, door, str(about.status)] += 1
        self._seconds.observe(passing.seconds, SECONDS, door)
        if result:
            self.counts[REQUESTS, door, result, passing.name] += 1
            if about.age is not None:
                self._ages.observe(about.age, AGES, door)
