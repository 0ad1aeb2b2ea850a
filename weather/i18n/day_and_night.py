"""A day that is dry while it is light, and on which something falls in the dark, in a sentence. Pure."""

from weather.domain.day_picture import NightFall
from weather.domain.model import DailyForecast
from weather.domain.precipitation import Kind, kind_of_code
from weather.i18n.amounts import fallen, is_depth_told, is_hardly_any, with_snow
from weather.i18n.formatting import Formatter
from weather.messages import C_

IN_QUARTER = (
    C_("when in a day", "at night"),
    C_("when in a day", "in the morning"),
    C_("when in a day", "in the afternoon"),
    C_("when in a day", "in the evening"),
)
"""By quarter (`calendar_day.quarter_of`), as the cells beside the sentence have them (`web.view.day_quarters`)."""

IN_SEVERAL = C_("when in a day", "after dark")


def day_and_night(sky: str, night: NightFall, forecast: DailyForecast, reader: Formatter) -> str:
    """The sky of the light hours, which begins the sentence, with what falls in the dark of that day, and when."""
    falls, kind = night.condition, kind_of_code(night.condition.code)
    water, depth = forecast.precipitation or 0.0, forecast.snowfall
    values = {"sky": sky, "when": when(night, reader), "night": reader.say(falls.text)}
    if is_hardly_any(water, reader) and not (kind is Kind.SNOW and is_depth_told(depth)):
        return sky_and_night(sky, night, reader)
    amount = fallen(kind, water, depth, reader)
    sentence = reader.say("{sky}, {when} {night}, about {amount}.", amount=amount, **values)
    return " ".join(filter(None, [sentence, with_snow({kind}, depth, reader)]))


def sky_and_night(sky: str, night: NightFall, reader: Formatter) -> str:
    """The same without an amount."""
    return reader.say(
        "{sky}, {when} {night}.", sky=sky, when=when(night, reader), night=reader.say(night.condition.text)
    )


def when(night: NightFall, reader: Formatter) -> str:
    return reader.say(IN_SEVERAL if night.quarter is None else IN_QUARTER[night.quarter])
