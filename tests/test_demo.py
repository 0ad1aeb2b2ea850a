"""The demo upstream: OpenWeatherMap's words, and a climate that agrees with itself."""

import asyncio
import math
from datetime import UTC, datetime
from statistics import fmean

import httpx
import pytest
from fakes import Clock, Upstream, running
from hypothesis import given, settings
from hypothesis import strategies as st

from weather.domain.air import air_class
from weather.domain.astronomy import is_day
from weather.domain.model import Coordinates, Place
from weather.providers.demo import demo
from weather.providers.report import Freshness, overall

HOUR, DAY = 3600, 86400
LONDON = Place("London", "GB", "England", 51.50853, -0.12574, "Europe/London")
PORTLANDS = [Place("Portland", "US", "Oregon", 45.5202, -122.6742, "America/Los_Angeles")] + [
    Place("Portland", "US", None, 40.0 + n, -80.0, "America/New_York") for n in range(6)
]
SYDNEY = Place("Sydney", "AU", "New South Wales", -33.8679, 151.2073, "Australia/Sydney")
KNOWN = {"London": [LONDON], "London,GB": [LONDON], "Portland": PORTLANDS, "Sydney": [SYDNEY]}

# https://openweathermap.org/weather-conditions
WORDS = {
    500: ("Rain", "light rain", "10"),
    501: ("Rain", "moderate rain", "10"),
    502: ("Rain", "heavy intensity rain", "10"),
    600: ("Snow", "light snow", "13"),
    601: ("Snow", "snow", "13"),
    602: ("Snow", "heavy snow", "13"),
    800: ("Clear", "clear sky", "01"),
    801: ("Clouds", "few clouds", "02"),
    802: ("Clouds", "scattered clouds", "03"),
    803: ("Clouds", "broken clouds", "04"),
    804: ("Clouds", "overcast clouds", "04"),
}


def at(text):
    """Unix seconds of an ISO time in UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


NOW = at("2025-03-20 18:27:56")


def near(where):
    """A world in which London is the only town, 50 km around."""
    apart = math.hypot(where.latitude - LONDON.latitude, where.longitude - LONDON.longitude)
    return LONDON if apart < 0.5 else None


def ask(path, now=NOW, **params):
    """The demo's answer, by way of the real client."""
    app = demo(lambda: now, lambda name: KNOWN.get(name, []), near, lambda where: "Europe/London")

    async def get():
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="https://api.openweathermap.org") as client:
            return await client.get(path, params=params)

    return asyncio.run(get())


def weather(now=NOW, **params):
    return ask("/data/2.5/weather", now, **params).json()


def forecast(now=NOW, **params):
    return ask("/data/2.5/forecast", now, **params).json()


def air(route="", now=NOW, **params):
    return ask("/data/2.5/air_pollution" + route, now, lat=51.51, lon=-0.13, **params).json()["list"]


def year_of(latitude, longitude=0.0):
    """Steps through the year 2024 at a place, in metric units, by their month."""
    for month in range(1, 13):
        for day in (1, 11, 21):
            now = at(f"2024-{month:02}-{day:02}")
            yield from ((month, one) for one in forecast(now, lat=latitude, lon=longitude, units="metric")["list"])


def test_same_clock_gives_same_bytes():
    """A new app at the same time answers with the same bytes: nothing is drawn by chance or kept."""
    for path in ("/data/2.5/weather", "/data/2.5/forecast", "/data/2.5/air_pollution/forecast"):
        assert ask(path, q="London").content == ask(path, q="London").content


