"""From when to when what falls, by the kinds of `domain.precipitation`."""

from weather.messages import N_

UNTIL = {
    "freezing rain": N_("Freezing rain until about {end}."),
    "thunder": N_("Thunderstorms until about {end}."),
    "sleet": N_("Rain and snow until about {end}."),
    "snow": N_("Snow until about {end}."),
    "rain": N_("Rain until about {end}."),
    "drizzle": N_("Drizzle until about {end}."),
}
LATER = {
    "freezing rain": N_("Freezing rain from about {start} to {end}."),
    "thunder": N_("Thunderstorms from about {start} to {end}."),
    "sleet": N_("Rain and snow from about {start} to {end}."),
    "snow": N_("Snow from about {start} to {end}."),
    "rain": N_("Rain from about {start} to {end}."),
    "drizzle": N_("Drizzle from about {start} to {end}."),
}
AT_TIMES_UNTIL = {
    "freezing rain": N_("Freezing rain at times until about {end}."),
    "thunder": N_("Thunderstorms at times until about {end}."),
    "sleet": N_("Rain and snow at times until about {end}."),
    "snow": N_("Snow at times until about {end}."),
    "rain": N_("Rain at times until about {end}."),
    "drizzle": N_("Drizzle at times until about {end}."),
}
AT_TIMES = {
    "freezing rain": N_("Freezing rain at times from about {start} to {end}."),
    "thunder": N_("Thunderstorms at times from about {start} to {end}."),
    "sleet": N_("Rain and snow at times from about {start} to {end}."),
    "snow": N_("Snow at times from about {start} to {end}."),
    "rain": N_("Rain at times from about {start} to {end}."),
    "drizzle": N_("Drizzle at times from about {start} to {end}."),
}
