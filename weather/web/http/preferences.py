"""What a reader prefers: asked for in the address, kept in cookies, else by the operator, else by region. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from weather.domain.unit_choice import CHOICES, refined
from weather.domain.units import SYSTEMS, System
from weather.i18n.formatting import Formatter
from weather.i18n.language import LANGUAGES, page_language
from weather.i18n.negotiation import negotiate, uses_twelve_hours
from weather.web.http.query import regional_units

CLOCKS = ("24", "12")
SCHEMES = ("light", "dark")
ALLOWED: dict[str, tuple[str, ...]] = {
    "units": tuple(SYSTEMS),
    **{name: tuple(units) for name, units in CHOICES.items()},
    "clock": CLOCKS,
    "lang": LANGUAGES,
    "scheme": SCHEMES,
}


@dataclass(frozen=True, slots=True)
class Preferences:
    """How to write for this reader. `refinements`: the units of single quantities, where they are not the system's.

    `scheme`: "light", "dark", or "" for what the device prefers; `kept`: what the cookies say, with which the form
    of the settings begins.
    """

    units: str
    clock: str
    lang: str
    refinements: tuple[tuple[str, str], ...] = ()
    scheme: str = ""
    kept: tuple[tuple[str, str], ...] = ()

    @property
    def system(self) -> System:
        return refined(SYSTEMS[self.units], dict(self.refinements))

    @property
    def reader(self) -> Formatter:
        return Formatter(page_language(self.lang), self.system, self.clock == "12")


def preferences(
    query: Mapping[str, str], cookies: Mapping[str, str], accept_language: str, default_units: str | None
) -> Preferences:
    """The address first, then the cookies, then the operator's wish, then the browser's language and region.

    What the address asks for holds for its page alone: a link that is shared does not change whoever follows it. A
    system in the address sets aside the single units that are kept.
    """
    asked, stored = allowed(query), allowed(cookies)
    chosen = {name: value for name, value in stored.items() if "units" not in asked or name not in CHOICES} | asked
    units = chosen.get("units") or default_units or regional_units(accept_language)
    return Preferences(
        units=units,
        clock=chosen.get("clock") or ("12" if uses_twelve_hours(accept_language) else "24"),
        lang=chosen.get("lang") or negotiate(accept_language),
        refinements=tuple(
            (name, chosen[name]) for name in CHOICES if name in chosen and differs(units, name, chosen[name])
        ),
        scheme=chosen.get("scheme", ""),
        kept=tuple(stored.items()),
    )


def allowed(sent: Mapping[str, str]) -> dict[str, str]:
    """What of some values is a preference, and one that there is."""
    return {name: sent[name] for name, values in ALLOWED.items() if sent.get(name) in values}


def differs(units: str, name: str, value: str) -> bool:
    """Whether a unit is another than the system has anyway."""
    return refined(SYSTEMS[units], {name: value}) != SYSTEMS[units]
