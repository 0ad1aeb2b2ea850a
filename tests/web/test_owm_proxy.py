"""OpenWeatherMap's own routes: byte for byte."""

import json
from urllib.parse import parse_qs

import pytest
from fakes import KEY, located, running, weather_body

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


@pytest.mark.slow
@pytest.mark.parametrize(
    "declared", ["text/html", "text/html; charset=utf-8", "", "application/xhtml+xml", "image/svg+xml"]
)
async def test_a_404_is_data_whatever_it_is_declared_as(site, upstream, declared):
    """OWM's own word that there is no such place: its bytes, as JSON and never as markup (A24)."""
    body = b'{"cod":"404","message":"<form action=/places method=post>"}'
    upstream.fails(404, body, declared)
    for _ in range(2):
        answer = await site.get("/data/2.5/weather?q=Nowhere")
        assert (answer.status_code, answer.content) == (404, body)
        assert answer.headers["content-type"] == "application/json; charset=utf-8"


async def test_a_404_in_xml_stays_xml(site, upstream):
    """For a program that asked for XML, declared as that whatever upstream said."""
    body = b"<?xml version='1.0'?><ClientError><cod>404</cod><message>city not found</message></ClientError>"
    upstream.fails(404, body, "text/html")
    answer = await site.get("/data/2.5/weather?q=Nowhere&mode=xml")
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (404, body, "application/xml")


@pytest.mark.parametrize("status", [400, 403, 404])
async def test_an_error_that_does_not_parse_is_told_in_owms_words(site, upstream, status):
    """Declared as JSON, and none: what a program could not read is not passed on (C21)."""
    upstream.fails(status, b"{msg: Not found}", "application/json")
    answer = await site.get("/data/2.5/weather?q=Nowhere")
    assert answer.status_code == status
    assert int(answer.json()["cod"]) == status


@pytest.mark.slow
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
    """Current, forecast, air (now, forecast, history) and geocoding (direct, reverse, zip); and One Call."""
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


PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
LISTED = {"cnt": 0, "list": []}
ROUTES = {
    "/data/2.5/forecast/daily?q=London&cnt=99": ("cnt=16&q=London", LISTED),
    "/data/2.5/forecast/hourly?q=London&cnt=99": ("cnt=96&q=London", LISTED),
    "/data/2.5/forecast/climate?q=London&cnt=99&units=Metric": ("cnt=30&q=London&units=metric", LISTED),
    "/data/2.5/find?q=Lon&type=LIKE&cnt=5": ("cnt=5&q=Lon&type=like", LISTED),
    "/data/2.5/group?id=524901,%20703448,2643743&units=metric": ("id=524901,703448,2643743&units=metric", LISTED),
    "/data/2.5/box/city?bbox=12,32,15.001,37,10&cluster=YES": ("bbox=12,32,15,37,10&cluster=yes", LISTED),
    "/data/2.5/uvi?lat=1&lon=2&units=metric": ("lat=1&lon=2", {"value": 7}),
    "/data/2.5/uvi/forecast?lat=1&lon=2&cnt=3": ("cnt=3&lat=1&lon=2", []),
    "/data/2.5/uvi/history?lat=1&lon=2&start=5&end=6": ("end=6&lat=1&lon=2&start=5", []),
    "/data/2.5/onecall?lat=1&lon=2&exclude=hourly": ("lat=1&lon=2", {"lat": 1}),
    "/data/2.5/onecall/timemachine?lat=1&lon=2&dt=5": ("dt=5&lat=1&lon=2", {"lat": 1}),
    "/data/3.0/onecall?lat=1&lon=2&exclude=Hourly,minutely,%20x,hourly": (
        "lat=1&lon=2",
        {"lat": 1},
    ),
    "/data/3.0/onecall/timemachine?lat=1&lon=2&dt=1591012800": ("dt=1591012800&lat=1&lon=2", located()),
    "/data/3.0/onecall/day_summary?lat=1&lon=2&date=2024-02-29&tz=%2B02:00": (
        "date=2024-02-29&lat=1&lon=2&tz=%2B02%3A00",
        {"date": "2024-02-29"},
    ),
    "/data/3.0/onecall/day_summary?lat=1&lon=2&date=2024-02-29&tz=+02:00": (
        "date=2024-02-29&lat=1&lon=2&tz=%2B02%3A00",
        {"date": "2024-02-29"},
    ),
    "/data/3.0/onecall/overview?lat=1&lon=2": ("lat=1&lon=2", {"weather_overview": "Mild."}),
    "/data/4.0/onecall/current?lat=1&lon=2&lang=DE": ("lang=de&lat=1&lon=2", located()),
    "/data/4.0/onecall/timeline/1min?lat=1&lon=2": ("lat=1&lon=2", located()),
    "/data/4.0/onecall/timeline/15min?lat=1&lon=2&cnt=99": ("cnt=50&lat=1&lon=2", located()),
    "/data/4.0/onecall/timeline/1h?lat=1&lon=2&start=5&exclude=daily": ("lat=1&lon=2&start=5", located()),
    "/data/4.0/onecall/timeline/1day?lat=1&lon=2&cnt=10": ("cnt=10&lat=1&lon=2", located()),
    "/data/4.0/onecall/alert/urn%3Aoid%3A2.49.0?lang=de&lat=1": ("lang=de", {"id": "urn:oid:2.49.0"}),
}


