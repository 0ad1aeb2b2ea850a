"""An upstream for those without a key, and for the tests: OpenWeatherMap's words over an invented climate.

Nothing in it is real: all is a pure function of place and time. Latitude, season and hour set the temperature; fronts
that move east bring cloud, rain, wind and low pressure.
"""

from bisect import bisect
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from math import cos, inf, pi, radians, sin, sqrt, tau
from typing import Any, NoReturn

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from weather.domain import astronomy
from weather.domain.air import air_class
from weather.domain.conditions import cloud_code, condition
from weather.domain.model import Coordinates, Place, zone

HOUR, DAY, YEAR, AIR_SINCE = 3600, 86400, 31556926, 1606435200  # OpenWeatherMap has no air before November 2020
UNITS = {"metric": (1, 0, 1), "imperial": (1.8, 32, 2.236936)}  # °C times, plus; m/s times
WORDS = {  # where ours are not OpenWeatherMap's
    502: "heavy intensity rain", 800: "clear sky", 801: "few clouds", 802: "scattered clouds", 803: "broken clouds",
    804: "overcast clouds",
}  # fmt: skip

AIR = {  # micrograms per cubic metre within a front, and what halfway to high pressure adds
    "co": (200, 60), "no": (0, 1), "no2": (4, 14), "o3": (75, -10), "so2": (0, 2), "nh3": (0, 1), "pm2_5": (3, 8),
    "pm10": (5, 12),
}  # fmt: skip


def clamp(value: float, low: float, high: float) -> float:
    return max(low, min(high, value))


