"""Counts that may be added up over processes: by labels, and in histograms."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

Key = tuple[str, ...]
"""What is counted, and its labels. Of a histogram the last one is the upper bound of a bucket, or SUM."""

Counts = defaultdict[Key, float]

SUM = "sum"
ABOVE = "+Inf"

LATENCY = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Bounds, in seconds, of the buckets of upstream's latency."""

ATTEMPTS, SECONDS = "upstream attempts", "upstream seconds"


class Histogram:
    """Adds what is observed to counts: to one bucket, and to the sum."""

    def __init__(self, counts: Counts, bounds: Sequence[float]) -> None:
        self._counts, self._bounds = counts, bounds
        self._labels = [*map(str, bounds), ABOVE]

    def observe(self, value: float, *key: str, times: int = 1) -> None:
        self.add(bisect_left(self._bounds, value), times, *key)
        self._counts[(*key, SUM)] += value * times

    def add(self, bucket: int, times: int, *key: str) -> None:
        """Count in a bucket, by its index among the bounds, what the sum is told of otherwise."""
        self._counts[(*key, self._labels[bucket])] += times


class CallCounts:
    """The calls to one upstream: how many by product, outcome ("ok", "not_connected", or the code of an error) and name
    of an access key; and how long they took by product."""

    def __init__(self) -> None:
        self.counts: Counts = defaultdict(float)
        self._seconds = Histogram(self.counts, LATENCY)

    def add(self, product: str, outcome: str, name: str, seconds: float) -> None:
        self.counts[ATTEMPTS, product, outcome, name] += 1
        self._seconds.observe(seconds, SECONDS, product)
