"""The HTML door. A page's variables are a dataclass beside its endpoint."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from weather.domain.model import Coordinates, Place
from weather.domain.text import label
from weather.errors import BadParameter, NotFound, PlaceNotFound
from weather.i18n.language import SOURCE
from weather.i18n.negotiation import region, wanted
from weather.messages import N_
from weather.places.gazetteer.folding import normalize_name
from weather.places.saved.lists import SavedPlace
from weather.places.search.coordinates_text import OUT_OF_RANGE
from weather.places.search.place_search import ALL, SEVERAL, UNKNOWN_NAME, Hints, PlaceSearch, Target
from weather.providers.report import SECTIONS, Report
from weather.upstream.types import Requester
from weather.web.http import query
from weather.web.http.clients import place_list_token
from weather.web.http.clients.client_ip import requester_of
from weather.web.http.clients.insiders import is_insider, may_look
from weather.web.http.preferences import preferences
from weather.web.http.report_headers import report_headers
from weather.web.http.responses import SVG, conditional_response
from weather.web.http.site import Site
from weather.web.pages.embeds.preview_render import can_draw
from weather.web.pages.renderer import PRIVATE, PageRenderer
from weather.web.pages.saved import SavedPages
from weather.web.pages.status import Status
from weather.web.pages.templating import Templating
from weather.web.view.forecast import forecast_page, picture

MOST_LISTED, MOST_NAMESAKES = 10, 30
"""Places of a pick list, and of the list of all that have the name or begin so."""


def path_point(request: Request) -> tuple[Coordinates, bool]:
    """The cell of the point in a path, and whether it was spelled as one. Raises HTTPException or BadParameter."""
    numbers = query.path_point(request.path_params["point"])
    if numbers is None:
        raise HTTPException(404)
    try:
        at = Coordinates(float(numbers[0]), float(numbers[1])).rounded()
    except ValueError:
        raise BadParameter("point", OUT_OF_RANGE) from None
    return at, all(len(text.partition(".")[2]) <= 2 for text in numbers)


def to_cell(request: Request, at: Coordinates, root: str, rest: str = "") -> Response:
    """On to the address of a cell."""
    query = request.url.query
    return RedirectResponse(f"{root}/forecast/{at}{rest}" + (f"?{query}" if query else ""), 308)


def in_language(finder: PlaceSearch, report: Report, name: str, language: str) -> tuple[Report, str]:
    """The report with its place as the language calls it; where its or its town's name was asked for, so is that."""
    place = finder.in_language(report.place, language)
    return replace(report, place=place), finder.label_in_language(name, report.place, language)


@dataclass(frozen=True, slots=True)
class PlainPage:
    """What a page without variables of its own shows."""

    query: str = ""


@dataclass(frozen=True, slots=True)
class HomePage:
    """What `home.html` shows: the places that are saved."""

    saved: list[SavedPlace]
    query: str = ""