class Climate:
    """The weather of one place, at any Unix time `t`."""

    def __init__(self, place: Place) -> None:
        self.place, self.coord = place, {"lon": round(place.longitude, 4), "lat": round(place.latitude, 4)}
        self.east, self.up = radians(place.longitude), sin(radians(place.latitude))

    def front(self, t: float) -> float:
        """From -1, clear under high pressure, to 1, a front; two waves, so that no two fronts are alike."""
        slow, fast = 4 * self.east - tau * t / (4.1 * DAY), 5 * self.east - tau * t / (2.3 * DAY)
        return 0.65 * sin(slow + 3 * self.up) + 0.35 * sin(fast + 2 * self.up)

    def temperature(self, t: float) -> float:
        """°C. The north is coldest on 20 January, and a day warmest at three in the afternoon."""
        pole, front = abs(self.up), self.front(t)
        season = -11.0 * self.up * sqrt(pole) * cos(tau * (t / YEAR - 0.055))
        by_day = (4 - 2 * front) * (1 - pole**2) * cos(tau * t / DAY - pi + self.east - pi / 4)
        return 27 - 38 * pole**3 + season + by_day - 3 * front

    def moment(self, t: int, hours: int, query: QueryParams) -> dict[str, Any]:
        """What current weather and a step of the forecast share; rain and snow are sums over the `hours` before."""
        front, warm, is_day = self.front(t), self.temperature(t), astronomy.is_day(self.place.coordinates, utc(t))
        fallen = round(sum(8 * max(0, self.front(t - n * HOUR) - 0.45) for n in range(hours)), 2)
        first, steps = (600, (0.5, 1)) if warm < 1 else (500, (1, 4))
        cloud, speed = clamp(50 + 80 * front, 0, 100), 4 + 3 * front
        now = condition(first + bisect(steps, fallen / hours) if fallen >= 0.1 else cloud_code(cloud), None, is_day)
        warmth = {"temp": warm, "feels_like": warm - speed / 2, "temp_min": warm - 0.6, "temp_max": warm + 0.6}
        words, (times, plus, pace) = WORDS.get(now.code, now.text), UNITS.get(query.get("units", ""), (1, 273.15, 1))
        main = {name: round(value * times + plus, 2) for name, value in warmth.items()}
        main |= dict.fromkeys(("pressure", "sea_level", "grnd_level"), round(1014 - 18 * front))
        body: dict[str, Any] = {"main": main | {"humidity": round(65 + 30 * front)}, "clouds": {"all": round(cloud)}}
        body["weather"] = [{"id": now.code, "main": now.group.capitalize(), "description": words, "icon": now.icon}]
        speed, gust = round(speed * pace, 2), round(speed * pace * 1.6, 2)
        body |= {"wind": {"speed": speed, "deg": round(240 + 60 * front), "gust": gust}, "sys": {"pod": now.icon[-1]}}
        body |= {"snow" if first == 600 else "rain": {f"{hours}h": fallen}} if fallen >= 0.1 else {}
        return body | {"visibility": round(9000 - 1000 * front), "dt": t}

    def day(self, now: int) -> tuple[int, dict[str, int]]:
        """The offset from UTC; sunrise and sunset, 0, as OpenWeatherMap has it, for what does not happen."""
        tz = zone(self.place.timezone)
        local = datetime.fromtimestamp(now, tz)
        sun, offset = (
            astronomy.sun(self.place.coordinates, local.date(), tz),
            local.replace(tzinfo=UTC).timestamp() - now,
        )
        events = {"sunrise": sun.sunrise, "sunset": sun.sunset}
        return round(offset), {name: int(event.timestamp()) if event else 0 for name, event in events.items()}

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
            step["pop"] = round(clamp(2 * max(self.front(step["dt"] - n * HOUR) for n in range(3)) - 0.5, 0, 1), 2)
            step["main"]["temp_kf"], step["dt_txt"] = 0, str(utc(step["dt"]))[:19]
        city = {"name": self.place.name or "", "country": self.place.country or "", "coord": self.coord, **sun}
        city |= {"id": 0, "population": 0, "timezone": offset}
        return {"cod": "200", "message": 0, "cnt": count, "list": steps, "city": city}

    def air(self, start: float, end: float) -> dict[str, Any]:
        """The air hour by hour: fronts clean it."""
        entries = list[dict[str, Any]]()
        for t in range(int(start) // HOUR * HOUR, int(end) + 1, HOUR)[:500]:
            parts = {name: round(clean + foul * (1 - self.front(t)), 2) for name, (clean, foul) in AIR.items()}
            entries.append({"main": {"aqi": air_class(parts)}, "components": parts, "dt": t})
        return {"coord": self.coord, "list": entries}


def utc(t: int) -> datetime:
    return datetime.fromtimestamp(t, UTC)


def refuse(status: int, message: str) -> NoReturn:
    raise HTTPException(status, message)


def number(query: QueryParams, name: str, low: float = -inf, high: float = inf) -> float:
    """A parameter, kept within bounds; what is no number is the upper one."""
    try:
        return clamp(float(query.get(name, "nan")), low, high)
    except ValueError:
        return high


def geocoding_entries(places: Iterable[Place | None]) -> list[dict[str, Any]]:
    pairs = ((place, {"state": place.state} if place.state else {}) for place in places if place)
    return [{"name": p.name, "lat": p.latitude, "lon": p.longitude, "country": p.country, **more} for p, more in pairs]


def demo(
    clock: Callable[[], float],
    find: Callable[[str], list[Place]],
    near: Callable[[Coordinates], Place | None],
    timezone: Callable[[Coordinates], str],
) -> ASGIApp:
    """The app. `clock` gives Unix seconds; the rest finds places by name, the place near a point, a point's zone."""

    def named(query: QueryParams) -> list[Place]:
        return find(query.get("q") or query.get("zip") or query.get("id") or refuse(400, "Nothing to geocode"))

    def here(query: QueryParams) -> Climate:
        if not (query.get("lat") or query.get("lon")):
            return Climate((named(query) or refuse(404, "city not found"))[0])
        latitude, longitude = number(query, "lat"), number(query, "lon")
        if not (abs(latitude) <= 90 and abs(longitude) <= 180):
            refuse(400, "wrong longitude" if abs(latitude) <= 90 else "wrong latitude")
        where = Coordinates(round(latitude, 4), round(longitude, 4))
        place, tz = near(where), timezone(where)
        name, country = (place.name, place.country) if place else (None, None)
        return Climate(Place(name, country, None, where.latitude, where.longitude, tz))

    routes: dict[str, Callable[[QueryParams, int], Any]] = {
        "/data/2.5/weather": lambda query, now: here(query).weather(now, query),
        "/data/2.5/forecast": lambda query, now: here(query).forecast(now, query),
        "/data/2.5/air_pollution": lambda query, now: here(query).air(now, now),
        "/data/2.5/air_pollution/forecast": lambda query, now: here(query).air(now, now + 95 * HOUR),
        "/data/2.5/air_pollution/history": lambda query, now: here(query).air(
            number(query, "start", AIR_SINCE, now) + HOUR - 1, number(query, "end", 0, now)
        ),
        "/geo/1.0/direct": lambda query, _: geocoding_entries(named(query)[: int(number(query, "limit", 1, 5))]),
        "/geo/1.0/reverse": lambda query, _: geocoding_entries([near(here(query).place.coordinates)]),
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
