"""wttr.in's JSON (`format=j1`), the shape that status bars read: all values are text, "" for what is not known. Pure.

Beside wttr.in's members stand `freshness` and `attribution`; the words of the weather now say when they are old.
"""

from collections.abc import Callable
from datetime import UTC
from math import cos, pi
from typing import Any

from weather.domain.model import Conditions, DailyForecast, Place
from weather.domain.precipitation import Kind, step_kind
from weather.domain.rounding import round_half
from weather.domain.units import in_unit, point
from weather.i18n.sun_and_moon import PHASES
from weather.i18n.territories import territory
from weather.web.api import model
from weather.web.api.sections import to_come
from weather.web.terminal.codes import POINTS, wwo_code
from weather.web.terminal.three_hourly import Day, Moment, by_time, three_days
from weather.web.terminal.view import View
from weather.web.view.place_names import name_of

Body = dict[str, Any]
CLOCK = "%I:%M %p"
FROZEN = frozenset({Kind.SNOW, Kind.SLEET})


def body(view: View) -> Body:
    """The whole answer, as JSON has it."""
    return {
        "current_condition": [current_condition(view)],
        "nearest_area": [area(view.place, view)],
        "request": [{"query": request(view.place), "type": "LatLon"}],
        "weather": [day(a_day, view) for a_day in three_days(view)],
        "freshness": model.freshness(view.report, to_come(view.report, view.as_of)),
        "attribution": [credit.text for credit in model.attributions(view.report, view.reader.language.text)],
    }


def text(value: float | None, decimals: int = 0) -> str:
    """A number as text, never "-0"; "" where it is not known."""
    return "" if value is None else f"{round_half(value, decimals) + 0.0:.{decimals}f}"


def measured(value: float | None, unit: str, decimals: int = 0) -> str:
    return text(None if value is None else in_unit(value, unit), decimals)


def both(name: str, celsius: float | None) -> Body:
    """A temperature under its two names."""
    return {f"{name}C": measured(celsius, "°C"), f"{name}F": measured(celsius, "°F")}


def worded(words: str) -> list[Body]:
    return [{"value": words}]


def common(conditions: Conditions | None, view: View) -> Body:
    """What stands of now and of every moment."""
    get: Callable[[str], float | None] = lambda name: getattr(conditions, name, None)  # noqa: E731
    direction, speed, water = get("wind_direction"), get("wind_speed"), get("precipitation")
    return {
        **both("FeelsLike", get("feels_like")),
        "cloudcover": text(get("cloud_cover")),
        "humidity": text(get("humidity")),
        "precipInches": measured(water, "in", 2),
        "precipMM": measured(water, "mm", 1),
        "pressure": measured(get("pressure"), "hPa"),
        "pressureInches": measured(get("pressure"), "inHg", 2),
        "uvIndex": text(get("uv_index")),
        "visibility": measured(get("visibility"), "km"),
        "visibilityMiles": measured(get("visibility"), "mi"),
        "weatherIconUrl": worded(""),
        "winddir16Point": "" if direction is None else POINTS[point(direction)],
        "winddirDegree": text(direction),
        "windspeedKmph": measured(speed, "km/h"),
        "windspeedMiles": measured(speed, "mph"),
    }


def described(words: str, code: int | None, view: View) -> Body:
    """The code and the words of a condition, in the reader's language under wttr.in's name for it too."""
    entry = {"weatherCode": "" if code is None else str(code), "weatherDesc": worded(words)}
    language = view.reader.language.code
    return entry if language == "en" else entry | {f"lang_{language}": worded(words)}


def in_words(conditions: Conditions | None, view: View) -> str:
    sky = conditions.condition if conditions else None
    return view.reader.language.capitalised(view.reader.say(sky.text)) if sky else ""


def present(view: View) -> tuple[Conditions | None, bool]:
    """Now, and whether it is read from the forecast, as where the source told nothing else."""
    if view.current:
        return view.current, view.current.basis == "forecast"
    return next(iter(by_time(view).values()), None), True


