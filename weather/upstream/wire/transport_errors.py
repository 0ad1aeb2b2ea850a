"""Why a call brought no answer: the exceptions of the transport as errors of ours, in words of ours."""

import socket
import ssl
from collections.abc import Iterator, Mapping

import httpx

from weather.errors import UntrustedUpstream, UpstreamError, UpstreamTimeout, UpstreamUnreachable
from weather.messages import N_

NO_CONNECTION = (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError)
TRUST: Mapping[type[BaseException], str] = {
    ssl.SSLCertVerificationError: N_("its certificate is not trusted"),
    ssl.SSLError: N_("the encryption cannot be set up"),
}
WORDS: Mapping[type[BaseException], str] = {
    httpx.ProxyError: N_("the proxy refuses to connect"),
    socket.gaierror: N_("the name cannot be looked up (no network?)"),
    ConnectionRefusedError: N_("the connection is refused"),
    httpx.ConnectError: N_("there is no way to it (no network?)"),
}
"""Why there is no answer; the first that fits counts."""


def classify(error: Exception) -> UpstreamError:
    """The UpstreamError for an exception of a call. Its text is dropped, for it may hold addresses and headers."""
    result = error_by_cause(error, [*chain(error)])
    result.of_connection = isinstance(error, NO_CONNECTION)
    return result


def error_by_cause(error: Exception, causes: list[BaseException]) -> UpstreamError:
    """The error in our own words, by its cause."""
    if isinstance(error, httpx.ConnectTimeout):
        return UpstreamTimeout("no connection in time")
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return UpstreamTimeout("no answer in time")
    for kind, words in TRUST.items():
        if any(isinstance(cause, kind) for cause in causes):
            return UntrustedUpstream(words)
    for kind, words in WORDS.items():
        if any(isinstance(cause, kind) for cause in causes):
            return UpstreamUnreachable(words)
    return UpstreamUnreachable(N_("the connection broke"))


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what caused it."""
    while error:
        yield error
        error = error.__cause__ or error.__context__
