"""MeteoAlarm of EUMETNET (https://meteoalarm.org): Europe's national weather services, a feed for each country.

One call gets the messages of a whole country, for all its visitors; what is kept of it is the index that
`meteoalarm_feed` makes. A point's warnings are those whose outline it lies in. Of areas without an outline it is not
known where they are: then there may be warnings, which is never told as none.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from functools import lru_cache, partial

import msgspec

from weather.domain.model import Coordinates
from weather.messages import N_
from weather.places.time_zones import country_at
from weather.providers.alerts.messages import MOST, Found, alert
from weather.providers.alerts.meteoalarm_feed import Index, Part, condense
from weather.providers.alerts.meteoalarm_lasting import Window
from weather.providers.alerts.outline import touches
from weather.providers.alerts.source import FRESH_FOR, AlertSource
from weather.providers.report import Attribution, Source
from weather.providers.validation import validator
from weather.upstream.types import Endpoint, UpstreamRequest, make_request

LINK = "https://meteoalarm.org/"
CREDIT = N_(
    "Official warnings: EUMETNET – MeteoAlarm and its national services (CC BY 4.0); "
    "warnings may come late here, the newest are at MeteoAlarm"
)
SOURCE = Source("meteoalarm", "MeteoAlarm", (Attribution(CREDIT, LINK, "CC-BY-4.0"),))
FEEDS = {
    "AD": "andorra", "AT": "austria", "BA": "bosnia-herzegovina", "BE": "belgium", "BG": "bulgaria",
    "CH": "switzerland", "CY": "cyprus", "CZ": "czechia", "DE": "germany", "DK": "denmark", "EE": "estonia",
    "ES": "spain", "FI": "finland", "FR": "france", "GB": "united-kingdom", "GR": "greece", "HR": "croatia",
    "HU": "hungary", "IE": "ireland", "IL": "israel", "IS": "iceland", "IT": "italy", "LT": "lithuania",
    "LU": "luxembourg", "LV": "latvia", "MD": "moldova", "ME": "montenegro", "MK": "republic-of-north-macedonia",
    "MT": "malta", "NL": "netherlands", "NO": "norway", "PL": "poland", "PT": "portugal", "RO": "romania",
    "RS": "serbia", "SE": "sweden", "SI": "slovenia", "SK": "slovakia", "UA": "ukraine",
}  # fmt: skip
"""The last word of a feed's address, by country (ISO 3166)."""

MAX_BODY = 32 * 2**20
"""Bytes: Switzerland's feed has had 9.4 million."""

UNKNOWN_LEVEL = 3
"""Where an unknown level stands among the others: with the orange ones."""

CALL_SECONDS = 30.0

read_index = lru_cache(maxsize=8)(msgspec.json.Decoder(Index).decode)  # that of a country is read by all its visitors


def holds(raw: bytes) -> bool:
    """Whether it may replace an older one: that there are no warnings is something too. Raises msgspec.DecodeError."""
    index = read_index(raw)
    return index.is_whole or bool(index.warnings or index.elsewhere_until)


ENDPOINTS = {
    country: Endpoint(
        f"/api/v1/warnings/feeds-{slug}",
        "alerts",
        frozenset(),
        FRESH_FOR,
        "warnings",
        holds=holds,
        max_body=MAX_BODY,
        condense=condense,
    )
    for country, slug in FEEDS.items()
}


def request(at: Coordinates) -> UpstreamRequest:
    """The feed of a point's country, which is one of those in `FEEDS`."""
    return make_request(ENDPOINTS[country_at(at) or ""])


def read(body: bytes) -> Callable[[tzinfo, float], "OfCountry"]:
    """Return what makes the warnings of an index for a zone and the time when it came, in Unix seconds."""
    return partial(OfCountry, read_index(body))


@dataclass(frozen=True, slots=True)
class OfCountry:
    """The warnings of a country."""

    index: Index
    tz: tzinfo
    came_at: float

    def at(self, point: Coordinates) -> Found:
        """Those whose outline a point lies in, in each of their languages."""
        here = {number for number, corners in enumerate(self.index.outlines) if touches(corners, point)}
        parts = [part for part in self.index.warnings if not here.isdisjoint(part.outlines)]
        worst = sorted(parts, key=lambda part: -(part.level or UNKNOWN_LEVEL))[:MOST]
        left_out = parts if len(parts) > len(worst) else []
        elsewhere = [
            self.index.elsewhere_until,
            *(Window(part.begins or self.came_at, part.ends).last for part in left_out),
        ]
        alerts = [replace(alert(with_issue(part, self.tz), self.tz, self.came_at), url=LINK) for part in worst]
        return Found(alerts, self.index.is_whole, max(elsewhere))


def with_issue(part: Part, tz: tzinfo) -> Part:
    """The part with the time when it was issued, as MeteoAlarm's terms ask."""
    if part.sent is None:
        return part
    issued = f"Issued: {datetime.fromtimestamp(part.sent, tz):%Y-%m-%d %H:%M %Z}"
    return msgspec.structs.replace(part, texts=[*part.texts, issued])


METEOALARM = AlertSource(
    source=SOURCE,
    countries=frozenset(FEEDS),
    origin=lambda settings: settings.meteoalarm_url,
    request=request,
    validate=validator(),
    read=read,
    per_minute=120,
    seconds=CALL_SECONDS,
)
