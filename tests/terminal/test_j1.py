"""wttr.in's JSON: its members, all text; what wttrbar reads; and what is not known, or old."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest
from states import HOUR, LONDON, NOW, STATES, current, hours, missing, report

from weather.domain.conditions import TEXTS, condition
from weather.domain.units import SYSTEMS
from weather.i18n.formatting import Formatter
from weather.i18n.language import language
from weather.web.terminal.codes import wwo_code
from weather.web.terminal.j1 import body, illumination
from weather.web.terminal.view import view_of

OF_WTTR = {
    113, 116, 119, 122, 143, 176, 179, 182, 185, 200, 227, 230, 248, 260, 263, 266, 281, 284, 293, 296, 299, 302, 305,
    308, 311, 314, 317, 320, 323, 326, 329, 332, 335, 338, 350, 353, 356, 359, 362, 365, 368, 371, 374, 377, 386, 389,
    392, 395,
}  # fmt: skip
"""The codes that wttr.in has, and that wttrbar looks up: it dies of any other."""

NOW_KEYS = """FeelsLikeC FeelsLikeF cloudcover humidity localObsDateTime observation_time precipInches precipMM pressure
pressureInches temp_C temp_F uvIndex visibility visibilityMiles weatherCode weatherDesc weatherIconUrl winddir16Point
winddirDegree windspeedKmph windspeedMiles""".split()
HOUR_KEYS = """DewPointC DewPointF FeelsLikeC FeelsLikeF HeatIndexC HeatIndexF WindChillC WindChillF WindGustKmph
WindGustMiles chanceoffog chanceoffrost chanceofhightemp chanceofovercast chanceofrain chanceofremdry chanceofsnow
chanceofsunshine chanceofthunder chanceofwindy cloudcover diffRad humidity precipInches precipMM pressure
pressureInches shortRad tempC tempF time uvIndex visibility visibilityMiles weatherCode weatherDesc weatherIconUrl
winddir16Point winddirDegree windspeedKmph windspeedMiles""".split()
DAY_KEYS = "astronomy avgtempC avgtempF date hourly maxtempC maxtempF mintempC mintempF sunHour totalSnow_cm uvIndex"
SKY_KEYS = {"moon_illumination", "moon_phase", "moonrise", "moonset", "sunrise", "sunset"}
AREA_KEYS = {"areaName", "country", "latitude", "longitude", "population", "region", "weatherUrl"}
CLOCK = re.compile(r"(0[1-9]|1[0-2]):[0-5][0-9] [AP]M")


def told(of, lang: str = "en") -> dict:
    view = view_of(of, Formatter(language(lang), SYSTEMS["metric"]), NOW.timestamp())
    return json.loads(msgspec.json.encode(body(view)))


def leaves(value) -> list:
    if isinstance(value, dict):
        return [leaf for one in value.values() for leaf in leaves(one)]
    return [leaf for one in value for leaf in leaves(one)] if isinstance(value, list) else [value]


HOURLY = report(hourly=hours(UTC, NOW.replace(minute=0, second=0) + HOUR, 90, 1, cloud_cover=60.0))


def test_the_members_are_wttrs():
    """As wttr.in's answer has them, and all values text."""
    answer = told(HOURLY)
    assert set(answer["current_condition"][0]) == set(NOW_KEYS)
    assert set(answer["nearest_area"][0]) == AREA_KEYS
    assert [set(day) for day in answer["weather"]] == [set(DAY_KEYS.split())] * 3
    assert all(set(hour) == set(HOUR_KEYS) for day in answer["weather"] for hour in day["hourly"])
    assert [hour["time"] for hour in answer["weather"][1]["hourly"]] == [str(n * 300) for n in range(8)]
    assert set(answer["weather"][0]["astronomy"][0]) == SKY_KEYS
    ours = {"freshness", "attribution"}
    assert all(isinstance(leaf, str) for leaf in leaves({k: v for k, v in answer.items() if k not in ours}))


def test_now_in_numbers():
    """11.6 °C and 52.88 °F, 5 m/s are 18 km/h and 11.2 mph, 225° is SW, id 500 is "light rain" (296)."""
    now = told(STATES["fresh"])["current_condition"][0]
    assert (now["temp_C"], now["temp_F"], now["FeelsLikeC"], now["FeelsLikeF"]) == ("12", "53", "9", "48")
    assert (now["windspeedKmph"], now["windspeedMiles"], now["winddir16Point"]) == ("18", "11", "SW")
    assert (now["weatherCode"], now["weatherDesc"]) == ("296", [{"value": "Light rain"}])
    assert (now["observation_time"], now["localObsDateTime"]) == ("02:15 PM", "2026-11-24 02:15 PM")


def test_what_is_not_known_is_empty():
    """Never a zero; the cover, humidity and rain of this report are not told."""
    now = told(STATES["fresh"])["current_condition"][0]
    assert [now[name] for name in ("humidity", "cloudcover", "precipMM", "uvIndex", "visibility")] == [""] * 5


def test_the_time_of_the_place_is_told_beside_utc():
    noon_in_tokyo = replace(LONDON, name="Tokyo", country="JP", timezone="Asia/Tokyo")
    now = told(report(noon_in_tokyo))["current_condition"][0]
    assert (now["observation_time"], now["localObsDateTime"]) == ("02:15 PM", "2026-11-24 11:15 PM")


