"""Traces by OpenTelemetry (extra `otel`), off unless WEATHER_OTEL_URL is set: a span for each request that reaches a
handler, by Starlette's instrumentation, and for each call upstream below it, by httpx's.

The rules:

1. Only attributes of a short list leave, and of an address only what stands before its query: that is where our key,
   access keys and names of places are. Texts of exceptions do not leave.
2. Traces begin here: what visitors send as `traceparent` or `baggage` is not read, and upstream is sent none.
3. A collector that does not answer costs its traces, nothing else.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

SECONDS = 2
"""How long the collector may take to answer, in a thread of its own."""

ADDRESSES = frozenset({"http.url", "url.full", "http.target", "url.path"})
LEAVE = ADDRESSES | {
    "error.type",
    "http.flavor",
    "http.method",
    "http.request.method",
    "http.response.status_code",
    "http.route",
    "http.scheme",
    "http.status_code",
    "network.protocol.version",
    "server.address",
    "server.port",
    "url.scheme",
}
"""The attributes that leave, by the semantic conventions for HTTP, the old and the stable ones."""


def tracing_to(collector: str) -> "Tracing":
    """The tracing of this process to an origin: one, however many ask for it."""
    return _tracing(collector)


class Tracing:
    """Makes spans and sends them to a collector, by OTLP over HTTP."""

    def __init__(self, collector: str) -> None:
        # Of an extra, which costs half a second and thirty megabytes where it is not wanted.
        from opentelemetry import propagate
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import OTELResourceDetector, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        propagate.set_global_textmap(NoPropagator())  # type: ignore[arg-type, unused-ignore]
        named = Resource({"service.name": "weatherglass"}).merge(OTELResourceDetector().detect())
        self._provider: Any = TracerProvider(resource=named)
        exporter = OTLPSpanExporter(f"{collector}/v1/traces", timeout=SECONDS)
        self._provider.add_span_processor(BatchSpanProcessor(Withholding(exporter)))

    def of_app(self, app: Any) -> None:
        """Have a Starlette app make a span for each request."""
        from opentelemetry.instrumentation.starlette import StarletteInstrumentor

        StarletteInstrumentor.instrument_app(app, tracer_provider=self._provider)

    def of_calls(self, transport: Any) -> Any:
        """A transport of httpx that makes a span for each call."""
        from opentelemetry.instrumentation.httpx import AsyncOpenTelemetryTransport

        return AsyncOpenTelemetryTransport(transport, tracer_provider=self._provider)

    def end(self) -> None:
        """Send what is left, which may take seconds."""
        _tracing.cache_clear()
        self._provider.shutdown()


_tracing = lru_cache(Tracing)


class NoPropagator:
    """Reads nothing of who asks, and tells nothing to who is asked."""

    fields = frozenset[str]()

    def extract(self, carrier: object, context: Any = None, getter: object = None) -> Any:
        from opentelemetry.context import Context

        return Context()

    def inject(self, carrier: object, context: object = None, setter: object = None) -> None:
        """Nothing."""


class Withholding:
    """An exporter that gives another one spans without what must not leave, by rule 1."""

    def __init__(self, exporter: Any) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[Any]) -> Any:
        from opentelemetry.trace import SpanKind

        # Those within are of single messages of ASGI.
        return self._exporter.export([without_secrets(span) for span in spans if span.kind != SpanKind.INTERNAL])

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 1000 * SECONDS) -> Any:
        return self._exporter.force_flush(timeout_millis)


def without_secrets(span: Any) -> Any:
    """A copy of a span that may leave."""
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.trace import Status

    attributes = {name: value for name, value in (span.attributes or {}).items() if name in LEAVE}
    attributes |= {name: before_query(attributes[name]) for name in ADDRESSES & attributes.keys()}
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=attributes,
        kind=span.kind,
        instrumentation_scope=span.instrumentation_scope,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
    )


def before_query(address: str) -> str:
    """An address without its query, and without a name and password before its host."""
    scheme, mark, rest = address.partition("?")[0].partition("#")[0].rpartition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{mark}{host.rpartition('@')[2]}{slash}{path}"