@pytest.mark.slow
@pytest.mark.parametrize("asked", ROUTES)
async def test_every_other_route_is_relayed_in_canonical_form(site, upstream, asked):
    """Each route of the contract: what goes upstream is checked and in one order, what comes back is as it came."""
    query, body = ROUTES[asked]
    upstream.fails(200, json.dumps(body).encode(), "application/json")
    answer = await site.get(f"{asked}&appid=x")
    assert (answer.status_code, answer.json()) == (200, body)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert upstream.raw == [f"{query}&appid={KEY}".encode()]


@pytest.mark.parametrize("layer", ["clouds_new", "temp_new", "clouds", "precipitation_cls", "pressure_cntr"])
async def test_tiles_are_relayed(upstream, clock, layer):
    """Old and new layer names; from the tiles' own origin; kept; never packed; for any page's script."""
    async with running(upstream, clock, WEATHER_TILES_URL="http://tiles.example") as site:
        upstream.fails(200, PNG, "image/png")
        first = await site.get(f"/map/{layer}/3/7/0.png?appid=x", headers={"Accept-Encoding": "gzip"})
        second = await site.get(f"/map/{layer}/3/7/0.png")
    assert (first.content, second.content) == (PNG, PNG)
    assert (first.headers["content-type"], first.headers["access-control-allow-origin"]) == ("image/png", "*")
    assert not {"content-encoding", "vary"} & first.headers.keys()
    assert first.headers["cross-origin-resource-policy"] == "cross-origin"
    assert (upstream.calls, upstream.headers[0]["host"]) == ([f"/map/{layer}/3/7/0.png"], "tiles.example")
    assert upstream.raw == [f"appid={KEY}".encode()]


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    [
        *("nothing_new/0/0/0", "temp_new/10/0/0", "temp_new/3/8/0", "temp_new/3/0/8", "temp_new/0/1/0"),
        *("temp_new/01/0/0", "temp_new/3/-1/0", "temp_new/3/0/00", "temp_new/3/0", "temp_new/3/0/0/0"),
        *("..%2f/3/0/0", "temp_new/x/0/0"),
    ],
)
async def test_what_is_no_tile_is_not_asked_for(site, upstream, path):
    """Layer, zoom and index are checked here (statement 7)."""
    answer = await site.get(f"/map/{path}.png")
    assert (answer.status_code, answer.json()["cod"]) == (404, "404")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert upstream.count == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "answer", [(PNG, "text/html"), (b"<html>", "image/png"), (b"", "image/png"), (PNG[4:], "image/png")]
)
async def test_a_picture_that_is_none_is_not_kept(site, upstream, answer):
    """A tile is declared as PNG and begins as one (statement 9)."""
    upstream.fails(200, *answer)
    refused = await site.get("/map/temp_new/0/0/0.png")
    assert (refused.status_code, refused.json()["cod"]) == (502, 502)


