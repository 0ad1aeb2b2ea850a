"""What can go wrong, by whose fault it is. Every class has a stable code, which all error responses print.

WeatherError
├── RequestError              the visitor's
│   ├── BadParameter          bad_parameter 400
│   │   └── BadBody           bad_body 400
│   ├── AccessDenied, UnknownToken access_key, unknown_token 401
│   ├── PlaceNotFound, NotFound place_not_found, not_found 404
│   ├── CrossSite             cross_site 403
│   ├── SlowBody              request_timeout 408
│   ├── ListFull              list_full 409
│   ├── TooManyLists, TooManyGuesses client_budget 429
│   ├── UnsupportedMediaType  unsupported_media_type 415
│   └── NotCached             not_kept 504 (only-if-cached)
├── UpstreamError             upstream's
│   ├── UpstreamStatus        upstream_failed 502: an answer that says no
│   │   ├── KeyRejected       key_rejected 503: its 401
│   │   └── UpstreamRateLimited upstream_unavailable 503: its 429
│   ├── UpstreamInvalid, UpstreamUnreachable upstream_failed 502: an answer that is none, or no answer
│   └── UpstreamTimeout       upstream_timeout 504: none in time
├── DatabaseUnavailable       database_unavailable 503, ours: saved places alone suffer
└── CallRefused               ours: upstream was not asked
    ├── Offline               offline 503
    ├── CircuitOpen           upstream_unavailable 503: it failed a moment ago, or asked us to wait
    │   └── KeyPaused         key_rejected 503: it rejected our key a while ago
    ├── QuotaExhausted        quota_exhausted 503: our calls are spent
    ├── ClientQuotaExhausted  client_budget 429: this client's share of them is
    └── TooManyCalls          upstream_unavailable 503: too many calls are under way
"""

from dataclasses import dataclass
from typing import ClassVar

from weather.messages import N_

MANY_NEW_PLACES = N_(
    "You have asked for many new places in a short time. Please wait a minute. Places looked up before still open."
)


