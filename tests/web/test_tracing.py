"""Traces by OpenTelemetry, as a collector gets them: what happened, and no secret."""

import subprocess
import sys
from http.server import BaseHTTPRequestHandler

import httpx
import pytest
from fakes import KEY, running
from serving import Quiet, free_port, listening

from weather.settings import SettingsError, load
from weather.tracing import before_query

pytestmark = pytest.mark.anyio

OWM = "/data/2.5/weather?lat=51.51&lon=-0.13"
COLLECTED = pytest.mark.needs("opentelemetry.instrumentation.starlette")


@pytest.fixture
def collector():
    """A collector that keeps the bodies which it is sent; gives its origin and them."""
    bodies: list[bytes] = []

    class Handler(Quiet, BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/traces"
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.answer(200, b"")

    with listening(Handler) as origin:
        yield origin, bodies


def spans(bodies: list[bytes]) -> list:
    """All spans that were sent, the earliest first."""
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    told = [ExportTraceServiceRequest.FromString(body) for body in bodies]
    found = [span for one in told for of in one.resource_spans for scope in of.scope_spans for span in scope.spans]
    return sorted(found, key=lambda span: span.start_time_unix_nano)


def attribute(span, *names: str) -> str:
    found = {one.key: one.value.string_value for one in span.attributes}
    return next(found[name] for name in names if name in found)


@pytest.mark.slow
@COLLECTED
async def test_a_request_and_its_call_are_two_spans_of_one_trace(collector, upstream, clock):
    """The span of the call is within that of the request, with the addresses that were asked, without their queries."""
    origin, bodies = collector
    async with running(upstream, clock, WEATHER_OTEL_URL=origin) as site:
        assert (await site.get(OWM)).status_code == 200
    request, call = spans(bodies)
    assert (request.name, call.parent_span_id, call.trace_id) == (
        "GET /data/{rest:path}",
        request.span_id,
        request.trace_id,
    )
    assert attribute(request, "http.target", "url.path") == "/data/2.5/weather"
    assert attribute(call, "http.url", "url.full") == "https://api.openweathermap.org/data/2.5/weather"


@pytest.mark.slow
@COLLECTED
@pytest.mark.parametrize("conventions", ["", "http", "http/dup"])
async def test_no_secret_leaves_with_a_trace(collector, upstream, clock, monkeypatch, conventions):
    """Neither our key, nor an access key in whatever place, nor the query that names a place; also where the operator
    has all headers captured, by the old and the stable conventions, and when a call fails with our key in its error."""
    from opentelemetry.instrumentation import _semconv

    monkeypatch.setattr(_semconv._OpenTelemetrySemanticConventionStability, "_initialized", False)
    monkeypatch.setenv("OTEL_SEMCONV_STABILITY_OPT_IN", conventions)
    for side in ("SERVER_REQUEST", "SERVER_RESPONSE", "CLIENT_REQUEST", "CLIENT_RESPONSE"):
        monkeypatch.setenv(f"OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_{side}", ".*")
    origin, bodies = collector
    keys = {"WEATHER_ACCESS_KEYS": "alice:geheim-1", "WEATHER_OTEL_URL": origin}
    async with running(upstream, clock, **keys) as site:
        await site.get(f"{OWM}&appid=geheim-1")
        await site.get(OWM, headers={"X-API-Key": "geheim-1", "Authorization": "Bearer geheim-1"})
        await site.get("/data/2.5/weather?lat=1&lon=1", headers={"X-API-Key": "geheim-2"})
        upstream.fails(500)
        await site.get("/data/2.5/weather?lat=2&lon=2&appid=geheim-1")
        await site.get("/api/v1/current?q=Heimlich", headers={"X-API-Key": "geheim-1"})

    class Failing(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request):
            raise httpx.ConnectError(f"cannot get {request.url}")

    async with running(Failing(), clock, **keys) as site:
        assert (await site.get(f"{OWM}&appid=geheim-1")).status_code == 502
    assert len(spans(bodies)) >= 12
    whole = b"".join(bodies)
    assert not [word for word in (KEY, "geheim", "appid", "Heimlich", "lat=") if word.encode() in whole]


@COLLECTED
async def test_traces_begin_here_and_are_not_told_to_upstream(collector, upstream, clock):
    """A visitor decides neither whether a request is traced, nor what is sent upstream."""
    origin, bodies = collector
    sent = {"traceparent": f"00-{'a' * 32}-{'b' * 16}-00", "baggage": "x=y", "tracestate": "x=y"}
    async with running(upstream, clock, WEATHER_OTEL_URL=origin) as site:
        await site.get(OWM, headers=sent)
    assert len(spans(bodies)) == 2 and spans(bodies)[0].trace_id != bytes.fromhex("a" * 32)
    assert not {"traceparent", "tracestate", "baggage"} & upstream.headers[0].keys()


@pytest.mark.slow
@COLLECTED
async def test_a_collector_that_is_gone_costs_nothing_but_its_traces(upstream, clock):
    """Answers are as ever, and the end comes."""
    async with running(upstream, clock, WEATHER_OTEL_URL=f"http://127.0.0.1:{free_port()}") as site:
        assert (await site.get(OWM)).status_code == 200


@pytest.mark.slow
def test_it_is_off_unless_it_is_wanted():
    """Without the setting no part of OpenTelemetry is even imported."""
    assert load({}).otel_url is None
    script = "import weather.app as app; app.create_app(); import sys; sys.exit('opentelemetry' in sys.modules)"
    command = [sys.executable, "-c", script]
    more = {"WEATHER_CACHE_URL": "memory:", "WEATHER_DATABASE_URL": "sqlite:////nonexistent/x"}
    assert subprocess.run(command, env=more, capture_output=True).returncode == 0


@pytest.mark.parametrize("text", ["collector:4318", "http://collector:4318/v1/traces", "http://u:geheim@collector"])
def test_the_collector_is_an_origin(text):
    """One line that says what is allowed."""
    with pytest.raises(SettingsError, match=r"WEATHER_OTEL_URL is .*; allowed: an origin"):
        load({"WEATHER_OTEL_URL": text})


@pytest.mark.parametrize(
    ("whole", "left"),
    [
        ("/data/2.5/weather?appid=x", "/data/2.5/weather"),
        ("https://u:p@api.example.org:8/a/b?c=d#e", "https://api.example.org:8/a/b"),
        ("https://api.example.org", "https://api.example.org"),
        ("/@home#x", "/@home"),
    ],
)
def test_of_an_address_what_stands_before_its_query_is_left(whole, left):
    """Neither the query, nor a name and password before the host."""
    assert before_query(whole) == left
