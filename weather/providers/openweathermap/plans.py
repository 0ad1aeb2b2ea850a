"""For each section the endpoints to try, best first. Pure.

A key may have One Call 3.0, 4.0, both or neither: these are separate subscriptions, and a 401 of one says nothing of
the others. So each section has its own fallback order: the next product is called only if the one before it was not
conclusive. The circuit breaker of a product remembers that the key may not use it, and refuses without a call.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from weather.domain.daily import days
from weather.providers.common import ProductResult
from weather.providers.openweathermap import air, current, forecast, onecall, onecall_alerts
from weather.providers.openweathermap.endpoints import AIR, FORECAST, MINUTES, NOW, ONECALL, WEATHER
from weather.providers.openweathermap.sections import lacks
from weather.upstream.types import Endpoint

DECODERS: dict[Endpoint, Callable[[bytes], Any]] = {
    ONECALL: onecall.read,
    NOW: onecall.read_now,
    MINUTES: onecall.read_minutes,
    WEATHER: current.read,
    FORECAST: forecast.read,
    AIR: air.read,
}
Reader = Callable[[Any, Any, Any], Any]
"""Makes the value of a section of a body, its point and its zone; None or empty if the body holds none."""

READERS: dict[Endpoint, dict[str, Reader]] = {
    ONECALL: {
        "current": lambda body, at, tz: onecall.current(body.current, at, tz) if body.current else None,
        "nowcast": lambda body, at, tz: onecall.minutes(body.minutely or [], tz),
        "hourly": lambda body, at, tz: onecall.hours(body.hourly or [], at, tz),
        "daily": lambda body, at, tz: onecall.days(body.daily or [], at, tz),
        "alerts": lambda body, at, tz: onecall_alerts.alerts(body.readable_alerts, tz),
    },
    NOW: {
        "current": lambda body, at, tz: onecall.current(body.data[0], at, tz) if body.data else None,
        "alerts": lambda body, at, tz: (),  # it has the ids of texts that are to be had one by one
    },
    MINUTES: {"nowcast": lambda body, at, tz: onecall.minutes(body.data, tz)},
    WEATHER: {"current": current.to_model},
    FORECAST: {
        "hourly": forecast.to_model,
        "daily": lambda body, at, tz: days(forecast.to_model(body, at, tz), at, tz),
    },
    AIR: {"air": lambda body, at, tz: air.to_model(body, tz)},
}

PRODUCTS: Mapping[str, tuple[Endpoint, ...]] = {
    "onecall3": (ONECALL,),
    "onecall4": (NOW, MINUTES),
    "free": (WEATHER, FORECAST, AIR),
}
FALLBACK_ORDER: Mapping[str, tuple[str, ...]] = {
    "auto": ("onecall3", "onecall4", "free"),
    "onecall3": ("onecall3", "free"),
    "onecall4": ("onecall4", "free"),
    "free": ("free",),
}
"""By the setting WEATHER_PLAN: the products to try, richest first."""

NAMES = {"onecall3": "One Call 3.0", "onecall4": "One Call 4.0"}


def candidates(plan: str, section: str) -> tuple[Endpoint, ...]:
    """Return the endpoints that may give a section, best first."""
    return tuple(row for product in FALLBACK_ORDER[plan] for row in PRODUCTS[product] if section in READERS[row])


def next_candidate(name: str, rows: Iterable[Endpoint], results: Mapping[Endpoint, ProductResult]) -> Endpoint | None:
    """Return the endpoint to call next for a section; None if one was conclusive, or all were called.

    After an answer of One Call that lacks the section only the free products are tried.
    """
    is_lacking = False
    for row in rows:
        if row not in results:
            if not (is_lacking and row.product in NAMES):
                return row
        elif results[row].is_conclusive:
            if not lacks(name, results[row]):
                return None
            is_lacking = True
    return None


def plan_used(plan: str, results: Mapping[Endpoint, ProductResult]) -> str:
    """Return the richest product with a conclusive answer; "free" if there is none."""
    conclusive = {row for row, result in results.items() if result.is_conclusive}
    return next((product for product in FALLBACK_ORDER[plan] if not conclusive.isdisjoint(PRODUCTS[product])), "free")


def skipped_products(results: Mapping[Endpoint, ProductResult]) -> tuple[str, ...]:
    """Return the names of the products that were not called because their quota is exhausted."""
    exhausted = {row.product for row, result in results.items() if result.has_no_quota}
    return tuple(name for product, name in NAMES.items() if product in exhausted)
