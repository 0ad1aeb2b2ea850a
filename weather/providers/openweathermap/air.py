"""Air pollution (https://openweathermap.org/api/air-pollution): OpenWeatherMap's own index from 1 to 5."""

from datetime import tzinfo
from typing import cast

from msgspec import Struct

from weather.domain.air import AIR_SCALE, air_class
from weather.domain.model import AirQuality, Components
from weather.providers.openweathermap.plausible import known
from weather.providers.openweathermap.wire import Number, UnixTime, local_time
from weather.upstream.lenient_json import reader


class Index(Struct):
    aqi: Number | None = None


class Entry(Struct):
    dt: UnixTime
    main: Index | None = None
    components: dict[str, Number | None] | None = None


class Air(Struct):
    """The body of the air_pollution routes; the order of the list differs between them."""

    list: list[Entry]


read = reader(Air)


def holds(raw: bytes) -> bool:
    """Whether anything is known."""
    return any(entry.main or entry.components for entry in read(raw).list)


def to_model(body: Air, tz: tzinfo) -> AirQuality | None:
    """The latest entry, or None if there is none.

    An index outside 1 to 5 is a glitch: then it is worked out of the concentrations, as far as they tell it.
    """
    if not body.list:
        return None
    entry = max(body.list, key=lambda entry: entry.dt)
    index, components = known("air_quality_index", entry.main.aqi if entry.main else None), entry.components or {}
    parts = {name: known("component", components.get(name)) for name in Components.__annotations__}
    return AirQuality(
        time=local_time(entry.dt, tz),
        index=int(index) if index is not None and index.is_integer() else air_class(parts),
        scale=AIR_SCALE,
        components=cast(Components, parts),
    )
