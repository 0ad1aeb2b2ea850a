"""OpenWeatherMap's own routes: byte for byte."""

import json

import pytest
from fakes import weather_body

pytestmark = pytest.mark.anyio

XML = b'<?xml version="1.0" encoding="UTF-8"?><current><city id="1" name="L\xc3\xb6ndon"/></current>'


async def test_the_body_is_upstreams_byte_for_byte(site, upstream):
    """Odd spacing, order and numbers of upstream's body arrive as they were."""
    odd = b' {"main" : {"temp":2.0,"x":1E2},\n"cod":200, "dt":1,"name":"Z\\u00fcrich"} '
    upstream.fails(200, odd, "application/json; charset=utf8")
    answer = await site.get("/data/2.5/weather?q=Z%C3%BCrich")
    assert answer.content == odd
    assert answer.headers["content-type"] == "application/json; charset=utf8"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["link"] == '<https://openweathermap.org/>; rel="license"'
    assert answer.headers["content-length"] == str(len(odd))


async def test_xml_has_its_own_entry_and_type(site, upstream):
    """mode=xml is relayed with its own type and kept apart from JSON; mode=html is answered as JSON."""
    upstream.fails(200, XML, "application/xml; charset=utf-8")
    xml = await site.get("/data/2.5/weather?q=London&mode=xml")
    upstream.recovers()
    plain = await site.get("/data/2.5/weather?q=London")
    html = await site.get("/data/2.5/weather?q=London&mode=html")
    assert (xml.content, xml.headers["content-type"]) == (XML, "application/xml; charset=utf-8")
    assert plain.json()["cod"] == 200
    assert html.content == plain.content
    assert upstream.count == 2


@pytest.mark.parametrize("body", [b"<current>", b"{}", b""])
async def test_xml_that_is_none_is_not_kept(site, upstream, body):
    """A broken XML body is a failure of upstream (statement 9)."""
    upstream.fails(200, body, "application/xml")
    assert (await site.get("/data/2.5/weather?q=London&mode=xml")).status_code == 502


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (
            401,
            b'{"cod":401, "message": "Invalid API key. See https://openweathermap.org/faq#error401"}',
        ),
        (400, b'{"cod":"400","message":"Nothing to geocode"}'),
        (404, b'{"cod":"404","message":"city not found"}'),
    ],
)
async def test_upstreams_4xx_goes_on_as_it_is(site, upstream, status, body):
    """OWM's own refusals keep status and body, byte for byte, when nothing good is kept."""
    upstream.fails(status, body, "application/json; charset=utf-8")
    answer = await site.get("/data/2.5/weather?q=London")
    assert (answer.status_code, answer.content) == (status, body)
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_foreign_html_is_never_served_from_here(site, upstream):
    """A 403 page of something in between becomes a JSON error."""
    upstream.fails(403, b"<script>alert(1)</script>", "text/html")
    answer = await site.get("/data/2.5/weather?q=London")
    assert (answer.status_code, answer.json()) == (403, {"cod": 403, "message": "Forbidden"})


@pytest.mark.parametrize(("fault", "status"), [(500, 502), (503, 502), (429, 503), (302, 502)])
async def test_upstreams_failures_are_5xx_with_cod_and_retry_after(site, upstream, fault, status):
    """5xx, garbage and silence become 502, a 429 becomes 503, with a number in `cod` and Retry-After."""
    upstream.fails(fault, b"oops")
    answer = await site.get("/data/2.5/weather?q=London")
    assert (answer.status_code, answer.json()["cod"]) == (status, status)
    assert int(answer.headers["retry-after"]) >= 1
    assert "cache-status" not in answer.headers


async def test_a_limit_error_is_not_repeated_for_ten_minutes(site, upstream, clock):
    """After a 429 the same request is left alone for ten minutes, as OpenWeatherMap asks."""
    upstream.fails(429, b"{}")
    await site.get("/data/2.5/weather?q=London")
    upstream.recovers()
    clock.now += 599
    refused = await site.get("/data/2.5/weather?q=London")
    assert (refused.status_code, refused.headers["retry-after"], upstream.count) == (503, "1", 1)
    clock.now += 2
    assert (await site.get("/data/2.5/weather?q=London")).status_code == 200


async def test_every_route_of_the_free_plan_is_relayed(site, upstream):
    """Current, forecast, air (now, forecast, history) and geocoding (direct, reverse, zip)."""
    for path in upstream.bodies:
        query = {"/geo/1.0/zip": "zip=10115,DE", "/geo/1.0/direct": "q=London"}.get(path, "lat=51.51&lon=-0.13")
        answer = await site.get(f"{path}?{query}&appid=x")
        wanted = upstream.bodies[path]({"lat": "51.51", "lon": "-0.13"})
        assert (answer.status_code, answer.json()) == (200, wanted), path


async def test_the_key_of_the_visitor_stays_here(site, upstream):
    """The visitor's appid never goes upstream; the server's own does, once."""
    await site.get("/data/2.5/weather?q=London&appid=visitors-key&APPID=again")
    assert "visitors-key" not in json.dumps(upstream.queries)
    assert upstream.queries[0]["appid"] == "0123456789abcdef0123456789abcdef"


async def test_upstream_that_repeats_the_key_does_not_tell_it(site, upstream):
    """A body that holds our key is kept and served without it (statement 84)."""
    upstream.bodies["/data/2.5/weather"] = lambda q: weather_body() | {"echo": f"/data?appid={q['appid']}"}
    answer = await site.get("/data/2.5/weather?q=London")
    assert answer.json()["echo"] == "/data?appid=********"