LINK = "https://api.openweathermap.org/data/4.0/onecall/timeline/1h?cnt=20&lat=51.5000&lon=-0.1000&start=1&appid="


@pytest.mark.parametrize(("scheme", "key"), [("https://", KEY), ("https://", "short"), ("http:\\/\\/", KEY)])
async def test_links_of_4_point_back_here_and_hold_no_key(upstream, clock, tmp_path, scheme, key):
    """`prev` and `next` are the only bytes that differ; a program follows them through this server."""
    raw = json.dumps(located({"dt": 1}, prev=LINK + key, next="https://evil.example/?appid=" + key))
    raw = raw.replace("https://", scheme).replace('"prev": ', '"prev" :  ')
    upstream.fails(200, raw.encode(), "application/json")
    async with running(upstream, clock, tmp_path, key) as site:
        first = await site.get("/data/4.0/onecall/timeline/1h?lat=51.5&lon=-0.1")
        again = await site.get("/data/4.0/onecall/timeline/1h?lat=51.5&lon=-0.1", headers={"Host": "weather.example"})
        there = await site.get(first.json()["prev"])
    onward = "/data/4.0/onecall/timeline/1h?cnt=20&lat=51.5000&lon=-0.1000&start=1"
    assert first.text == raw[: raw.index('"prev"')] + f'"prev" :  "http://test{onward}", "next": null}}'
    assert again.json()["prev"] == f"http://weather.example{onward}"
    assert there.status_code == 200
    assert upstream.queries[1] == {"cnt": "20", "lat": "51.5", "lon": "-0.1", "start": "1", "appid": key}
    assert not any(f"appid={key}".encode() in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())


async def test_links_of_4_follow_the_scheme_that_our_own_proxy_tells(upstream, clock):
    """Behind a proxy of ours that speaks TLS the links are of https; what anyone else says does not count."""
    raw = json.dumps(located(next=LINK + KEY))
    upstream.fails(200, raw.encode(), "application/json")
    path, told = "/data/4.0/onecall/timeline/1h?lat=51.5&lon=-0.1", {"X-Forwarded-Proto": "https"}
    async with running(upstream, clock, WEATHER_TRUSTED_PROXIES="127.0.0.0/8") as site:
        ours = (await site.get(path, headers=told)).json()["next"]
        newer = (await site.get(path, headers={"Forwarded": "for=192.0.2.1;proto=https"})).json()["next"]
        plain = (await site.get(path)).json()["next"]
    async with running(upstream, clock) as site:
        foreign = (await site.get(path, headers=told)).json()["next"]
    assert {ours[:13], newer[:13]} == {"https://test/"}
    assert {plain[:12], foreign[:12]} == {"http://test/"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "parameter", "message"),
    [
        ("/data/3.0/onecall?lat=91&lon=0", "lat", "wrong latitude"),
        ("/data/3.0/onecall", "lat", "Nothing to geocode"),
        ("/data/3.0/onecall/timemachine?lat=1&lon=0", "dt", "Invalid dt format"),
        ("/data/3.0/onecall/timemachine?lat=1&lon=0&dt=soon", "dt", "Invalid dt format"),
        ("/data/3.0/onecall/day_summary?lat=1&lon=0", "date", "Invalid date format"),
        ("/data/3.0/onecall/day_summary?lat=1&lon=0&date=2023-02-29", "date", "Invalid date format"),
        ("/data/4.0/onecall/timeline/1h?lat=1&lon=999", "lon", "wrong longitude"),
    ],
)
async def test_one_call_refuses_in_its_own_words(site, upstream, path, parameter, message):
    """There `cod` is a number and the parameter is named; no call is billed (contract 1.6)."""
    answer = await site.get(path)
    assert (answer.status_code, answer.json()) == (400, {"cod": 400, "message": message, "parameters": [parameter]})
    assert upstream.count == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("/data/2.5/box/city?bbox=a,1,2,3,4", 400, '"a" is not a float'),
        ("/data/2.5/box/city?bbox=1,2,3", 400, "Nothing to geocode"),
        ("/data/2.5/box/city?bbox=1,2,3,400", 400, "wrong bbox"),
        ("/data/2.5/group?id=1,x", 400, "x is not a city ID"),
        ("/data/2.5/group", 400, "Nothing to geocode"),
        ("/data/4.0/onecall/alert/%2e%2e%2fcurrent", 404, "Internal error"),
        ("/data/4.0/onecall/alert/", 404, "Internal error"),
        ("/data/4.0/onecall", 404, "Internal error"),
        ("/data/3.0/weather?q=London", 404, "Internal error"),
        ("/data/3.0/measurements", 404, "Internal error"),
    ],
)
async def test_other_refusals_are_openweathermaps(site, upstream, path, status, message):
    """What OWM does not have, or would refuse, costs no call."""
    answer = await site.get(path)
    assert (answer.status_code, answer.json()) == (status, {"cod": str(status), "message": message})
    assert upstream.count == 0


