"""When the sun and the moon are up on a day, in words."""

from weather.domain.model import DailyForecast
from weather.domain.rounding import round_half
from weather.i18n.formatting import Formatter
from weather.messages import N_


def sun(day: DailyForecast, is_up_at_noon: bool, reader: Formatter) -> str:
    """Sunrise and sunset; words where there is none."""
    if day.sunrise and day.sunset:
        return reader.say("{sunrise} to {sunset}", sunrise=reader.clock(day.sunrise), sunset=reader.clock(day.sunset))
    if day.sunrise:
        return reader.say("rises {sunrise}, does not set", sunrise=reader.clock(day.sunrise))
    if day.sunset:
        return reader.say("sets {sunset}, does not rise", sunset=reader.clock(day.sunset))
    return reader.say(N_("does not set") if is_up_at_noon else N_("does not rise"))


PHASES = (
    N_("new moon"),
    N_("waxing crescent"),
    N_("first quarter"),
    N_("waxing gibbous"),
    N_("full moon"),
    N_("waning gibbous"),
    N_("last quarter"),
    N_("waning crescent"),
)


def moon(phase: float | None, reader: Formatter) -> str:
    """The phase in words: one of eight."""
    return "–" if phase is None else reader.say(PHASES[int(round_half(phase * 8)) % 8])


def daylight(day: DailyForecast, reader: Formatter) -> str:
    """How long the sun is up; "" where it does not both rise and set, in this order."""
    if not day.sunrise or not day.sunset or day.sunset <= day.sunrise:
        return ""
    seconds = day.sunset.timestamp() - day.sunrise.timestamp()
    return reader.say("{span} of daylight", span=reader.language.span(seconds))


def daylight_change(today: float | None, before: float | None, reader: Formatter) -> str:
    """How much longer or shorter the day is than the one before, of seconds of daylight; "" where one is not known."""
    if today is None or before is None:
        return ""
    seconds = int(round_half(today - before))
    minutes, rest = divmod(abs(seconds), 60)
    parts = [reader.language.span(60 * minutes)] if minutes else []
    parts += [reader.language.plural("{n} s", "{n} s", rest)] if rest else []
    if not parts:
        return reader.say("as long as the day before")
    span = reader.language.both(parts[0], parts[1] if len(parts) > 1 else "")
    text = N_("{span} longer than the day before") if seconds > 0 else N_("{span} shorter than the day before")
    return reader.say(text, span=span)


def moon_times(day: DailyForecast, reader: Formatter) -> str:
    """Moonrise and moonset in their order; "" where neither is on this day."""
    rise, down = day.moonrise, day.moonset
    values = {"moonrise": reader.clock(rise) if rise else "", "moonset": reader.clock(down) if down else ""}
    if rise and down:
        text = N_("rises {moonrise}, sets {moonset}") if rise < down else N_("sets {moonset}, rises {moonrise}")
        return reader.say(text, **values)
    if not rise and not down:
        return ""
    return reader.say(N_("rises {moonrise}") if rise else N_("sets {moonset}"), **values)
