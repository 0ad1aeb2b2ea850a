"""The meteogram for a reader: in the page, and as a picture by its own address."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256

from weather.domain import astronomy
from weather.domain.beaufort import told_direction, told_gust
from weather.domain.model import HourlyForecast, Place
from weather.domain.precipitation import consistent
from weather.domain.units import COMPASS, convert, in_unit
from weather.i18n import sentences
from weather.i18n.formatting import Formatter
from weather.messages import C_, N_
from weather.web.view.icons import symbol_for
from weather.web.view.meteogram import Labels, Meteogram, draw, style

SPAN = timedelta(hours=48)
WORDS = {
    "temperature": N_("Temperature"),
    "feels_like": N_("Feels like"),
    "rain": N_("Rain"),
    "snow": N_("Snow, as water"),
    "sleet": N_("Rain and snow, as water"),
    "freezing_rain": N_("Freezing rain"),
    "now": C_("axis of time", "Now"),
    "step": N_("{day} {time}: {told}"),
    "felt": N_("feels like {temperature}"),
    "traces": N_("traces"),
    "as_water": N_("{amount} as water"),
    "depth": N_("{depth} of snow"),
    "fallen": N_("precipitation {amount} from {start} to {end}"),
    "fallen_in_hour": N_("precipitation {amount} in the hour before"),
    "chance": N_("chance of rain or snow {chance}"),
    "wind": N_("wind {speed}"),
    "wind_from": N_("wind from the {direction}, {speed}"),
    "gusts": N_("gusts {speed}"),
    "nothing": N_("nothing is known"),
}


@dataclass(frozen=True, slots=True)
class StandaloneMeteogram:
    """What `_meteogram.svg` draws when it stands by itself: with its own style and symbols."""

    chart: Meteogram
    title: str
    description: str
    style: str
    sprite: str


def chart(
    hours: Sequence[HourlyForecast], place: Place, reader: Formatter, as_of: datetime, stamp: str
) -> Meteogram | None:
    """The drawing of the next two days; None if nothing is kept of them."""
    coming = convert(tuple(map(drawn, sentences.ahead(hours, as_of, SPAN))), reader.system, in_unit)
    return draw(coming, as_of, reader.system, partial(astronomy.nights, place.coordinates), labels(reader), stamp)


def drawn(step: HourlyForecast) -> HourlyForecast:
    """A step with the condition that agrees with its numbers, no direction of a calm, and no gust below the mean."""
    mean = step.wind_speed
    direction, gust = told_direction(mean, step.wind_direction), told_gust(mean, step.wind_gust)
    return replace(consistent(step), wind_direction=direction, wind_gust=gust)


def labels(reader: Formatter) -> Labels:
    """The drawing's words in the reader's language."""
    spoken = reader.language
    return Labels(
        **{name: spoken.text(message) for name, message in WORDS.items()},
        comma=spoken.conventions.comma,
        weekdays=spoken.conventions.weekdays,
        compass=tuple(spoken.say(point) for point in COMPASS),
        clock=reader.clock,
        hour=reader.hour,
        number=reader.figure,
        say=spoken.text,
        unit=reader.unit,
        percent=spoken.percent,
        steps=partial(steps, reader),
    )


def steps(reader: Formatter, hours: int) -> str:
    """How long the steps of the drawing are."""
    return reader.language.plural("Hourly", "Every {n} hours", hours)


def symbols(drawing: Meteogram | None) -> set[str]:
    """The symbols that a drawing uses."""
    return {symbol_for(symbol.code, symbol.is_day) for symbol in drawing.symbols} if drawing else set()


def picture_style(sheet: str) -> tuple[str, str]:
    """The style of the picture by itself, and the Content-Security-Policy that allows it alone."""
    rules = style(sheet)
    digest = b64encode(sha256(rules.encode()).digest()).decode()
    return rules, f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"
