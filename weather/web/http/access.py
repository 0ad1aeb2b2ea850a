"""Access keys: whether a door opens. Pure."""

from collections.abc import Mapping
from hmac import compare_digest

from starlette.requests import Request

from weather.errors import AccessDenied
from weather.settings import Settings
from weather.web.http import query


def admitted(access_keys: tuple[str, ...], given: str) -> bool:
    """Whether a key is one of the access keys, in constant time; without any the door is open."""
    return not access_keys or sum(compare_digest(key.encode(), given.encode()) for key in access_keys) > 0


def key_in(request: Request, given: Mapping[str, str]) -> str:
    """The access key of a request: in its header, else in its address as OpenWeatherMap's programs spell it."""
    in_address = next((value for name, value in given.items() if name.lower() == "appid"), "")
    return request.headers.get("x-api-key", in_address)


def vary(settings: Settings, names: str = "Accept-Encoding") -> str:
    """The `Vary` of an answer: with access keys on the key too, so that a shared cache gives it to nobody without."""
    return ", ".join(filter(None, [names, "X-API-Key"])) if settings.access_keys else names


def allowed(request: Request, parameters: tuple[str, ...], settings: Settings) -> dict[str, str]:
    """The parameters, once the access key is found good. Raises BadParameter or AccessDenied."""
    given = query.strict(request.scope["query_string"], parameters)
    if not admitted(settings.access_keys, key_in(request, given)):
        raise AccessDenied("This server asks for an access key, as X-API-Key or appid.")
    return given
