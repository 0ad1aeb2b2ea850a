"""The next hour in a sentence: what falls, from when to when, and the dry gap in it. Pure."""

from collections.abc import Sequence

from weather.domain.model import CurrentConditions, HourlyForecast, NowcastStep
from weather.domain.next_hour import NextHour, conditions_about, kind_about, next_hour
from weather.domain.precipitation import Kind, is_wet_step
from weather.i18n.formatting import Formatter
from weather.messages import N_

WHOLE = {
    Kind.FREEZING_RAIN: N_("Freezing rain for the whole hour."),
    Kind.THUNDER: N_("Thunderstorms for the whole hour."),
    Kind.SLEET: N_("Rain and snow for the whole hour."),
    Kind.SNOW: N_("Snow for the whole hour."),
    Kind.RAIN: N_("Rain for the whole hour."),
    Kind.DRIZZLE: N_("Drizzle for the whole hour."),
    None: N_("Precipitation for the whole hour."),
}
UNTIL = {
    Kind.FREEZING_RAIN: N_("Freezing rain until {end}."),
    Kind.THUNDER: N_("Thunderstorms until {end}."),
    Kind.SLEET: N_("Rain and snow until {end}."),
    Kind.SNOW: N_("Snow until {end}."),
    Kind.RAIN: N_("Rain until {end}."),
    Kind.DRIZZLE: N_("Drizzle until {end}."),
    None: N_("Precipitation until {end}."),
}
FROM = {
    Kind.FREEZING_RAIN: N_("Freezing rain from {start}."),
    Kind.THUNDER: N_("Thunderstorms from {start}."),
    Kind.SLEET: N_("Rain and snow from {start}."),
    Kind.SNOW: N_("Snow from {start}."),
    Kind.RAIN: N_("Rain from {start}."),
    Kind.DRIZZLE: N_("Drizzle from {start}."),
    None: N_("Precipitation from {start}."),
}
BETWEEN = {
    Kind.FREEZING_RAIN: N_("Freezing rain from {start} to {end}."),
    Kind.THUNDER: N_("Thunderstorms from {start} to {end}."),
    Kind.SLEET: N_("Rain and snow from {start} to {end}."),
    Kind.SNOW: N_("Snow from {start} to {end}."),
    Kind.RAIN: N_("Rain from {start} to {end}."),
    Kind.DRIZZLE: N_("Drizzle from {start} to {end}."),
    None: N_("Precipitation from {start} to {end}."),
}
"""By what falls; None where that is not known."""

NO_PRECIPITATION = N_("No precipitation until {end}.")
DISPUTED = N_("The minute-by-minute forecast has no precipitation until {end}.")
"""Where the hours, or the conditions now, say otherwise: then it is told whose word it is."""


def next_hour_words(
    minutes: Sequence[NowcastStep],
    current: CurrentConditions | None,
    steps: Sequence[HourlyForecast],
    reader: Formatter,
) -> str | None:
    """When it begins or ends to fall in the minutes up to the first unknown one; None if there is none of those."""
    told = next_hour(minutes)
    if told is None:
        return None
    about = conditions_about(told, current, steps)
    is_disputed, end = any(map(is_wet_step, about)), reader.clock_in_text(told.known[-1].time)
    if not told.wet:
        return reader.say(DISPUTED if is_disputed else NO_PRECIPITATION, end=end)
    if told.has_traces_alone and not is_disputed:
        return reader.say("No more than traces of precipitation until {end}.", end=end)
    falls = when(told, kind_about(about), reader)
    return f"{falls} {gaps(told, reader)}" if told.gaps else falls


def when(told: NextHour, kind: Kind | None, reader: Formatter) -> str:
    """From when to when it falls; the start of what goes on past the known minutes is told, unless they are all."""
    if told.end:
        if told.start:
            return reader.say(BETWEEN[kind], start=reader.clock(told.start), end=reader.clock_in_text(told.end))
        return reader.say(UNTIL[kind], end=reader.clock_in_text(told.end))
    if told.start is None and len(told.known) >= 60 and not told.gaps:
        return reader.say(WHOLE[kind])
    return reader.say(FROM[kind], start=reader.clock_in_text(told.known[told.wet[0]].time))


def gaps(told: NextHour, reader: Formatter) -> str:
    """The dry minutes between the wet ones, by their times if they are of one piece."""
    if len(told.gaps) > 1:
        return reader.say("It is dry at times in between.")
    start, end = told.gaps[0]
    return reader.say("Dry from {start} to {end} in between.", start=reader.clock(start), end=reader.clock_in_text(end))
