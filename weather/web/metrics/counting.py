"""Brings together what one worker counts: its requests, its calls upstream, its response cache."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from weather.upstream.gateway import Gateway
from weather.upstream.limits.call_counts import Counts
from weather.web.http.response_cache import ResponseCache
from weather.web.metrics.names import CACHE_BYTES, CACHE_ENTRIES, CACHE_HITS
from weather.web.metrics.requests import RequestCounts
from weather.web.metrics.workers import Numbers, Workers


class Counting:
    """The numbers of this worker, and their exchange with the others'. `cache` is set where there is one."""

    def __init__(self, gateways: Mapping[str, Gateway], folder: Path | None) -> None:
        self._gateways = gateways
        self.requests, self.workers = RequestCounts(), Workers(folder, self.numbers)
        self.cache: ResponseCache | None = None
        self._writing: asyncio.Task[None] | None = None

    def numbers(self) -> Numbers:
        counts: Counts = defaultdict(float, self.requests.counts)
        for source, gateway in self._gateways.items():
            for (kind, *labels), value in gateway.admission.calls.counts.items():
                counts[kind, source, *labels] = value
        gauges: Counts = defaultdict(float)
        if self.cache:
            counts[CACHE_HITS,] = self.cache.hits
            gauges[CACHE_ENTRIES,], gauges[CACHE_BYTES,] = self.cache.held
        return Numbers(counts, gauges)

    def begin(self) -> None:
        self._writing = asyncio.create_task(self.workers.keep_writing())

    def end(self) -> None:
        if self._writing:
            self._writing.cancel()
        self.workers.write()
