"""The ladder: which products may give a section, the richest first. Pure.

A key may have One Call 3.0, 4.0, both or neither: these are separate subscriptions, and a 401 of one says nothing of
the others. So each section has its way down: the next product is asked only when the one above it could not settle the
matter. What a key may not use is remembered by that product's gate, which refuses without a call.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from weather.domain.daily import days
from weather.providers.openweathermap import air, current, forecast, onecall
from weather.providers.openweathermap.endpoints import AIR, FORECAST, MINUTES, NOW, ONECALL, WEATHER
from weather.providers.openweathermap.sections import Part, lacks
from weather.upstream.types import Endpoint

READ: dict[Endpoint, Callable[[bytes], Any]] = {
    ONECALL: onecall.read,
    NOW: onecall.read_now,
    MINUTES: onecall.read_minutes,
    WEATHER: current.read,
    FORECAST: forecast.read,
    AIR: air.read,
}
View = Callable[[Any, Any, Any], Any]
"""From a body, its point and its zone to the value of a section; None or empty if it holds none."""

VIEWS: dict[Endpoint, dict[str, View]] = {
    ONECALL: {
        "current": lambda body, at, tz: onecall.current(body.current, at, tz) if body.current else None,
        "minutely": lambda body, at, tz: onecall.minutes(body.minutely or [], tz),
        "hourly": lambda body, at, tz: onecall.hours(body.hourly or [], at, tz),
        "daily": lambda body, at, tz: onecall.days(body.daily or [], at, tz),
        "alerts": lambda body, at, tz: onecall.bulletins(body.warned, tz),
    },
    NOW: {
        "current": lambda body, at, tz: onecall.current(body.data[0], at, tz) if body.data else None,
        "alerts": lambda body, at, tz: (),  # it has the ids of texts that are to be had one by one
    },
    MINUTES: {"minutely": lambda body, at, tz: onecall.minutes(body.data, tz)},
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
PLANS: Mapping[str, tuple[str, ...]] = {
    "auto": ("onecall3", "onecall4", "free"),
    "onecall3": ("onecall3", "free"),
    "onecall4": ("onecall4", "free"),
    "free": ("free",),
}
"""By the setting: the rungs from the top."""

NAMES = {"onecall3": "One Call 3.0", "onecall4": "One Call 4.0"}


def way(plan: str, section: str) -> tuple[Endpoint, ...]:
    """The rows that may give a section, in the order in which they are asked."""
    return tuple(row for rung in PLANS[plan] for row in PRODUCTS[rung] if section in VIEWS[row])


def upcoming(name: str, rows: Iterable[Endpoint], parts: Mapping[Endpoint, Part]) -> Endpoint | None:
    """The row to be asked next for a section; None when one has settled the matter, or all were asked.

    What a richer product's answer lacks is asked of the free one alone.
    """
    is_bare = False
    for row in rows:
        if row not in parts:
            if not (is_bare and row.product in NAMES):
                return row
        elif parts[row].settles:
            if not lacks(name, parts[row]):
                return None
            is_bare = True
    return None


def used(plan: str, parts: Mapping[Endpoint, Part]) -> str:
    """The rung that the answers came from."""
    return next((rung for rung in PLANS[plan] for row in PRODUCTS[rung] if row in parts and parts[row].settles), "free")


def skipped_products(parts: Mapping[Endpoint, Part]) -> tuple[str, ...]:
    """The names of the products whose budget is spent."""
    return tuple(
        name for key, name in NAMES.items() if any(p.is_spent for row, p in parts.items() if row.product == key)
    )
