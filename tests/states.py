"""Pages in every state, from reports made by hand: what the server can produce, and what it cannot be made to here."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

from weather.domain.conditions import condition
from weather.domain.daily import days
from weather.domain.model import (
    AirQuality,
    Alert,
    CurrentConditions,
    DailyForecast,
    HourlyForecast,
    MissingSection,
    NowcastStep,
    Place,
    zone,
)
from weather.places.gazetteer.lookup import Gazetteer
from weather.providers.report import Attribution, Fallback, Report, Section, Source
from weather.upstream.freshness import CacheOutcome, Lifetime
from weather.upstream.types import CachedResponse, CacheEntry
from weather.web.http.assets import Assets
from weather.web.http.preferences import Preferences
from weather.web.pages.templating import PACKAGE, Templating
from weather.web.view.forecast import forecast_page
from weather.web.view.notice import WHY_OLD

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NOW = datetime(2026, 11, 24, 14, 25, 30, tzinfo=UTC)  # a Tuesday
MINUTE_NOW, QUARTER_NOW = NOW.replace(second=0), NOW.replace(minute=15, second=0)
NEW, OLD = datetime(2026, 11, 24, 14, 20, tzinfo=UTC), datetime(2026, 11, 24, 11, 5, tzinfo=UTC)
AGAIN = datetime(2026, 11, 24, 14, 35, tzinfo=UTC).timestamp()
CREDIT = Attribution("Weather data provided by OpenWeather", "https://openweathermap.org/")
OWM = Source("openweathermap", "OpenWeatherMap", (CREDIT,), 10_000.0)
METEO = Source("open-meteo", "Open-Meteo", (Attribution("Weather data by Open-Meteo.com", "https://open-meteo.com/"),))
DEMO = Source("demo", "demo, invented", (CREDIT,))
LONDON = Place("London", "GB", "England", 51.51, -0.13, "Europe/London")
SVALBARD = Place("Longyearbyen", "SJ", None, 78.22, 15.65, "Arctic/Longyearbyen")
ANTARCTICA = Place("Vostok", "AQ", None, -78.46, 106.84, "Antarctica/Vostok")
NOWHERE = Place(None, None, None, -33.87, -151.21, "-10:00")
PARTS = ("current", "nowcast", "hourly", "daily", "alerts", "air")
UNKNOWN = {
    kind: dict.fromkeys(f.name for f in fields(kind)) for kind in (CurrentConditions, HourlyForecast, DailyForecast)
}
PLAN = {
    "nowcast": "OpenWeatherMap's free products do not provide minute-by-minute rain.",
    "alerts": "OpenWeatherMap's free products do not provide weather warnings. "
    "There may be some in force: ask your national weather service.",
}

ASSETS = Assets(PACKAGE / "static", "")
ATLAS = Gazetteer()
NAMES = {
    "localized": ATLAS.in_language,
    "country_name": ATLAS.country_name,
    "asks_open_meteo": True,
    "public_url": None,
}
TEMPLATING = {is_demo: Templating(ASSETS, NAMES | {"is_demo": is_demo}, "") for is_demo in (False, True)}


# What is shown


def fetched(at: datetime, via: CacheOutcome) -> CachedResponse:
    """An answer that came then, fresh for ten minutes."""
    entry = CacheEntry(200, "application/json", b"{}", at.timestamp())
    return CachedResponse(entry, Lifetime(600, 7 * 86400), NOW.timestamp(), via)


def missing(part: str, reason: str = "upstream") -> Section:
    return Section(missing=MissingSection(part, reason, PLAN[part] if reason == "plan" else "upstream answered 500"))


def current(**told) -> CurrentConditions:
    known = {"time": NOW.replace(minute=15, second=0), "temperature": 11.6, "feels_like": 8.9, "wind_speed": 5.0}
    known |= {"wind_direction": 225.0, "pressure": 1012.0, "is_day": True, "condition": condition(500, None, True)}
    return CurrentConditions(**UNKNOWN[CurrentConditions] | {"basis": "analysis"} | known | told)


def hours(tz, first: datetime = NEW + 40 * MINUTE, count: int = 40, interval: int = 3, **told) -> tuple:
    """Steps that cool by a tenth of a degree each; the fourth brings 2.4 mm."""
    made = []
    for n in range(count):
        wet = n == 3
        known = {"time": (first + n * interval * HOUR).astimezone(tz), "interval_hours": interval, "is_day": True}
        known |= {"temperature": 7 - n / 10, "precipitation": 2.4 if wet else 0.0, "wind_speed": 3.0}
        known |= {
            "precipitation_probability": 80.0 if wet else 0.0,
            "condition": condition(501 if wet else 803, None, True),
        }
        made.append(HourlyForecast(**UNKNOWN[HourlyForecast] | known | told))
    return tuple(made)


def minutes(*amounts, first: datetime = MINUTE_NOW) -> tuple[NowcastStep, ...]:
    return tuple(NowcastStep(first + n * MINUTE, 1, amount) for n, amount in enumerate(amounts))


def quarters(*rates, first: datetime = QUARTER_NOW, **told) -> tuple[NowcastStep, ...]:
    """Quarter hours with those rates in mm an hour, the running one first."""
    return tuple(NowcastStep(first + n * 15 * MINUTE, 15, rate, **told) for n, rate in enumerate(rates))


def alert(event: str = "Yellow wind warning", ends: datetime = NOW + 6 * HOUR, **told) -> Alert:
    known = {
        "id": event,
        "sender": "Met Office",
        "starts_at": NEW,
        "description": "Gusts of 55 mph.",
        "tags": ("Wind",),
    }
    return Alert(**{"event": event, "ends_at": ends} | known | told)


def air(tz=UTC, index: int | None = 2, **told) -> AirQuality:
    amounts = dict.fromkeys(("pm2_5", "pm10", "o3", "no2", "so2", "co", "nh3", "no")) | {"pm2_5": 4.5, "o3": 60.0}
    return AirQuality(NEW.astimezone(tz), index, "OpenWeatherMap 1-5", amounts | told)


def report(
    place: Place = LONDON,
    at: datetime = NEW,
    via: CacheOutcome | None = None,
    source=OWM,
    as_of: datetime = NOW,
    **parts,
) -> Report:
    """A whole report as the free products give it; `parts` replaces sections, or their values."""
    tz, came = zone(place.timezone), fetched(at, via or CacheOutcome())
    steps = parts["hourly"] if isinstance(parts.get("hourly"), tuple) else hours(tz)
    values = {"current": current(), "hourly": steps, "air": air(tz), "daily": days(steps, place.coordinates, tz)}
    sections = {part: missing(part, "plan") for part in PLAN}
    for part, told in (values | parts).items():
        sections[part] = told if isinstance(told, Section) else Section(told, came, getattr(told, "time", None))
    return Report(place=place, source=source, as_of=as_of.timestamp() // 60 * 60, **sections)


def stale(detail: str | None, **via) -> Report:
    return report(at=OLD, via=CacheOutcome(detail=detail, **via))


def alone(part: str) -> Report:
    """Nothing could be had but that part."""
    return report(**{other: missing(other) for other in PARTS if other != part})


UNTOLD_NOW = dict.fromkeys(UNKNOWN[CurrentConditions].keys() - {"time", "basis"})
UNTOLD_HOUR = dict.fromkeys(UNKNOWN[HourlyForecast].keys() - {"time", "interval_hours"})
EVIL = '</p><script>alert(1)</script><img src="x" onerror="y"> & {n} {{ 7 * 7 }} \'"'

STATES = {
    "fresh": report(),
    "stale": stale(None),
    **{f"stale, {detail}": stale(detail) for detail in WHY_OLD},
    "stale, an error 500": stale("upstream-status", fwd="stale", fwd_status=500),
    "stale, a new detail": stale("something-new"),
    "stale in part": replace(report(), air=Section(air(), fetched(OLD, CacheOutcome(detail="upstream-timeout")))),
    "offline": stale("offline"),
    "quota": stale("quota", retry_at=AGAIN),
    "key, 401": stale("upstream-status", fwd="stale", fwd_status=401, retry_at=AGAIN, code="key_rejected"),
    "key": stale("gate", retry_at=AGAIN, code="key_rejected"),
    "gate": stale("gate", retry_at=AGAIN),
    "stood in for, key": replace(report(source=METEO), instead=Fallback(OWM, "key_rejected", AGAIN)),
    "stood in for, quota": replace(report(source=METEO), instead=Fallback(OWM, "quota_exhausted", AGAIN)),
    "stood in for, failing": replace(report(source=METEO), instead=Fallback(OWM, "upstream_failed", None)),
    "stood in for by the demo": replace(report(source=DEMO), instead=Fallback(METEO, "upstream_failed", AGAIN)),
    "forecast as now": report(current=current(basis="forecast")),
    "forecast as now, stale": report(at=OLD, via=CacheOutcome(detail="offline"), current=current(basis="forecast")),
    "minutes wet": report(nowcast=minutes(*[0.0] * 15, *[0.8] * 15, *[0.0] * 31)),
    "minutes dry": report(nowcast=minutes(*[0.0] * 61)),
    "minutes gone by": report(nowcast=minutes(*[0.8] * 61, first=OLD)),
    "minutes half gone by": report(nowcast=minutes(*[0.8] * 30, *[0.0] * 31, first=NOW.replace(minute=10, second=0))),
    "quarters wet": report(source=METEO, nowcast=quarters(0.0, 0.0, 0.8, 2.4, 0.4, 0.0, 0.0, 0.0, 0.0)),
    "quarters dry": report(source=METEO, nowcast=quarters(*[0.0] * 9)),
    "quarters interpolated": report(source=METEO, nowcast=quarters(*[0.12] * 9, interpolated=True)),
    "quarters of traces": report(source=METEO, nowcast=quarters(*[0.04] * 9)),
    "quarters gone by": report(source=METEO, nowcast=quarters(*[0.8] * 9, first=OLD - HOUR)),
    "quarters unknown": report(source=METEO, nowcast=quarters(None, 0.8, None, 0.8)),
    "minutes unknown": report(nowcast=minutes(*[None] * 61)),
    "one alert": report(alerts=(alert(),)),
    "two alerts": report(alerts=(alert(), alert("Red rain warning", NOW + 30 * HOUR, description=""))),
    "seven alerts": report(alerts=tuple(alert(f"Alert {n}") for n in range(7))),
    "evil alert": report(alerts=(alert(EVIL, sender=EVIL, description=EVIL),)),
    "expired alert": report(alerts=(alert("Gone by", NOW - MINUTE),)),
    "alert among expired ones": report(alerts=(alert("Gone by", NOW - MINUTE), alert())),
    "none in force": report(alerts=()),
    "none in force, stale": report(at=OLD, via=CacheOutcome(detail="gate"), alerts=()),
    "alerts, stale": report(at=OLD, via=CacheOutcome(detail="offline"), alerts=(alert(),)),
    **{f"no {part}": report(**{part: missing(part)}) for part in PARTS},
    **{f"{part} alone": alone(part) for part in ("current", "hourly", "daily", "air")},
    "nowcast alone": replace(alone("none"), nowcast=Section(minutes(*[0.5] * 61), fetched(NEW, CacheOutcome()))),
    "alerts alone": replace(alone("none"), alerts=Section((alert(),), fetched(NEW, CacheOutcome()))),
    "empty hours": report(hourly=()),
    "hours gone by": report(hourly=hours(UTC, OLD - 90 * HOUR, 20)),
    "one hour": report(hourly=hours(UTC, count=1)),
    "hours by the hour": replace(
        report(hourly=hours(UTC, count=48, interval=1)), past=hours(UTC, NEW - 25 * HOUR + 40 * MINUTE, 25, 1)
    ),
    "hours unknown": report(hourly=hours(UTC, **UNTOLD_HOUR)),
    "now unknown": report(current=current(**UNTOLD_NOW)),
    "a sky without a picture": report(current=current(condition=condition(999, None, None), is_day=None)),
    "days unknown": report(daily=(DailyForecast(**UNKNOWN[DailyForecast] | {"date": NOW.date(), "partial": True}),)),
    "air without an index": report(air=air(index=None)),
    "all told": report(current=current(uv_index=0.4, wind_gust=20.0, dew_point=3.0, humidity=81.0, visibility=10000.0),
                       air=replace(air(), pollen={"birch": 40.0, "grass": 25.0, "ragweed": 600.0, "olive": None})),
    "no pollen": report(air=replace(air(), pollen={"birch": 0.0, "grass": 0.0})),
    "polar night": report(SVALBARD),
    "polar day": report(ANTARCTICA),
    "no name": report(NOWHERE),
    "an evil name": report(replace(LONDON, name=EVIL, state=EVIL, country="<b>")),
    "an Arabic name": report(replace(LONDON, name="القاهرة", state=None, country="EG", timezone="Africa/Cairo")),
    "the clocks go back": report(replace(LONDON, name="Santiago", timezone="America/Santiago")),
}  # fmt: skip


def wanted(lang: str, units: str = "metric", clock: str = "24") -> Preferences:
    return Preferences(units, clock, lang)


def shown(told: Report, lang: str = "en", name: str = "", is_demo: bool = False, **preferences) -> str:
    """The page of a report, as a browser gets it."""
    prefers = wanted(lang, **preferences)
    page = forecast_page(told, name, prefers.reader, NOW.timestamp())
    return TEMPLATING[is_demo].render("forecast.html", page, prefers, {}).decode()
