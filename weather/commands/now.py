"""`weather now PLACE`: the weather in the terminal, by the sources, the cache and the quota of a server, without one.

The exit status says how good the answer is: 0 fresh, 1 none, 3 stale.
"""

import asyncio
import sys
from dataclasses import dataclass, replace

import msgspec

from weather.backend import Backend, Clocks
from weather.domain.units import SYSTEMS
from weather.errors import PlaceNotFound, WeatherError
from weather.i18n.formatting import Formatter
from weather.i18n.language import language
from weather.i18n.negotiation import negotiate
from weather.places.search.place_search import PlaceSearch, Target
from weather.places.time_zones import use_newest
from weather.providers.report import SECTIONS, Report
from weather.settings import Settings
from weather.upstream.types import Requester
from weather.upstream.wire.client import Transport
from weather.web.api.schema import WEATHER_ROUTES, response_body
from weather.web.api.sections import Selection
from weather.web.pages.errors import ErrorPage, error_text, in_words
from weather.web.terminal.find import contents_of, find, spoken_place
from weather.web.terminal.options import Options
from weather.web.terminal.render import rendered, sections_for

FRESH, ERROR, STALE = 0, 1, 3
WHOLE = WEATHER_ROUTES["forecast"]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the words of the place, how to write it, and whether as the JSON of `/api/v1/forecast`."""

    words: tuple[str, ...]
    options: Options
    as_json: bool = False

    @property
    def name(self) -> str:
        return " ".join(self.words)

    @property
    def sections(self) -> frozenset[str]:
        return frozenset(SECTIONS) if self.as_json else sections_for(self.options.format)


def now(settings: Settings, question: Question) -> int:
    """Print the answer, or to standard error why there is none. The exit status."""
    use_newest()
    is_terminal = sys.stdout.isatty()
    asked = replace(question, options=replace(question.options, colour=is_terminal))
    status, text = asyncio.run(answer(settings, asked, Clocks()))
    print(text, end="\n" if is_terminal and not text.endswith("\n") else "", file=sys.stderr if status == 1 else None)
    return status


async def answer(
    settings: Settings, question: Question, clocks: Clocks, transport: Transport | None = None
) -> tuple[int, str]:
    """Return the exit status, and what to print. `transport` replaces the wire, in tests."""
    backend = Backend(settings, clocks, transport, 1)
    reader = reader_of(settings, question.options)
    await backend.open()
    try:
        return await report_text(backend, question, reader, clocks, invents=settings.provider == "demo")
    except WeatherError as error:
        near = backend.atlas.suggestions(question.name[:200]) if isinstance(error, PlaceNotFound) else []
        words = in_words(error, reader.language)
        return ERROR, error_text(ErrorPage(error.status, error.title, words, question.name, near), reader)
    finally:
        await backend.close()


async def report_text(
    backend: Backend, question: Question, reader: Formatter, clocks: Clocks, *, invents: bool
) -> tuple[int, str]:
    finder = PlaceSearch(backend.atlas)
    place = await find(finder, question.name, Requester())
    report = await report_of(backend, place.target(), question)
    status = status_of(report, invents)
    if question.as_json:
        body = response_body(report, WHOLE, Selection(), reader, clocks.wall())
        return status, msgspec.json.encode(body).decode() + "\n"
    contents, here = contents_of(finder, place, question.options, reader), spoken_place(finder, report, reader)
    return status, rendered(here, reader, question.options, contents, clocks.wall())


def status_of(report: Report, invents: bool) -> int:
    """How good an answer is. Invented weather is none, where it stands in for sources; `invents`: it was asked for."""
    if report.source.word == "demo" and not invents:
        return ERROR
    return STALE if report.has_data and report.freshness_now.is_stale else FRESH


async def report_of(backend: Backend, target: Target, question: Question) -> Report:
    at = target.at.rounded()
    return await backend.sources.provider.report(at, target.place, question.sections, Requester())


def reader_of(settings: Settings, options: Options) -> Formatter:
    """Who reads: as the options say, else English and the units of the settings."""
    spoken = language(negotiate(options.lang or ""))
    return Formatter(spoken, SYSTEMS[options.units or settings.units or "metric"])
