"""The official warnings of a page: those in force, and whether they are all there are. Pure.

An old answer keeps its warnings as long as they last by their own ends, as the last that was known. It never says
that there are none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from weather.domain.alerts import current_and_upcoming, deduplicate, last_moment
from weather.domain.model import Alert
from weather.i18n.formatting import Formatter
from weather.messages import N_
from weather.providers.report import Section
from weather.web.view.labels import WHY_MISSING, why_missing

GAP = N_("Not every official warning that came could be read: there may be more.")


@dataclass(frozen=True, slots=True)
class Alerts:
    """The alerts in force, each with its end in Unix seconds; `are_known`: whether a fresh source tells them.

    `known_at`: the time of the answer, in words: of a fresh one with its date, for a page that is kept and read later.
    `gap`: that some that came could not be read, or may be for other places, in words; "" if all were.
    `link`: where the newest ones are, if some may be for others. `unasked`: that they could not be asked for now, in
    words; "" if they were, or if nobody is asked for the place.
    """

    in_force: Sequence[Alert]
    ends: Sequence[int]
    are_known: bool
    known_at: str
    gap: str = ""
    link: str = ""
    unasked: str = ""


def alerts_part(section: Section[tuple[Alert, ...]] | None, reader: Formatter, as_of: datetime) -> Alerts:
    """Those that last, each once, in the reader's language where there is a choice."""
    gap, link = gap_of(section, reader)
    if section is None or section.value is None or section.fetched is None:
        return Alerts((), (), are_known=False, known_at="", gap=gap, link=link, unasked=unasked(section, reader))
    in_force = deduplicate(current_and_upcoming(section.value, as_of.timestamp()), reader.language.code)
    fetched_at = datetime.fromtimestamp(section.fetched.entry.fetched_at, as_of.tzinfo)
    is_fresh = section.fetched.state == "fresh"
    known_at = reader.dated(fetched_at) if is_fresh else reader.stamp(fetched_at, as_of)
    return Alerts(in_force, [int(last_moment(alert).timestamp()) for alert in in_force], is_fresh, known_at, gap, link)


def unasked(section: Section[tuple[Alert, ...]] | None, reader: Formatter) -> str:
    """That nobody could be asked for warnings which are known on a better day; "" if that is not so."""
    missing = section.missing if section else None
    return reader.say(why_missing(missing)) if missing and missing.reason in WHY_MISSING else ""


def gap_of(section: Section[tuple[Alert, ...]] | None, reader: Formatter) -> tuple[str, str]:
    """What is not known though a fresh answer came, in words, and where it may be found; "" if nothing is missing.

    Not all could be read; or it warns for a country, and it is not known whether for the place.
    """
    if section is None or section.fetched is None or section.fetched.state != "fresh" or section.missing is None:
        return "", ""
    if section.missing.reason == "not_covered" and section.source:
        return reader.say(section.missing.detail), section.source.attributions[0].url or ""
    return reader.say(GAP) if section.missing.reason == "upstream" else "", ""
