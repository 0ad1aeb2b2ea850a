"""OpenWeatherMap's routes, one row each. Lifetimes follow how often the models behind them are refreshed."""

import re
from dataclasses import replace
from urllib.parse import quote

from weather.providers.openweathermap import air, current, forecast, geocoding, onecall, onecall_alerts
from weather.upstream.types import Endpoint

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0

POINT = frozenset({"lat", "lon"})
PLACE = POINT | {"q", "id", "zip"}
LOOK = frozenset({"units", "lang"})
WORDS = LOOK | {"mode"}

WEATHER = Endpoint("/data/2.5/weather", "weather", PLACE | WORDS, 10 * MINUTE, "main", holds=current.holds)
FORECAST = Endpoint(
    "/data/2.5/forecast", "forecast", PLACE | WORDS | {"cnt"}, 30 * MINUTE, "list", holds=forecast.holds
)
AIR = Endpoint("/data/2.5/air_pollution", "air", POINT, 30 * MINUTE, "list", holds=air.holds)
AIR_FORECAST = Endpoint("/data/2.5/air_pollution/forecast", "air", POINT, HOUR, "list")
AIR_HISTORY = Endpoint("/data/2.5/air_pollution/history", "air", POINT | {"start", "end"}, DAY, "list")
DIRECT = Endpoint("/geo/1.0/direct", "geocoding", frozenset({"q", "limit"}), 28 * DAY, None, holds=geocoding.holds_many)
REVERSE = Endpoint("/geo/1.0/reverse", "geocoding", POINT | {"limit"}, 28 * DAY, None)
ZIP = Endpoint("/geo/1.0/zip", "geocoding", frozenset({"zip"}), 28 * DAY, "lat", holds=geocoding.holds_one)

DAILY = Endpoint("/data/2.5/forecast/daily", "daily", PLACE | WORDS | {"cnt"}, HOUR, "list")
HOURLY = Endpoint("/data/2.5/forecast/hourly", "hourly", PLACE | WORDS | {"cnt"}, 30 * MINUTE, "list")
CLIMATE = Endpoint("/data/2.5/forecast/climate", "climate", PLACE | WORDS | {"cnt"}, HOUR, "list")
FIND = Endpoint("/data/2.5/find", "find", POINT | {"q", "type", "cnt"} | WORDS, 10 * MINUTE, "list")
GROUP = Endpoint("/data/2.5/group", "group", LOOK | {"id"}, 10 * MINUTE, "list")
BOX = Endpoint("/data/2.5/box/city", "box", LOOK | {"bbox", "cluster"}, 10 * MINUTE, "list")

# Retired: upstream answers them with a 401 or not at all, and so do we.
UVI = Endpoint("/data/2.5/uvi", "uvi", POINT | {"cnt"}, HOUR, "")
UVI_FORECAST = Endpoint("/data/2.5/uvi/forecast", "uvi", POINT | {"cnt"}, HOUR, "")
UVI_HISTORY = Endpoint("/data/2.5/uvi/history", "uvi", POINT | {"cnt", "start", "end"}, DAY, "")
ONECALL_25 = Endpoint("/data/2.5/onecall", "onecall25", POINT | LOOK | {"exclude"}, 10 * MINUTE, "lat")
TIMEMACHINE_25 = Endpoint("/data/2.5/onecall/timemachine", "onecall25", POINT | LOOK | {"dt"}, DAY, "lat")

ONECALL = Endpoint("/data/3.0/onecall", "onecall3", POINT | LOOK | {"exclude"}, 10 * MINUTE, "lat", holds=onecall.holds)
TIMEMACHINE = Endpoint("/data/3.0/onecall/timemachine", "onecall3", POINT | LOOK | {"dt"}, DAY, "data")
DAY_SUMMARY = Endpoint("/data/3.0/onecall/day_summary", "onecall3", POINT | LOOK | {"date", "tz"}, HOUR, "date")
OVERVIEW = Endpoint("/data/3.0/onecall/overview", "onecall3", POINT | {"date", "units"}, HOUR, "weather_overview")

NOW = Endpoint("/data/4.0/onecall/current", "onecall4", POINT | LOOK, 10 * MINUTE, "data", holds=onecall.holds_now)
PAGE = POINT | LOOK | {"start", "cnt"}
MINUTES = Endpoint(
    "/data/4.0/onecall/timeline/1min", "onecall4", PAGE, 10 * MINUTE, "data", holds=onecall.holds_minutes
)
QUARTERS = Endpoint("/data/4.0/onecall/timeline/15min", "onecall4", PAGE, 10 * MINUTE, "data")
HOURS = Endpoint("/data/4.0/onecall/timeline/1h", "onecall4", PAGE, 30 * MINUTE, "data")
DAYS = Endpoint("/data/4.0/onecall/timeline/1day", "onecall4", PAGE, HOUR, "data")
ALERT = Endpoint(
    "/data/4.0/onecall/alert/", "onecall4", frozenset({"lang"}), 6 * HOUR, "", holds=onecall_alerts.holds_alert
)
"""One text, by the id at the path's end. No name that its body must hold is on record."""

TILE = Endpoint("/map/", "tiles", frozenset(), HOUR, "", host="tiles")

ENDPOINTS = {
    row.path: row
    for row in (
        *(WEATHER, FORECAST, DAILY, HOURLY, CLIMATE, AIR, AIR_FORECAST, AIR_HISTORY, FIND, GROUP, BOX),
        *(UVI, UVI_FORECAST, UVI_HISTORY, ONECALL_25, TIMEMACHINE_25, DIRECT, REVERSE, ZIP),
        *(ONECALL, TIMEMACHINE, DAY_SUMMARY, OVERVIEW, NOW, MINUTES, QUARTERS, HOURS, DAYS),
    )
}

LAYERS = frozenset(
    "clouds_new precipitation_new pressure_new wind_new temp_new clouds clouds_cls precipitation precipitation_cls "
    "rain rain_cls snow snow_cls pressure pressure_cntr wind temp".split()
)
TILE_PATH = re.compile(r"/map/([a-z_]{1,20})/([0-9])/(0|[1-9][0-9]{0,2})/(0|[1-9][0-9]{0,2})\.png", re.ASCII)


def endpoint_at(path: str) -> Endpoint | None:
    """Return the endpoint of a decoded path; None if OpenWeatherMap has none. Alerts and tiles keep their own path."""
    if path.startswith(ALERT.path):
        return alert(path.removeprefix(ALERT.path))
    return tile(path) if path.startswith(TILE.path) else ENDPOINTS.get(path)


def alert(name: str) -> Endpoint | None:
    """Return the endpoint of an alert's text; None for what cannot be an id."""
    return replace(ALERT, path=ALERT.path + quote(name, safe="")) if re.match(onecall_alerts.ALERT_ID, name) else None


def tile(path: str) -> Endpoint | None:
    """Return the endpoint of a tile; None for an unknown layer or a tile outside of 2^z by 2^z at zoom z, to zoom 9."""
    match = TILE_PATH.fullmatch(path)
    if not match or match[1] not in LAYERS or max(int(match[3]), int(match[4])) >= 2 ** int(match[2]):
        return None
    return replace(TILE, path=path)
