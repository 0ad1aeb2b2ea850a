"""One GET request to a running server, for the commands that look at it from outside."""

import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # what it imports takes longer than the request
    from weather.upstream.wire.network import Network

SECONDS = 20.0
"""A cold page may take as long as upstream does: more than twice WEATHER_TIMEOUT."""

MOST = 4 * 2**20
"""Bytes of a body that are read."""


class Unreachable(Exception):
    """There was no HTTP answer; the message says why, in one line."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer; the names of `headers` are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class KeepRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer too."""

    def redirect_request(self, *_: object) -> None:
        """Follow none."""


def get(
    url: str, headers: Mapping[str, str] | None = None, seconds: float = SECONDS, network: "Network | None" = None
) -> Answer:
    """Return the answer, whatever its status. Raises Unreachable. No redirect is followed.

    A proxy is used, and other certificate authorities than the system's, only as `network` says.
    """
    if not url.startswith(("http://", "https://")):
        raise Unreachable("an address begins with http:// or https://")
    opener = urllib.request.build_opener(*handlers(url, network), KeepRedirects)
    try:
        request = urllib.request.Request(url, headers=dict(headers or {}))  # noqa: S310 checked above
        with opener.open(request, timeout=seconds) as response:
            return Answer(response.status, lower(response.headers), response.read(MOST))
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, lower(error.headers), error.read(MOST))
    except (OSError, HTTPException, ValueError) as error:
        raise Unreachable(" ".join(str(getattr(error, "reason", error)).split()) or type(error).__name__) from None


def handlers(url: str, network: "Network | None") -> tuple[urllib.request.BaseHandler, ...]:
    proxy, certificates = (network.proxy(url), network.certificates()) if network else (None, None)
    by_proxy = urllib.request.ProxyHandler(dict.fromkeys(("http", "https"), proxy) if proxy else {})
    return by_proxy, urllib.request.HTTPSHandler(context=certificates)


def lower(headers: Message) -> Mapping[str, str]:
    return {name.lower(): value for name, value in headers.items()}
