"""The parts of a forecast by name, why one is missing, and which of a source's products answer."""

from weather.domain.model import MissingSection
from weather.i18n.formatting import Formatter
from weather.messages import C_, N_
from weather.providers.report import Attribution

PLANS = {
    "onecall3": N_("OpenWeatherMap plan: One Call 3.0."),
    "onecall4": N_("OpenWeatherMap plan: One Call 4.0 beside the free products."),
    "free": N_("OpenWeatherMap plan: the free products."),
}

WHY_MISSING = {
    "upstream": N_("The weather service did not send this."),
    "offline": N_("This server is set to work offline."),
    "quota": N_("The weather service has no calls left for now."),
}
"""By the reasons of `missing`; what a plan or a source lacks, its detail tells."""

ALERTS_UNKNOWN = N_(
    "Official warnings, or some of them, could not be looked up just now. "
    "There may be some in force: ask your national weather service."
)

PARTS = {
    "current": C_("part of a forecast", "now"),
    "hourly": C_("part of a forecast", "hours"),
    "daily": C_("part of a forecast", "days"),
    "air": C_("part of a forecast", "air quality"),
    "nowcast": C_("part of a forecast", "next hour or two"),
    "alerts": C_("part of a forecast", "warnings"),
}


def credit_in_words(credit: Attribution, reader: Formatter) -> str:
    """Whom to credit, with the address where there is one."""
    text = reader.say(credit.text)
    return f"{text}: {credit.url}" if credit.url else text


def why_missing(gap: MissingSection) -> str:
    """Why a section is not there; of warnings that could not be had, that there may be some all the same."""
    if gap.section == "alerts" and gap.reason in WHY_MISSING:
        return ALERTS_UNKNOWN
    return WHY_MISSING.get(gap.reason, gap.detail)