def current_condition(view: View) -> Body:
    """Now; the age of what is old, or "demo", stands behind a comma, where bars that read the first word do not."""
    conditions, is_forecast = present(view)
    sky = in_words(conditions, view)
    words = view.reader.say("Forecast for now: {words}", words=sky) if sky and is_forecast else sky
    local, utc = (conditions.time.astimezone(view.tz), conditions.time.astimezone(UTC)) if conditions else (None, None)
    return {
        **common(conditions, view),
        **described(
            ", ".join(filter(None, [words, view.mark()])), wwo_code(conditions.condition if conditions else None), view
        ),
        "localObsDateTime": f"{local:%Y-%m-%d {CLOCK}}" if local else "",
        "observation_time": f"{utc:{CLOCK}}" if utc else "",
        "temp_C": measured(conditions.temperature if conditions else None, "°C"),
        "temp_F": measured(conditions.temperature if conditions else None, "°F"),
    }


def area(place: Place, view: View) -> Body:
    return {
        "areaName": worded(name_of(place, view.reader)),
        "country": worded(territory(place.country, view.reader.language.code) or ""),
        "latitude": f"{place.latitude:.3f}",
        "longitude": f"{place.longitude:.3f}",
        "population": "",
        "region": worded(place.state or ""),
        "weatherUrl": worded(""),
    }


def request(place: Place) -> str:
    return f"Lat {place.latitude:.2f} and Lon {place.longitude:.2f}"


def day(a_day: Day, view: View) -> Body:
    forecast = a_day.forecast
    low, high = forecast.temperature_min, forecast.temperature_max
    mean = None if low is None or high is None else (low + high) / 2
    return {
        "astronomy": [astronomy(forecast)],
        **both("avgtemp", mean),
        "date": forecast.date.isoformat(),
        "hourly": [hour(moment, forecast, view) for moment in a_day.moments],
        **both("maxtemp", forecast.temperature_max),
        **both("mintemp", forecast.temperature_min),
        "sunHour": "",
        "totalSnow_cm": measured(forecast.snowfall, "cm", 1),
        "uvIndex": text(forecast.uv_index_max),
    }


def astronomy(forecast: DailyForecast) -> Body:
    """Sun and moon of a day. Names of phases are wttr.in's English ones, by which bars look up a symbol."""
    phase = forecast.moon_phase
    return {
        "moon_illumination": "" if phase is None else text(illumination(phase)),
        "moon_phase": "" if phase is None else PHASES[int(round_half(phase * 8)) % 8].title(),
        **{
            name: f"{at:{CLOCK}}" if (at := getattr(forecast, name)) else f"No {name}"
            for name in ("moonrise", "moonset", "sunrise", "sunset")
        },
    }


def illumination(phase: float) -> float:
    """Per cent of the moon's disc that is lit, by the angle between it and the sun (Meeus, chapter 48)."""
    return 50 * (1 - cos(2 * pi * phase))


def hour(moment: Moment, today: DailyForecast, view: View) -> Body:
    """A moment of a day. One of which nothing is known any more has its day's code: bars look it up in a table."""
    conditions = moment.conditions
    code = wwo_code(conditions.condition if conditions else today.condition)
    kind = step_kind(conditions) if conditions else None
    return {
        **common(conditions, view),
        **described(in_words(conditions, view), code, view),
        **both("DewPoint", conditions.dew_point if conditions else None),
        **both("HeatIndex", None),
        **both("WindChill", None),
        "WindGustKmph": measured(conditions.wind_gust if conditions else None, "km/h"),
        "WindGustMiles": measured(conditions.wind_gust if conditions else None, "mph"),
        **dict.fromkeys(CHANCES, ""),
        "chanceofrain": "" if kind in FROZEN else text(moment.chance),
        "chanceofsnow": text(moment.chance) if kind in FROZEN else "",
        "diffRad": "",
        "shortRad": "",
        **both("temp", conditions.temperature if conditions else None),
        "time": str(moment.hour * 100),
    }


CHANCES = tuple(
    f"chanceof{what}"
    for what in ("fog", "frost", "hightemp", "overcast", "rain", "remdry", "snow", "sunshine", "thunder", "windy")
)
"""Chances that wttr.in tells; but those of rain and snow no source here knows them."""
