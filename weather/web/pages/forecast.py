"""The HTML door. A page's variables are a dataclass beside its endpoint."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from weather.domain.model import Coordinates, Place
from weather.domain.text import label
from weather.errors import BadParameter, NotFound, PlaceNotFound
from weather.messages import N_
from weather.places.saved import SavedPlace
from weather.places.search import UNKNOWN_NAME, PlaceSearch, Target, parse_coordinates
from weather.providers.report import SECTIONS, Provider
from weather.settings import Settings
from weather.upstream.types import Requester
from weather.web.http import query
from weather.web.http.client_ip import requester_of
from weather.web.http.responses import SVG, allow_reuse, conditional_response, freshness_headers
from weather.web.pages.forecast_view import forecast_page, picture
from weather.web.pages.preferences import preferences
from weather.web.pages.renderer import PRIVATE, PageRenderer
from weather.web.pages.status import Status
from weather.web.pages.templating import Templating

NOWHERE = N_("Latitude lies between -90 and 90, longitude between -180 and 180.")


def path_point(request: Request) -> tuple[Coordinates, bool]:
    """The cell of the point in a path, and whether it was spelled as one. Raises HTTPException or BadParameter."""
    found = query.path_point(request.path_params["point"])
    if found is None:
        raise HTTPException(404)
    try:
        at = Coordinates(float(found[0]), float(found[1])).rounded()
    except ValueError:
        raise BadParameter("point", NOWHERE) from None
    return at, all(len(text.partition(".")[2]) <= 2 for text in found)


@dataclass(frozen=True, slots=True)
class PlainPage:
    """What a page without variables of its own shows."""

    query: str = ""


@dataclass(frozen=True, slots=True)
class HomePage:
    """What `home.html` shows: the places that are saved."""

    saved: list[SavedPlace]
    query: str = ""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What `search.html` shows: places of one name, the likeliest first."""

    query: str
    places: list[Place]


class Pages:
    """Home, search and forecast."""

    def __init__(
        self,
        provider: Provider,
        finder: PlaceSearch,
        templating: Templating,
        frame: PageRenderer,
        kept: Callable[[Request], Awaitable[list[SavedPlace]]],
        clock: Callable[[], float],
        settings: Settings,
        status: Status,
    ) -> None:
        self._provider, self._finder, self._templating = provider, finder, templating
        self._frame, self._kept, self._clock, self._settings = frame, kept, clock, settings
        self._status = status

    async def home(self, request: Request) -> Response:
        """The forecast of the operator's place, if there is one; else a search."""
        if self._settings.home is None:
            return await self._first(request)
        spot = await self._finder.resolve(self._settings.home, self._visitor(request))
        return await self._forecast(request, spot, (spot.place and spot.place.name) or "")

    async def _first(self, request: Request) -> Response:
        return self._frame.shown(request, "home.html", HomePage(await self._kept(request)))

    async def entry(self, request: Request) -> Response:
        """On from the path prefix to the home page, which has a slash behind it."""
        query = request.url.query
        return RedirectResponse(f"{self._settings.root_path}/" + (f"?{query}" if query else ""), 308)

    async def offline(self, request: Request) -> Response:
        """What the service worker shows for a page that was never opened."""
        return self._frame.shown(request, "offline.html", PlainPage())

    async def status(self, request: Request) -> Response:
        """For people: what is kept and how old, and how upstream does."""
        return self._frame.shown(request, "status.html", await self._status.page())

    async def search(self, request: Request) -> Response:
        """On to the forecast when the name is clear; a pick list when it is not; 404 when nobody knows it."""
        if begins := request.query_params.get("begins", "").strip():
            places = self._finder.autocomplete(begins)
            return self._frame.shown(request, "_begins.html", SearchPage(begins, places))
        name = dict(query.pairs(request.scope["query_string"])).get("q", "").strip()
        if not name:
            return await self._first(request)
        if at := parse_coordinates(name):
            return self._onward(at.rounded(), "")
        places = await self._finder.exact(name, self._visitor(request))
        if len(places) == 1:
            return self._onward(places[0].coordinates.rounded(), places[0].name or "")
        if not places:
            raise PlaceNotFound(UNKNOWN_NAME)
        return self._frame.shown(request, "search.html", SearchPage(name, places[:20]))

    def _onward(self, at: Coordinates, name: str) -> Response:
        named = f"?name={quote(name)}" if name else ""
        return RedirectResponse(f"{self._settings.root_path}/forecast/{at}{named}", 303, PRIVATE)

    async def forecast(self, request: Request) -> Response:
        """The forecast of a point; more than two decimals are sent on to the cell they lie in."""
        at, is_cell = path_point(request)
        if not is_cell:
            return self._to_cell(request, at, "")
        return await self._forecast(request, Target(at), label(request.query_params.get("name")) or "")

    def _to_cell(self, request: Request, at: Coordinates, rest: str) -> Response:
        query = request.url.query
        onward = f"{self._settings.root_path}/forecast/{at}{rest}" + (f"?{query}" if query else "")
        return RedirectResponse(onward, 308)

    async def meteogram(self, request: Request) -> Response:
        """The drawing by its own address; its words and units by the address alone, so that anyone may keep it."""
        at, is_cell = path_point(request)
        if not is_cell:
            return self._to_cell(request, at, "/meteogram.svg")
        report = await self._provider.report(at, None, frozenset({"hourly"}), self._visitor(request))
        wanted = preferences(request.query_params, {}, "", self._settings.units)
        name = label(request.query_params.get("name")) or ""
        page = forecast_page(report, name, wanted.reader, self._clock())
        if page.hours.chart is None:
            raise NotFound(N_("The forecast that is kept has come to its end."))
        rules, policy = self._templating.picture_style
        body = self._templating.render(
            "_meteogram.svg", picture(page, wanted.reader, rules), wanted, request.query_params
        )
        whole = report.is_complete
        headers = freshness_headers(report.freshness_now, report.fetched_at, self._settings.stale_for, whole=whole)
        return conditional_response(
            request, body, SVG, headers | {"Content-Security-Policy": policy}, "Accept-Encoding"
        )

    async def _forecast(self, request: Request, spot: Target, name: str) -> Response:
        report = await self._provider.report(spot.at, spot.place, frozenset(SECTIONS), self._visitor(request))
        reader = self._frame.preferences(request).reader
        await asyncio.sleep(0)  # to read, to draw and to write take milliseconds each: others go in between
        page = forecast_page(report, name, reader, self._clock())
        await asyncio.sleep(0)
        headers = freshness_headers(report.freshness_now, report.fetched_at, self._settings.stale_for)
        if report.is_complete:
            allow_reuse(request, report.validities, of_minute=True)
        return self._frame.shown(request, "forecast.html", page, headers)

    def _visitor(self, request: Request) -> Requester:
        return requester_of(request, self._settings.trusted_proxies)
