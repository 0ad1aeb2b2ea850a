"""What other sites show of a place: `/forecast/{p}/card`, which they may frame, `/forecast/{p}/badge.svg`, and the
picture of a preview, `/forecast/{p}/preview.png`.

Words and units are told by the address alone, so that anyone may keep what is shown.
"""

from collections.abc import Mapping
from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from weather.domain.text import label
from weather.providers.report import Report
from weather.web.http.clients.client_ip import requester_of
from weather.web.http.preferences import SCHEMES, Preferences, preferences
from weather.web.http.report_headers import report_headers
from weather.web.http.responses import HTML, PNG, SVG, conditional_response
from weather.web.http.site import Site
from weather.web.pages.embeds.badge import badge
from weather.web.pages.embeds.embed_view import card
from weather.web.pages.embeds.preview_picture import preview_picture
from weather.web.pages.embeds.preview_render import PreviewRenderer, can_draw
from weather.web.pages.forecast import in_language, path_point, to_cell
from weather.web.pages.templating import Templating
from weather.web.view.forecast import ForecastPage, forecast_page

CROWD_SECONDS = 5
"""After which a picture may be asked for again, where many others were being drawn."""

SHOWN = frozenset({"current", "hourly", "daily", "alerts"})


class Embeds:
    """Cards, badges and previews. `headers` are those of a card."""

    def __init__(self, site: Site, templating: Templating, headers: Mapping[str, str]) -> None:
        self._site, self._templating, self._headers = site, templating, headers
        self._renderer = PreviewRenderer()

    async def card(self, request: Request) -> Response:
        """A small page without script; where more than two decimals are asked for, on to the cell."""
        at, is_cell = path_point(request)
        if not is_cell:
            return to_cell(request, at, self._site.settings.root_path, "/card")
        wanted = by_address(request.query_params, self._site.settings.units)
        report, page = await self._page(request, wanted)
        body = self._templating.render("card.html", card(page, wanted.reader), wanted, request.query_params)
        headers = {**self._caching_headers(request, report), **self._headers, "Content-Language": wanted.lang}
        return conditional_response(request, body, HTML, headers, "Accept-Encoding")

    async def badge(self, request: Request) -> Response:
        """A picture of one line."""
        at, is_cell = path_point(request)
        if not is_cell:
            return to_cell(request, at, self._site.settings.root_path, "/badge.svg")
        wanted = by_address(request.query_params, self._site.settings.units)
        report, page = await self._page(request, wanted)
        body = self._templating.render("_badge.svg", badge(page, wanted.reader), wanted, request.query_params)
        return conditional_response(request, body, SVG, self._caching_headers(request, report), "Accept-Encoding")

    async def preview(self, request: Request) -> Response:
        """A picture for programs that show a link; 404 where nothing is installed that draws it, 503 in a crowd."""
        if not can_draw():
            raise HTTPException(404)
        at, is_cell = path_point(request)
        if not is_cell:
            return to_cell(request, at, self._site.settings.root_path, "/preview.png")
        wanted = by_address(request.query_params, self._site.settings.units)
        report, page = await self._page(request, wanted)
        picture = preview_picture(page, wanted.reader, self._templating.palette)
        svg = self._templating.render("_preview.svg", picture, wanted, request.query_params)
        if (png := await self._renderer.png(svg)) is None:
            raise HTTPException(503, headers={"Retry-After": str(CROWD_SECONDS)})
        return conditional_response(request, png, PNG, self._caching_headers(request, report), "")

    async def _page(self, request: Request, wanted: Preferences) -> tuple[Report, ForecastPage]:
        site, (at, _) = self._site, path_point(request)
        visitor = requester_of(request, site.settings.trusted_proxies)
        report = await site.provider.report(at, None, SHOWN, visitor)
        name = label(request.query_params.get("name")) or ""
        report, name = in_language(site.search, report, name, wanted.lang)
        return report, forecast_page(report, name, wanted.reader, site.clock())

    def _caching_headers(self, request: Request, report: Report) -> dict[str, str]:
        """The headers that say how old it is, and until when it may be used again."""
        return report_headers(request, report, self._site.settings.stale_for)


def by_address(query: Mapping[str, str], default_units: str | None) -> Preferences:
    """What an address asks for; `theme` is light, dark, or else what the device prefers."""
    wanted, theme = preferences(query, {}, "", default_units), query.get("theme", "")
    return replace(wanted, scheme=theme if theme in SCHEMES else "")