def test_a_moment_has_the_three_hours_from_it_on():
    """Steps of an hour fall by a tenth of a degree; the fourth, which ends at 18:00, brings 2.4 mm."""
    today, tomorrow, _ = told(HOURLY)["weather"]
    at_15 = next(hour for hour in today["hourly"] if hour["time"] == "1500")
    assert (at_15["tempC"], at_15["precipMM"], at_15["chanceofrain"]) == ("7", "2.4", "80")
    assert (at_15["weatherDesc"], at_15["weatherCode"]) == ([{"value": "Moderate rain"}], "302")
    assert (tomorrow["hourly"][0]["precipMM"], tomorrow["hourly"][0]["chanceofrain"]) == ("0.0", "0")


def test_the_running_three_hours_tell_what_is_known_of_now():
    """It is 14:25: of noon's three hours the weather now is known, of nine o'clock's nothing but the day's code."""
    today = told(HOURLY)["weather"][0]["hourly"]
    assert (today[4]["time"], today[4]["tempC"]) == ("1200", "12")
    assert (today[3]["tempC"], today[3]["weatherDesc"]) == ("", [{"value": ""}])
    assert int(today[3]["weatherCode"]) in OF_WTTR


def test_hours_that_have_gone_by_are_told_where_they_are_known():
    """A source that keeps today's steps tells those of nine o'clock."""
    gone = hours(UTC, datetime(2026, 11, 24, tzinfo=UTC), 15, 1, temperature=3.0)
    today = told(replace(HOURLY, past=gone))["weather"][0]["hourly"]
    assert [hour["tempC"] for hour in today[:5]] == ["3"] * 5


def test_of_the_hours_ahead_none_is_unknown():
    answer = told(HOURLY)
    assert all(hour["tempC"] for day in answer["weather"][1:] for hour in day["hourly"])


def test_times_of_sun_and_moon_are_wttrs():
    """Twelve hours with AM or PM, as wttrbar parses them; "No sunrise" where there is none."""
    sky = told(STATES["fresh"])["weather"][0]["astronomy"][0]
    assert all(CLOCK.fullmatch(sky[name]) for name in ("sunrise", "sunset", "moonrise", "moonset"))
    assert (sky["sunrise"], sky["moon_phase"]) == ("07:33 AM", "Full Moon")
    assert told(STATES["polar night"])["weather"][0]["astronomy"][0]["sunrise"] == "No sunrise"


@pytest.mark.parametrize(("phase", "lit"), [(0.0, 0), (0.25, 50), (0.5, 100), (0.75, 50), (1 / 6, 25)])
def test_the_lit_part_of_the_moon(phase, lit):
    """Half of it in its quarters; a quarter of it at 60° from the sun: (1 - cos 60°) / 2."""
    assert illumination(phase) == pytest.approx(lit)


def test_every_condition_has_one_of_wttrs_codes():
    """Also ids that are in no table, by their hundred."""
    assert {wwo_code(condition(id, None, True)) for id in [*TEXTS, 599, 699, 299]} <= OF_WTTR


def test_old_words_say_so_behind_a_comma():
    """wttrbar's class is what stands before the comma, its tooltip the whole."""
    answer = told(STATES["stale, upstream-timeout"])
    assert answer["current_condition"][0]["weatherDesc"] == [{"value": "Light rain, 3 h 20 min ago"}]
    assert answer["freshness"]["state"] == "stale"


def test_another_language_stands_under_wttrs_name_for_it():
    now = told(STATES["fresh"], "de")["current_condition"][0]
    assert now["lang_de"] == [{"value": "Leichter Regen"}]


def test_without_the_weather_now_it_is_read_from_the_forecast():
    """And says so."""
    now = told(
        report(
            hourly=hours(UTC, NOW.replace(minute=0, second=0) + HOUR, 90, 1, cloud_cover=60.0),
            current=missing("current"),
        )
    )["current_condition"][0]
    assert (now["temp_C"], now["weatherDesc"]) == ("7", [{"value": "Forecast for now: Cloudy"}])


def test_snow_is_no_chance_of_rain():
    cold = hours(UTC, NOW.replace(minute=0, second=0) + HOUR, 90, 1, temperature=-3.0, precipitation=0.5)
    snow = tuple(replace(one, condition=condition(600, None, True), precipitation_probability=70.0) for one in cold)
    at_18 = told(report(current=current(), hourly=snow))["weather"][0]["hourly"][6]
    assert (at_18["chanceofsnow"], at_18["chanceofrain"], at_18["weatherCode"]) == ("70", "", "326")


def test_thunder_within_the_three_hours_is_not_lost():
    """A thunderstorm between two cloudy moments is the weather of its three hours."""
    steps = list(hours(UTC, NOW.replace(minute=0, second=0) + HOUR, 90, 1))
    storm = replace(steps[5], condition=condition(211, None, True), precipitation=6.0, precipitation_probability=90.0)
    assert storm.time == datetime(2026, 11, 24, 20, tzinfo=UTC)
    steps[5] = storm
    at_18 = told(report(hourly=tuple(steps)))["weather"][0]["hourly"][6]
    assert (at_18["weatherCode"], at_18["precipMM"]) == ("200", "6.0")


def test_a_day_of_25_hours_has_eight_moments():
    """The clocks go back on 25 October 2026 in Berlin."""
    berlin = replace(LONDON, name="Berlin", country="DE", timezone="Europe/Berlin")
    start = datetime(2026, 10, 24, 12, tzinfo=UTC)
    steps = hours(UTC, start, 90, 1)
    view = view_of(report(berlin, hourly=steps), Formatter(language("en"), SYSTEMS["metric"]), start.timestamp())
    days = body(view)["weather"]
    assert [len(day["hourly"]) for day in days] == [8, 8, 8] and days[1]["date"] == "2026-10-25"
