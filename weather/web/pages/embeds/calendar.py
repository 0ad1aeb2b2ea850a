"""`/forecast/{point}/calendar.ics`: the days for a calendar program, in words and units by the address alone."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from weather.domain.text import label
from weather.i18n.formatting import Formatter
from weather.i18n.language import language
from weather.web.http.clients.client_ip import requester_of
from weather.web.http.preferences import preferences
from weather.web.http.report_headers import report_headers
from weather.web.http.responses import conditional_response
from weather.web.http.site import Site
from weather.web.pages.embeds.icalendar import calendar
from weather.web.pages.forecast import path_point
from weather.web.view.place_names import name_of

CALENDAR = "text/calendar; charset=utf-8"
NAMED = {"Content-Disposition": 'inline; filename="weather.ics"'}
DAYS = frozenset({"hourly", "daily"})


class CalendarFile:
    """A calendar costs the forecast's call alone."""

    def __init__(self, site: Site) -> None:
        self._provider, self._finder = site.provider, site.search
        self._clock, self._settings = site.clock, site.settings

    async def calendar(self, request: Request) -> Response:
        """The days of a point; more than two decimals are sent on to the cell they lie in."""
        at, is_cell = path_point(request)
        if not is_cell:
            query = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse(f"{self._settings.root_path}/forecast/{at}/calendar.ics{query}", 308)
        visitor = requester_of(request, self._settings.trusted_proxies)
        report = await self._provider.report(at, None, DAYS, visitor)
        wanted = preferences(request.query_params, {}, "", self._settings.units)
        reader = Formatter(language(wanted.lang), wanted.system, wanted.clock == "12")
        here = replace(report, place=self._finder.in_language(report.place, reader.language.code))
        name = label(request.query_params.get("name")) or name_of(here.place, reader)
        headers = report_headers(request, report, self._settings.stale_for)
        body = calendar(here, name, reader, self._clock())
        return conditional_response(request, body, CALENDAR, headers | NAMED, "Accept-Encoding")
