"""One source of official warnings, and its outcome for a point: warnings, none, not covered, could not ask.

All are sections of a report: warnings are its value; none is an empty value, of a fresh answer that was read whole;
the other two are missing, with the reason `not_covered`, or `upstream`, `quota` or `offline`. Where a source tells the
warnings of a country, and not of all whether they are for the point, that is `not_covered` too: never none.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from functools import partial
from math import inf
from typing import Any, TypeVar

from weather.domain.alerts import current_and_upcoming
from weather.domain.model import Alert, Coordinates, MissingSection, format_degrees
from weather.errors import WeatherError
from weather.messages import N_
from weather.providers.alerts.messages import AnyFound, Found, Messages, Same, find_warnings, is_renewed
from weather.providers.common import ProductResult, decoded
from weather.providers.context import ProviderContext
from weather.providers.report import ALERT_UNREAD, ALERTS_TOO_OLD, Section, Source
from weather.providers.validation import validator
from weather.settings import Settings
from weather.upstream.freshness_policy import unchanged_for
from weather.upstream.gateway import Gateway
from weather.upstream.lenient_json import reader
from weather.upstream.types import CachedResponse, Endpoint, Requester, UpstreamRequest, make_request
from weather.upstream.wire.client import ResponseValidator

AlertSection = Section[tuple[Alert, ...]]
A = TypeVar("A")

FRESH_FOR = 300.0
"""Seconds for which an answer is fresh."""

NOT_COVERED = N_(
    "Nobody is asked for official warnings for this place. "
    "There may be some in force: ask your national weather service."
)
OF_COUNTRY = N_(
    "There are official warnings in this country. Whether any is for this place is not known here: see meteoalarm.org."
)
MORE = N_("There may be more official warnings for this place: see meteoalarm.org.")


@dataclass(frozen=True, slots=True)
class AlertSource:
    """A source: for which countries it warns (ISO 3166), how it is asked and how its answers are read.

    `read` raises msgspec.DecodeError. `per_minute`: calls in any 60 seconds. `seconds`: what a call has at least,
    whatever the time-out of visitors: its answer is large. `fresh_for`: seconds for which an answer is fresh at least.
    """

    source: Source
    countries: frozenset[str]
    origin: Callable[[Settings], str]
    request: Callable[[Coordinates], UpstreamRequest]
    validate: ResponseValidator
    read: Callable[[bytes], Callable[[tzinfo, float], AnyFound]]
    per_minute: int
    seconds: float = 0.0
    fresh_for: float = FRESH_FOR

    def gateway(self, context: ProviderContext) -> Gateway:
        """Make its gateway, with circuit breaker and quota of its own."""
        origins, calls = {"api": self.origin(context.settings)}, {"minute": self.per_minute}
        return context.keyless_gateway(self.source.word, origins, self.validate, calls, self.seconds)

    async def warnings(
        self, gateway: Gateway, at: Coordinates, tz: tzinfo, now: Callable[[], float], visitor: Requester
    ) -> AlertSection:
        """Return the outcome for a cell. Raises nothing of upstream's: that is an outcome too."""
        try:
            fetched = await gateway.fetch(self.request(at.rounded()), visitor)
            if fetched.entry.status == 404:
                return missing("not_covered", NOT_COVERED)
            reading = decoded(self.read, fetched, self.source.name)(tz, fetched.entry.fetched_at).at(at.rounded())
        except WeatherError as error:
            return replace(missing(error.reason, str(error), unchanged_for(error)), source=self.source)
        return replace(outcome(reading, fetched, now()), source=self.source)


def point_source(
    source: Source,
    endpoint: Endpoint,
    query: Callable[[str, str], dict[str, str]],
    answer: type[A],
    messages: Callable[[A], Messages],
    is_same: Same = is_renewed,
    **more: Any,
) -> AlertSource:
    """Return a source that is asked by point and answers with the messages of that point, at most a hundred.

    `query`: the parameters for a latitude and a longitude, as text. `answer` is what its bodies look like, `messages`
    what they say. The other fields are those of `AlertSource`.
    """
    decode = reader(answer)

    def read(body: bytes) -> Callable[[tzinfo, float], Found]:
        return partial(find_warnings, messages(decode(body)), is_same)

    asked = replace(endpoint, holds=lambda raw: read(raw)(UTC, 0.0).holds)

    def request(at: Coordinates) -> UpstreamRequest:
        return make_request(asked, **query(format_degrees(at.latitude), format_degrees(at.longitude)))

    return AlertSource(**{"validate": validator()} | more, source=source, request=request, read=read)


def missing(reason: str, detail: str, unchanged_for: float = 0.0) -> AlertSection:
    """The section of an outcome that is not known."""
    return Section(missing=MissingSection("alerts", reason, detail), unchanged_for=unchanged_for)


def outcome(reading: Found, fetched: CachedResponse, now: float) -> AlertSection:
    """The section of an answer. Only a fresh answer that was read whole can say that there is none."""
    lasting = current_and_upcoming(reading.alerts, now)
    if not reading.is_whole:
        gap = MissingSection("alerts", "upstream", ALERT_UNREAD)
        return Section(lasting or None, fetched, missing=gap, unchanged_for=inf)
    if not lasting and fetched.state != "fresh":
        return replace(missing(ProductResult(fetched).reason, ALERTS_TOO_OLD, inf), fetched=fetched)
    if reading.elsewhere_until > now:
        gap = MissingSection("alerts", "not_covered", MORE if lasting else OF_COUNTRY)
        return Section(lasting or None, fetched, missing=gap)
    return Section(lasting, fetched)
