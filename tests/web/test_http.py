"""HTTP at every door: validators, codings, methods, headers of safety, errors in the shape of the door."""

import gzip
import json

import http_sf
import pytest
from fakes import KEY, NOON, running
from hypothesis import given, settings
from hypothesis import strategies as st

from weather.upstream.freshness import CacheOutcome, Lifetime, Validity, cache_status, combine
from weather.web.http.responses import matches, takes_gzip

pytestmark = pytest.mark.anyio

OWM = "/data/2.5/weather?lat=51.51&lon=-0.13"
API = "/api/v1/forecast?lat=51.51&lon=-0.13"
PAGE = "/forecast/51.51,-0.13"
DOORS = [OWM, API, PAGE]


@pytest.mark.slow
@pytest.mark.parametrize("path", DOORS)
async def test_every_200_has_a_strong_etag_and_a_304_for_it(site, path):
    """A strong ETag; If-None-Match with it gets a 304 without a body, with the headers of the 200 (61, 62)."""
    full = await site.get(path, headers={"Accept-Encoding": "identity"})
    etag = full.headers["etag"]
    assert etag.startswith('"')
    for value in (etag, f"W/{etag}", f'"x", {etag}', f'{etag}, "x"', f'"a", W/{etag} , "b"', "*"):
        answer = await site.get(path, headers={"If-None-Match": value, "Accept-Encoding": "identity"})
        assert (answer.status_code, answer.content) == (304, b""), value
        for name in ("etag", "cache-control", "vary", "cache-status", "content-security-policy"):
            assert name in answer.headers
        assert "content-encoding" not in answer.headers


@pytest.mark.slow
@pytest.mark.parametrize("value", ['"x"', "x", '"', '"unclosed', "W/x", "", ", ,", '"a" "b"'])
async def test_what_does_not_match_gets_the_200(site, value):
    """A tag that differs or is malformed gets the whole answer (62)."""
    assert (await site.get(API, headers={"If-None-Match": value})).status_code == 200


async def test_if_none_match_beats_if_modified_since(site):
    """With both, the tag decides (62; RFC 9110, 13.2.2)."""
    full = await site.get(API)
    headers = {"If-None-Match": '"other"', "If-Modified-Since": full.headers["last-modified"]}
    assert (await site.get(API, headers=headers)).status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize("path", [API, PAGE])
async def test_codings_have_tags_of_their_own_and_equal_content(site, path):
    """gzip and identity decode to the same bytes, differ in ETag, and Vary says what was used (61, 66)."""
    plain = await site.get(path, headers={"Accept-Encoding": "identity"})
    packed = await site.get(path, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert plain.content == packed.content
    assert plain.headers["etag"] != packed.headers["etag"]
    assert "accept-encoding" in packed.headers["vary"].lower()
    assert plain.headers["vary"] == packed.headers["vary"]


@pytest.mark.slow
@pytest.mark.parametrize("coding", ["gzip;q=0", "br", "identity", "", "deflate, br;q=1"])
async def test_nothing_is_packed_for_who_does_not_ask(site, coding):
    """Without gzip in Accept-Encoding the body comes as it is (66; RFC 9110, 12.5.3)."""
    assert "content-encoding" not in (await site.get(API, headers={"Accept-Encoding": coding})).headers


@pytest.mark.slow
@pytest.mark.parametrize("path", [*DOORS, "/", "/healthz", "/nowhere", "/api/v1/nowhere"])
async def test_head_is_get_without_a_body(site, upstream, path):
    """HEAD: status and headers of GET, Content-Length too, no body, no further call (63)."""
    headers = {"Accept-Encoding": "identity"}
    got = await site.get(path, headers=headers)
    before = upstream.count
    head = await site.head(path, headers=headers)
    assert (head.status_code, head.content) == (got.status_code, b"")
    differ = {"x-request-id", "cache-status", "ratelimit", "ratelimit-policy"}  # the second costs nothing
    assert {n: v for n, v in head.headers.items() if n not in differ} == {
        n: v for n, v in got.headers.items() if n not in differ
    }
    assert head.headers["content-length"] == str(len(got.content))
    assert upstream.count == before


@pytest.mark.slow
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "OPTIONS"])
@pytest.mark.parametrize("path", [*DOORS, "/healthz"])
async def test_other_methods_are_405_with_allow(site, upstream, method, path):
    """Methods that a route does not take: 405 with Allow, in the shape of the door, no call (64)."""
    if (method, path) == ("POST", OWM):
        return  # OpenWeatherMap takes it
    answer = await site.request(method, path)
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"} | ({"POST"} if path == OWM else set())
    assert upstream.count == 0
    if path == API:
        assert answer.headers["content-type"] == "application/problem+json"