@pytest.mark.parametrize("name", ["appid", "APPID", "AppID", "Appid", "appId"])
async def test_only_the_exact_spelling_counts_but_for_the_key(upstream, clock, name):
    """`Mode=xml` is no mode; programs write the key's name in every case (issues 5 and 12)."""
    async with running(upstream, clock, WEATHER_ACCESS_KEYS="mine") as site:
        plain = await site.get(f"/data/2.5/weather?q=London&Mode=xml&{name}=mine")
        refused = await site.get(f"/data/2.5/weather?q=London&{name}=theirs")
        empty = await site.get("/data/2.5/weather?q=London")
    assert (plain.status_code, plain.headers["content-type"]) == (200, "application/json; charset=utf-8")
    assert refused.status_code == empty.status_code == 401
    assert refused.json()["cod"] == 401
    assert "mode" not in upstream.queries[0]


async def test_xml_of_other_forecasts(site, upstream):
    """Daily forecasts have XML too; One Call has none."""
    upstream.fails(200, XML, "text/xml")
    assert (await site.get("/data/2.5/forecast/daily?q=London&mode=xml")).content == XML
    upstream.fails(200, b'{"lat": 1}', "application/json")
    assert (await site.get("/data/3.0/onecall?lat=1&lon=1&mode=xml")).json() == {"lat": 1}


HOST = "http://test"  # else a client reads what follows two slashes as a host
SPELLED = [
    "/data/2.5/forecast/?q=Edinburgh%2C%20UK&units=metric&cnt=5",
    "//data/2.5/forecast?q=Edinburgh%2C%20UK&units=metric&cnt=5",
    "/data//2.5//forecast//?q=Edinburgh%2C%20UK&units=metric&cnt=5",
    "///data/2.5/forecast?q=Edinburgh%2C%20UK&units=metric&cnt=5",
    "/data/2.5/forecast/city?q=Edinburgh%2C%20UK&units=metric&cnt=5",
]


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_path_with_slashes_too_many_is_that_path(site, upstream, method):
    """As many published programs write it; each spelling is the same question, and one call (faults C6, C7, C9)."""
    answers = [await site.request(method, HOST + spelling) for spelling in SPELLED]
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.headers["content-type"] for answer in answers} == {"application/json; charset=utf-8"}
    assert len({answer.content for answer in answers}) == 1
    assert (upstream.calls, answers[0].json()["city"]["name"]) == (["/data/2.5/forecast"], "London")
    assert (await site.request(method, "/geo/1.0/zip/?zip=10115,DE")).json()["name"] == "Berlin"
    assert (await site.request(method, HOST + "//geo//1.0/zip?zip=10115,DE")).json()["name"] == "Berlin"


