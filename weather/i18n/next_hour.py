"""The next hour or two in a sentence: what falls, from when to when, and the dry gap in it. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from weather.domain.calendar_day import begin_of
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
BOTH_HOURS = {
    Kind.FREEZING_RAIN: N_("Freezing rain for the next two hours."),
    Kind.THUNDER: N_("Thunderstorms for the next two hours."),
    Kind.SLEET: N_("Rain and snow for the next two hours."),
    Kind.SNOW: N_("Snow for the next two hours."),
    Kind.RAIN: N_("Rain for the next two hours."),
    Kind.DRIZZLE: N_("Drizzle for the next two hours."),
    None: N_("Precipitation for the next two hours."),
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
ONLY_TRACES = N_("No more than traces of precipitation until {end}.")
DISPUTED = {
    "minutes": N_("The minute-by-minute forecast has no precipitation until {end}."),
    "quarters": N_("The forecast by quarter hours has no precipitation until {end}."),
}
DISPUTED_TRACES = {
    "minutes": N_("The minute-by-minute forecast has no more than traces of precipitation until {end}."),
    "quarters": N_("The forecast by quarter hours has no more than traces of precipitation until {end}."),
}
"""Where the hours, or the conditions now, say otherwise: then it is told whose word it is."""

BY_QUARTERS = N_("By quarter hours.")
INTERPOLATED = N_("By quarter hours, estimated from hourly values.")


def next_hour_words(
    steps: Sequence[NowcastStep],
    current: CurrentConditions | None,
    hours: Sequence[HourlyForecast],
    reader: Formatter,
) -> str | None:
    """When it begins or ends to fall in the steps up to the first unknown one; None if there is none of those."""
    nowcast = next_hour(steps)
    if nowcast is None:
        return None
    if not nowcast.wet:
        text = not_wet(nowcast, is_disputed=is_disputed(nowcast, current, hours))
        return reader.say(text, end=reader.clock_in_text(nowcast.until))
    nowcast = without_disputed_gaps(nowcast, hours)
    falls = when(nowcast, kind_about(conditions_about(nowcast, current, hours)), reader)
    return f"{falls} {gaps(nowcast, reader)}" if nowcast.gaps else falls


def is_disputed(nowcast: NextHour, current: CurrentConditions | None, hours: Sequence[HourlyForecast]) -> bool:
    """Whether nothing wet is known, but an hour or the conditions now are."""
    return not nowcast.wet and any(map(is_wet_step, conditions_about(nowcast, current, hours)))


def without_disputed_gaps(nowcast: NextHour, hours: Sequence[HourlyForecast]) -> NextHour:
    """The same without the dry times in which a whole hour lies that is wet."""
    wet = [(begin_of(hour), hour.time.timestamp()) for hour in hours if is_wet_step(hour)]
    gaps = [
        (start, end)
        for start, end in nowcast.gaps
        if not any(start.timestamp() <= begin and over <= end.timestamp() for begin, over in wet)
    ]
    return replace(nowcast, gaps=gaps)


def not_wet(nowcast: NextHour, *, is_disputed: bool) -> str:
    """The message for steps of which none is wet."""
    if not is_disputed:
        return ONLY_TRACES if nowcast.has_traces else NO_PRECIPITATION
    return (DISPUTED_TRACES if nowcast.has_traces else DISPUTED)["minutes" if nowcast.is_by_minute else "quarters"]


def step_words(
    steps: Sequence[NowcastStep],
    current: CurrentConditions | None,
    hours: Sequence[HourlyForecast],
    reader: Formatter,
) -> str | None:
    """That they are quarter hours, unless the sentence says so, and of what they were made; None for minutes."""
    if not steps or steps[0].interval_minutes == 1:
        return None
    if steps[0].interpolated:
        return reader.say(INTERPOLATED)
    nowcast = next_hour(steps)
    return None if nowcast and is_disputed(nowcast, current, hours) else reader.say(BY_QUARTERS)


def when(nowcast: NextHour, kind: Kind | None, reader: Formatter) -> str:
    """From when to when it falls; the start of what goes on past the known steps is told, unless they are all."""
    if nowcast.end:
        if nowcast.start:
            return reader.say(BETWEEN[kind], start=reader.clock(nowcast.start), end=reader.clock_in_text(nowcast.end))
        return reader.say(UNTIL[kind], end=reader.clock_in_text(nowcast.end))
    if nowcast.start is None and nowcast.is_whole and not nowcast.gaps:
        return reader.say((WHOLE if nowcast.is_by_minute else BOTH_HOURS)[kind])
    return reader.say(FROM[kind], start=reader.clock_in_text(nowcast.known[nowcast.wet[0]].time))


def gaps(nowcast: NextHour, reader: Formatter) -> str:
    """The dry time between the wet steps, by their times if they are of one piece."""
    if len(nowcast.gaps) > 1:
        return reader.say("It is dry at times in between.")
    start, end = nowcast.gaps[0]
    return reader.say("Dry from {start} to {end} in between.", start=reader.clock(start), end=reader.clock_in_text(end))
