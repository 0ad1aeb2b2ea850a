"""Open-Meteo beside OpenWeatherMap: an upstream that gives what is asked for, no more, as the contract sheet says."""

import asyncio

from fakes import NOON, Upstream

HOUR = 3600
VALUES = {
    "temperature_2m": 11.3,
    "apparent_temperature": 8.9,
    "relative_humidity_2m": 70,
    "pressure_msl": 1012.4,
    "cloud_cover": 73,
    "visibility": 36080.0,
    "uv_index": 0.4,
    "wind_speed_10m": 5.0,
    "wind_gusts_10m": 9.5,
    "wind_direction_10m": 225,
    "precipitation": 0.1,
    "weather_code": 61,
    "snowfall": 0.0,
    "precipitation_probability": 40,
}
QUARTER = 0.03
"""Millimetres in each quarter hour: 0.12 an hour, as Open-Meteo rounds a quarter of 0.1."""

AIR = {
    "pm2_5": 22.1,
    "pm10": 28.2,
    "ozone": 42.0,
    "nitrogen_dioxide": 11.2,
    "sulphur_dioxide": 2.5,
    "carbon_monoxide": 229.0,
    "ammonia": None,
    "nitrogen_monoxide": 2.9,
    **{f"{plant}_pollen": 0.0 for plant in ("alder", "birch", "olive", "mugwort", "ragweed")},
    "grass_pollen": 25.0,
}


def forecast(query: dict[str, str], now: float = NOON) -> dict:
    """A body of /v1/forecast: hours from the start of GMT's day, each a tenth of a degree colder than the last."""
    assert (query["timezone"], query["timeformat"], query["wind_speed_unit"]) == ("GMT", "unixtime", "ms")
    start = int(now) // 86400 * 86400 - 86400 * int(query["past_days"])
    times = [start + HOUR * n for n in range(24 * (int(query["past_days"]) + int(query["forecast_days"])))]
    hourly = {name: [VALUES[name]] * len(times) for name in query["hourly"].split(",")}
    hourly["temperature_2m"] = [20 - n / 10 for n in range(len(times))]
    current = {name: VALUES[name] for name in query["current"].split(",")}
    quarters = [int(now) // 900 * 900 + 900 * n for n in range(int(query["forecast_minutely_15"]))]
    return {
        "latitude": 51.5,
        "longitude": -0.120000124,
        "utc_offset_seconds": 0,
        "timezone": "GMT",
        "current_units": {"time": "unixtime", "interval": "seconds", "wind_speed_10m": "m/s"},
        "current": {"time": int(now) // 900 * 900, "interval": 900, **current},
        "hourly_units": {"time": "unixtime", "wind_speed_10m": "m/s"},
        "hourly": {"time": times, **hourly},
        "minutely_15_units": {"time": "unixtime", "precipitation": "mm"},
        "minutely_15": {"time": quarters, query["minutely_15"]: [QUARTER] * len(quarters)},
    }


def of_quarters(body: dict, *sums: float | None) -> dict:
    """The body with those sums of quarter hours from its own present on; the first is over by then."""
    first = body["current"]["time"]
    return body | {"minutely_15": {"time": [first + 900 * n for n in range(len(sums))], "precipitation": [*sums]}}


def air(query: dict[str, str], now: float = NOON) -> dict:
    """A body of /v1/air-quality."""
    told = {name: AIR[name] for name in query["current"].split(",")}
    return {
        "latitude": 51.5,
        "utc_offset_seconds": 0,
        "current": {"time": int(now) // HOUR * HOUR, "interval": HOUR, **told},
    }


class Both(Upstream):
    """Both upstreams at one wire, told apart by their paths; `clock` moves Open-Meteo's present."""

    def __init__(self, clock) -> None:
        super().__init__()
        self.hangs, self.let_go = False, asyncio.Event()
        self.bodies["/v1/forecast"] = lambda query: forecast(query, clock())
        self.bodies["/v1/air-quality"] = lambda query: air(query, clock())

    async def __call__(self, scope, receive, send) -> None:
        """OpenWeatherMap may hang."""
        if self.hangs and scope["path"].startswith("/data/"):
            await self.let_go.wait()
        await super().__call__(scope, receive, send)

    def asked(self, beginning: str) -> int:
        return sum(path.startswith(beginning) for path in self.calls)
