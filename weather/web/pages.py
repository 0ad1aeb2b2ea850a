"""The HTML door. A page's variables are a dataclass beside its endpoint."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from weather import wording
from weather.errors import BadParameter, PlaceNotFound
from weather.finder import Finder, Spot, spelled_point
from weather.model import (
    AirQuality,
    Coordinates,
    CurrentConditions,
    DailyForecast,
    Freshness,
    HourlyForecast,
    Missing,
    Place,
    degrees,
    label,
    zone,
)
from weather.report import Attribution, Provider, Report, Section, summed_up
from weather.settings import Settings
from weather.units import SYSTEMS, System, convert
from weather.web import params
from weather.web.replies import HTML, freshness_headers, validated
from weather.web.templating import Templating

T = TypeVar("T")

SECTIONS = frozenset({"current", "hourly", "daily", "air"})
HOURS_SHOWN = timedelta(hours=30)
WHY_OLD = {
    "offline": "This server is set to be offline, so nobody was asked.",
    "gate": "The source failed a moment ago; it is asked again soon.",
    "quota": "The calls that the source allows are used up for now.",
    "upstream-timeout": "The source has not answered in time.",
    "upstream-unreachable": "The source could not be reached.",
    "upstream-status": "The source answered with an error.",
    "upstream-invalid": "The source answered with something unreadable.",
}


@dataclass(frozen=True, slots=True)
class HomePage:
    """What `home.html` shows."""

    query: str


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What `search.html` shows: places of one name, the likeliest first, or suggestions when there is none."""

    query: str
    places: list[Place]
    suggestions: list[Place]


@dataclass(frozen=True, slots=True)
class ForecastPage:
    """What `forecast.html` shows; values in the reader's units, times in the place's zone, ages as of `as_of`."""

    place: Place
    label: str
    here: str
    as_of: datetime
    units: System
    systems: list[str]
    freshness: Freshness
    sections: dict[str, Freshness]
    is_mixed: bool
    age: float
    observed_age: float | None
    why_old: str
    current: CurrentConditions | None
    hours: Sequence[HourlyForecast]
    days: Sequence[DailyForecast]
    air: AirQuality | None
    now_words: str | None
    today_words: str | None
    missing: dict[str, Missing]
    attribution: Attribution


class Pages:
    """Home, search and forecast."""

    def __init__(
        self,
        provider: Provider,
        finder: Finder,
        templating: Templating,
        clock: Callable[[], float],
        settings: Settings,
    ) -> None:
        self._provider, self._finder, self._templating = provider, finder, templating
        self._clock, self._settings = clock, settings

    async def home(self, request: Request) -> Response:
        """The forecast of the operator's place, if there is one; else a search."""
        if self._settings.home is None:
            return self._shown(request, "home.html", HomePage(""))
        spot = await self._finder.first(self._settings.home)
        return await self._forecast(request, spot, (spot.place and spot.place.name) or "")

    async def search(self, request: Request) -> Response:
        """On to the forecast when the name is clear; a pick list when it is not; 404 when nobody knows it."""
        query = request.query_params.get("q", "").strip()
        if not query:
            return self._shown(request, "home.html", HomePage(""))
        if at := spelled_point(query):
            return self._onward(at.rounded(), "")
        places = await self._finder.named(query)
        if len(places) == 1:
            return self._onward(places[0].coordinates.rounded(), places[0].name or "")
        if not places:
            raise PlaceNotFound(f"No place called “{query[:80]}” is known.")
        return self._shown(request, "search.html", SearchPage(query, places[:20], []))

    def _onward(self, at: Coordinates, name: str) -> Response:
        label = f"?name={quote(name)}" if name else ""
        return RedirectResponse(
            f"{self._settings.root_path}/forecast/{at}{label}", 303, {"Cache-Control": "private, no-cache"}
        )

    async def forecast(self, request: Request) -> Response:
        """The forecast of a point; more than two decimals are sent on to the cell they lie in."""
        found = params.path_point(request.path_params["point"])
        if found is None:
            raise HTTPException(404)
        try:
            at = Coordinates(float(found[0]), float(found[1]))
        except ValueError as error:
            raise BadParameter("point", f"{error}.") from None
        if any(len(text.partition(".")[2]) > 2 for text in found):
            query = request.url.query
            onward = f"{self._settings.root_path}/forecast/{at.rounded()}" + (f"?{query}" if query else "")
            return RedirectResponse(onward, 308)
        return await self._forecast(request, Spot(at.rounded()), label(request.query_params.get("name")) or "")

    async def _forecast(self, request: Request, spot: Spot, label: str) -> Response:
        system = self._system(request)
        report = await self._provider.report(spot.at, spot.place, SECTIONS, ask=True)
        page = forecast_page(report, label, system, self._clock(), self._provider.attribution, self._settings.root_path)
        headers = freshness_headers(report.standing, report.fetched_at, self._settings.stale_for)
        return self._shown(request, "forecast.html", page, headers)

    def _system(self, request: Request) -> System:
        """The units that the reader asks for, else the operator's, else those of the reader's region."""
        told = request.query_params.get("units", "")
        if told in SYSTEMS:
            return SYSTEMS[told]
        return SYSTEMS[self._settings.units or params.regional_units(request.headers.get("accept-language", ""))]

    def _shown(self, request: Request, template: str, page: object, headers: dict[str, str] | None = None) -> Response:
        told = (headers or {}) | {"Cache-Control": "private, no-cache"}
        return validated(
            request, self._templating.render(template, page), HTML, told, "Accept-Encoding, Accept-Language"
        )


def forecast_page(
    report: Report, label: str, system: System, now: float, attribution: Attribution, root: str
) -> ForecastPage:
    """The page's variables, from a report as of the whole minute."""
    tz = zone(report.place.timezone)
    as_of = datetime.fromtimestamp(now // 60 * 60, tz)
    ages = report.freshness()
    whole = summed_up(ages.values())
    current, hours, days = value(report.current), value(report.hourly), value(report.daily) or ()
    at = report.standing
    return ForecastPage(
        place=report.place,
        label=label or report.place.name or point_in_words(report.place.coordinates),
        here=f"{root}/forecast/{report.place.coordinates}",
        as_of=as_of,
        units=system,
        systems=list(SYSTEMS),
        freshness=whole,
        sections=ages,
        is_mixed=any((age.fetched_at - whole.fetched_at).total_seconds() >= 60 for age in ages.values()),
        age=max(0.0, as_of.timestamp() - whole.fetched_at.timestamp()),
        observed_age=max(0.0, as_of.timestamp() - current.time.timestamp()) if current else None,
        why_old=WHY_OLD.get(at.via.detail or "", "It is past its time.") if at.is_stale else "",
        current=convert(current, system),
        hours=convert(tuple(wording.ahead(hours or (), as_of, HOURS_SHOWN)), system),
        days=convert(wording.with_summaries(days, system), system),
        air=value(report.air),
        now_words=wording.now(current, system) if current else None,
        today_words=wording.today(hours, system, as_of) if hours else None,
        missing={gap.section: gap for gap in report.missing},
        attribution=attribution,
    )


def value(section: Section[T] | None) -> T | None:
    """What a section holds, if it was asked for and is there."""
    return section.value if section else None


def point_in_words(at: Coordinates) -> str:
    """Say "51.5° N, 0.1° W" for a place without a name."""
    north = f"{degrees(abs(at.latitude))}° {'N' if at.latitude >= 0 else 'S'}"
    return f"{north}, {degrees(abs(at.longitude))}° {'E' if at.longitude >= 0 else 'W'}"
