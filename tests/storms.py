"""Open-Meteo and MetAlerts on a very wet and windy day with pollen: every hour's numbers are others than the last's.

What falls is rain, showers, thunder, sleet and snow in turn, so that a page needs most of its symbols.
"""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from math import sin
from urllib.parse import parse_qsl, urlsplit

from meteo import HOUR, air, forecast, of_quarters
from serving import Quiet

CODES = (61, 63, 65, 63, 80, 81, 61, 3, 95, 61, 67, 71, 73, 2)
"""What the sky does in turn, for five hours each: WMO codes, as Open-Meteo has them."""


def jitter(hour: int, which: int) -> float:
    """From -1 to 1, another one each hour, as models have it on top of what changes slowly."""
    return (hour * 7919 + which * 104_729) % 101 / 50 - 1


WAVES: dict[str, Callable[[int], float]] = {
    "temperature_2m": lambda n: round(5 + 3 * sin(n / 3.8) + 4 * sin(n / 31) + 0.4 * jitter(n, 1), 1),
    "apparent_temperature": lambda n: round(4 * sin(n / 3.8) + 5 * sin(n / 31) + 0.6 * jitter(n, 2), 1),
    "wind_speed_10m": lambda n: round(11 + 5 * sin(n / 11) + 0.6 * jitter(n, 3), 1),
    "wind_gusts_10m": lambda n: round(19 + 9 * sin(n / 11) + 1.5 * jitter(n, 4), 1),
    "wind_direction_10m": lambda n: round(220 + 80 * sin(n / 14) + 12 * jitter(n, 5)) % 360,
    "precipitation": lambda n: round(max(0.0, 1.5 + 1.6 * sin(n / 6) + 0.6 * jitter(n, 6)), 1),
    "precipitation_probability": lambda n: round(65 + 30 * sin(n / 9) + 4 * jitter(n, 7)),
    "weather_code": lambda n: CODES[n // 5 % len(CODES)],
    "snowfall": lambda n: round(max(0.0, 0.8 * sin(n / 21) + 0.1 * jitter(n, 8)), 1),
    "relative_humidity_2m": lambda n: 90 + n % 10,
    "pressure_msl": lambda n: round(985 + 20 * sin(n / 20), 1),
}
POLLEN = {f"{plant}_pollen": 40.0 for plant in ("alder", "birch", "olive", "mugwort", "ragweed", "grass")}
MET_ALERTS = "/weatherapi/metalerts/2.0/current.json"
WORDS = (
    ("Ekstremt kraftig vind", "Det er ventet storm, 25-30 m/s, på utsatte steder, og kraftige vindkast på 35-42 m/s."),
    ("Styrtregn", "Lokalt ventes 40-60 mm på 24 timer; bekker kan gå over sine bredder, veier kan bli stengt."),
)


def storm(query: dict[str, str], now: float) -> dict:
    """A body of /v1/forecast; the same hour has the same numbers whenever it is asked for."""
    body = forecast(query, now)
    hours = [at // HOUR for at in body["hourly"]["time"]]
    told = {name: [wave(hour) for hour in hours] for name, wave in WAVES.items() if name in body["hourly"]}
    present = {name: wave(int(now) // HOUR) for name, wave in WAVES.items() if name in body["current"]}
    quarters = [round(0.9 + 0.8 * sin(n), 2) for n in range(len(body["minutely_15"]["time"]))]
    return of_quarters(body | {"hourly": body["hourly"] | told, "current": body["current"] | present}, *quarters)


def pollen(query: dict[str, str], now: float) -> dict:
    """A body of /v1/air-quality with every pollen that there is."""
    body = air(query, now)
    return body | {"current": body["current"] | {name: POLLEN[name] for name in POLLEN if name in query["current"]}}


def warnings(now: float) -> dict:
    """A body of MetAlerts with two warnings in force, as long as they are written there."""
    span = [datetime.fromtimestamp(now + hours * HOUR, UTC).isoformat() for hours in (-2, 20)]
    return {"features": [warning(n, *words, span) for n, words in enumerate(WORDS)]}


def warning(number: int, name: str, words: str, span: list[str]) -> dict:
    told = {"id": f"2.49.0.1.578.0.{number}", "event": "wind", "type": "Alert", "status": "Actual"}
    told |= {"eventAwarenessName": name, "title": name, "area": "Østlandet", "severity": "Severe", "description": words}
    told |= {"instruction": "Følg råd fra lokale myndigheter og unngå unødvendige reiser.", "consequences": words}
    return {"properties": told | {"awareness_level": "3; orange; Severe"}, "when": {"interval": span}}


def answer(target: str, now: float) -> dict:
    """What is sent for a target then."""
    url = urlsplit(target)
    query = dict(parse_qsl(url.query))
    if url.path == MET_ALERTS:
        return warnings(now)
    return (storm if url.path == "/v1/forecast" else pollen)(query, now)


class Storm(Quiet, BaseHTTPRequestHandler):
    """The same on loopback, of the present."""

    def do_GET(self) -> None:
        self.answer(200, json.dumps(answer(self.path, time.time())).encode())
