"""Checks access keys. Pure."""

from collections.abc import Mapping
from hmac import compare_digest

from starlette.requests import Request

from weather.errors import AccessDenied
from weather.settings import Settings
from weather.web.http import query


def admitted(access_keys: tuple[str, ...], sent: str) -> bool:
    """Whether a key is one of the access keys, in constant time; without access keys everybody is admitted."""
    return not access_keys or sum(compare_digest(key.encode(), sent.encode()) for key in access_keys) > 0


def key_in(request: Request, values: Mapping[str, str]) -> str:
    """The access key of a request: in its header, else in its query as OpenWeatherMap's clients spell it."""
    in_query = next((value for name, value in values.items() if name.lower() == "appid"), "")
    return request.headers.get("x-api-key", in_query)


def vary(settings: Settings, names: str = "Accept-Encoding") -> str:
    """The `Vary` of a response: with access keys also the key, so that a shared cache gives it to nobody else."""
    return ", ".join(filter(None, [names, "X-API-Key"])) if settings.access_keys else names


def allowed(request: Request, parameters: tuple[str, ...], settings: Settings) -> dict[str, str]:
    """The parameters of a request whose access key is good. Raises BadParameter or AccessDenied."""
    values = query.strict(request.scope["query_string"], parameters)
    if not admitted(settings.access_keys, key_in(request, values)):
        raise AccessDenied("This server asks for an access key, as X-API-Key or appid.")
    return values
