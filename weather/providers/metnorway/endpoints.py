"""MET Norway's one call (https://api.met.no/weatherapi/locationforecast/2.0/documentation)."""

from weather.domain.model import Coordinates, format_degrees
from weather.providers.metnorway.wire import holds
from weather.providers.validation import validator
from weather.upstream.types import Endpoint, UpstreamRequest, make_request

FORECAST = Endpoint(
    "/weatherapi/locationforecast/2.0/complete",
    "locationforecast",
    frozenset({"lat", "lon"}),
    600.0,
    "timeseries",
    holds=holds,
    uses_caching_headers=True,
)
"""Fresh until its `Expires`, about half an hour, and for ten minutes at least: an Expires in the past is no leave to
ask in a loop."""

validate = validator(within="properties", pause=3600.0)


def request(at: Coordinates) -> UpstreamRequest:
    """Return the request for a point: more than four decimals would be refused, and cells have two."""
    return make_request(FORECAST, lat=format_degrees(at.latitude), lon=format_degrees(at.longitude))
