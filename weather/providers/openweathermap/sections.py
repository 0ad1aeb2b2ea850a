"""What the products answered, and the sections that are made of it. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from weather.domain.alerts import current_and_upcoming
from weather.domain.model import Alert, MissingSection
from weather.domain.text import label
from weather.errors import CallRefused, KeyRejected, PlaceNotFound, QuotaExhausted, UpstreamInvalid, WeatherError
from weather.messages import N_
from weather.providers.openweathermap import current, forecast, onecall
from weather.providers.openweathermap.wire import country_code
from weather.providers.report import NOTHING, Section, gap
from weather.upstream.types import CachedResponse

T = TypeVar("T")

NOT_IN_PLAN = {
    "minutely": N_("OpenWeatherMap's free products do not provide minute-by-minute rain."),
    "alerts": N_(
        "OpenWeatherMap's free products do not provide weather warnings. "
        "There may be some in force: ask your national weather service."
    ),
}
ALERTS_UNKNOWN = "Whether there are alerts was last asked too long ago to know."

ALERT_UNREAD = N_("An official warning that came could not be read.")

OPEN_SEA = "Globe"
"""What OpenWeatherMap calls places that have no name."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one product answered: a body that was read, or why there is none."""

    fetched: CachedResponse | None = None
    body: Any = None
    error: WeatherError | None = None

    @property
    def settles(self) -> bool:
        """Whether no other product need be asked. An old answer does, unless the product may not be used any more."""
        if self.fetched is None or self.body is None:
            return False
        return self.fetched.state == "fresh" or self.fetched.via.code not in (KeyRejected.code, QuotaExhausted.code)

    @property
    def came_at(self) -> float:
        return self.fetched.entry.fetched_at if self.fetched else 0.0

    @property
    def is_spent(self) -> bool:
        """Whether it could not be asked because its budget is spent."""
        told = self.fetched.via if self.fetched else self.error
        return told is not None and told.code == QuotaExhausted.code

    @property
    def why(self) -> str:
        """Why it is not fresh, as a reason of `missing`."""
        if self.fetched is None:
            return self.error.reason if self.error else "upstream"
        detail = self.fetched.via.detail
        return detail if detail in ("offline", "quota") and self.fetched.state == "stale" else "upstream"

    @property
    def is_not_allowed(self) -> bool:
        """Whether the key may not use this product: it is in no plan of its, or not yet."""
        return self.error is not None and self.error.code == KeyRejected.code


def decoded(read: Callable[[bytes], T], fetched: CachedResponse) -> T:
    """The body as a wire type. Raises UpstreamInvalid if it is of another shape."""
    try:
        return read(fetched.entry.body)
    except (msgspec.DecodeError, RecursionError):
        raise UpstreamInvalid("OpenWeatherMap's answer could not be read.") from None


def refuse_if_empty(parts: Iterable[Part]) -> None:
    """Raise the reason if no product gave anything: a failure rather than a gate that it closed, PlaceNotFound last."""
    errors = [part.error for part in parts]
    if not errors or None in errors:
        return
    raise min(
        filter(None, errors), key=lambda error: (isinstance(error, PlaceNotFound), isinstance(error, CallRefused))
    )


def lacks(name: str, part: Part) -> bool:
    """Whether an answer of One Call is without a section that the free products have too."""
    if name not in ("current", "hourly", "daily"):
        return False
    if isinstance(part.body, onecall.Now):
        return not part.body.data
    return isinstance(part.body, onecall.OneCall) and not getattr(part.body, name)


def best(name: str, parts: Sequence[Part]) -> Part:
    """Of the answers for a section: that which settles it, else the newest, else the last reason for none."""
    read = [part for part in parts if part.fetched and not lacks(name, part)]
    if read:
        return max(read, key=lambda part: (part.settles, part.came_at))
    return next((part for part in reversed(parts) if not part.is_not_allowed), parts[-1])


def section(name: str, part: Part, value: object) -> Section[object]:
    """A section from its product's answer and what that holds of it."""
    if part.error or part.fetched is None:
        return gap(name, part.error.reason if part.error else "upstream", str(part.error))
    if not value:
        return replace(gap(name, "not_available", NOTHING), fetched=part.fetched)
    return Section(value, part.fetched, getattr(value, "time", None))


def warnings(part: Part, texts: Sequence[Part], told: Sequence[Alert], now: float) -> Section[object]:
    """The alerts that last. None at all is known only from a fresh answer, of which all could be read."""
    if part.error or part.fetched is None:
        return section("alerts", part, None)
    kept, failed = current_and_upcoming(told, now), next((text for text in texts if text.error), None)
    if failed:
        return Section(kept or None, part.fetched, missing=MissingSection("alerts", failed.why, str(failed.error)))
    if isinstance(part.body, onecall.OneCall) and part.body.hides_alerts:
        return Section(kept or None, part.fetched, missing=MissingSection("alerts", "upstream", ALERT_UNREAD))
    if not kept and part.fetched.state != "fresh":
        return replace(gap("alerts", part.why, ALERTS_UNKNOWN), fetched=part.fetched)
    return Section(kept, part.fetched)


@dataclass(frozen=True, slots=True)
class Told:
    """What the bodies say of their place: name, country and zone if there are any; the offset from UTC, and when."""

    name: str | None
    country: str | None
    zone: str | None
    offset: int | None
    at: float | None


def told(parts: Iterable[Part]) -> Told:
    """The first name, and the offset of the newest body that tells one (an old one may be from before a change)."""
    names: list[tuple[str | None, str | None]] = []
    offsets: list[tuple[float, int]] = []
    zones: list[str | None] = []
    for part in parts:
        body, seen = part.body, None
        if isinstance(body, current.Current):
            names.append((body.name, body.sys.country if body.sys else None))
            seen = body.timezone
        elif isinstance(body, forecast.Forecast) and body.city:
            names.append((body.city.name, body.city.country))
            seen = body.city.timezone
        elif isinstance(body, onecall.Located):
            zones.append(zone_name(body.timezone))
            seen = body.timezone_offset
        if seen is not None and part.fetched:
            offsets.append((part.fetched.entry.fetched_at, seen))
    named = ((label(name), country_code(code)) for name, code in names if name != OPEN_SEA)
    shown = next((one for one in named if one[0]), (None, None))
    at, offset = max(offsets, default=(None, None))
    return Told(*shown, next(filter(None, zones), None), offset, at)


def zone_name(text: str | None) -> str | None:
    """The name of a time zone (IANA), if it is one."""
    try:
        return ZoneInfo(text).key if text else None
    except (KeyError, ValueError, OSError):
        return None
