"""One line for a status bar, by wttr.in's formats 1 to 4 and its %-notation; what is old says so behind it. Pure."""

import re
from collections.abc import Callable
from datetime import datetime

from weather.domain import astronomy
from weather.domain.beaufort import told_direction
from weather.domain.precipitation import is_trace
from weather.domain.rounding import round_half
from weather.domain.text import clean
from weather.domain.units import DECIMALS, in_unit
from weather.i18n.formatting import UNKNOWN
from weather.web.terminal.codes import MOONS, plain_symbol, symbol
from weather.web.terminal.screen import without_fixed_spaces
from weather.web.terminal.view import View
from weather.web.view.hour_strip import ARROWS, eighth
from weather.web.view.place_names import name_of

FORMATS = {
    "1": r"%c %t\n",
    "2": r"%c 🌡️%t 🌬️%w\n",
    "3": r"%l: %c %t\n",
    "4": r"%l: %c 🌡️%t 🌬️%w\n",
}
CODE = re.compile("%([a-zA-Z%])")
SYNODIC_MONTH = 29.530588
"""Days from a new moon to the next, in the mean."""


def one_line(view: View, form: str) -> str:
    """The line; with the age of what is old, or "demo", in brackets behind its words. Unknown codes say nothing."""
    text = CODE.sub(lambda code: clean(WORDS[code[1]](view)) if code[1] in WORDS else "", FORMATS.get(form, form))
    lines = [clean(line) for line in text.replace("\\n", "\n").split("\n")]
    if mark := view.mark():
        last = max((n for n, line in enumerate(lines) if line.strip()), default=0)
        lines[last] = f"{lines[last]} ({mark})"
    return without_fixed_spaces("\n".join(lines))


def signed(celsius: float | None, view: View) -> str:
    """A temperature as wttr.in writes it: "+12°C", "-3°C"."""
    return UNKNOWN if celsius is None else f"{whole(in_unit(celsius, unit := view.reader.system.temperature)):+d}{unit}"


def whole(value: float) -> int:
    return int(round_half(value))


def figure(value: float | None, unit: str) -> str:
    """A number with its unit behind it, as few decimals as pages have, for programs: 1012hPa, 0.4mm, 29.88inHg."""
    if value is None:
        return UNKNOWN
    number = round_half(in_unit(value, unit), DECIMALS.get(unit, 0))
    return f"{number:.{DECIMALS.get(unit, 0)}f}{unit}"


def now(view: View, name: str) -> float | None:
    value: float | None = getattr(view.current, name, None)
    return value


def percent(value: float | None) -> str:
    return UNKNOWN if value is None else f"{whole(value)}%"


def wind(view: View) -> str:
    """An arrow to where it blows, and how strong: "↗18km/h"."""
    speed = now(view, "wind_speed")
    direction = told_direction(speed, now(view, "wind_direction"))
    flies = "" if direction is None else ARROWS[eighth(direction)]
    return flies + figure(speed, view.reader.system.wind_speed)


def fallen(view: View) -> str:
    """What fell in the last hour; where only a rate is known, what an hour of it brings."""
    amount, symbol = now(view, "precipitation"), view.reader.system.precipitation
    amount = now(view, "precipitation_rate") if amount is None else amount
    is_hardly_any = amount is not None and is_trace(in_unit(amount, symbol), symbol)
    return view.reader.say("traces") if is_hardly_any else figure(amount, symbol)


def chance(view: View) -> str:
    """The chance of rain or snow in the next step of the forecast."""
    coming = [step for step in view.report.hours if step.time.timestamp() > view.as_of.timestamp()]
    return percent(coming[0].precipitation_probability if coming else None)


def condition_symbol(view: View) -> str:
    current = view.current
    return symbol(current.condition, current.is_day) if current else symbol(None, None)


def condition_words(view: View) -> str:
    condition = view.current.condition if view.current else None
    return view.reader.language.capitalised(view.reader.say(condition.text)) if condition else UNKNOWN


def moon_phase(view: View) -> float:
    return astronomy.moon(view.place.coordinates, view.today, view.tz).phase


def clock(moment: datetime | None) -> str:
    """A time in the place's own zone, as wttr.in writes it; they are known to the minute."""
    return f"{moment:%H:%M:%S}" if moment else UNKNOWN


def sun(view: View) -> astronomy.Sun:
    return astronomy.sun(view.place.coordinates, view.today, view.tz)


def twilight(view: View) -> tuple[datetime | None, datetime | None]:
    return astronomy.twilight(view.place.coordinates, view.today, view.tz)


def noon(view: View) -> datetime:
    return astronomy.noon(view.place.coordinates, view.today, view.tz)


WORDS: dict[str, Callable[[View], str]] = {
    "c": condition_symbol,
    "C": condition_words,
    "x": lambda view: plain_symbol(view.current.condition if view.current else None),
    "h": lambda view: percent(now(view, "humidity")),
    "t": lambda view: signed(now(view, "temperature"), view),
    "f": lambda view: signed(now(view, "feels_like"), view),
    "w": wind,
    "l": lambda view: name_of(view.place, view.reader),
    "m": lambda view: MOONS[whole(moon_phase(view) * 8) % 8],
    "M": lambda view: str(int(moon_phase(view) * SYNODIC_MONTH)),
    "p": fallen,
    "o": chance,
    "P": lambda view: figure(now(view, "pressure"), view.reader.system.pressure),
    "u": lambda view: UNKNOWN if now(view, "uv_index") is None else str(whole(now(view, "uv_index") or 0.0)),
    "D": lambda view: clock(twilight(view)[0]),
    "S": lambda view: clock(sun(view).sunrise),
    "z": lambda view: clock(noon(view)),
    "s": lambda view: clock(sun(view).sunset),
    "d": lambda view: clock(twilight(view)[1]),
    "T": lambda view: f"{view.as_of:%H:%M:%S%z}",
    "Z": lambda view: view.place.timezone,
    "%": lambda _: "%",
}
"""By the letters of wttr.in."""
