"""What an answer of `/api/v1` is made of, where that differs from the model inside. Other programs read these names.

Within v1 members and enum values are only added. Machine times (`observed_at`, `fetched_at`, `fresh_until`,
`created_at`) are UTC and end in Z; weather times have the place's own numeric offset. Pure.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, cast

import msgspec
from msgspec import UNSET, UnsetType

from weather.domain import model
from weather.domain.model import LATITUDE, LONGITUDE, Components, Moment, member, zone
from weather.domain.pollen import Pollen
from weather.domain.unit_choice import symbols
from weather.domain.units import SYSTEMS, System
from weather.i18n.language import Language
from weather.i18n.territories import territory
from weather.providers.report import SECTIONS, Report, Section, overall
from weather.providers.report import Freshness as Age
from weather.settings.record import ALERT_SOURCES, PROVIDERS

STATES = ("fresh", "stale", "demo", "missing")
CATEGORIES = ("good", "fair", "moderate", "poor", "very_poor")
"""The five classes of OpenWeatherMap (https://openweathermap.org/api/air-pollution), best first."""

RATES = tuple(f"{symbol}/h" for symbol in symbols("precipitation"))

NAME = member("Place name.", "London")
REGION = member("State, province or other part of the country.", "England")
COUNTRY = member("Name of the country, in the language asked for.", "United Kingdom")
COUNTRY_CODE = member("ISO 3166-1 alpha-2 code of the country.", "GB")
TIMEZONE = member("IANA name, or a fixed offset such as +05:45.", "Europe/London")
OFFSET = member("Seconds to add to UTC for the time at the place now.", 0)
KIND = member("What it is, if that is known.", "city", among=model.PLACE_KINDS)
MATCHED = member("The name that was typed, where the place is called otherwise.", "Londres")
DISTANCE = member("Kilometres to the middle of the place, from a point that lies outside of it.", 4.2)
GEONAMES = member("GeoNames id, which is OpenWeatherMap's city id: ask for it with `id`.", 2643743)


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere on Earth."""

    name: Annotated[str | None, NAME]
    region: Annotated[str | None, REGION]
    country: Annotated[str | None, COUNTRY]
    country_code: Annotated[str | None, COUNTRY_CODE]
    latitude: Annotated[float, LATITUDE]
    longitude: Annotated[float, LONGITUDE]
    timezone: Annotated[str, TIMEZONE]
    utc_offset_seconds: Annotated[int, OFFSET]
    kind: Annotated[str | None, KIND]
    matched: Annotated[str | None, MATCHED]
    id: Annotated[int | None, GEONAMES]
    distance: Annotated[float | None, DISTANCE] = None


def place(known: model.Place, language: Language, now: float) -> Place:
    """Describe a place to a reader, now (Unix seconds)."""
    return Place(
        **described(known, language, now), kind=known.kind, matched=known.matched, id=known.id, distance=known.distance
    )


def described(known: model.Place, language: Language, now: float) -> dict[str, Any]:
    """Return what is told of every place, saved or found."""
    offset = datetime.fromtimestamp(now, zone(known.timezone)).utcoffset() or timedelta()
    return {
        "name": known.name,
        "region": known.state,
        "country": territory(known.country, language.code),
        "country_code": known.country,
        "latitude": known.latitude,
        "longitude": known.longitude,
        "timezone": known.timezone,
        "utc_offset_seconds": int(offset.total_seconds()),
    }


@dataclass(frozen=True, slots=True)
class Units:
    """`units` names the unit of every number that has one."""

    system: Annotated[str, member("The unit system; single quantities may be refined.", "metric", among=(*SYSTEMS,))]
    temperature: Annotated[str, member("Unit of temperatures.", "°C", among=symbols("temperature"))]
    wind_speed: Annotated[str, member("Unit of wind; `Bft`: Beaufort's scale.", "km/h", among=symbols("wind"))]
    precipitation: Annotated[str, member("Unit of amounts.", "mm", among=symbols("precipitation"))]
    snowfall: Annotated[str, member("Unit of depths of snow.", "cm", among=("cm", "in"))]
    precipitation_rate: Annotated[str, member("Unit of rates of precipitation.", "mm/h", among=RATES)]
    pressure: Annotated[str, member("Unit of pressure.", "hPa", among=symbols("pressure"))]
    distance: Annotated[str, member("Unit of visibility.", "km", among=symbols("distance"))]
    concentration: Annotated[str, member("Unit of `air.pollutants`.", "µg/m³")] = "µg/m³"
    pollen: Annotated[str, member("Unit of `air.pollen`.", "grains/m³")] = "grains/m³"


def units(system: System) -> Units:
    """Name the units of a system."""
    return Units(**system.symbols(), precipitation_rate=system.precipitation_rate)


@dataclass(frozen=True, slots=True)
class SectionFreshness:
    """How old a section is. Age is now minus `fetched_at`."""

    state: Annotated[
        str,
        member(
            "`fresh`; `stale`: past its lifetime, whatever the cause; `demo`: invented; `missing`: there is nothing.",
            "fresh",
            among=STATES,
        ),
    ]
    source: Annotated[str | None, member("Data source.", "openweathermap", among=(*PROVIDERS, *ALERT_SOURCES))]
    observed_at: Annotated[
        Moment | None,
        member(
            "The time that the source gives for it: of its calculation, not of a measurement.", "2026-11-24T11:50:00Z"
        ),
    ]
    fetched_at: Annotated[Moment | None, member("When it was fetched from the source.", "2026-11-24T12:00:00Z")]
    fresh_until: Annotated[
        Moment | None, member("Until then asking again gives the same answer.", "2026-11-24T12:10:00Z")
    ]


Sections = msgspec.defstruct(
    "Sections",
    [(name, SectionFreshness | UnsetType, UNSET) for name in SECTIONS],
    namespace={"__doc__": "The freshness of each section of this answer."},
)


@dataclass(frozen=True, slots=True)
class Freshness(SectionFreshness):
    """How old the whole answer is: the worst state, the oldest times, the earliest end; and each section's own."""

    sections: Sections  # type: ignore[valid-type]


NOTHING = SectionFreshness("missing", None, None, None, None)


def freshness(report: Report, sections: Mapping[str, Section[Any]]) -> Freshness:
    """Say how old a report is, and each of its sections as they are told."""
    ages = report.freshness()
    parts = {
        name: section_freshness(ages[name], is_there=section.value is not None) if name in ages else NOTHING
        for name, section in sections.items()
    }
    is_there = any(section.value is not None for section in sections.values())
    whole = section_freshness(overall(ages.values()), is_there=is_there) if ages else NOTHING
    return Freshness(**asdict(whole), sections=Sections(**parts))


def section_freshness(age: Age, *, is_there: bool) -> SectionFreshness:
    times = (time and time.astimezone(UTC) for time in (age.observed_at, age.fetched_at, age.valid_until))
    return SectionFreshness(age.state if is_there else "missing", age.source, *times)


@dataclass(frozen=True, slots=True)
class Summary:
    """Sentences for people, in the language asked for."""

    now: Annotated[str | None, member("Sentence for now.", "Light rain, 12°. Wind 18 km/h from the south-west.")]
    next_24_hours: Annotated[
        str | None,
        member("Sentence for the next 24 hours.", "Rain from about 18:00 to 21:00. About 2 mm in 24 hours."),
    ]


@dataclass(frozen=True, slots=True)
class AirIndex:
    """How clean the air is, on one scale."""

    scale: Annotated[str, member("The scale: `owm` is OpenWeatherMap's, from 1 to 5.", "owm", among=("owm",))]
    value: Annotated[int, member("The class on the scale; 1 is the cleanest.", 2)]
    max: Annotated[int, member("The worst class of the scale.", 5)]
    category: Annotated[str, member("The class in a word.", "fair", among=CATEGORIES)]


@dataclass(frozen=True, slots=True)
class AirQuality:
    """Air quality: classes, and concentrations."""

    time: Annotated[Moment, member("The hour that it is valid for.", "2026-11-24T12:00:00+00:00")]
    indexes: Annotated[list[AirIndex], member("One for each scale that is known; empty if none is.")]
    pollutants: Components
    pollen: Annotated[Pollen | None, member("Grains by plant; null where not known, as outside Europe.")] = None


def air(known: model.AirQuality) -> AirQuality:
    """Describe the air, with the class of OpenWeatherMap's scale if it is known."""
    indexes = [AirIndex("owm", known.index, 5, CATEGORIES[known.index - 1])] if known.index else []
    return AirQuality(known.time, indexes, known.components, cast(Pollen | None, known.pollen))


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who is to be credited for what, as the licence asks."""

    text: Annotated[str, member("The credit to print.", "Weather data provided by OpenWeather")]
    url: Annotated[str | None, member("Link to the provider; null for the demo.", "https://openweathermap.org/")]
    license: Annotated[str | None, member("Licence of the data.", "ODbL-1.0")]


def attributions(report: Report, in_words: Callable[[str], str]) -> list[Attribution]:
    """Credit those whose data stands in a report: the air's source only where there is air."""
    credits, others, has_air = report.source.attributions, report.other_attributions, report.air is not None
    own = [name for name, part in report.sections().items() if name != "air" and not (part.source and part.fetched)]
    due = (*(credits[:1] if own or not (others or has_air) else ()), *(credits[-1:] if has_air else ()), *others)
    return [Attribution(in_words(credit.text), credit.url, credit.license) for credit in dict.fromkeys(due)]


@dataclass(frozen=True, slots=True)
class Results:
    """Places of a name, the likeliest first."""

    results: list[Place]


@dataclass(frozen=True, slots=True)
class RouteOf:
    """A method at an address."""

    method: Annotated[str, member("HTTP method.", "GET")]
    path: Annotated[str, member("Address on this server; `{id}` stands for an identifier.", "/api/v1/current")]
    summary: Annotated[str, member("What it does.", "The weather now")]


@dataclass(frozen=True, slots=True)
class Index:
    """The routes, and where they are described."""

    routes: Annotated[list[RouteOf], member("All routes of this API.")]
    docs: Annotated[str, member("Page for people.", "/docs")]
    openapi: Annotated[str, member("OpenAPI 3.1 document.", "/openapi.json")]
    version: Annotated[str, member("Version of the server.", "1.0.0")]
