"""The meteogram for a reader: in the page, and as a picture by its own address."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256

from weather.domain import astronomy
from weather.domain.model import HourlyForecast, Place
from weather.domain.precipitation import consistent
from weather.domain.units import COMPASS, convert, in_unit
from weather.i18n import sentences
from weather.i18n.formatting import Formatter
from weather.messages import N_
from weather.web.meteogram import Labels, Meteogram, draw, style
from weather.web.pages.icons import symbol_for

SPAN = timedelta(hours=48)
WORDS = {
    "temperature": N_("Temperature"),
    "feels_like": N_("Feels like"),
    "rain": N_("Rain"),
    "snow": N_("Snow"),
    "sleet": N_("Rain and snow"),
    "freezing_rain": N_("Freezing rain"),
    "now": N_("Now"),
    "steps": N_("In steps of {hours} h"),
    "step": N_("{day} {time}: {told}"),
    "felt": N_("feels like {temperature}"),
    "fallen": N_("precipitation {amount} from {start} to {end}"),
    "chance": N_("chance of precipitation {chance} %"),
    "wind": N_("wind {speed}"),
    "wind_from": N_("wind {speed} from the {point}"),
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
    coming = convert(tuple(map(consistent, sentences.ahead(hours, as_of, SPAN))), reader.system, in_unit)
    return draw(coming, as_of, reader.system, partial(astronomy.nights, place.coordinates), labels(reader), stamp)


def labels(reader: Formatter) -> Labels:
    """The drawing's words in the reader's language."""
    spoken = reader.language
    return Labels(
        **{name: spoken.text(message) for name, message in WORDS.items()},
        comma="، " if spoken.direction == "rtl" else ", ",
        weekdays=spoken.conventions.weekdays,
        compass=tuple(spoken.say(point) for point in COMPASS),
        clock=reader.clock,
        hour=reader.hour,
        number=reader.figure,
        say=spoken.text,
    )


def symbols(drawing: Meteogram | None) -> set[str]:
    """The symbols that a drawing uses."""
    return {symbol_for(one.code, one.is_day) for one in drawing.symbols} if drawing else set()


def picture_style(sheet: str) -> tuple[str, str]:
    """The style of the picture by itself, and the Content-Security-Policy that allows it alone."""
    rules = style(sheet)
    digest = b64encode(sha256(rules.encode()).digest()).decode()
    return rules, f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"