PROBLEMS = {
    "/api/v1/forecast": (400, "bad_parameter"),
    "/api/v1/forecast?lat=91&lon=0": (400, "bad_parameter"),
    "/api/v1/forecast?lat=1": (400, "bad_parameter"),
    "/api/v1/forecast?q=London&lat=1&lon=1": (400, "bad_parameter"),
    "/api/v1/forecast?q=London&untis=metric": (400, "bad_parameter"),
    "/api/v1/forecast?q=London&q=Paris": (400, "bad_parameter"),
    "/api/v1/forecast?q=": (400, "bad_parameter"),
    "/api/v1/forecast?q=" + "x" * 201: (400, "bad_parameter"),
    "/api/v1/forecast?q=%ff": (400, "bad_parameter"),
    "/api/v1/forecast?lat=nan&lon=1": (400, "bad_parameter"),
    "/api/v1/forecast?lat=1e1&lon=1": (400, "bad_parameter"),
    "/api/v1/forecast?lat=1&lon=1&units=kelvin": (400, "bad_parameter"),
    "/api/v1/forecast?lat=1&lon=1&lang=xx": (400, "bad_parameter"),
    "/api/v1/forecast?id=x": (400, "bad_parameter"),
    "/api/v1/forecast?zip=10115": (400, "bad_parameter"),
    "/api/v1/search": (400, "bad_parameter"),
    "/api/v1/search?q=Paris&limit=0": (400, "bad_parameter"),
    "/api/v1/forecast?q=Qwrtzpxyz": (404, "place_not_found"),
    "/api/v1/nothing": (404, "not_found"),
    "/api/v1/Forecast": (404, "not_found"),
    "/api/v1/forecast/a.css": (404, "not_found"),
    "/api/v1/forecast;a.css": (404, "not_found"),
    "/api/v1/forecast%2fa.js": (404, "not_found"),
}


@pytest.mark.slow
@pytest.mark.parametrize("path", PROBLEMS)
async def test_errors_of_the_api_are_problems(site, upstream, path):
    """Every error of /api/v1 is problem+json with its status and code, no-store, no Cache-Status (65, 7, 91)."""
    answer = await site.get(path)
    status, code = PROBLEMS[path]
    body = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code)
    assert {"type", "title", "detail"} <= body.keys()
    assert ("parameter" in body) == (code == "bad_parameter")
    assert answer.headers["cache-control"] == "no-store"
    assert "cache-status" not in answer.headers
    assert upstream.by_path.keys() <= {"/geo/1.0/direct"}


async def test_a_misspelt_parameter_is_named_with_the_right_one(site):
    """An unknown parameter is told with the nearest that there is."""
    body = (await site.get("/api/v1/forecast?q=London&untis=us")).json()
    assert body["parameter"] == "untis"
    assert "units" in body["detail"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("status", "wanted", "code"),
    [
        (500, 502, "upstream_failed"),
        (401, 503, "key_rejected"),
        (429, 503, "upstream_unavailable"),
        (302, 502, "upstream_failed"),
    ],
)
async def test_upstream_failures_are_problems_with_retry_after(site, upstream, status, wanted, code):
    """What upstream does wrong has a code of its own, Retry-After, and tells nothing of upstream (65)."""
    upstream.fails(status, b"secret words of upstream")
    answer = await site.get(API)
    assert (answer.status_code, answer.json()["code"]) == (wanted, code)
    assert int(answer.headers["retry-after"]) >= 1
    assert "secret words" not in answer.text
    assert "openweathermap.org" not in answer.text


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    ["/nowhere", "/forecast/", "/forecast/x", "/forecast/1,2/a.css", "/Search", "/static/none.css", "/%00", "/..%2f"],
)
async def test_errors_of_pages_are_pages(site, path):
    """Unknown addresses of the site are an HTML 404, not to be stored."""
    answer = await site.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"