class WeatherError(Exception):
    """The root. `status` is the HTTP status here, `reason` the word in `missing`, `retry_after` in seconds."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"
    title: ClassVar[str] = N_("Internal error")
    reason: ClassVar[str] = "upstream"
    retry_after: float | None = None


class RequestError(WeatherError):
    """The visitor asked for what cannot be had."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong with a request: a parameter, or a member of its body.

    `allowed` names what would be right, if that is a short list; `did_you_mean` what was probably meant.
    """

    parameter: str
    detail: str
    allowed: tuple[str, ...] = ()
    did_you_mean: str | None = None


class BadParameter(RequestError):
    """A parameter is missing, unknown, repeated or empty, or its value is not allowed. `errors` lists them all."""

    status, code, title = 400, "bad_parameter", N_("This address is not valid")

    def __init__(
        self, parameter: str, detail: str, allowed: tuple[str, ...] = (), did_you_mean: str | None = None
    ) -> None:
        super().__init__(detail)
        self.parameter = parameter
        self.mistakes: tuple[Mistake, ...] = (Mistake(parameter, detail, allowed, did_you_mean),)


class BadBody(BadParameter):
    """The JSON body does not have the form that is asked for. `errors` lists every member that is wrong."""

    code, title = "bad_body", N_("Bad request body")


class AccessDenied(RequestError):
    """This server asks for an access key, and the request has none or a wrong one."""

    status, code, title = 401, "access_key", N_("Access key needed")


class UnknownToken(RequestError):
    """The token that was sent is of no list of saved places here."""

    status, code, title = 401, "unknown_token", N_("Unknown token")


class PlaceNotFound(RequestError):
    """No source knows such a place."""

    status, code, title, reason = 404, "place_not_found", N_("Place not found"), "not_available"


class NotFound(RequestError):
    """There is nothing at this address."""

    status, code, title = 404, "not_found", N_("Not found")


class CrossSite(RequestError):
    """A write that another site has made a browser send."""

    status, code, title = 403, "cross_site", N_("Sent from another site")


class SlowBody(RequestError):
    """A body that does not come (RFC 9110, 15.5.9)."""

    status, code, title = 408, "request_timeout", N_("Request too slow")

    def __init__(self) -> None:
        super().__init__(N_("The rest of the request did not arrive in time."))


class ListFull(RequestError):
    """A list of saved places holds as many as it may."""

    status, code, title = 409, "list_full", N_("The list is full")


class TooManyLists(RequestError):
    """This client has begun as many lists of saved places as one may for now."""

    status, code, title = 429, "client_budget", N_("Too many requests")

    def __init__(self, retry_after: float) -> None:
        super().__init__(N_("You have begun many lists of places. Please try again later."))
        self.retry_after = retry_after


class UnsupportedMediaType(RequestError):
    """A body in another form than the route takes."""

    status, code, title = 415, "unsupported_media_type", N_("Unsupported media type")


class NotCached(RequestError):
    """`Cache-Control: only-if-cached`, and nothing is cached (RFC 9111, 5.2.1.7)."""

    status, code, title = 504, "not_kept", N_("Not saved here")


class DatabaseUnavailable(WeatherError):
    """The database of saved places cannot be used now; the weather does not need it."""

    status, code, title, retry_after = 503, "database_unavailable", N_("Saved places not available"), 10.0


class UpstreamError(WeatherError):
    """Upstream failed. `max_attempts` bounds the attempts of one request; `detail` is the Cache-Status token.

    `of_connection`: no connection was made, so that the call would have failed for any request.
    """

    status, code, title, retry_after = 502, "upstream_failed", N_("The weather service did not answer"), 5.0
    max_attempts: ClassVar[int] = 1
    detail: ClassVar[str] = "upstream-status"
    upstream_status: int | None = None
    of_connection: bool = False


class UpstreamStatus(UpstreamError):
    """An answer with a status that is neither 200 nor a proper 404, with its body, from which our key was removed.

    `has_retry_after`: upstream said how long to wait.
    """

    def __init__(self, status: int, content_type: str = "", body: bytes = b"", wait: float | None = None) -> None:
        super().__init__(f"upstream answered {status}")
        self.upstream_status = status
        self.content_type, self.body = content_type, body
        self.has_retry_after = wait is not None
        if wait is not None:
            self.retry_after = wait


class UpstreamServerError(UpstreamStatus):
    """500, 502, 503, 504: another attempt may succeed."""

    max_attempts = 3


class RequestTimeout(UpstreamStatus):
    """408: worth one more attempt (RFC 9110, 15.5.9)."""

    max_attempts = 2


class KeyRejected(UpstreamStatus):
    """401: the key is wrong, too young (up to two hours), or its plan lacks this product."""

    status, code, title, retry_after = 503, "key_rejected", N_("The weather service does not accept our key"), 600.0


class UpstreamRateLimited(UpstreamStatus):
    """429: asking again deepens the block (https://openweathermap.org/appid: wait ten minutes)."""

    status, code, title, retry_after = 503, "upstream_unavailable", N_("The weather service is not available"), 600.0


class UpstreamInvalid(UpstreamError):
    """Not what the endpoint gives: wrong type, garbage, cut short, too large, or an error dressed as a 200."""

    max_attempts, detail = 2, "upstream-invalid"


class UpstreamUnreachable(UpstreamError):
    """No connection, or one that broke before an answer."""

    max_attempts, detail = 3, "upstream-unreachable"


class UntrustedUpstream(UpstreamUnreachable):
    """Its TLS certificate is not trusted; another attempt would not change that."""

    max_attempts = 1


class UpstreamTimeout(UpstreamError):
    """No answer within the time there was."""

    status, code, title = 504, "upstream_timeout", N_("The weather service is too slow")
    max_attempts, detail = 3, "upstream-timeout"


class CallRefused(WeatherError):
    """Upstream was not asked. `detail` is the Cache-Status token."""

    status, code, title = 503, "upstream_unavailable", N_("The weather service is not available")
    detail: ClassVar[str] = "gate"  # a public name: clients read it in Cache-Status


class Offline(CallRefused):
    """The operator has switched upstream off."""

    code, title, reason, detail, retry_after = "offline", N_("Offline"), "offline", "offline", 60.0


class CircuitOpen(CallRefused):
    """The circuit breaker is open: upstream failed a moment ago (`because`), or said how long to wait."""

    why: str = "requests to the weather service are paused after a failure"

    def __init__(self, retry_after: float, because: UpstreamError | None = None) -> None:
        super().__init__(self.why)
        self.retry_after, self.because = retry_after, because


class KeyPaused(CircuitOpen):
    """Upstream rejected our key for this product, and is paused for a while; the body of its 401 is repeated."""

    code, title = "key_rejected", N_("The weather service does not accept our key")
    why = "requests to the weather service are paused, for it does not accept this server's key"

    def __init__(self, retry_after: float, content_type: str, body: bytes) -> None:
        super().__init__(retry_after)
        self.content_type, self.body = content_type, body


class QuotaExhausted(CallRefused):
    """The calls that the plan allows are spent for now."""

    code, title, reason, detail = "quota_exhausted", N_("No calls left for now"), "quota", "quota"

    def __init__(self, retry_after: float) -> None:
        super().__init__(N_("The weather service has no calls left for now."))
        self.retry_after = retry_after


class ClientQuotaExhausted(CallRefused):
    """This client has caused as many upstream calls as one client may; `client` is who."""

    status, code, title, reason, detail = 429, "client_budget", N_("Too many requests"), "quota", "quota"

    def __init__(self, retry_after: float, client: str = "") -> None:
        super().__init__(MANY_NEW_PLACES)
        self.retry_after, self.client = retry_after, client


class TooManyCalls(CallRefused):
    """As many calls as we allow at once are under way; `client` is whose place in the queue it was, if that matters."""

    retry_after = 1.0

    def __init__(self, detail: str, client: str = "") -> None:
        super().__init__(detail)
        self.client = client
