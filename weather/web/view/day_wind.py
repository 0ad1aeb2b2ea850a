"""The strongest wind of a day, for its row, and when it blows. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from weather.domain.beaufort import CALM, told_gust
from weather.domain.model import DailyForecast, HourlyForecast
from weather.i18n.formatting import UNKNOWN, Formatter
from weather.web.view.hour_strip import arrow


class DayWind(NamedTuple):
    """The strongest mean wind with its arrow, and the strongest gust, "" where it is no stronger or not known.

    `words`: both with their names and units. All are "" where no wind is known, and on a day without any.
    """

    arrow: str
    speed: str
    gust: str
    words: str


def day_wind(day: DailyForecast, reader: Formatter) -> DayWind:
    """The wind of a day in the reader's unit."""
    symbol = reader.system.wind_speed
    strongest = told_gust(day.wind_speed_max, day.wind_gust_max)
    if day.wind_speed_max is None or max(day.wind_speed_max, strongest or 0.0) < CALM:
        return DayWind("", "", "", "")
    speed, gust = reader.number(day.wind_speed_max, symbol), reader.number(strongest, symbol)
    gust = "" if gust in (speed, UNKNOWN) else gust
    words = [reader.say("wind up to {speed}", speed=reader.speed(day.wind_speed_max))]
    if gust:
        words.append(reader.say("gusts {speed}", speed=reader.speed(day.wind_gust_max)))
    return DayWind(arrow(day.wind_speed_max, day.wind_direction), speed, gust, reader.listed(words))


def windiest_hours(day: DailyForecast, steps: Sequence[HourlyForecast], reader: Formatter) -> str:
    """When its strongest mean wind and gust blow, in a sentence each; "" where its steps do not tell.

    A day's own number may be of finer steps than are here: then nobody knows the hour. A step that ends with the day
    has no time of day on it.
    """
    own = [step for step in steps if step.time.date() == day.date]
    sentences = []
    wind = max(own, key=lambda step: step.wind_speed or 0.0, default=None)
    if wind and (wind.wind_speed or 0.0) >= CALM and wind.wind_speed == day.wind_speed_max:
        values = {"speed": reader.speed(wind.wind_speed), "at": reader.at(wind.time, wind.time)}
        sentences.append(reader.say("Wind up to {speed} {at}.", **values))
    gust = max(own, key=lambda step: step.wind_gust or 0.0, default=None)
    if gust and gust.wind_gust and gust.wind_gust == day.wind_gust_max and day_wind(day, reader).gust:
        values = {"gust": reader.speed(gust.wind_gust), "at": reader.at(gust.time, gust.time)}
        sentences.append(reader.say("Gusts up to {gust} {at}.", **values))
    return " ".join(sentences)