async def test_a_place_that_is_nowhere_on_earth_is_a_bad_request(site):
    """/forecast/91,0 is 400 as a page."""
    answer = await site.get("/forecast/91,0")
    assert (answer.status_code, answer.headers["content-type"]) == (400, "text/html; charset=utf-8")


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    ["/x?" + "a" * 9000, "/" + "a" * 9000, "/api/v1/forecast?q=" + "a" * 9000, "/data/2.5/weather?q=" + "a" * 9000],
)
async def test_a_long_address_is_refused(site, upstream, path):
    """A URL beyond 8 KB is 414 in the shape of its door (89)."""
    answer = await site.get(path)
    assert answer.status_code == 414
    assert upstream.count == 0


async def test_large_headers_and_bodies_are_refused(site):
    """Headers beyond 32 KB are 431, a body is not read by routes that take none (89)."""
    assert (await site.get("/healthz", headers={"X-Large": "a" * 33_000})).status_code == 431
    kept = "/api/v1/current?q=London"
    assert [(await site.get(kept, headers={"X-Large": "a" * n})).status_code for n in (1, 33_000)] == [200, 431]
    assert (await site.post("/api/v1/forecast", content=b"a" * 100_000)).status_code in (405, 413)


@pytest.mark.slow
async def test_security_headers_stand_on_every_answer(site):
    """CSP without inline script, nosniff, Referrer-Policy, framing and CORP, on errors and 304s too (90)."""
    etag = (await site.get(PAGE, headers={"Accept-Encoding": "identity"})).headers["etag"]
    answers = {
        path: await site.get(path)
        for path in (*DOORS, "/", "/nowhere", "/healthz", "/readyz", "/api/v1/x", "/data/2.5/x", "/geo/1.0/direct")
    }
    answers["304"] = await site.get(PAGE, headers={"If-None-Match": etag, "Accept-Encoding": "identity"})
    for path, answer in answers.items():
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy, path
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] in ("no-referrer", "same-origin")
        assert not answer.headers.get("server")
        open_door = path.startswith(("/data", "/geo", "/api"))
        assert answer.headers["cross-origin-resource-policy"] == ("cross-origin" if open_door else "same-origin"), path


async def test_static_files_are_for_ever_and_pages_are_not(site):
    """Hashed files: immutable for a year; pages: private, no-cache; types match contents (68)."""
    page = await site.get("/")
    style = page.text.split('rel="stylesheet" href="')[1].split('"')[0]
    sheet = await site.get(style)
    assert sheet.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert sheet.headers["content-type"] == "text/css; charset=utf-8"
    assert page.headers["cache-control"] == "private, no-cache"
    assert (await site.get(API)).headers["content-type"] == "application/json; charset=utf-8"


async def test_headers_of_upstream_stay_there(site, upstream):
    """Of upstream's headers only the content type goes on (69, 12)."""
    upstream.more_headers = {
        "set_cookie": "a=b",
        "x_cache_key": "/data",
        "connection": "x-private",
        "x_private": "1",
        "etag": '"theirs"',
    }
    answer = await site.get(OWM)
    assert not {"set-cookie", "x-cache-key", "connection", "x-private"} & answer.headers.keys()
    assert answer.headers["etag"] != '"theirs"'


async def test_a_fresh_answer_tells_consistent_times(site, clock):
    """max-age less Age is ttl; no Warning, no Expires (34)."""
    await site.get(OWM)
    clock.now += 100
    answer = await site.get(OWM)
    directives = dict(part.partition("=")[::2] for part in answer.headers["cache-control"].split(", "))
    assert int(directives["max-age"]) - int(answer.headers["age"]) == 500
    assert directives["stale-while-revalidate"] == "60"
    assert directives["stale-if-error"] == str(3 * 86400)
    assert not {"warning", "expires"} & answer.headers.keys()


