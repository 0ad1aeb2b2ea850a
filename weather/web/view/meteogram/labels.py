"""The words of the meteogram: those that it shows, and those that the pointer is told of a step."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from weather.domain.calendar_day import begin_of
from weather.domain.model import HourlyForecast
from weather.domain.precipitation import Kind, is_trace, kind_of_code
from weather.domain.units import System, point


@dataclass(frozen=True, slots=True)
class Labels:
    """Every word that the drawing shows, in the reader's language; what stands in braces is filled in."""

    temperature: str
    feels_like: str
    rain: str
    snow: str
    sleet: str
    freezing_rain: str
    now: str
    step: str
    felt: str
    traces: str
    as_water: str
    depth: str
    fallen: str
    fallen_in_hour: str
    chance: str
    wind: str
    wind_from: str
    gusts: str
    nothing: str
    comma: str
    weekdays: Sequence[str]
    compass: Sequence[str]
    clock: Callable[[datetime], str]
    hour: Callable[[datetime], str]
    number: Callable[[float, str], str]
    say: Callable[[str], str]
    unit: Callable[[str], str]
    percent: Callable[[float], str]
    steps: Callable[[int], str]


def step_words(hour: HourlyForecast, system: System, labels: Labels) -> str:
    """All that is known of a step: "Tuesday 15:00: 12 °C, precipitation 0.4 mm from 12:00 to 15:00, wind 14 km/h"."""
    parts = [*sky_words(hour, system, labels), *fall_words(hour, system, labels), *wind_words(hour, system, labels)]
    day = labels.weekdays[hour.time.weekday()]
    return labels.step.format(
        day=day, time=labels.clock(hour.time), told=labels.comma.join(parts) if parts else labels.nothing
    )


def sky_words(hour: HourlyForecast, system: System, labels: Labels) -> list[str]:
    parts = [amount(hour.temperature, system.temperature, labels)] if hour.temperature is not None else []
    if hour.feels_like is not None:
        parts.append(labels.felt.format(temperature=amount(hour.feels_like, system.temperature, labels)))
    return [*parts, labels.say(hour.condition.text)] if hour.condition else parts


def fall_words(hour: HourlyForecast, system: System, labels: Labels) -> list[str]:
    parts = []
    if hour.precipitation is not None:
        start = (begin_of(hour), hour.time.tzinfo)
        pattern = labels.fallen_in_hour if hour.interval_hours == 1 else labels.fallen
        parts.append(
            pattern.format(
                amount=water(hour, hour.precipitation, system, labels),
                start=labels.clock(datetime.fromtimestamp(*start)),
                end=labels.clock(hour.time),
            )
        )
    if hour.snowfall and labels.number(hour.snowfall, system.snowfall) != "0":
        parts.append(labels.depth.format(depth=amount(hour.snowfall, system.snowfall, labels)))
    if hour.precipitation_probability is not None:
        parts.append(labels.chance.format(chance=labels.percent(hour.precipitation_probability)))
    return parts


def water(hour: HourlyForecast, fallen: float, system: System, labels: Labels) -> str:
    """An amount; of snow with the words that it is no depth."""
    if is_trace(fallen, system.precipitation):
        return labels.traces
    text = amount(fallen, system.precipitation, labels)
    kind = kind_of_code(hour.condition.code) if hour.condition else None
    return labels.as_water.format(amount=text) if fallen and kind in (Kind.SNOW, Kind.SLEET) else text


def wind_words(hour: HourlyForecast, system: System, labels: Labels) -> list[str]:
    parts = []
    if hour.wind_speed is not None:
        pattern = labels.wind if hour.wind_direction is None else labels.wind_from
        origin = "" if hour.wind_direction is None else labels.compass[point(hour.wind_direction)]
        parts.append(pattern.format(speed=amount(hour.wind_speed, system.wind_speed, labels), direction=origin))
    if hour.wind_gust is not None:
        parts.append(labels.gusts.format(speed=amount(hour.wind_gust, system.wind_speed, labels)))
    return parts


def amount(number: float, symbol: str, labels: Labels) -> str:
    return f"{labels.number(number, symbol)}\u00a0{labels.unit(symbol)}"