@pytest.mark.slow
@pytest.mark.parametrize("path", ["//data/2.5/nothing", "//data", "//geo/", "/data/", "/geo", "//map//x"])
async def test_a_wrong_path_is_refused_in_the_shape_of_the_door(site, upstream, path):
    """Never with a page of HTML."""
    answer = await site.get(HOST + path)
    assert (answer.status_code, answer.json()) == (404, {"cod": "404", "message": "Internal error"})
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_other_addresses_with_slashes_too_many_are_none(site, upstream):
    """A page's address is one; our own API leads on to its address."""
    assert (await site.get(HOST + "//search?q=London")).status_code == 404
    assert (await site.post(HOST + "//search?q=London")).status_code == 404
    assert (await site.get(HOST + "//api/v1/current?q=London")).status_code == 308
    assert (await site.get(HOST + "//api.v1")).status_code == 404
    assert upstream.count == 0


async def test_a_post_with_its_query_in_the_address_is_a_get(upstream, clock):
    """`requests.post(url)` and Dart's `http.post(url)`: the same answer, from the same entry; access keys hold."""
    path = "/data/2.5/weather?q=London&appid=mine"
    async with running(upstream, clock, WEATHER_ACCESS_KEYS="mine") as site:
        posted, got = await site.post(path), await site.get(path)
        refused = await site.post("/data/2.5/weather?q=London")
    assert (posted.status_code, posted.content, upstream.count) == (200, got.content, 1)
    assert refused.status_code == 401


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "half"),
    [
        ("K0A 1K0,CA", "K0A,CA"),
        ("k0a1k0, ca", "K0A,CA"),
        ("SW1A 1AA,GB", "SW1A,GB"),
        ("E14 5AB,uk", "E14,GB"),
        ("1012 AB,NL", "1012,NL"),
        ("D02 X285,IE", "D02,IE"),
    ],
)
@pytest.mark.parametrize("path", ["/data/2.5/weather", "/geo/1.0/zip", "/api/v1/current"])
async def test_the_half_code_is_tried_after_the_whole(clock, code, half, path):
    """OpenWeatherMap knows the first half alone of some countries' codes: one more call, and only after a 404."""
    asked = []

    async def upstream(scope, receive, send):
        query = parse_qs(scope["query_string"].decode())
        asked.extend(query.get("zip", ()))
        known = asked[-1] == half
        body = weather_body() | {"lat": 45.0, "lon": -75.0, "name": "There"} if known else {"cod": "404"}
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200 if known else 404, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(body).encode()})

    async with running(upstream, clock) as site:
        for _ in range(2):
            answer = await site.get(path, params={"zip": code})
            assert answer.status_code == 200, answer.text
    assert len(asked) == 2
    assert asked[1] == half


async def test_a_code_of_one_part_is_asked_for_once(site, upstream):
    """A 404 of it is the answer, byte for byte."""
    body = b'{"cod":"404", "message":"city not found"}'
    upstream.fails(404, body, "application/json")
    for code in ("94040,US", "10115,DE", "K0A,CA", "SW1A 1AA", "SW1A 1AA,FR"):
        answer = await site.get("/data/2.5/weather", params={"zip": code})
        assert (answer.status_code, answer.content) == (404, body)
    assert upstream.count == 5
    both = await site.get("/data/2.5/weather", params={"zip": "K0A 1K0,CA"})
    assert (both.status_code, both.content, upstream.count) == (404, body, 6)  # the half's 404 is kept