@pytest.mark.slow
@settings(max_examples=1000, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(0, 1e9),
            st.floats(0.001, 1e7),
            st.sampled_from([None, "uri-miss", "stale"]),
            st.booleans(),
            st.sampled_from([None, 200, 503]),
            st.sampled_from([None, "offline", "gate", "quota", "upstream-timeout"]),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_every_cache_status_parses(parts):
    """Each Cache-Status is an RFC 9651 list of one member that never has both hit and fwd (70, 2)."""
    all_of_it = combine(
        Validity(0.0, Lifetime(life, 10)).standing(
            now, CacheOutcome(fwd, fwd is not None and stored, stored and fwd is not None, status, detail)
        )
        for now, life, fwd, stored, status, detail in parts
    )
    ((name, parameters),) = http_sf.parse(cache_status(all_of_it).encode(), tltype="list")
    assert str(name) == "weather"
    assert ("hit" in parameters) != ("fwd" in parameters)
    assert all_of_it.is_stale == (parameters.get("ttl", 0) < 0)


@pytest.mark.parametrize(
    ("header", "verdict"),
    [
        ('"t"', True),
        ('W/"t"', True),
        ('"a" , "t"', True),
        ('"t",', True),
        ('"t" ,  ', True),
        (' "t" ', True),
        ('"a""t"', False),
        ('"a" "t"', False),
        ('"t" x', False),
        ('"t",,', False),
        (',"t"', False),
        ('"t"' + " " * 4000, True),
        ('"t"' + " " * 5000, False),
        ('"t"' + ', "a"' * 1000, False),
    ],
)
def test_what_is_a_list_of_tags(header, verdict):
    """The grammar of RFC 9110, 13.1.2, with a comma too many at its end; beyond 4 KB it matches nothing (A1)."""
    assert matches(header, '"t"') is verdict


@given(st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=60))
def test_if_none_match_never_fails(header):
    """Whatever stands in If-None-Match, it matches a tag only if it holds that tag."""
    assert not matches(header, '"tag"') or '"tag"' in header or header.strip() == "*"


async def test_access_keys_close_both_doors(upstream, clock):
    """With access keys: OWM's own 401 on its routes, a problem on the API; the right key opens, pages stay open."""
    async with running(upstream, clock, WEATHER_ACCESS_KEYS="alpha,beta") as site:
        refused = await site.get(OWM)
        assert refused.status_code == 401
        assert refused.json() == {
            "cod": 401,
            "message": "Invalid API key. Please see https://openweathermap.org/faq#error401 for more info.",
        }
        assert (await site.get(OWM + "&appid=wrong")).status_code == 401
        assert (await site.get(API)).json()["code"] == "access_key"
        assert upstream.count == 0
        assert (await site.get(OWM + "&appid=beta")).status_code == 200
        assert (await site.get(OWM + "&APPID=alpha")).status_code == 200
        assert (await site.get(API + "&appid=alpha")).status_code == 200
        assert (await site.get(API, headers={"X-API-Key": "alpha"})).status_code == 200
        assert (await site.get(PAGE)).status_code == 200


async def test_25_headers_change_nothing(site, upstream):
    """Headers of a client change neither body nor key nor the upstream request (8)."""
    plain = await site.get(OWM)
    names = """X-Forwarded-Host X-Forwarded-For X-Forwarded-Proto Forwarded X-Original-URL X-Rewrite-URL
        X-HTTP-Method-Override X-Method-Override Cookie Accept-Language Authorization Range If-Range Origin Referer
        User-Agent Accept Accept-Charset DNT X-Real-IP Via TE From X-Requested-With X-Custom-IP-Authorization""".split()
    for name in names:
        answer = await site.get(OWM, headers={name: "DELETE" if "Method" in name else "/evil?x=1"})
        assert (answer.status_code, answer.content) == (200, plain.content), name
    assert upstream.count == 1
    fresh = dict.fromkeys(names, "evil")
    await site.get("/data/2.5/weather?lat=1&lon=1", headers=fresh)
    assert "evil" not in json.dumps(upstream.headers[-1])


