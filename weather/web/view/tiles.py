"""What the tiles of now say that is more than a number with its unit. Pure."""

from dataclasses import dataclass
from datetime import datetime

from weather.domain.beaufort import CALM, told_gust
from weather.domain.model import CurrentConditions
from weather.domain.pressure_tendency import pressure_tendency
from weather.i18n.amounts import last_hour
from weather.i18n.formatting import Formatter
from weather.i18n.pressure import tendency_words
from weather.i18n.uv import uv_words
from weather.i18n.visibility import visibility
from weather.providers.report import Report


@dataclass(frozen=True, slots=True)
class Tiles:
    """What has fallen, under the name of its kind; how far one sees; how the pressure changes; the UV index of now, and
    the highest of today; the gust, if it is stronger than the mean; each "" where it is not known. `is_calm`: the wind
    has no direction to tell of.
    """

    fallen_name: str
    fallen: str
    visibility: str
    pressure_tendency: str
    uv_index: str
    uv_highest: str
    is_calm: bool
    gust: str


def tiles(current: CurrentConditions, report: Report, reader: Formatter, as_of: datetime) -> Tiles:
    """The words of the conditions now, as this report's source tells them."""
    name, fallen = last_hour(current, reader)
    steps = (*report.past, *((report.hourly.value if report.hourly else None) or ()))
    change = pressure_tendency(steps, as_of)
    highest = next((day.uv_index_max for day in report.days or () if day.date == as_of.date()), None)
    if highest is not None and current.time.astimezone(as_of.tzinfo).date() == as_of.date():
        highest = max(highest, current.uv_index or 0.0)  # what is now is of today
    gust = told_gust(current.wind_speed, current.wind_gust)
    return Tiles(
        fallen_name=name,
        fallen=fallen,
        visibility=visibility(current.visibility, report.source.greatest_visibility, reader),
        pressure_tendency="" if change is None else tendency_words(change, reader),
        uv_index="" if current.uv_index is None else uv_words(current.uv_index, reader),
        uv_highest="" if highest is None else reader.say("highest today: {uv}", uv=uv_words(highest, reader)),
        is_calm=is_calm(current),
        gust="" if gust is None else reader.speed(gust),
    )


def is_calm(current: CurrentConditions) -> bool:
    """Whether the sentence about the wind says so: then the tile tells no direction."""
    return current.wind_speed is not None and current.wind_speed < CALM