@pytest.mark.parametrize(("latitude", "longitude"), [(51.5, -0.1), (-33.9, 151.2), (78.2, 15.6), (1.3, 103.8)])
def test_current_weather_agrees_with_the_forecast_step_of_the_same_instant(latitude, longitude):
    """What was foreseen for an instant is what comes, but for the span over which rain is summed."""
    place = {"lat": latitude, "lon": longitude}
    for step in forecast(**place)["list"]:
        now = weather(step["dt"], **place)
        assert now["dt"] == step["dt"]
        assert now["main"] == {name: value for name, value in step["main"].items() if name != "temp_kf"}
        assert [now[name] for name in ("wind", "clouds")] == [step[name] for name in ("wind", "clouds")]
        for kind in ("rain", "snow"):
            assert now.get(kind, {}).get("1h", 0) <= step.get(kind, {}).get("3h", 0)


def test_current_weather_is_computed_every_ten_minutes():
    """As upstream's it is some minutes old, and the same until it is computed anew."""
    early, late, later = (
        ask("/data/2.5/weather", at(f"2025-03-20 18:{clock}"), q="London") for clock in ("20", "29:59", "30")
    )
    assert early.content == late.content != later.content
    assert late.json()["dt"] == at("2025-03-20 18:20")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("latitude", "january", "july"),
    [(51.5, (-10, 12), (8, 28)), (78.2, (-40, -5), (-8, 12)), (1.3, (18, 40), (18, 40)), (-33.9, (15, 40), (2, 25))],
)
def test_the_climate_is_that_of_the_latitude_and_the_season(latitude, january, july):
    """London, Svalbard, Singapore, Sydney: between what is cold and what is warm there; some rain, and dry days."""
    steps = list(year_of(latitude))
    for month, (low, high) in ((1, january), (7, july)):
        assert all(low < step["main"]["temp"] < high for one, step in steps if one == month)
    assert 0.1 < fmean("rain" in step or "snow" in step for _, step in steps) < 0.4


