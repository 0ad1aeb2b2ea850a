"""What the details say beyond a number: how the pressure changes, the highest UV index, how the day's length does."""

import math
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from fakes import forecast_body, running, weather_body
from states import LONDON, UNKNOWN, current, hours, report, shown

from weather.domain.astronomy import sunlight
from weather.domain.model import Coordinates, HourlyForecast
from weather.domain.pressure_tendency import pressure_tendency
from weather.domain.units import SYSTEMS
from weather.i18n.formatting import Formatter
from weather.i18n.language import language
from weather.i18n.pressure import tendency_words
from weather.i18n.sun_and_moon import daylight_change
from weather.web.view.tiles import tiles

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
READER = Formatter(language("en"), SYSTEMS["metric"])
GREENWICH = Coordinates(51.48, 0.0)


def steps(first: datetime, *pressures: float | None, interval: int = 1) -> tuple[HourlyForecast, ...]:
    """Hours from that moment on."""
    known = [{"time": first + n * interval * HOUR, "pressure": one} for n, one in enumerate(pressures)]
    return tuple(HourlyForecast(**UNKNOWN[HourlyForecast] | {"interval_hours": interval} | one) for one in known)


def test_the_tendency_is_that_of_three_hours():
    """From 09:30 to 12:30, each between two steps: from 1011 to 1005."""
    told = steps(NOON - 3 * HOUR, 1012.0, 1010.0, 1008.0, 1006.0, 1004.0)
    assert pressure_tendency(told, NOON + HOUR / 2) == pytest.approx(-6.0)
    three_hourly = steps(NOON - 6 * HOUR, 1000.0, 1003.0, 1006.0, 1009.0, interval=3)
    assert pressure_tendency(three_hourly, NOON + HOUR) == pytest.approx(3.0)


@pytest.mark.parametrize(
    "told",
    [
        (),
        steps(NOON - HOUR, 1010.0, 1011.0, 1012.0),
        steps(NOON - 3 * HOUR, None, 1010.0, 1010.0, 1010.0, 1010.0),
        steps(NOON - 4 * HOUR, 1010.0, 1010.0, interval=4),
    ],
    ids=["nothing", "not so long", "no number", "a hole"],
)
def test_a_tendency_that_is_not_known_is_not_told(told):
    """Without both ends there is none."""
    assert pressure_tendency(told, NOON) is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (0.04, "steady"),
        (-0.04, "steady"),
        (0.1, "rising slowly"),
        (1.5, "rising slowly"),
        (1.6, "rising"),
        (-3.5, "falling"),
        (-3.6, "falling quickly"),
        (-6.0, "falling quickly"),
        (6.1, "rising very rapidly"),
    ],
)
def test_the_terms_of_the_tendency(change, words):
    """Those of the Met Office's reports from coastal stations, by their bounds."""
    assert tendency_words(change, READER) == f"{words} over 3 hours"


def test_the_details_tell_tendency_and_highest_uv():
    """Beside the pressure and the index of now; of the night row nothing is taken, for its sun is down."""
    day = replace(report().daily.value[0], date=NOON.date(), uv_index_max=3.4)
    past = steps(NOON - HOUR * 3, 1010.0, 1012.0, 1014.0, 1016.0)
    told = replace(report(), daily=replace(report().daily, value=(day,)), past=past)
    said = tiles(current(uv_index=0.4), told, READER, NOON)
    assert (said.pressure_tendency, said.uv_index, said.uv_highest) == (
        "rising quickly over 3 hours",
        "0, low",
        "highest today: 3, moderate",
    )
    assert tiles(current(), replace(report(), daily=None), READER, NOON).uv_highest == ""


def test_the_highest_index_of_today_is_not_below_the_one_now():
    """ "12, extreme" beside "highest today: 0, low" cannot both be."""
    day = replace(report().daily.value[0], date=NOON.date(), uv_index_max=0.4)
    told = replace(report(), daily=replace(report().daily, value=(day,)))
    assert tiles(current(uv_index=11.6), told, READER, NOON).uv_highest == "highest today: 12, extreme"


@pytest.mark.parametrize("units", SYSTEMS)
def test_a_calm_has_no_direction(units):
    """The sentence says calm: the tile does not say from where it blows, in any unit. A storm's gust is no calm."""
    calm = shown(report(current=current(wind_speed=0.2, wind_gust=0.2)), units=units)
    assert "Calm." in calm
    about = calm.partition('<section aria-labelledby="details-title">')[2].partition("</section>")[0]
    assert "from the" not in about and "gusts" not in about
    assert "Calm." not in shown(report(current=current(wind_speed=0.2, wind_gust=20.0)), units=units)


def test_no_output_tells_from_where_a_calm_blows():
    """Nor that it blows up to nothing: strip, drawing, tables and rows of a day and a night without wind."""
    still = {"wind_speed": 0.1, "wind_gust": 0.2, "wind_direction": 225.0}
    page = shown(report(current=current(**still), hourly=hours(UTC, **still)))
    assert "Calm." in page and "from the" not in page and "ind up to 0" not in page and "Gusts up to" not in page
    assert not set("↓↙←↖↑↗→↘") & set(page.partition('<ol class="days">')[2].replace('aria-hidden="true">↓', ""))


