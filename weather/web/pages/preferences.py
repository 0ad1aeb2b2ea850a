"""What a reader prefers: asked for in the address, kept in a cookie, else by the operator, else by region. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from weather.domain.units import SYSTEMS
from weather.i18n.formatting import Formatter
from weather.i18n.language import LANGUAGES, language, negotiate, uses_twelve_hours
from weather.web.http.query import regional_units

CLOCKS = ("24", "12")
ALLOWED: dict[str, tuple[str, ...]] = {"units": tuple(SYSTEMS), "clock": CLOCKS, "lang": LANGUAGES}


@dataclass(frozen=True, slots=True)
class Preferences:
    """How to write for this reader, and what to remember: `keep` holds what the address asked for."""

    units: str
    clock: str
    lang: str
    keep: dict[str, str]

    @property
    def reader(self) -> Formatter:
        return Formatter(language(self.lang), SYSTEMS[self.units], self.clock == "12")


def preferences(
    query: Mapping[str, str], cookies: Mapping[str, str], accept_language: str, default_units: str | None
) -> Preferences:
    """The address first, then the cookie, then the operator's wish, then the browser's language and region."""
    asked = {name: query[name] for name, allowed in ALLOWED.items() if query.get(name) in allowed}
    kept = {name: cookies[name] for name, allowed in ALLOWED.items() if cookies.get(name) in allowed}
    told = kept | asked
    return Preferences(
        units=told.get("units") or default_units or regional_units(accept_language),
        clock=told.get("clock") or ("12" if uses_twelve_hours(accept_language) else "24"),
        lang=told.get("lang") or negotiate(accept_language),
        keep=asked,
    )
