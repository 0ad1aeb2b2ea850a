"""A day that is dry while it is light, and on which something falls in the dark, in a sentence. Pure."""

from weather.domain.model import Condition, DailyForecast
from weather.domain.precipitation import Kind, kind_of_code
from weather.i18n.amounts import fallen, is_depth_told, is_hardly_any, with_snow
from weather.i18n.formatting import Formatter


def day_and_night(sky: str, night: Condition, forecast: DailyForecast, reader: Formatter) -> str:
    """The sky of the light hours, which begins the sentence, with what falls in the dark of that day."""
    kind, water, depth = kind_of_code(night.code), forecast.precipitation or 0.0, forecast.snowfall
    values = {"sky": sky, "night": reader.say(night.text)}
    if is_hardly_any(water, reader) and not (kind is Kind.SNOW and is_depth_told(depth)):
        return reader.say("{sky}, at night {night}.", **values)
    sentence = reader.say(
        "{sky}, at night {night}, about {amount}.", amount=fallen(kind, water, depth, reader), **values
    )
    return " ".join(filter(None, [sentence, with_snow({kind}, depth, reader)]))
