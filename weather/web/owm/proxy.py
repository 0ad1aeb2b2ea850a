"""OpenWeatherMap's own routes: takes what OWM's clients send, and answers byte for byte as OWM did."""

import re
from contextlib import suppress
from dataclasses import replace

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from weather.errors import BadParameter, CallRefused, NotFound, UpstreamError, WeatherError
from weather.providers.openweathermap.endpoints import endpoint_at
from weather.providers.openweathermap.links import rewrite_links
from weather.providers.openweathermap.no_key import INVALID_KEY
from weather.providers.openweathermap.onecall_answer import without_parts
from weather.providers.openweathermap.request_params import canonical_request, first_values, with_half_code
from weather.settings import Settings
from weather.upstream.gateway import Gateway
from weather.upstream.types import CachedResponse, Requester, UpstreamRequest, make_request
from weather.web.http import query
from weather.web.http.clients.access import admitted, is_own_tile, key_in, vary
from weather.web.http.clients.client_ip import requester_of, site_address
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
from weather.web.owm.onecall import OneCallAnswers

ONECALL = ("/data/3.0/", "/data/4.0/")
OLD_PATHS = {"/data/2.5/forecast/city": "/data/2.5/forecast"}
"""The one example of OpenWeatherMap's own page about keys, of 2016 to 2018, which programs still have."""
LICENSE = '<https://openweathermap.org/>; rel="license"'


class OwmProxy:
    """One handler for all routes: the endpoint table says what each takes."""

    def __init__(self, gateway: Gateway, answers: OneCallAnswers, settings: Settings) -> None:
        self._gateway, self._answers, self._settings = gateway, answers, settings

    async def answer(self, request: Request) -> Response:
        """Upstream's answer to this request, fresh or cached."""
        path = tidy(request.scope["path"])
        if surface(path) != "owm":
            raise HTTPException(404)
        endpoint = endpoint_at(path)
        if endpoint is None:
            raise NotFound("Internal error")
        values = first_values(query.pairs(request.scope["query_string"]))
        keys = self._settings.access_keys
        if not (admitted(keys, key_in(request, values)) or is_own_tile(path, values.get("token", ""), keys)):
            return owm_error(401, INVALID_KEY, {})
        try:
            upstream_request = canonical_request(endpoint, values)
        except BadParameter as error:
            if not endpoint.path.startswith(ONECALL):
                raise
            return onecall_error(error)
        visitor = requester_of(request, self._settings.trusted_proxies)
        try:
            return await self._relay(request, upstream_request, visitor)
        except (UpstreamError, CallRefused) as error:
            if not self._answers.stands_in(upstream_request, error):
                raise
            return await self._answers.answer(request, upstream_request, visitor)

    async def _relay(self, request: Request, wanted: UpstreamRequest, visitor: Requester) -> Response:
        """Upstream's answer as it came; of One Call without the parts that were excluded, for all fetch the whole."""
        endpoint, excluded = wanted.endpoint, dict(wanted.query).get("exclude", "")
        whole = make_request(endpoint, **{name: value for name, value in wanted.query if name != "exclude"})
        fetched = await self._fetch(whole, replace(visitor, wants_readable=False))
        entry = fetched.entry
        stale_for = fetched.lifetime.stale_for
        headers = freshness_headers(fetched.standing, entry.fetched_at, stale_for, of_minute=False)
        headers |= {"Link": LICENSE} if self._settings.provider != "demo" else {}
        varies = vary(self._settings, "Accept-Encoding" if endpoint.host == "api" else "")
        if entry.status != 200:
            headers |= {"Vary": varies} if self._settings.access_keys else {}
            return Response(
                entry.body, entry.status, headers | {"Content-Type": data_type(entry.content_type, entry.body)}
            )
        body = without_parts(entry.body, frozenset(excluded.split(","))) if excluded else entry.body
        if endpoint.product == "onecall4":
            address = site_address(request, self._settings)
            body = rewrite_links(body, lambda link: address + link)
        else:
            allow_reuse(request, [fetched.validity], of_minute=False)
        return conditional_response(request, body, entry.content_type, headers, varies)

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
    path = path if path.startswith("/map/") else path.rstrip("/")
    return OLD_PATHS.get(path, path)


def onecall_error(error: BadParameter) -> Response:
    """One Call's own form of a 400: `cod` is a number, and the parameter is named (contract of 3.0 and 4.0)."""
    body = msgspec.json.encode({"cod": 400, "message": str(error), "parameters": [error.parameter]})
    return Response(body, 400, NO_STORE, JSON)
