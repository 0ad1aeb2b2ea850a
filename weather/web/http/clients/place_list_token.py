"""Tokens of lists of saved places: in a cookie or a bearer header; and the check against cross-site writes."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from weather.errors import CrossSite
from weather.messages import N_
from weather.places.saved.lists import is_token
from weather.settings import Settings
from weather.web.http.clients.client_ip import scheme_of
from weather.web.http.clients.cookies import cookies

COOKIE = "places"
YEAR = 365 * 86400
VARY = "Accept-Encoding, Authorization, Cookie"
UNKNOWN = "No list of saved places has this token. Send none to begin a new list."
FOREIGN = N_("For your safety, places can be changed only from this site.")


def bearer(request: Request) -> str | None:
    """The token in an Authorization header (programs)."""
    scheme, _, token = request.headers.get("authorization", "").strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" and is_token(token.strip()) else None


def cookie(request: Request) -> str | None:
    """The token in the cookie (browsers)."""
    return token_in(cookies(request.headers))


def token_in(sent: Mapping[str, str]) -> str | None:
    """The token among cookies."""
    token = sent.get(COOKIE, "")
    return token if is_token(token) else None


def was_sent(request: Request) -> bool:
    """Whether the request has an Authorization header, be it of our form or not."""
    return "authorization" in request.headers


def token_of(request: Request) -> str | None:
    """The token of a request; None if there is none, or none of our form."""
    return bearer(request) or cookie(request)


def remember(response: Response, request: Request, token: str, settings: Settings) -> None:
    """Set the cookie: for this site only, and out of reach of scripts."""
    is_secure = scheme_of(request, settings.trusted_proxies) == "https"
    path = settings.root_path or "/"
    response.set_cookie(COOKIE, token, YEAR, path=path, secure=is_secure, httponly=True, samesite="lax")


def forget(response: Response, request: Request, settings: Settings) -> None:
    """Delete the cookie."""
    is_secure = scheme_of(request, settings.trusted_proxies) == "https"
    path = settings.root_path or "/"
    response.delete_cookie(COOKIE, path=path, secure=is_secure, httponly=True, samesite="lax")


def refuse_foreign(request: Request, detail: str = FOREIGN) -> None:
    """Raise CrossSite for a write that a page of another site sent. Programs send neither header, and pass.

    Pages cannot set these two headers (Fetch Metadata; RFC 6454, 7). `Sec-Fetch-Site` is preferred where it is there,
    for a proxy may have changed the Host that an Origin is compared with.
    """
    site, origin = request.headers.get("sec-fetch-site", ""), request.headers.get("origin")
    is_foreign = origin is not None and host_of(origin) != request.headers.get("host")
    if site in ("cross-site", "same-site") or (is_foreign and site != "same-origin"):
        raise CrossSite(detail)


def host_of(origin: str) -> str:
    """The host and port of an Origin; "" for a malformed one, which matches no host."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""
