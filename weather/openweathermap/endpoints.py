"""OpenWeatherMap's routes, one row each. Lifetimes follow how often the models behind them are refreshed."""

from weather.exchange import Endpoint

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0

POINT = frozenset({"lat", "lon"})
PLACE = POINT | {"q", "id", "zip"}
WORDS = frozenset({"units", "lang", "mode"})

WEATHER = Endpoint("/data/2.5/weather", "weather", PLACE | WORDS, 10 * MINUTE, "main")
FORECAST = Endpoint("/data/2.5/forecast", "forecast", PLACE | WORDS | {"cnt"}, 30 * MINUTE, "list")
AIR = Endpoint("/data/2.5/air_pollution", "air", POINT, 30 * MINUTE, "list")
AIR_FORECAST = Endpoint("/data/2.5/air_pollution/forecast", "air", POINT, HOUR, "list")
AIR_HISTORY = Endpoint("/data/2.5/air_pollution/history", "air", POINT | {"start", "end"}, DAY, "list")
DIRECT = Endpoint("/geo/1.0/direct", "geocoding", frozenset({"q", "limit"}), 28 * DAY, None)
REVERSE = Endpoint("/geo/1.0/reverse", "geocoding", POINT | {"limit"}, 28 * DAY, None)
ZIP = Endpoint("/geo/1.0/zip", "geocoding", frozenset({"zip"}), 28 * DAY, "lat")

ENDPOINTS = {row.path: row for row in (WEATHER, FORECAST, AIR, AIR_FORECAST, AIR_HISTORY, DIRECT, REVERSE, ZIP)}