async def test_a_root_path_is_before_every_link(upstream, clock):
    """Below another site: links and redirects carry the prefix, and it is taken off before routing."""
    async with running(upstream, clock, WEATHER_ROOT_PATH="/weather") as site:
        page = await site.get("/weather/forecast/51.51,-0.13")
        assert page.status_code == 200
        assert 'href="/weather/static/' in page.text
        assert 'action="/weather/search"' in page.text
        onward = await site.get("/weather/search?q=Tokyo")
        assert onward.headers["location"].startswith("/weather/forecast/35.6")


@pytest.mark.parametrize("root", ["/weather", "/a/b", "/data"])
async def test_the_prefix_without_its_slash_leads_home(upstream, clock, root):
    """The one address that people type: on to the home page, what was asked with it (B8)."""
    async with running(upstream, clock, WEATHER_ROOT_PATH=root) as site:
        for query in ("", "?units=si&lang=de"):
            onward = await site.get(f"{root}{query}")
            assert (onward.status_code, onward.headers["location"]) == (308, f"{root}/{query}")
            assert (await site.get(onward.headers["location"])).status_code == 200
        assert (await site.get(f"{root}x")).status_code == 404


@pytest.mark.parametrize("ready", [True, False])
async def test_log_lines_are_the_same_below_a_prefix(upstream, clock, ready):
    """Door and path as without one, whether an answer is ready or made, and if a proxy takes the prefix off (B8)."""
    lines = []
    more = {"tell": lambda _, about, __: lines.append(about)}
    async with running(upstream, clock, ready=ready, more=more, WEATHER_ROOT_PATH="/weather") as site:
        for path in [
            API,
            API,
            f"/weather{API}",
            f"/weather{API}",
            f"/weather{OWM}",
            f"/weather{OWM}",
            f"/weather{PAGE}",
        ]:
            assert (await site.get(path)).status_code == 200
    assert [(one.door, one.path) for one in lines] == [
        *[("api", "/api/v1/forecast")] * 4,
        *[("owm", "/data/2.5/weather")] * 2,
        ("page", PAGE),
    ]


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        ("gzip", True),
        ("*", True),
        ("*, gzip;q=0", False),
        ("*;q=0, gzip", True),
        ("gzip;q=0, *", False),
        ("gzip;q=0.000", False),
        ("gzip; q=0.", False),
        ("gzip;q=0.001", True),
        ("br, *;q=0", False),
        ("GZIP ; Q=0.5", True),
        ("identity", False),
        ("", False),
        ("br, " * 250 + "gzip", False),
    ],
)
def test_the_named_coding_counts_before_the_star(header, taken):
    """RFC 9110, 12.5.3; what is far too long asks for nothing (B10)."""
    assert takes_gzip(header) is taken


async def test_with_access_keys_a_shared_cache_tells_keys_apart(upstream, clock):
    """Every answer that may be kept by others varies with the key, 304s and kept 404s too; without keys none (A12)."""
    paths = [
        API,
        "/api/v1/search?q=London",
        OWM,
        "/data/2.5/weather?q=Nowhere",
        "/data/4.0/onecall/current?lat=1&lon=1",
    ]
    for keys, varies in (("alpha", True), ("", False)):
        async with running(upstream, clock, **({"WEATHER_ACCESS_KEYS": keys} if keys else {})) as site:
            for path in paths:
                missing = path.endswith("Nowhere")
                upstream.fails(404, b'{"cod":"404","message":"city not found"}', "application/json") if missing else ...
                answer = await site.get(path, headers={"X-API-Key": "alpha"})
                upstream.recovers()
                assert answer.status_code == (404 if missing else 200)
                assert ("x-api-key" in answer.headers.get("vary", "").lower()) is varies, path
                tag = {"If-None-Match": answer.headers.get("etag", '"none"'), "X-API-Key": "alpha"}
                again = await site.get(path, headers=tag)
                assert ("x-api-key" in again.headers.get("vary", "").lower()) is varies, path