def test_no_gust_is_told_that_is_weaker_than_the_mean():
    """OpenWeatherMap has such: 72 km/h with gusts of 36. The wind is told, that gust in no output."""
    odd = {"wind_speed": 20.0, "wind_gust": 10.0, "wind_direction": 225.0}
    page = shown(report(current=current(**odd), hourly=hours(UTC, **odd)))
    assert "72\u00a0km/h" in page and "ind up to 72" in page.replace("\u2068", "")
    assert not re.search(r"<small>36</small>|gusts 36", page)
    assert "gusts 36" not in page.replace("\u2068", "") and "Gusts up to" not in page


def day_length(day: date, at: Coordinates) -> float:
    """Hours of sun by the declination at noon (Astronomical Almanac, low precision) and the upper limb at -50'."""
    n = (datetime(day.year, day.month, day.day, 12, tzinfo=UTC) - datetime(2000, 1, 1, 12, tzinfo=UTC)).days
    g, mean = math.radians(357.528 + 0.9856003 * n), 280.460 + 0.9856474 * n
    ecliptic = math.radians(mean + 1.915 * math.sin(g) + 0.020 * math.sin(2 * g))
    sine = math.sin(math.radians(23.439 - 4e-7 * n)) * math.sin(ecliptic)
    latitude, declination = math.radians(at.latitude), math.asin(sine)
    cosine = (math.sin(math.radians(-50 / 60)) - math.sin(latitude) * sine) / (
        math.cos(latitude) * math.cos(declination)
    )
    return 2 * math.degrees(math.acos(cosine)) / 15


@pytest.mark.parametrize("day", [date(2026, 3, 20), date(2026, 6, 21), date(2026, 11, 24), date(2026, 12, 21)])
def test_the_change_of_the_day_s_length_agrees_with_the_almanac(day):
    """To a few seconds, at the equinox, at the solstices, and in November."""
    before = day - timedelta(days=1)
    change = sunlight(GREENWICH, day, UTC) - sunlight(GREENWICH, before, UTC)
    assert change == pytest.approx(3600 * (day_length(day, GREENWICH) - day_length(before, GREENWICH)), abs=4)


def test_where_the_sun_does_not_rise_the_day_has_no_length():
    """Polar night, polar day, and the last day before either, which has one end only."""
    svalbard = Coordinates(78.22, 15.65)
    assert sunlight(svalbard, date(2026, 12, 21), UTC) is None
    assert sunlight(svalbard, date(2026, 6, 21), UTC) is None


@pytest.mark.parametrize(
    ("today", "before", "words"),
    [
        (30_000.0, 30_130.0, "2 min 10 s shorter than the day before"),
        (30_130.0, 30_000.0, "2 min 10 s longer than the day before"),
        (30_120.0, 30_000.0, "2 min longer than the day before"),
        (30_000.0, 30_009.4, "9 s shorter than the day before"),
        (30_000.0, 30_000.4, "as long as the day before"),
        (30_000.0, None, ""),
        (None, 30_000.0, ""),
    ],
)
def test_the_change_of_the_day_s_length_in_words(today, before, words):
    """In minutes and seconds; nothing where one of the days has no length."""
    assert daylight_change(today, before, READER) == words


def test_a_pollutant_has_a_tile_where_it_is_known_with_its_unit_as_the_language_writes_it():
    """The report's air tells of two substances; Arabic has a name for the unit."""
    page, arabic = shown(report()), shown(report(), "ar")
    assert page.count("µg/m³") == 2 and "4.5\u00a0µg/m³" in page
    assert arabic.count("ميكروغرام/م³") == 2 and "µg" not in arabic


def test_the_page_tells_how_much_shorter_the_day_is():
    """In London on 24 November by the almanac: 2 min 36 s, give or take the almanac's own four."""
    page = shown(report())
    seconds = 3600 * (
        day_length(NOON.date() - timedelta(days=1), LONDON.coordinates) - day_length(NOON.date(), LONDON.coordinates)
    )
    told = [f"{n // 60} min {n % 60} s shorter than the day before" for n in range(int(seconds) - 4, int(seconds) + 5)]
    assert any(words in page for words in told)


@pytest.mark.anyio
@pytest.mark.virtual_time
async def test_openweathermap_s_yesterday_is_what_was_kept_of_it(upstream, clock):
    """Foreseen a day ago: 7.0°; now 12.0°. No call is made for it; without an earlier visit nothing is said."""
    upstream.bodies["/data/2.5/weather"] = lambda q: weather_body(dt=int(clock.now) - 300)
    upstream.bodies["/data/2.5/forecast"] = lambda q: forecast_body(clock.now // 10800 * 10800 + 10800)
    async with running(upstream, clock) as site:
        assert "yesterday at this time" not in (await site.get("/forecast/51.51,-0.13")).text
        clock.now += 27 * 3600 + 300
        before = upstream.by_path
        page = (await site.get("/forecast/51.51,-0.13")).text
        assert "5° warmer than yesterday at this time" in page
        assert upstream.by_path["/data/2.5/forecast"] - before["/data/2.5/forecast"] == 1
        days = (await site.get("/api/v1/daily?lat=51.51&lon=-0.13")).json()["daily"]
        assert days[0]["date"] == "2026-11-25"
