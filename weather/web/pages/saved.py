"""`/places`: saved places side by side; saved, renamed, put in order and removed by plain forms."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from weather.domain.model import Coordinates
from weather.domain.text import label
from weather.errors import BadParameter, DatabaseUnavailable, UnsupportedMediaType, WeatherError
from weather.messages import N_
from weather.places.gazetteer.lookup import PlaceAt
from weather.places.saved.lists import BRIEF, PATIENCE, SavedPlace, SavedPlaces, is_id
from weather.places.search.coordinates_text import OUT_OF_RANGE
from weather.providers.report import Report
from weather.upstream.types import Requester
from weather.web.http import query
from weather.web.http.clients import place_list_token
from weather.web.http.clients.client_ip import requester_of
from weather.web.http.few_at_once import few_at_once
from weather.web.http.site import Site
from weather.web.pages.place_rows import PlacesPage, card, columns, places_page
from weather.web.pages.renderer import PRIVATE, PageRenderer
from weather.web.view.chips import MOST, Chip, chips

ASKED = 12
"""Places that one view of the page asks upstream for, of those not kept or old: a long list fills with each visit."""

MOST_IN_TABLE = 24
"""Places whose days are read for one view of the page, from what is kept: each takes milliseconds."""

CURRENT = frozenset({"current"})
DAYS = frozenset({"current", "hourly", "daily"})
"""What the days of a place are made of, so that they agree with those of its own page."""

STEPS = {"up": -1, "down": 1}
FORM = "application/x-www-form-urlencoded"
LONGEST_FORM = 8 * 2**10
"""Bytes of a form: the longest that a page of ours sends has fewer, and to read many escapes takes long."""


class SavedPages:
    """The list of a browser, known by its cookie."""

    def __init__(self, site: Site, saved: SavedPlaces, place_at: PlaceAt, frame: PageRenderer) -> None:
        self._provider, self._clock, self._settings = site.provider, site.clock, site.settings
        self._saved, self._place_at, self._frame = saved, place_at, frame

    async def saved_places(self, request: Request) -> list[SavedPlace]:
        """The list, for pages that can do without it."""
        try:
            return await self._all(request, BRIEF)
        except DatabaseUnavailable:
            return []

    async def chips(self, request: Request, saved: Sequence[SavedPlace], here: Coordinates) -> list[Chip]:
        """The list above a forecast: of what is kept alone, no call is made for it."""
        return chips(saved[:MOST], await self._kept_reports(request, saved[:MOST], CURRENT), here)

    async def _kept_reports(
        self, request: Request, saved: Sequence[SavedPlace], wanted: frozenset[str]
    ) -> list[Report | None]:
        """What is kept of each place, one after another: days take twenty milliseconds each."""
        visitor = requester_of(request, self._settings.trusted_proxies)
        look = replace(visitor, may_call=False, is_peek=True, is_counted=False)
        return await few_at_once([self._report(place, look, wanted) for place in saved], 1)

    async def _all(self, request: Request, patience: float = PATIENCE) -> list[SavedPlace]:
        token = place_list_token.cookie(request)
        return await self._saved.all(token, patience) if token else []

    async def page(self, request: Request) -> Response:
        """Each place with its weather now and what is kept of its days; or, to change them, the places alone."""
        saved, now = await self._all(request), self._clock() // 60 * 60
        if request.query_params.get("edit") == "1":
            cards = [card(place, None, None, (), now) for place in saved]
            return self._frame.shown(request, "places.html", PlacesPage(cards, (), (), int(now), edit=True))
        reports = await self._reports(saved, requester_of(request, self._settings.trusted_proxies))
        days = await self._kept_reports(request, saved[:MOST_IN_TABLE], DAYS)
        days += [None] * (len(saved) - len(days))
        dates = columns(saved, now)
        cards = []
        for row in zip(saved, reports, days, strict=True):
            cards.append(card(*row, dates, now))
            await asyncio.sleep(0)  # others go in between, and before all of it is written
        return self._frame.shown(request, "places.html", places_page(cards, dates, now))

    async def _reports(self, saved: Sequence[SavedPlace], visitor: Requester) -> list[Report | None]:
        """What is kept first; then upstream is asked for what is not there or old, of the first few."""
        leave = replace(visitor, may_call=False)
        look = replace(leave, is_peek=True)
        reports = await few_at_once([self._report(place, look) for place in saved])
        due = [i for i, report in enumerate(reports) if report is None or report.freshness_now.is_stale]
        asked = await asyncio.gather(*(self._report(saved[i], visitor) for i in due[:ASKED]))
        asked += await few_at_once([self._report(saved[i], leave) for i in due[ASKED:]])
        for i, report in zip(due, asked, strict=True):
            reports[i] = report or reports[i]
        return reports

    async def _report(self, saved: SavedPlace, visitor: Requester, wanted: frozenset[str] = CURRENT) -> Report | None:
        try:
            return await self._provider.report(saved.coordinates.rounded(), saved.place, wanted, visitor)
        except WeatherError:
            return None

    async def add(self, request: Request) -> Response:
        """Keep a place, unless its cell is kept already; then back to its page."""
        place_list_token.refuse_foreign(request)
        name, at = place_in(await form(request, ("name", "latitude", "longitude")))
        response, client = self._to_forecast(name, at), requester_of(request, self._settings.trusted_proxies).client
        if not any(place.coordinates.rounded() == at.rounded() for place in await self._all(request)):
            token, place = place_list_token.cookie(request), self._place_at(name, at)
            _, new = await self._saved.add(token, place, client, once=True)  # a form may be sent twice at once
            if new:
                place_list_token.remember(response, request, new, self._settings)
        return response

    async def remove(self, request: Request) -> Response:
        """Keep a place no longer; one that is gone already is gone."""
        place_list_token.refuse_foreign(request)
        await form(request, ())
        if token := place_list_token.cookie(request):
            await self._saved.remove(token, request.path_params["id"])
        return self._to("/places?edit=1")

    async def rename(self, request: Request) -> Response:
        """Call a place by another name. Raises BadParameter for none."""
        place_list_token.refuse_foreign(request)
        name = label((await form(request, ("name",))).get("name"))
        if name is None:
            raise BadParameter("name", N_("A place needs a name."))
        if token := place_list_token.cookie(request):
            await self._saved.rename(token, request.path_params["id"], name)
        return self._to_row(request)

    async def move(self, request: Request) -> Response:
        """Move a place up or down in the list. Raises BadParameter for any other direction."""
        place_list_token.refuse_foreign(request)
        step = STEPS.get((await form(request, ("to",))).get("to", ""))
        if step is None:
            raise BadParameter("to", f"to is one of {', '.join(STEPS)}")
        if token := place_list_token.cookie(request):
            await self._saved.move(token, request.path_params["id"], step)
        return self._to_row(request)

    async def make_home(self, request: Request) -> Response:
        """Make a place the one that the site opens with, and open it; with `home=no` it is that no longer.

        From the list (`from=list`) it goes back there. Raises BadParameter for other values.
        """
        place_list_token.refuse_foreign(request)
        sent = await form(request, ("home", "from"))
        if (wanted := sent.get("home", "")) not in ("yes", "no"):
            raise BadParameter("home", "home is one of yes, no")
        if token := place_list_token.cookie(request):
            change = self._saved.make_home if wanted == "yes" else self._saved.end_home
            await change(token, request.path_params["id"])
        return self._to_row(request) if sent.get("from") == "list" else self._to("/")

    def _to_row(self, request: Request) -> Response:
        """Back to the place in the list that is being changed."""
        id = request.path_params["id"]
        return self._to(f"/places?edit=1#p-{id}" if is_id(id) else "/places?edit=1")

    def _to_forecast(self, name: str, at: Coordinates) -> Response:
        named = f"?name={quote(shown)}" if (shown := label(name)) else ""
        return self._to(f"/forecast/{at.rounded()}{named}")

    def _to(self, address: str) -> Response:
        return RedirectResponse(self._settings.root_path + address, 303, PRIVATE)


async def form(request: Request, allowed: tuple[str, ...]) -> dict[str, str]:
    """The fields of a form. Raises UnsupportedMediaType, BadParameter, or HTTPException 413."""
    kind = request.headers.get("content-type", FORM).partition(";")[0].strip().lower()
    if kind != FORM:
        raise UnsupportedMediaType(N_("This address accepts only its own form."))
    body = await request.body()
    if len(body) > LONGEST_FORM:
        raise HTTPException(413)
    return query.strict(body, allowed)


def place_in(fields: dict[str, str]) -> tuple[str, Coordinates]:
    """Name and point. Raises BadParameter."""
    numbers = {"lat": fields.get("latitude", ""), "lon": fields.get("longitude", "")}
    try:
        return fields.get("name", ""), query.coordinates(numbers)
    except BadParameter:
        raise BadParameter("latitude", OUT_OF_RANGE) from None
