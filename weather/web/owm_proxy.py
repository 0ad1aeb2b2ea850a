"""OpenWeatherMap's own routes: takes what OWM's clients send, and answers byte for byte as OWM did."""

import re
from contextlib import suppress
from dataclasses import replace

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from weather.errors import BadParameter, NotFound, WeatherError
from weather.providers.openweathermap.endpoints import endpoint_at
from weather.providers.openweathermap.links import rewrite_links
from weather.providers.openweathermap.no_key import INVALID_KEY
from weather.providers.openweathermap.request_params import canonical_request, first_values, with_half_code
from weather.settings import Settings
from weather.upstream.gateway import Gateway
from weather.upstream.types import CachedResponse, Requester, UpstreamRequest
from weather.web.http import query
from weather.web.http.access import admitted, key_in, vary
from weather.web.http.client_ip import requester_of, scheme_of
from weather.web.http.responses import (
    JSON,
    NO_STORE,
    allow_reuse,
    conditional_response,
    data_type,
    freshness_headers,
    owm_error,
    surface,
)

ONECALL = ("/data/3.0/", "/data/4.0/")
LICENSE = '<https://openweathermap.org/>; rel="license"'


class OwmProxy:
    """One handler for all routes: the endpoint table says what each takes."""

    def __init__(self, gateway: Gateway, settings: Settings) -> None:
        self._gateway, self._settings = gateway, settings

    async def answer(self, request: Request) -> Response:
        """Upstream's answer to this request, fresh or cached."""
        path = tidy(request.scope["path"])
        if surface(path) != "owm":
            raise HTTPException(404)
        endpoint = endpoint_at(path)
        if endpoint is None:
            raise NotFound("Internal error")
        values = first_values(query.pairs(request.scope["query_string"]))
        if not admitted(self._settings.access_keys, key_in(request, values)):
            return owm_error(401, INVALID_KEY, {})
        try:
            upstream_request = canonical_request(endpoint, values)
        except BadParameter as error:
            if not endpoint.path.startswith(ONECALL):
                raise
            return onecall_error(error)
        visitor = replace(requester_of(request, self._settings.trusted_proxies), reads=False)
        fetched = await self._fetch(upstream_request, visitor)
        entry = fetched.entry
        headers = freshness_headers(fetched.standing, entry.fetched_at, fetched.lifetime.stale_for)
        headers |= {"Link": LICENSE}
        varies = vary(self._settings, "Accept-Encoding" if endpoint.host == "api" else "")
        if entry.status != 200:
            headers |= {"Vary": varies} if self._settings.access_keys else {}
            return Response(
                entry.body, entry.status, headers | {"Content-Type": data_type(entry.content_type, entry.body)}
            )
        if endpoint.product == "onecall4":
            scheme = scheme_of(request, self._settings.trusted_proxies)
            origin = f"{scheme}://{request.url.netloc}{self._settings.root_path}"
            body = rewrite_links(entry.body, lambda link: origin + link)
            return conditional_response(request, body, entry.content_type, headers, varies)
        allow_reuse(request, [fetched.validity], of_minute=False)
        return conditional_response(request, entry.body, entry.content_type, headers, varies)

    async def _fetch(self, asked: UpstreamRequest, visitor: Requester) -> CachedResponse:
        """The answer; for an unknown postal code the one for its first half, if there is one."""
        fetched = await self._gateway.fetch(asked, visitor)
        if fetched.entry.status == 404 and (shorter := with_half_code(asked)):
            with suppress(WeatherError):
                other = await self._gateway.fetch(shorter, visitor)
                return other if other.entry.status == 200 else fetched
        return fetched


def tidy(path: str) -> str:
    """A path as OpenWeatherMap reads it: repeated slashes are one, and a final one is dropped except for tiles."""
    path = re.sub("/{2,}", "/", path)
    return path if path.startswith("/map/") else path.rstrip("/")


def onecall_error(error: BadParameter) -> Response:
    """One Call's own form of a 400: `cod` is a number, and the parameter is named (contract of 3.0 and 4.0)."""
    body = msgspec.json.encode({"cod": 400, "message": str(error), "parameters": [error.parameter]})
    return Response(body, 400, NO_STORE, JSON)
