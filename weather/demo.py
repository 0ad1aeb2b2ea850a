"""An upstream for those without a key, and for the tests: OpenWeatherMap's words over an invented climate.

Nothing in it is real: all is a pure function of place and time. Season, latitude and sun set the temperature; fronts,
smooth waves moving east, bring cloud, rain, wind and low pressure; REGIONS bends the zones towards known climates.
"""

from bisect import bisect
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from math import acos, asin, atan2, cos, degrees, exp, hypot, inf, pi, radians, remainder, sin, tau
from typing import Any, NoReturn

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from weather.conditions import air_class, cloud_code, condition
from weather.model import Coordinates, Place, zone

HOUR, DAY, YEAR, AIR_SINCE = 3600, 86400, 31556926, 1606435200  # OpenWeatherMap has no air before November 2020
HORIZON = sin(radians(-0.833))  # half the sun's disc, and refraction
UNITS = {"metric": (1, 0, 1), "imperial": (1.8, 32, 2.236936)}  # °C times, plus; m/s times
WORDS = {502: "heavy intensity rain", 804: "overcast clouds"}  # where ours are not OpenWeatherMap's
FRONTS = ((3, 9.1), (4, 6.7), (5, 4.9), (6, 3.7), (8, 2.3))  # so many around the Earth, and days from one to the next
# What latitude alone gets wrong: latitude, longitude, radius; then warmth, half the year's swing and wetness to add.
REGIONS = ((72, 12, 24, 18, -12, 0), (62, 105, 28, -7, 14, 0), (48, -95, 20, -3, 8, 0),  # Gulf Stream, Siberia, plains
           (23, 10, 20, 3, 6, -0.5), (24, 46, 13, 4, 6, -0.5), (41, 75, 16, 0, 4, -0.4),  # Sahara, Arabia, Turkestan
           (33, 88, 9, -16, 3, -0.1), (22, 100, 14, 1, 1, 0.4), (-1, 37, 5, -8, 0, -0.1),  # Tibet, monsoon, Kenya
           (-25, 133, 12, 3, 3, -0.2), (-90, 0, 20, -28, 8, -0.3))  # Outback, Antarctica  # fmt: skip


def clamp(value: float, low: float, high: float) -> float:
    return max(low, min(high, value))


