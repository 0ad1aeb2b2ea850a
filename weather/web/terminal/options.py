"""The options of wttr.in, as they stand in a query: letters, which may be joined (`?0Tm`), and names. Pure."""

from dataclasses import dataclass

from weather.domain.unit_choice import CHOICES
from weather.domain.units import System
from weather.errors import BadParameter
from weather.i18n.negotiation import negotiate
from weather.messages import N_
from weather.web.http import query
from weather.web.http.unit_params import UNIT_PARAMS, system_in

FLAGS = frozenset("0123AFIMQTmnpqtu")
"""wttr.in's letters. Those of its pictures and captions (`F`, `I`, `Q`, `p`, `q`, `t`) change nothing here."""

UNITS = {"m": "metric", "u": "us", "M": "si"}
NAMED = (*UNIT_PARAMS, "lang", "format", "view", "period", "appid")
NOT_MADE = frozenset({"v2", "v2d", "v2n", "p1"})
"""wttr.in's graph and its lines for Prometheus: a name of theirs would stand there like weather."""

LONGEST_FORMAT = 400
WRONG_FLAG = N_("This option is not known here. GET /:help lists them all.")
TOO_LONG = N_("A format has 400 characters at most.")


@dataclass(frozen=True, slots=True)
class Options:
    """What an address asks for. None where it says nothing.

    `days`: 0 now alone, 1 today, 2 tomorrow too; None all. `lang`: one of ours, English for
    others. `format`: "" for the report, else one of wttr.in's.
    """

    days: int | None = None
    colour: bool | None = None
    narrow: bool = False
    units: str | None = None
    named: tuple[tuple[str, str], ...] = ()
    lang: str | None = None
    format: str = ""

    def system(self, default: str) -> System:
        """The unit system, refined where single units are asked for. Raises BadParameter."""
        return system_in(dict(self.named), self.units or default)


def parse(text: bytes) -> Options:
    """Read a query. Raises BadParameter for letters and names that are not known."""
    flags, values = "", dict[str, str]()
    for name, value in query.pairs(text):
        if value or name in NAMED:
            values[name] = value
        else:
            flags += name
    if wrong := sorted(set(flags) - FLAGS):
        raise BadParameter("".join(wrong)[:40], WRONG_FLAG)
    if unknown := [name for name in values if name not in NAMED]:
        raise query.unknown(unknown[0], NAMED)
    form = values.get("format") or values.get("view") or ""
    if len(form) > LONGEST_FORMAT:
        raise BadParameter("format", TOO_LONG)
    if form in NOT_MADE:
        raise BadParameter("format", WRONG_FLAG)
    return Options(
        days=next((int(digit) for digit in "012" if digit in flags), None),
        colour=False if "T" in flags else True if "A" in flags else None,
        narrow="n" in flags,
        units=next((UNITS[letter] for letter in flags if letter in UNITS), None),
        named=tuple((name, values[name]) for name in ("units", *CHOICES) if name in values),
        lang=negotiate(values["lang"]) if "lang" in values else None,
        format="" if form == "v1" else form,
    )


def asks_for_data(text: bytes) -> bool:
    """Whether a query asks for a format, which whoever asks gets: status bars name no client."""
    return b"format=" in text or b"view=" in text


def place_text(name: str) -> str:
    """The place that a path names: a plus sign is a space, and a tilde before it says nothing, as at wttr.in."""
    return name.replace("+", " ").removeprefix("~").strip()