def test_fronts_bring_low_pressure_cloud_rain_and_wind():
    """Low pressure goes with cloud, rain and gusts, high pressure with none of it."""
    steps = sorted((step for _, step in year_of(55)), key=lambda step: step["main"]["pressure"])
    low, high = steps[: len(steps) // 5], steps[-len(steps) // 5 :]
    assert min(step["clouds"]["all"] for step in low) > max(step["clouds"]["all"] for step in high) + 30
    assert min(step["wind"]["gust"] for step in low) > max(step["wind"]["gust"] for step in high)
    assert all("rain" in step or "snow" in step for step in low)
    assert not any("rain" in step or "snow" in step for step in high)


def test_stronger_words_mean_more_water():
    """Light, moderate and heavy rain and snow come in this order of what falls."""
    fallen: dict[int, list[float]] = {}
    for _, step in (*year_of(51.5), *year_of(78)):
        fallen.setdefault(step["weather"][0]["id"], []).append(
            sum((step.get("rain") or step.get("snow") or {}).values())
        )
    for lighter, heavier in ((500, 501), (501, 502), (600, 601), (601, 602)):
        assert max(fallen[lighter]) <= min(fallen[heavier])


@pytest.mark.slow
@pytest.mark.parametrize("longitude", [-90, 0, 90])
def test_it_is_warmer_in_the_afternoon_than_before_dawn(longitude):
    """The day's course follows the sun at the place, not UTC."""
    warmth = {3: [], 15: []}
    for _, step in year_of(40, longitude):
        warmth.get((step["dt"] + longitude * 240) % DAY // HOUR, []).append(step["main"]["temp"])
    assert fmean(warmth[15]) > fmean(warmth[3]) + 3


def check_sky(body, span, day):
    """What holds for current weather and for each step of a forecast, in metric units."""
    main, wind, (sky,) = body["main"], body["wind"], body["weather"]
    assert -90 < main["temp"] < 55
    assert -110 < main["feels_like"] < 70
    assert main["temp_min"] <= main["temp"] <= main["temp_max"]
    assert 960 <= main["pressure"] == main["sea_level"] == main["grnd_level"] <= 1045
    assert 15 <= main["humidity"] <= 100
    assert 0 <= body["clouds"]["all"] <= 100
    assert 0 <= wind["speed"] <= wind["gust"] <= 50
    assert 0 <= wind["deg"] < 360
    assert 0 < body["visibility"] <= 10000
    whole = (main["pressure"], main["humidity"], body["clouds"]["all"], wind["deg"], body["visibility"], body["dt"])
    assert all(type(number) is int for number in whole)
    check_words(sky, body["clouds"]["all"], day)
    check_precipitation(body, sky["id"], span)


def check_words(sky, clouds, day):
    """Id, main, description and icon belong together, and to the clouds if it is dry."""
    assert (sky["main"], sky["description"], sky["icon"][:2]) == WORDS[sky["id"]]
    assert sky["icon"][2] == ("d" if day else "n")
    if sky["id"] >= 800:
        low, high = {800: (0, 10), 801: (11, 24), 802: (25, 50), 803: (51, 84), 804: (85, 100)}[sky["id"]]
        assert low <= clouds <= high


def check_precipitation(body, code, span):
    """There is rain or snow exactly with an id that says so, snow only where it is cold, rain only where it is not."""
    fallen = {kind: body[kind] for kind in ("rain", "snow") if kind in body}
    assert set(fallen) == {5: {"rain"}, 6: {"snow"}}.get(code // 100, set())
    assert all(set(amounts) == {span} and 0.1 <= amounts[span] < 100 for amounts in fallen.values())
    assert not fallen or ("snow" in fallen) == (body["main"]["temp"] < 1)


@pytest.mark.slow
@given(st.floats(-90, 90), st.floats(-180, 180), st.integers(at("2020-12-01"), at("2040-12-31")))
@settings(max_examples=60, deadline=None)
def test_every_place_and_time_is_plausible(latitude, longitude, now):
    """All over the Earth every number lies within bounds and fits the others; the air has its eight substances."""
    place = {"lat": latitude, "lon": longitude, "units": "metric"}
    point = Coordinates(round(latitude, 4), round(longitude, 4))
    body = weather(now, **place)
    assert now - 600 < body["dt"] <= now
    check_sky(body, "1h", is_day(point, datetime.fromtimestamp(body["dt"], UTC)))
    for step in forecast(now, cnt=9, **place)["list"]:
        check_sky(step, "3h", is_day(point, datetime.fromtimestamp(step["dt"], UTC)))
        assert 0 <= step["pop"] <= 1
        assert step["pop"] > 0 or not {"rain", "snow"} & step.keys()
    (entry,) = ask("/data/2.5/air_pollution", now, lat=latitude, lon=longitude).json()["list"]
    assert set(entry["components"]) == {"co", "no", "no2", "o3", "so2", "pm2_5", "pm10", "nh3"}
    assert all(0 <= amount < 1000 for amount in entry["components"].values())
    assert entry["main"] == {"aqi": air_class(entry["components"])}


def test_units_are_converted():
    """Standard is kelvin and m/s, metric °C and m/s, imperial °F and miles an hour; all else is the same in each."""
    standard, metric, imperial = (weather(q="London", units=units) for units in ("standard", "metric", "imperial"))
    assert weather(q="London") == standard == weather(q="London", units="")
    for name in ("temp", "feels_like", "temp_min", "temp_max"):
        celsius = metric["main"].pop(name)
        assert standard["main"].pop(name) == pytest.approx(celsius + 273.15, abs=0.01)
        assert imperial["main"].pop(name) == pytest.approx(celsius * 9 / 5 + 32, abs=0.02)
    for name in ("speed", "gust"):
        speed = metric["wind"].pop(name)
        assert standard["wind"].pop(name) == speed
        assert imperial["wind"].pop(name) == pytest.approx(speed * 3600 / 1609.344, abs=0.02)
    assert standard == metric == imperial


def test_the_suns_day_is_the_places_own():
    """Sunrise and sunset are those of the date that clocks show at the place, whatever the hour in Greenwich."""
    for now in range(at("2025-01-10"), at("2025-01-11"), 3 * HOUR):
        body = weather(now, q="Sydney")
        assert body["timezone"] == 11 * HOUR
        moments = (now, body["sys"]["sunrise"], body["sys"]["sunset"])
        assert len({datetime.fromtimestamp(t + 11 * HOUR, UTC).date() for t in moments}) == 1
        assert body["weather"][0]["icon"][2] == ("d" if moments[1] < body["dt"] < moments[2] else "n")


@pytest.mark.parametrize("latitude", [78.2, -78.2])
@pytest.mark.parametrize("date", ["2025-06-20 12:00", "2025-12-20 12:00"])
def test_polar_day_and_night_have_neither_sunrise_nor_sunset(latitude, date):
    """OpenWeatherMap sends 0 for both, and the icons stay those of day or of night all day long."""
    body = forecast(at(date), lat=latitude, lon=15.6)
    assert body["city"]["sunrise"] == body["city"]["sunset"] == 0
    summer = (latitude > 0) == ("-06-" in date)
    assert {step["sys"]["pod"] for step in body["list"]} == {"d" if summer else "n"}


def members(body, *but):
    """The names of members, and below "main" and "wind" of theirs; rain and snow are there when they fall."""
    names = set(body) - {"rain", "snow", *but}
    return " ".join(sorted(names)), " ".join(sorted(body["main"])), " ".join(sorted(body["wind"]))


MAIN, WIND = "feels_like grnd_level humidity pressure sea_level temp {}temp_max temp_min", "deg gust speed"


def test_current_weather_has_openweathermaps_shape():
    """The members of /weather, as recorded in 2025, with the asked point, and `cod` an integer."""
    body = weather(lat=51.50735, lon=-0.12776)
    assert members(body) == (
        "base clouds cod coord dt id main name sys timezone visibility weather wind", MAIN.format(""), WIND
    )  # fmt: skip
    assert set(body["sys"]) == {"country", "sunrise", "sunset"}
    assert body["coord"] == {"lat": 51.5074, "lon": -0.1278}
    assert (body["name"], body["sys"]["country"], body["timezone"], body["cod"]) == ("London", "GB", 0, 200)


def test_forecast_has_openweathermaps_shape():
    """The members of /forecast and of its steps, with `cod` a string."""
    body = forecast(at("2025-07-01"), q="London")
    assert set(body) == {"cod", "message", "cnt", "list", "city"}
    assert (body["cod"], body["message"], body["cnt"]) == ("200", 0, 40)
    assert set(body["city"]) == set("id name coord country population timezone sunrise sunset".split())
    assert (body["city"]["name"], body["city"]["country"], body["city"]["timezone"]) == ("London", "GB", HOUR)
    names = "clouds dt dt_txt main pop sys visibility weather wind"
    assert {members(step) for step in body["list"]} == {(names, MAIN.format("temp_kf "), WIND)}
    assert all(step["sys"].keys() == {"pod"} for step in body["list"])


@pytest.mark.parametrize(
    ("now", "first"),
    [
        ("2025-03-20 18:27:56", "2025-03-20 21:00:00"),
        ("2025-03-20 20:59:59", "2025-03-20 21:00:00"),
        ("2025-03-20 21:00:00", "2025-03-21 00:00:00"),
    ],
)
def test_forecast_begins_at_the_next_mark_and_goes_on_in_threes(now, first):
    """Forty steps on 00, 03, … 21 UTC, the first of them still to come."""
    steps = forecast(at(now), q="London")["list"]
    assert steps[0]["dt_txt"] == first
    assert [step["dt"] for step in steps] == [at(first) + n * 3 * HOUR for n in range(40)]
    assert all(at(step["dt_txt"]) == step["dt"] for step in steps)


@pytest.mark.parametrize(("cnt", "count"), [("1", 1), ("7", 7), ("99", 40), ("0", 1), ("many", 40), ("", 40)])
def test_cnt_limits_the_forecast(cnt, count):
    """`cnt` is honoured from 1 to 40; nonsense is as good as nothing."""
    body = forecast(q="London", cnt=cnt)
    assert body["cnt"] == len(body["list"]) == count


def test_the_wild_has_no_name():
    """Far from any town `name` is empty, and the country is missing from /weather and empty in /forecast."""
    now, later = weather(lat=-48, lon=-123), forecast(lat=-48, lon=-123)["city"]
    assert (now["name"], "country" in now["sys"], now["id"]) == ("", False, 0)
    assert (later["name"], later["country"], later["id"]) == ("", "", 0)


def test_air_is_told_for_now_for_four_days_and_for_the_past():
    """One entry for this hour, 96 for the hours from it on, and the past in order: hour by hour, all of one climate."""
    this_hour = NOW // HOUR * HOUR
    assert [entry["dt"] for entry in air()] == [this_hour]
    later = air("/forecast")
    assert [entry["dt"] for entry in later] == [this_hour + n * HOUR for n in range(96)]
    past = air("/history", NOW + 9 * HOUR, start=this_hour - 1, end=this_hour + 5 * HOUR)
    assert past == later[:6]
    assert later[0] == air()[0]


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        (NOW - 10 * DAY, NOW, 240),
        (NOW - 90 * DAY, NOW, 500),
        (NOW - HOUR, NOW + 9 * DAY, 1),  # the future is no history
        (NOW, NOW - DAY, 0),
        (at("2019-01-01"), at("2020-11-27") + HOUR, 2),  # there is none before 27 November 2020
        ("soon", "later", 0),
        ("-inf", "1e400", 500),
    ],
)
def test_history_of_the_air_keeps_its_bounds(start, end, count):
    """No more than 500 hours, none before OpenWeatherMap's archive and none to come."""
    entries = air("/history", start=start, end=end)
    assert len(entries) == count
    assert entries == sorted(entries, key=lambda entry: entry["dt"])
    assert all(at("2020-11-27") <= entry["dt"] <= NOW for entry in entries)


def test_geocoding_finds_by_name_and_by_point():
    """OpenWeatherMap's members, `state` only where it is known, at most five places; none is an empty list."""
    london = {"name": "London", "lat": 51.50853, "lon": -0.12574, "country": "GB", "state": "England"}
    assert ask("/geo/1.0/direct", q="London,GB").json() == [london]
    assert ask("/geo/1.0/reverse", lat=51.4, lon=-0.1, limit=1).json() == [london]
    found = ask("/geo/1.0/direct", q="Portland", limit=50).json()
    assert ["state" in place for place in found] == [True, False, False, False, False]
    assert len(ask("/geo/1.0/direct", q="Portland", limit=2).json()) == 2
    for answer in (ask("/geo/1.0/direct", q="Atlantis"), ask("/geo/1.0/reverse", lat=-48, lon=-123)):
        assert (answer.status_code, answer.json()) == (200, [])


def test_names_are_places_too():
    """`q` gives the weather of the place of that name, at its own coordinates and in its own time."""
    body = weather(q="Sydney")
    assert body["coord"] == {"lat": -33.8679, "lon": 151.2073}
    assert weather(q="London")["coord"] == {"lat": 51.5085, "lon": -0.1257}  # four decimals, as upstream's
    assert (body["name"], body["timezone"]) == ("Sydney", 11 * HOUR)
    assert forecast(q="Sydney")["city"]["coord"] == body["coord"]


def test_the_time_zone_of_a_point_is_asked_for():
    """The offset is that of the zone given for the point, now."""
    asked = []

    def timezone(where):
        asked.append(where)
        return "+05:45"

    app = demo(lambda: NOW, lambda name: [], lambda where: None, timezone)

    async def get():
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://demo") as client:
            return await client.get("/data/2.5/weather", params={"lat": 27.71234, "lon": 85.3})

    assert asyncio.run(get()).json()["timezone"] == 20700
    assert asked == [Coordinates(27.7123, 85.3)]


@pytest.mark.parametrize(
    ("path", "params", "status", "message"),
    [
        ("/data/2.5/weather", {"q": "", "lat": ""}, 400, "Nothing to geocode"),
        ("/data/2.5/weather", {"lat": "90.1", "lon": "0"}, 400, "wrong latitude"),
        ("/data/2.5/weather", {"lat": "nan", "lon": "0"}, 400, "wrong latitude"),
        ("/data/2.5/air_pollution", {"lon": "0"}, 400, "wrong latitude"),
        ("/data/2.5/forecast", {"lat": "0", "lon": "inf"}, 400, "wrong longitude"),
        ("/data/2.5/air_pollution/history", {"lat": "0"}, 400, "wrong longitude"),
        ("/data/2.5/weather", {"q": "Atlantis"}, 404, "city not found"),
        ("/data/2.5/forecast", {"zip": "99999,US"}, 404, "city not found"),
        ("/geo/1.0/direct", {}, 400, "Nothing to geocode"),
        ("/geo/1.0/zip", {"zip": "99999,US"}, 404, "not found"),
        ("/data/3.0/onecall", {"lat": "0", "lon": "0"}, 404, "Internal error"),
    ],
)
def test_errors_are_in_openweathermaps_words(path, params, status, message):
    """The status, and a body with `cod` as a string."""
    answer = ask(path, **params)
    assert answer.status_code == status
    assert answer.json() == {"cod": str(status), "message": message}
    assert answer.headers["content-type"] == "application/json; charset=utf-8"


def test_answers_are_json_for_any_key_and_language():
    """Any `appid` or none will do, `lang` and what is unknown changes nothing, and the type is OpenWeatherMap's."""
    plain, keyed = (
        ask("/data/2.5/weather", q="London"),
        ask("/data/2.5/weather", q="London", appid="x", lang="fr", a="b"),
    )
    assert plain.content == keyed.content
    assert plain.headers["content-type"] == "application/json; charset=utf-8"


def test_invented_weather_is_never_fresh():
    """A part says `demo`, and so does the whole of such parts; an old part makes the whole stale."""
    moment = datetime(2026, 11, 24, 12, tzinfo=UTC)
    parts = [Freshness(state, "demo", None, moment, moment) for state in ("fresh", "demo", "stale")]
    assert [overall(some).state for some in (parts[:1], parts[:2], parts)] == ["fresh", "demo", "stale"]


@pytest.mark.slow
@pytest.mark.anyio
@pytest.mark.parametrize(
    "path",
    [
        "/forecast/51.51,-0.13",
        "/forecast/51.51,-0.13/card",
        "/forecast/51.51,-0.13/calendar.ics",
        "/51.51,-0.13",
        "/api/v1/forecast?lat=51.51&lon=-0.13",
        "/data/2.5/weather?lat=51.51&lon=-0.13",
    ],
)
async def test_what_is_invented_credits_nobody_and_blames_no_plan(tmp_path, path):
    """No link to OpenWeatherMap, no word of what its products lack: the demo speaks of itself."""
    async with running(Upstream(), Clock(), tmp_path / "cache", key="") as client:
        answer = await client.get(path, headers={"User-Agent": "curl/8.0"})
    assert answer.status_code == 200
    assert "openweathermap.org" not in answer.text + answer.headers.get("link", "")
    assert "OpenWeatherMap's" not in answer.text and "OpenWeatherMap&#39;s" not in answer.text


@pytest.mark.anyio
async def test_the_demo_says_that_it_invents_no_warnings(tmp_path):
    """And that there may be some in force all the same."""
    async with running(Upstream(), Clock(), tmp_path / "cache", key="") as client:
        body = (await client.get("/api/v1/forecast?lat=51.51&lon=-0.13")).json()
    gap = next(gap for gap in body["missing"] if gap["section"] == "alerts")
    assert gap["detail"].startswith("The demo does not invent weather warnings. There may be some in force")
    assert (gap["reason"], body["attributions"][0]["url"]) == ("not_available", None)
