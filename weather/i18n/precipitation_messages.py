"""From when to when what falls, by the kinds of `domain.precipitation`; and that nothing does, with the chance."""

from weather.domain.precipitation import Kind
from weather.messages import N_

UNTIL = {
    "freezing rain": N_("Freezing rain {until_about}."),
    "thunder": N_("Thunderstorms {until_about}."),
    "sleet": N_("Rain and snow {until_about}."),
    "snow": N_("Snow {until_about}."),
    "rain": N_("Rain {until_about}."),
    "drizzle": N_("Drizzle {until_about}."),
}
LATER = {
    "freezing rain": N_("Freezing rain {from_about} {to}."),
    "thunder": N_("Thunderstorms {from_about} {to}."),
    "sleet": N_("Rain and snow {from_about} {to}."),
    "snow": N_("Snow {from_about} {to}."),
    "rain": N_("Rain {from_about} {to}."),
    "drizzle": N_("Drizzle {from_about} {to}."),
}
AT_TIMES_UNTIL = {
    "freezing rain": N_("Freezing rain at times {until_about}."),
    "thunder": N_("Thunderstorms at times {until_about}."),
    "sleet": N_("Rain and snow at times {until_about}."),
    "snow": N_("Snow at times {until_about}."),
    "rain": N_("Rain at times {until_about}."),
    "drizzle": N_("Drizzle at times {until_about}."),
}
AT_TIMES = {
    "freezing rain": N_("Freezing rain at times {from_about} {to}."),
    "thunder": N_("Thunderstorms at times {from_about} {to}."),
    "sleet": N_("Rain and snow at times {from_about} {to}."),
    "snow": N_("Snow at times {from_about} {to}."),
    "rain": N_("Rain at times {from_about} {to}."),
    "drizzle": N_("Drizzle at times {from_about} {to}."),
}

DRY = (
    N_("Dry {until}."),
    N_("After the next hour dry {until}."),
    N_("Wet at first, then dry {until}."),
    N_("After the next two hours dry {until}."),
)
MOSTLY_DRY = (
    N_("Mostly dry {until}."),
    N_("After the next hour mostly dry {until}."),
    N_("Wet at first, then mostly dry {until}."),
    N_("After the next two hours mostly dry {until}."),
)
TRACES = (
    N_("No more than traces of precipitation {until}."),
    N_("After the next hour no more than traces of precipitation {until}."),
    N_("Wet at first, then no more than traces of precipitation {until}."),
    N_("After the next two hours no more than traces of precipitation {until}."),
)
LITTLE = (
    N_("Hardly any precipitation {until}."),
    N_("After the next hour hardly any precipitation {until}."),
    N_("Wet at first, then hardly any precipitation {until}."),
    N_("After the next two hours hardly any precipitation {until}."),
)
"""Each by how it begins: `domain.next_hour.Start`. Traces in each step may be more than traces in all."""

CHANCES = {
    Kind.RAIN: N_("The chance of showers is at least {chance}."),
    Kind.SLEET: N_("The chance of rain or snow is at least {chance}."),
    Kind.SNOW: N_("The chance of snow is at least {chance}."),
    None: N_("The chance of precipitation is at least {chance}."),
}
"""The highest of the steps, so at least that: by what would fall, None where that is not known."""
