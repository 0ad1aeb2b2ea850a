"""Writes the numbers as Prometheus reads them, by its own client library (extra `metrics`)."""

import platform
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from weather import __version__
from weather.upstream.limits.call_counts import ABOVE, ATTEMPTS, LATENCY, SUM, Counts
from weather.upstream.limits.call_counts import SECONDS as UPSTREAM_SECONDS
from weather.web.metrics.names import (
    AGES,
    CACHE_BYTES,
    CACHE_ENTRIES,
    CACHE_HITS,
    REQUESTS,
    RESPONSES,
    SECONDS,
)
from weather.web.metrics.requests import AGE_BOUNDS, SECOND_BOUNDS
from weather.web.metrics.workers import Numbers

COUNTERS: dict[str, tuple[str, str, Sequence[str]]] = {
    REQUESTS: (
        "weather_requests",
        "Requests for weather, by how they were answered: hit, stale, miss (fetched now) or error. "
        "consumer: the name of the access key, if it has one.",
        ("door", "result", "consumer"),
    ),
    RESPONSES: ("weather_http_responses", "All HTTP responses.", ("door", "status")),
    ATTEMPTS: (
        "weather_upstream_attempts",
        "Calls made upstream, retries included. outcome: ok, the code of an error, or not_connected: it never arrived.",
        ("source", "product", "outcome", "consumer"),
    ),
    CACHE_HITS: ("weather_response_cache_hits", "Responses sent again as they were stored.", ()),
}
"""By what is counted: name, help and labels. All names end in `_total`."""

HISTOGRAMS: dict[str, tuple[str, str, Sequence[str], Sequence[float]]] = {
    AGES: ("weather_answer_age_seconds", "Ages of the answers that were served.", ("door",), AGE_BOUNDS),
    SECONDS: ("weather_response_seconds", "Time from a request to the end of its response.", ("door",), SECOND_BOUNDS),
    UPSTREAM_SECONDS: (
        "weather_upstream_seconds",
        "Time that one call upstream took.",
        ("source", "product"),
        LATENCY,
    ),
}

GAUGES: dict[str, tuple[str, str]] = {
    CACHE_ENTRIES: ("weather_response_cache_entries", "Responses that are stored whole, in all workers."),
    CACHE_BYTES: ("weather_response_cache_bytes", "Bytes that they take, in all workers."),
}


@dataclass(frozen=True, slots=True)
class QuotaNow:
    """A quota of a source, and the calls that count against it now."""

    source: str
    name: str
    limit: float
    used: float


@dataclass(frozen=True, slots=True)
class BreakerNow:
    """A circuit breaker of a source."""

    source: str
    name: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Snapshot(Collector):
    """All that is exported, at one moment."""

    numbers: Numbers
    quotas: Sequence[QuotaNow]
    breakers: Sequence[BreakerNow]
    workers: int

    def collect(self) -> Iterator[Metric]:
        yield gauge("weather_build_info", "What runs here.", {(__version__, platform.python_version()): 1}, BUILD)
        yield gauge("weather_workers", "Processes that serve.", {(): self.workers})
        yield from counters(self.numbers.counts)
        yield from histograms(self.numbers.counts)
        for kind, (name, text) in GAUGES.items():
            yield gauge(name, text, {(): self.numbers.gauges.get((kind,), 0.0)})
        yield from self._quotas()
        states: Rows = {(breaker.source, breaker.name): float(breaker.is_open) for breaker in self.breakers}
        text = "1 while calls are paused, else 0. breaker: a product, or the whole account."
        yield gauge("weather_circuit_breaker_open", text, states, ("source", "breaker"))

    def _quotas(self) -> Iterator[Metric]:
        values = {
            "limit": ("Calls that a quota allows.", [quota.limit for quota in self.quotas]),
            "used": ("Calls that count against a quota now.", [quota.used for quota in self.quotas]),
            "left": ("Calls that a quota has left.", [max(0.0, quota.limit - quota.used) for quota in self.quotas]),
        }
        for word, (text, amounts) in values.items():
            rows: Rows = {
                (quota.source, quota.name): amount for quota, amount in zip(self.quotas, amounts, strict=True)
            }
            yield gauge(f"weather_quota_{word}", text, rows, ("source", "quota"))


BUILD = ("version", "python")
Rows = dict[tuple[str, ...], float]
"""Values by the values of the labels."""


def gauge(name: str, text: str, rows: Rows, labels: Sequence[str] = ()) -> Metric:
    family = GaugeMetricFamily(name, text, labels=labels)
    for values, value in sorted(rows.items()):
        family.add_metric(values, value)
    return family


def counters(counts: Counts) -> Iterator[Metric]:
    for kind, (name, text, labels) in COUNTERS.items():
        family = CounterMetricFamily(name, text, labels=labels)
        for key, value in sorted(counts.items()):
            if key[0] == kind:
                family.add_metric(key[1:], value)
        yield family


def histograms(counts: Counts) -> Iterator[Metric]:
    for kind, (name, text, labels, bounds) in HISTOGRAMS.items():
        family = HistogramMetricFamily(name, text, labels=labels)
        for values in sorted({key[1:-1] for key in counts if key[0] == kind}):
            within = [counts.get((kind, *values, word), 0.0) for word in (*map(str, bounds), ABOVE)]
            buckets = list(zip((*map(str, bounds), ABOVE), running_sums(within), strict=True))
            family.add_metric(values, buckets, counts.get((kind, *values, SUM), 0.0))
        yield family


def running_sums(values: Iterable[float]) -> list[float]:
    """A bucket of Prometheus counts all up to its bound."""
    total, sums = 0.0, []
    for value in values:
        total += value
        sums.append(total)
    return sums


def exposition(snapshot: Snapshot, accept: str) -> tuple[bytes, str]:
    """Body and content type, in the format that the scraper accepts."""
    encoder, content_type = choose_encoder(accept)
    return encoder(snapshot), content_type