LARGEST_FIRST = N_("The largest first.")


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What `search.html` shows: places to pick from, the likeliest first, and why they are offered.

    `several`: they are namesakes.
    """

    query: str
    places: list[Place]
    note: str = LARGEST_FIRST
    several: bool = True


def are_namesakes(places: Sequence[Place]) -> bool:
    """Whether all bear one name, of their own or that which matched: New York is not called "new"."""
    return len({normalize_name(place.matched or place.name or "") for place in places}) == 1


class Pages:
    """Home, search and forecast."""

    def __init__(
        self,
        site: Site,
        templating: Templating,
        frame: PageRenderer,
        saved: SavedPages,
        status: Status,
    ) -> None:
        self._provider, self._finder = site.provider, site.search
        self._clock, self._settings = site.clock, site.settings
        self._templating, self._frame = templating, frame
        self._saved, self._status = saved, status

    async def home(self, request: Request) -> Response:
        """The forecast of the reader's own home, else of the operator's place, if there is one; else a search."""
        saved = await self._saved.saved_places(request)
        if own := next((place for place in saved if place.home), None):
            return await self._forecast(request, Target(own.coordinates.rounded()), own.name, saved)
        if self._settings.home is None:
            return self._first(request, saved)
        spot = await self._finder.resolve(self._settings.home, self._visitor(request))
        return await self._forecast(request, spot, (spot.place and spot.place.name) or "", saved)

    def _first(self, request: Request, saved: list[SavedPlace]) -> Response:
        return self._frame.shown(request, "home.html", HomePage(saved))

    async def entry(self, request: Request) -> Response:
        """On from the path prefix to the home page, which has a slash behind it."""
        query = request.url.query
        return RedirectResponse(f"{self._settings.root_path}/" + (f"?{query}" if query else ""), 308)

    async def offline(self, request: Request) -> Response:
        """What the service worker shows for a page that was never opened."""
        return self._frame.shown(request, "offline.html", PlainPage())

    async def status(self, request: Request) -> Response:
        """For people: what is kept and how old, and how upstream does. Where it is closed, 403 for others."""
        if not may_look(request, self._settings, self._settings.status):
            raise HTTPException(403)
        page = await self._status.page(for_operator=is_insider(request, self._settings))
        return self._frame.shown(request, "status.html", page)

    async def search(self, request: Request) -> Response:
        """On to the forecast when the name is clear; a pick list when it is not; 404 when nobody knows it."""
        if begins := request.query_params.get("begins", "").strip():
            places = self._finder.autocomplete(begins)
            return self._frame.shown(request, "_begins.html", SearchPage(begins, places))
        name = dict(query.pairs(request.scope["query_string"])).get("q", "").strip()
        if not name:
            return self._first(request, await self._saved.saved_places(request))
        if request.query_params.get("all") == "1":
            return await self._namesakes(request, name)
        result = await self._finder.find(name, self._visitor(request), self._hints(request))
        if result.at or result.is_clear:
            spot = result.target()
            return self._onward(spot.at.rounded(), (spot.place and spot.place.name) or "")
        places = result.places[:MOST_LISTED]
        note = LARGEST_FIRST if result.note == SEVERAL else result.note
        several = result.note == SEVERAL and are_namesakes(places)
        return self._frame.shown(request, "search.html", SearchPage(name, places, note, several))

    async def _namesakes(self, request: Request, name: str) -> Response:
        """All that the text may mean, and what begins so: the answer to "not this one?"."""
        places = await self._finder.search(name, MOST_NAMESAKES, self._visitor(request))
        if not places:
            raise PlaceNotFound(UNKNOWN_NAME)
        return self._frame.shown(request, "search.html", SearchPage(name, places, ALL, False))

    def _hints(self, request: Request) -> Hints:
        """What is known of the reader: the page's language, else the browser's, and the region that this names."""
        header = request.headers.get("accept-language", "")
        lang = self._frame.preferences(request).reader.language.code
        if lang == SOURCE:  # it is what readers of languages get that are not served: O is theirs
            lang = next((code for code, _ in wanted(header)), lang)
        return Hints(lang, region(header)[1])

    def _onward(self, at: Coordinates, name: str) -> Response:
        named = f"?name={quote(name)}" if name else ""
        return RedirectResponse(f"{self._settings.root_path}/forecast/{at}{named}", 303, PRIVATE)

    async def forecast(self, request: Request) -> Response:
        """The forecast of a point; more than two decimals are sent on to the cell they lie in."""
        at, is_cell = path_point(request)
        if not is_cell:
            return to_cell(request, at, self._settings.root_path)
        name, saved = label(request.query_params.get("name")) or "", await self._saved.saved_places(request)
        return await self._forecast(request, Target(at), name, saved)

    async def meteogram(self, request: Request) -> Response:
        """The drawing by its own address; its words and units by the address alone, so that anyone may keep it."""
        at, is_cell = path_point(request)
        if not is_cell:
            return to_cell(request, at, self._settings.root_path, "/meteogram.svg")
        report = await self._provider.report(at, None, frozenset({"hourly"}), self._visitor(request))
        wanted = preferences(request.query_params, {}, "", self._settings.units)
        name = label(request.query_params.get("name")) or ""
        report, name = in_language(self._finder, report, name, wanted.reader.language.code)
        page = forecast_page(report, name, wanted.reader, self._clock())
        if page.hours.chart is None:
            raise NotFound(N_("The saved forecast has come to its end."))
        rules, policy = self._templating.picture_style
        body = self._templating.render(
            "_meteogram.svg", picture(page, wanted.reader, rules), wanted, request.query_params
        )
        headers = report_headers(request, report, self._settings.stale_for)
        return conditional_response(
            request, body, SVG, headers | {"Content-Security-Policy": policy}, "Accept-Encoding"
        )

    async def _forecast(self, request: Request, spot: Target, name: str, saved: list[SavedPlace]) -> Response:
        report = await self._provider.report(spot.at, spot.place, frozenset(SECTIONS), self._visitor(request))
        reader = self._frame.preferences(request).reader
        report, name = in_language(self._finder, report, name, reader.language.code)
        await asyncio.sleep(0)  # to read, to draw and to write take milliseconds each: others go in between
        chips = await self._saved.chips(request, saved, spot.at)
        here = next((place for place in saved if place.coordinates.rounded() == spot.at.rounded()), None)
        page = forecast_page(report, name, reader, self._clock())
        page = replace(page, chips=chips, saved=here, has_picture=can_draw())
        await asyncio.sleep(0)
        is_own = bool(place_list_token.cookie(request))
        headers = report_headers(request, report, self._settings.stale_for, is_own=is_own)
        if is_own:
            headers.pop("Last-Modified", None)  # the weather of saved places is there too, and may change any moment
        return self._frame.shown(request, "forecast.html", page, headers)

    def _visitor(self, request: Request) -> Requester:
        return requester_of(request, self._settings.trusted_proxies)
