"""Chooses among the products' results, and makes sections of them. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import inf
from zoneinfo import ZoneInfo

from weather.domain.alerts import current_and_upcoming
from weather.domain.calendar_day import DayOf, day_of, day_of_stamp
from weather.domain.model import Alert, MissingSection
from weather.domain.text import label
from weather.errors import CallRefused, PlaceNotFound
from weather.messages import N_
from weather.providers.common import NOTHING, PlaceFacts, ProductResult, section
from weather.providers.openweathermap import current, forecast, onecall
from weather.providers.openweathermap.wire import country_code
from weather.providers.report import ALERT_UNREAD, ALERTS_TOO_OLD, Section, missing_section
from weather.upstream.freshness_policy import unchanged_for

NOT_IN_PLAN = {
    "nowcast": N_("OpenWeatherMap's free products do not provide minute-by-minute rain."),
    "alerts": N_(
        "OpenWeatherMap's free products do not provide weather warnings. "
        "There may be some in force: ask your national weather service."
    ),
}
NOT_INVENTED = {
    "nowcast": N_("The demo does not invent minute-by-minute rain."),
    "alerts": N_(
        "The demo does not invent weather warnings. There may be some in force: ask your national weather service."
    ),
}

OPEN_SEA = "Globe"
"""What OpenWeatherMap calls places that have no name."""


def not_in_plan(name: str, *, is_demo: bool = False) -> Section[object]:
    """Return the missing section that no product of this key has, or that the demo, which has no plan, leaves out."""
    if name in NOT_IN_PLAN:
        return missing_section(
            name, "not_available" if is_demo else "plan", (NOT_INVENTED if is_demo else NOT_IN_PLAN)[name]
        )
    return missing_section(name, "not_available", NOTHING)


def is_in_no_plan(name: str, results: Sequence[ProductResult]) -> bool:
    """Whether no product that this key may use has such a section."""
    return not results or (name in NOT_IN_PLAN and all(result.is_not_allowed for result in results))


def raise_if_all_failed(results: Iterable[ProductResult]) -> None:
    """Raise the error if no product answered. A failed call comes before a refused one, PlaceNotFound last."""
    errors = [result.error for result in results]
    if not errors or None in errors:
        return
    raise min(
        filter(None, errors), key=lambda error: (isinstance(error, PlaceNotFound), isinstance(error, CallRefused))
    )


def lacks(name: str, result: ProductResult) -> bool:
    """Whether an answer of One Call is without a section that the free products have too."""
    if name not in ("current", "hourly", "daily"):
        return False
    if isinstance(result.body, onecall.CurrentV4):
        return not result.body.data
    return isinstance(result.body, onecall.OneCall) and not getattr(result.body, name)


def cut_of(result: ProductResult | None) -> DayOf:
    """Return to which day a step belongs: days of One Call count the one that ends as they begin."""
    return day_of_stamp if result and isinstance(result.body, onecall.OneCall) else day_of


def best_result(name: str, results: Sequence[ProductResult]) -> ProductResult:
    """Choose among the results for a section: the conclusive one, else the newest, else the last error."""
    usable = [result for result in results if result.fetched and not lacks(name, result)]
    if usable:
        return max(usable, key=lambda result: (result.is_conclusive, result.fetched_at))
    return next((result for result in reversed(results) if not result.is_not_allowed), results[-1])


def alerts_section(
    result: ProductResult, texts: Sequence[ProductResult], alerts: Sequence[Alert], now: float
) -> Section[object]:
    """Make the section of the alerts that have not ended. An empty one needs a fresh answer that was read whole."""
    if result.error or result.fetched is None:
        return section("alerts", result, None)
    lasting, failed = current_and_upcoming(alerts, now), next((text for text in texts if text.error), None)
    if failed:
        # A text that is not there is of a warning that is: the place has data.
        is_gone = failed.reason == "not_available"
        reason, detail = ("upstream", ALERT_UNREAD) if is_gone else (failed.reason, str(failed.error))
        missing = MissingSection("alerts", reason, detail)
        wait = unchanged_for(failed.error) if failed.error else 0.0
        return Section(lasting or None, result.fetched, missing=missing, unchanged_for=wait)
    if isinstance(result.body, onecall.OneCall | onecall.CurrentV4) and result.body.has_unreadable_alerts:
        unread = MissingSection("alerts", "upstream", ALERT_UNREAD)
        return Section(lasting or None, result.fetched, missing=unread, unchanged_for=inf)
    if not lasting and result.fetched.state != "fresh":
        return replace(missing_section("alerts", result.reason, ALERTS_TOO_OLD, inf), fetched=result.fetched)
    return Section(lasting, result.fetched)


def place_facts(results: Iterable[ProductResult]) -> PlaceFacts:
    """Read the place's name, country, zone and offset from the bodies.

    The first body with a name gives name and country. The newest body with an offset gives the offset: an old one may
    be from before a change of clocks.
    """
    names: list[tuple[str | None, str | None]] = []
    offsets: list[tuple[float, int]] = []
    zones: list[str | None] = []
    for result in results:
        body, offset = result.body, None
        if isinstance(body, current.Current):
            names.append((body.name, body.sys.country if body.sys else None))
            offset = body.timezone
        elif isinstance(body, forecast.Forecast) and body.city:
            names.append((body.city.name, body.city.country))
            offset = body.city.timezone
        elif isinstance(body, onecall.Located):
            zones.append(zone_name(body.timezone))
            offset = body.timezone_offset
        if offset is not None and result.fetched:
            offsets.append((result.fetched_at, offset))
    cleaned = ((label(name), country_code(code)) for name, code in names if name != OPEN_SEA)
    name, country = next((pair for pair in cleaned if pair[0]), (None, None))
    at, newest = max(offsets, default=(None, None))
    return PlaceFacts(name, country, next(filter(None, zones), None), newest, at)


def zone_name(text: str | None) -> str | None:
    """Return the name of a time zone (IANA); None if there is none of that name."""
    try:
        return ZoneInfo(text).key if text else None
    except (KeyError, ValueError, OSError):
        return None
