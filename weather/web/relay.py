"""OpenWeatherMap's own routes: what a program of OWM sends, and byte for byte what OWM answered."""

from starlette.requests import Request
from starlette.responses import Response

from weather.errors import NotFound
from weather.gateway import Gateway
from weather.openweathermap.endpoints import ENDPOINTS
from weather.openweathermap.parameters import canonical, first_values
from weather.settings import Settings
from weather.web import params
from weather.web.api import admitted
from weather.web.replies import freshness_headers, is_made_of, owm_error, validated
from weather.web.visitors import visitor_of

INVALID_KEY = "Invalid API key. Please see https://openweathermap.org/faq#error401 for more info."
LICENSE = '<https://openweathermap.org/>; rel="license"'


class Relay:
    """One handler for all of them: a row of the endpoint table says what a route takes."""

    def __init__(self, gateway: Gateway, settings: Settings) -> None:
        self._gateway, self._settings = gateway, settings

    async def answer(self, request: Request) -> Response:
        """What upstream answers to this request, fresh or kept."""
        endpoint = ENDPOINTS.get(request.url.path)
        if endpoint is None:
            raise NotFound("Internal error")
        given = first_values(params.pairs(request.scope["query_string"]))
        if not admitted(self._settings.access_keys, given.get("appid", given.get("APPID", ""))):
            return owm_error(401, INVALID_KEY, {})
        fetched = await self._gateway.fetch(
            canonical(endpoint, given), visitor_of(request, self._settings.trusted_proxies)
        )
        entry = fetched.entry
        headers = freshness_headers(fetched.standing, entry.fetched_at, fetched.lifetime.stale_for)
        headers |= {"Link": LICENSE}
        if entry.status != 200:
            return Response(entry.body, entry.status, headers | {"Content-Type": entry.content_type})
        is_made_of(request, [fetched.lifespan], of_minute=False)
        return validated(request, entry.body, entry.content_type, headers, "Accept-Encoding")
