"""The place that a name means, by the gazetteer alone; what else it may mean; and its name in the reader's language."""

from dataclasses import replace

from weather.errors import PlaceNotFound
from weather.i18n.formatting import Formatter
from weather.places.search.place_search import CLOSE, UNKNOWN_TO, Found, PlaceSearch
from weather.providers.report import Report
from weather.upstream.types import Requester
from weather.web.terminal.options import Options
from weather.web.terminal.report import Contents

MOST_OTHERS = 4
"""Places of the same name that a report names besides its own."""


async def find(gazetteer_search: PlaceSearch, name: str, visitor: Requester) -> Found:
    """The place of a name; one that only comes close is none. Raises PlaceNotFound, BadParameter."""
    result = await gazetteer_search.find(name, visitor)
    if not result.at and result.note == CLOSE:
        raise PlaceNotFound(UNKNOWN_TO[()])
    return result


def contents_of(finder: PlaceSearch, result: Found, options: Options, reader: Formatter) -> Contents:
    """How much a report tells, with the other places that the name may mean."""
    others = [] if result.is_clear else result.places[1 : 1 + MOST_OTHERS]
    spoken = [finder.in_language(place, reader.language.code) for place in others]
    return Contents(options.days, options.narrow, spoken, result.note)


def spoken_place(finder: PlaceSearch, report: Report, reader: Formatter) -> Report:
    """The report with its place as the reader's language calls it."""
    return replace(report, place=finder.in_language(report.place, reader.language.code))
