"""Open-Meteo's two calls, and what each asks for.

A call weighs a tenth of its variables, at least one (https://open-meteo.com/en/pricing). So only what is shown is asked
for, once: dew point, days, daylight, sun and moon are worked out here; the water of snow is a part of precipitation,
and its depth is asked for in the place of daylight.
"""

from collections.abc import Callable, Iterable, Sequence

from weather.domain.model import Coordinates, format_degrees
from weather.domain.pollen import BOUNDS, is_told
from weather.providers.openmeteo.wire import hours, now, read
from weather.upstream.types import Endpoint, UpstreamRequest, make_request

NUMBERS = {
    "temperature": "temperature_2m", "feels_like": "apparent_temperature", "humidity": "relative_humidity_2m",
    "pressure": "pressure_msl", "cloud_cover": "cloud_cover", "visibility": "visibility", "uv_index": "uv_index",
    "wind_speed": "wind_speed_10m", "wind_gust": "wind_gusts_10m", "wind_direction": "wind_direction_10m",
    "precipitation": "precipitation",
}  # fmt: skip
"""Fields of the model by Open-Meteo's names; `current` and `hourly` have the same."""

CODE, CHANCE, SNOWFALL = "weather_code", "precipitation_probability", "snowfall"
COMPONENTS = {
    "pm2_5": "pm2_5", "pm10": "pm10", "o3": "ozone", "no2": "nitrogen_dioxide", "so2": "sulphur_dioxide",
    "co": "carbon_monoxide", "nh3": "ammonia", "no": "nitrogen_monoxide",
}  # fmt: skip
POLLEN = {plant: f"{plant}_pollen" for plant in BOUNDS}
CURRENT_VARIABLES, AIR_VARIABLES = (*NUMBERS.values(), CODE, SNOWFALL), tuple(COMPONENTS.values())
HOURLY_VARIABLES = (*CURRENT_VARIABLES, CHANCE)
QUARTERLY_VARIABLES = (NUMBERS["precipitation"],)
"""A tenth of a call more. What falls in a quarter hour, its hour tells."""

QUARTERS = 14
"""Steps of a quarter hour that are asked for, from the one that has just ended: when the answer is an hour old, they
still have the running one and the next eight."""

ANCHOR = "utc_offset_seconds"


def holder(names: Iterable[str]) -> Callable[[bytes], bool]:
    """Return a function that tells whether a body has any of these variables, now or in some hour."""
    wanted = frozenset(names)

    def holds(raw: bytes) -> bool:
        answer = read(raw)
        return not wanted.isdisjoint(now(answer) or {}) or any(not wanted.isdisjoint(row) for row in hours(answer))

    return holds


WEATHER_VARIABLES = CURRENT_VARIABLES
FORECAST = Endpoint(
    "/v1/forecast",
    "forecast",
    frozenset(),
    900.0,
    ANCHOR,
    "api",
    max(1.0, len(CURRENT_VARIABLES + HOURLY_VARIABLES + QUARTERLY_VARIABLES) / 10),
    holder(WEATHER_VARIABLES),
)


def air(variables: Sequence[str]) -> Endpoint:
    """The call for the air, and for no more than these variables."""
    cost = max(1.0, len(variables) / 10)
    return Endpoint("/v1/air-quality", "air", frozenset(), 3600.0, ANCHOR, "air", cost, holder(AIR_VARIABLES))


AIR, AIR_WITH_POLLEN = air(AIR_VARIABLES), air((*AIR_VARIABLES, *POLLEN.values()))
"""Pollen is known in Europe alone: elsewhere it would weigh 0.4 more for nothing."""

# In its ISO form one offset covers the whole answer, wrong across a change of clocks; and in a zone's own time values
# of zones off the hour are shifted. So all is Unix time in GMT, from a day before today's: days are made here.
TIMES = {"timezone": "GMT", "timeformat": "unixtime"}
DAYS = {"past_days": "1", "forecast_days": "8", "forecast_minutely_15": str(QUARTERS), "wind_speed_unit": "ms"}
NAMES = {
    "current": ",".join(CURRENT_VARIABLES),
    "hourly": ",".join(HOURLY_VARIABLES),
    "minutely_15": ",".join(QUARTERLY_VARIABLES),
}
QUERIES = {
    FORECAST: TIMES | DAYS | NAMES,
    AIR: TIMES | {"current": ",".join(AIR_VARIABLES)},
    AIR_WITH_POLLEN: TIMES | {"current": ",".join((*AIR_VARIABLES, *POLLEN.values()))},
}


def air_of(at: Coordinates) -> Endpoint:
    """The call for the air of a point."""
    return AIR_WITH_POLLEN if is_told(at) else AIR


def request(row: Endpoint, at: Coordinates) -> UpstreamRequest:
    """Return the request for a point."""
    return make_request(
        row, latitude=format_degrees(at.latitude), longitude=format_degrees(at.longitude), **QUERIES[row]
    )