async def test_a_tile_varies_with_the_key_and_is_not_packed(upstream, clock):
    """With access keys a picture has a Vary, and its bytes stay as they are."""
    png = b"\x89PNG\r\n\x1a\n" + b"x" * 5000
    upstream.fails(200, png, "image/png", paths=("/map",))
    async with running(upstream, clock, WEATHER_ACCESS_KEYS="alpha") as site:
        answer = await site.get("/map/clouds_new/1/0/0.png?appid=alpha", headers={"Accept-Encoding": "gzip"})
        again = await site.get("/map/clouds_new/1/0/0.png", headers={"X-API-Key": "alpha"})
    assert (answer.content, answer.headers["vary"]) == (png, "X-API-Key")
    assert "content-encoding" not in answer.headers
    assert again.status_code == 200


async def test_a_crash_is_a_500_in_the_shape_of_its_door(upstream, clock, caplog):
    """A mistake of ours: 500, no trace in the answer, one in the log, and the key in neither (65, 84)."""
    upstream.bodies["/data/2.5/weather"] = None  # makes the fake itself fail inside the exchange
    async with running(upstream, clock) as site:
        api = await site.get("/api/v1/current?lat=1&lon=1")
        owm = await site.get("/data/2.5/weather?lat=1&lon=1")
        page = await site.get("/forecast/1,1")
    assert api.json() | {"detail": ""} == {
        "type": "/docs/errors#internal",
        "title": "Internal Server Error",
        "status": 500,
        "detail": "",
        "code": "internal",
    }
    assert owm.json()["cod"] == 500
    assert "Traceback" not in page.text
    assert KEY not in caplog.text


async def test_gzip_bytes_are_the_same_every_time(site):
    """Packing the same bytes twice gives the same bytes, so that the tag holds."""
    packed = [
        await site.send(site.build_request("GET", API, headers={"Accept-Encoding": "gzip"}), stream=True)
        for _ in (1, 2)
    ]
    raw = [b"".join([chunk async for chunk in answer.aiter_raw()]) for answer in packed]
    assert raw[0] == raw[1]
    assert json.loads(gzip.decompress(raw[0]))["place"]["name"] == "London"


@pytest.mark.slow
@pytest.mark.parametrize("path", [API, PAGE, OWM])
async def test_who_has_it_since_then_gets_a_304(site, clock, path):
    """By the time alone, within the minute as of which it is rendered (RFC 9110, 13.1.3); from the start or later."""
    clock.now = NOON + 30
    full = await site.get(path)
    clock.now = NOON + 59
    for since in (full.headers["last-modified"], "Tue, 24 Nov 2026 12:00:45 GMT"):
        answer = await site.get(path, headers={"If-Modified-Since": since})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == full.headers["etag"]


@pytest.mark.slow
@pytest.mark.parametrize("path", [API, PAGE])
async def test_what_may_have_changed_since_then_is_sent(site, upstream, clock, path):
    """A minute on, it is rendered anew; and once it is out of date, which the bytes say."""
    since = (await site.get(path)).headers["last-modified"]
    clock.now = NOON + 60
    assert (await site.get(path, headers={"If-Modified-Since": since})).status_code == 200
    clock.now = NOON + 599
    since = (await site.get(path)).headers["last-modified"]
    upstream.fails(500)
    clock.now = NOON + 601
    assert (await site.get(path, headers={"If-Modified-Since": since})).status_code == 200


async def test_upstream_s_own_bytes_change_only_when_they_are_fetched(site, clock):
    since = (await site.get(OWM)).headers["last-modified"]
    assert since == "Tue, 24 Nov 2026 12:00:00 GMT"
    clock.now = NOON + 540
    assert (await site.get(OWM, headers={"If-Modified-Since": since})).status_code == 304
    clock.now = NOON + 601
    assert (await site.get(OWM, headers={"If-Modified-Since": since})).status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize("since", ["", "x", "0", "Tue, 24 Nov 2025", "Tue, 24 Nov 2026 12:00:00", "x" * 5000, "12:00"])
async def test_a_malformed_time_is_none(site, since):
    assert (await site.get(API, headers={"If-Modified-Since": since})).status_code == 200


async def test_a_page_with_saved_places_has_no_time_of_change(site):
    """Their weather stands there too, and comes and goes at other times."""
    await site.post("/api/v1/places", json={"name": "A", "latitude": 1, "longitude": 2})
    assert "last-modified" not in (await site.get(PAGE)).headers