class Climate:
    """The weather of one place, at any Unix time `t`."""

    def __init__(self, place: Place) -> None:
        self.place, self.coord = place, {"lon": round(place.longitude, 4), "lat": round(place.latitude, 4)}
        self.latitude, self.longitude = radians(place.latitude), radians(place.longitude)
        self.up, self.out = sin(self.latitude), cos(self.latitude)  # from the equator's plane, from the Earth's axis
        self.mean, self.swing = 27 - 47 * abs(self.up) ** 2.7, 16 * abs(self.up) ** 1.5 * (0.8 + 0.2 * self.up)
        self.wet = 0.78 - 0.5 * exp(-(((abs(place.latitude) - 25) / 13) ** 2))  # above 0.25 a front may bring rain
        for north, east, radius, *more in REGIONS:
            away = hypot(place.latitude - north, remainder(place.longitude - east, 360) * self.out) / radius
            warmer, wider, wetter = (exp(-(away**2)) * change for change in more)
            self.mean, self.swing, self.wet = self.mean + warmer, self.swing + wider, self.wet + wetter

    def sun(self, t: float) -> tuple[float, float, float]:
        """The sun's declination, hour angle and sine of its altitude, good to some minutes of time."""
        year = tau * (t / YEAR - 0.2178)  # since the equinox of March
        declination = asin(0.39777 * sin(year + 0.0334 * sin(year + 1.34) - 0.0325))
        hour = remainder(tau * t / DAY - pi + self.longitude + 0.0431 * sin(2 * year) - 0.0335 * cos(year - 0.197), tau)
        return declination, hour, self.up * sin(declination) + self.out * cos(declination) * cos(hour)

    def day(self, now: int) -> tuple[int, dict[str, int]]:
        """The offset from UTC; sunrise and sunset, both 0, as OpenWeatherMap has it, in polar day and night."""
        offset = round(datetime.fromtimestamp(now, zone(self.place.timezone)).replace(tzinfo=UTC).timestamp()) - now
        noon = (now + offset) // DAY * DAY - offset + DAY // 2
        declination, hour, _ = self.sun(noon)
        arc = (HORIZON - self.up * sin(declination)) / max(self.out * cos(declination), 1e-9)
        noon, half = noon - round(hour / tau * DAY), round(acos(clamp(arc, -1, 1)) / tau * DAY)
        return offset, {"sunrise": noon - half, "sunset": noon + half} if abs(arc) < 1 else {"sunrise": 0, "sunset": 0}

    def wave(self, t: float, kind: int) -> float:
        """Smooth noise from -1 to 1, another for each `kind`, moving east."""
        angles = ((n * self.longitude - tau * t / DAY / days, 6 * sin(n * kind), n * kind) for n, days in FRONTS)
        return clamp(sum(sin(east + slant * self.latitude + start * start) for east, slant, start in angles) / 3, -1, 1)

    def sky(self, t: float) -> tuple[float, float, float, float, float]:
        """Temperature (°C), humidity and cloud (per cent), the front's strength (-1 to 1), and what falls (mm/h)."""
        (declination, hour, _), front = self.sun(t), self.wave(t, 1)
        cloud = clamp(0.15 + 0.55 * front + 0.7 * self.wet, 0, 1)
        season = -cos(tau * (t / YEAR - 0.055)) * clamp(6 * self.up, -1, 1)  # the north is coldest on 20 January
        by_day = (9.5 - 3 * self.wet) * (1 - cloud / 2) * self.out * cos(declination) * cos(hour - pi / 4)
        warm = self.mean + self.swing * season + by_day + (1 + 4 * abs(self.up)) * self.wave(t, 2)
        falling = max(0, front + self.wet - 1.25 + 0.3 * clamp((warm - 18) / 10, 0, 1) * max(0, cos(hour - pi / 3)))
        damp = clamp(48 + 40 * self.wet + 22 * front - 2.2 * by_day + 40 * falling, 15, 100)
        return warm, damp, 100 * cloud, front, 3 * falling**1.2 * exp(warm / 25)

    def wind(self, t: float) -> tuple[float, float, int]:
        """Speed and gusts (m/s), and direction: trade winds, westerlies, and what a front adds."""
        east, north = 3 * self.wave(t, 3) - 3 * cos(3 * self.latitude), 3 * self.wave(t, 4)
        gale = 1 + max(0, self.wave(t, 1))
        return hypot(east, north) * gale, hypot(east, north) * gale**2 * 1.3, round(degrees(atan2(-east, -north))) % 360

    def moment(self, t: int, hours: int, query: QueryParams) -> dict[str, Any]:
        """What current weather and a step of the forecast share; rain and snow are sums over the `hours` before."""
        (warm, damp, cloud, front, _), (_, hour, height), (speed, gust, deg) = self.sky(t), self.sun(t), self.wind(t)
        rate, cold = sum(self.sky(t - n * HOUR)[-1] for n in range(hours)) / hours, clamp((1.5 - warm) / 2, 0, 1)
        rain, snow = (round(rate * hours * part, 2) if rate * hours >= 0.1 else 0 for part in (1 - cold, cold))
        fog = damp > 92 and speed < 2.5 and abs(height) < 0.2 and hour < 0  # calm and damp about sunrise
        dry = 741 if fog else cloud_code(cloud)
        wet = 500 + bisect((0.6, 2.5), rate) if warm < 20 or rate < 3 else 211 if rate > 6 else 200
        white = 616 if rain else 600 + bisect((0.4, 1), rate)
        now = condition(white if snow else wet if rain else dry, None, height > HORIZON)
        feels = warm + damp / 49.6 * exp(17.27 * warm / (237.7 + warm)) - 0.7 * speed - 4  # Steadman, in the shade
        felt = {"temp": warm, "feels_like": feels, "temp_min": warm - 0.6, "temp_max": warm + 0.6}
        levels = dict.fromkeys(("pressure", "sea_level", "grnd_level"), round(1014 - front * (4 + 20 * abs(self.up))))
        words, (times, plus, pace) = WORDS.get(now.code, now.text), UNITS.get(query.get("units", ""), (1, 273.15, 1))
        return {
            "weather": [{"id": now.code, "main": now.group.capitalize(), "description": words, "icon": now.icon}],
            "main": {k: round(v * times + plus, 2) for k, v in felt.items()} | levels | {"humidity": round(damp)},
            "visibility": 300 if now.code == 741 else round(clamp(10000 - 2000 * rate, 800, 10000)),
            "wind": {"speed": round(speed * pace, 2), "deg": deg, "gust": round(gust * pace, 2)},
            **{name: {f"{hours}h": fallen} for name, fallen in (("rain", rain), ("snow", snow)) if fallen},
            "clouds": {"all": round(cloud)}, "sys": {"pod": now.icon[-1]}, "dt": t,
        }  # fmt: skip

    def weather(self, now: int, query: QueryParams) -> dict[str, Any]:
        """The body of /weather; as upstream's it is computed anew every ten minutes."""
        (offset, sun), country = self.day(now), {"country": self.place.country} if self.place.country else {}
        body = self.moment(now // 600 * 600, 1, query) | {"coord": self.coord, "base": "stations", "sys": country | sun}
        return body | {"timezone": offset, "id": 0, "name": self.place.name or "", "cod": 200}

    def forecast(self, now: int, query: QueryParams) -> dict[str, Any]:
        """The body of /forecast: from the next of 00, 03, … 21 UTC."""
        (offset, sun), first, count = self.day(now), now // (3 * HOUR) + 1, int(number(query, "cnt", 1, 40))
        steps = [self.moment(n * 3 * HOUR, 3, query) for n in range(first, first + count)]
        for step in steps:
            step["pop"] = round(clamp(self.wave(step["dt"], 1) + self.wet - 0.7, 0, 1), 2)
            step["main"]["temp_kf"], step["dt_txt"] = 0, str(datetime.fromtimestamp(step["dt"], UTC))[:19]
        city = {"name": self.place.name or "", "country": self.place.country or "", "coord": self.coord, **sun}
        city |= {"id": 0, "population": 0, "timezone": offset}
        return {"cod": "200", "message": 0, "cnt": count, "list": steps, "city": city}

    def air(self, start: float, end: float) -> dict[str, Any]:
        """The air hour by hour: smoke where it is calm, ozone in the sun, dust in a desert's wind."""
        entries, dry = list[dict[str, Any]](), max(0, 0.3 - self.wet)
        for t in range(int(start) // HOUR * HOUR, int(end) + 1, HOUR)[:500]:
            sun, calm, dust = max(0, self.sun(t)[2]), exp(-self.wind(t)[0] / 3), dry * self.wind(t)[0]
            parts = {"co": 190 + 300 * calm, "no": calm * sun, "no2": 3 + 45 * calm, "o3": 35 + 70 * sun, "nh3": calm,
                     "so2": 1 + 8 * calm, "pm2_5": 3 + 40 * calm, "pm10": 4 + 55 * calm + 15 * dust}  # fmt: skip
            parts = {name: round(amount, 2) for name, amount in parts.items()}
            entries.append({"main": {"aqi": air_class(parts)}, "components": parts, "dt": t})
        return {"coord": self.coord, "list": entries}


def refuse(status: int, message: str) -> NoReturn:
    raise HTTPException(status, message)


def number(query: QueryParams, name: str, low: float = -inf, high: float = inf) -> float:
    """A parameter, kept within bounds; what is no number is the upper one."""
    try:
        return clamp(float(query.get(name, "nan")), low, high)
    except ValueError:
        return high


def geocoded(places: Iterable[Place | None]) -> list[dict[str, Any]]:
    told = ((place, {"state": place.state} if place.state else {}) for place in places if place)
    return [{"name": p.name, "lat": p.latitude, "lon": p.longitude, "country": p.country, **more} for p, more in told]


def demo(clock: Callable[[], float], find: Callable[[str], list[Place]], near: Callable[[Coordinates], Place | None],
         timezone: Callable[[Coordinates, datetime], str]) -> ASGIApp:  # fmt: skip
    """The app. `clock` gives Unix seconds; the rest finds places by name, the place near a point, a point's zone."""

    def named(query: QueryParams) -> list[Place]:
        return find(query.get("q") or query.get("zip") or query.get("id") or refuse(400, "Nothing to geocode"))

    def here(query: QueryParams, now: int) -> Climate:
        if not (query.get("lat") or query.get("lon")):
            return Climate((named(query) or refuse(404, "city not found"))[0])
        latitude, longitude = number(query, "lat"), number(query, "lon")
        if not (abs(latitude) <= 90 and abs(longitude) <= 180):
            refuse(400, "wrong longitude" if abs(latitude) <= 90 else "wrong latitude")
        where = Coordinates(round(latitude, 4), round(longitude, 4))
        place, tz = near(where), timezone(where, datetime.fromtimestamp(now, UTC))
        name, country = (place.name, place.country) if place else (None, None)
        return Climate(Place(name, country, None, where.latitude, where.longitude, tz))

    routes: dict[str, Callable[[QueryParams, int], Any]] = {
        "/data/2.5/weather": lambda query, now: here(query, now).weather(now, query),
        "/data/2.5/forecast": lambda query, now: here(query, now).forecast(now, query),
        "/data/2.5/air_pollution": lambda query, now: here(query, now).air(now, now),
        "/data/2.5/air_pollution/forecast": lambda query, now: here(query, now).air(now, now + 95 * HOUR),
        "/data/2.5/air_pollution/history": lambda query, now: here(query, now).air(
            number(query, "start", AIR_SINCE, now) + HOUR - 1, number(query, "end", 0, now)
        ),
        "/geo/1.0/direct": lambda query, _: geocoded(named(query)[: int(number(query, "limit", 1, 5))]),
        "/geo/1.0/reverse": lambda query, now: geocoded([near(here(query, now).place.coordinates)]),
        "/geo/1.0/zip": lambda query, _: refuse(404, "not found") if query.get("zip") else named(query),
    }

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            route = routes.get(scope["path"]) or refuse(404, "Internal error")
            body, status = route(QueryParams(scope["query_string"]), int(clock())), 200
        except HTTPException as error:
            body, status = {"cod": str(error.status_code), "message": error.detail}, error.status_code
        await JSONResponse(body, status, media_type="application/json; charset=utf-8")(scope, receive, send)

    return app
