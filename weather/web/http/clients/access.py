"""Checks access keys. Pure."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from hmac import compare_digest
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.requests import Request

from weather.errors import AccessDenied
from weather.settings import Settings
from weather.settings.access_keys import AccessKey
from weather.web.http import query
from weather.web.http.clients.cookies import cookies

NO_KEY = "This server asks for an access key, as X-API-Key or appid. There is none in this request."
COOKIE = "access"
"""The cookie of who has typed an access key into the form of a private server."""

WRONG_KEY = "This access key is not known here. It comes as X-API-Key or appid."


def admitted(access_keys: Sequence[AccessKey], sent: str) -> bool:
    """Whether a key is one of the access keys; without access keys everybody is admitted."""
    return not access_keys or holder(access_keys, sent) is not None


def holder(access_keys: Sequence[AccessKey], sent: str) -> AccessKey | None:
    """The access key that was sent, if it is one; found in a time that does not tell which, or how near it was."""
    holders = [key for key in access_keys if compare_digest(key.key.encode(), sent.encode("utf-8", "replace"))]
    return holders[0] if holders else None


def key_in(request: Request, values: Mapping[str, str]) -> str:
    """The access key of a request: in its header, else in its query as OpenWeatherMap's clients spell it."""
    in_query = next((value for name, value in values.items() if name.lower() == "appid"), "")
    return request.headers.get("x-api-key", in_query)


def with_tile_token(path: str, access_keys: Sequence[AccessKey]) -> str:
    """The address of a tile that a page of ours shows: a browser has no access key, so it holds leave for this one."""
    return f"{path}?token={tile_token(path, access_keys)}" if access_keys else path


def tile_token(path: str, access_keys: Sequence[AccessKey]) -> str:
    """What only who knows the access keys can make of a path: the same in all workers, and after a restart."""
    secret = blake2b("\n".join(key.key for key in access_keys).encode(), digest_size=32).digest()
    return blake2b(path.encode(), key=secret, digest_size=16).hexdigest()


def is_own_tile(path: str, token: str, access_keys: Sequence[AccessKey]) -> bool:
    """Whether a request for a tile comes from a page of ours."""
    return path.startswith("/map/") and compare_digest(token.encode(), tile_token(path, access_keys).encode())


def key_sent(headers: Headers, query_string: bytes) -> str:
    """The access key of any request, also of one whose query is malformed; "" if there is none."""
    if sent := headers.get("x-api-key"):
        return sent
    if b"appid=" not in query_string.lower():
        return ""
    pairs = parse_qsl(query_string.decode("latin-1"), errors="replace")
    return next((value for name, value in pairs if name.lower() == "appid"), "")


def vary(settings: Settings, names: str = "Accept-Encoding") -> str:
    """The `Vary` of a response: with access keys also the key, so that a shared cache gives it to nobody else."""
    return ", ".join(filter(None, [names, "X-API-Key"])) if settings.access_keys else names


@lru_cache(100)
def page_token(key: str) -> str:
    """What the cookie holds for an access key."""
    return blake2b(key.encode(), digest_size=24, person=b"weather page").hexdigest()


def holder_by_cookie(access_keys: Sequence[AccessKey], headers: Headers) -> AccessKey | None:
    """The access key whose token is in the cookie, if it is one; found in a time that does not tell which."""
    sent = cookies(headers).get(COOKIE, "").encode("utf-8", "replace")
    holders = [key for key in access_keys if compare_digest(page_token(key.key).encode(), sent)]
    return holders[0] if holders else None


def allowed(request: Request, parameters: tuple[str, ...], settings: Settings) -> dict[str, str]:
    """The parameters of a request whose access key is good. Raises BadParameter or AccessDenied."""
    values = query.strict(request.scope["query_string"], parameters)
    admit(request, values, settings)
    return values


def admit(request: Request, values: Mapping[str, str], settings: Settings) -> None:
    """Raise AccessDenied unless the access key of a request is good."""
    key = key_in(request, values)
    if not admitted(settings.access_keys, key):
        raise AccessDenied(WRONG_KEY if key else NO_KEY)
