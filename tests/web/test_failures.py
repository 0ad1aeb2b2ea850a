"""Errors on pages: each kind of them in each language."""

import re

import pytest
from fakes import running

from weather import errors
from weather.errors import BadParameter, WeatherError
from weather.i18n.language import LANGUAGES, SOURCE, language
from weather.web.pages.errors import DETAILS, TITLES, in_words

OTHERS = [code for code in LANGUAGES if code != SOURCE]
MADE_WITH = {
    "BadParameter": ("q", "a name of at most 200 characters"),
    "BadBody": ("latitude", "a number from -90 to 90"),
    "UpstreamStatus": (502,),
    "UpstreamServerError": (502,),
    "RequestTimeout": (408,),
    "KeyRejected": (401,),
    "UpstreamRateLimited": (429,),
    "CircuitOpen": (5.0,),
    "KeyPaused": (5.0, "", b""),
    "QuotaExhausted": (5.0,),
    "ClientQuotaExhausted": (5.0,),
    "SlowBody": (),
}
"""What a class is made with; any other with a text that nobody has translated."""

ELSEWHERE = {"access_key", "unknown_token", "internal", "list_full", "unsupported_media_type", "cross_site"}
"""Codes whose texts are told where they are raised, and marked there, or that no page has."""


ALIKE = {"Offline"}
"""What is the same word in another language."""


def below(root: type[WeatherError]) -> list[type[WeatherError]]:
    return [one for child in root.__subclasses__() for one in (child, *below(child))]


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("kind", below(WeatherError), ids=lambda kind: kind.__name__)
def test_every_kind_of_error_is_told_in_every_language(kind, code):
    """Title and text, also where the error's own words are in English alone (B5)."""
    spoken, error = language(code), kind(*MADE_WITH.get(kind.__name__, ("words for programs",)))
    assert spoken.knows(error.title) or error.title in ALIKE, error.title
    if error.code not in ELSEWHERE:
        told = in_words(error, spoken)
        assert told
        assert spoken.knows(told), told


@pytest.mark.parametrize("code", OTHERS)
def test_every_status_has_words_in_every_language(code):
    """Those that have no error of ours: what the framework or the outermost layer refuses."""
    assert all(language(code).knows(text) for text in (*TITLES.values(), *DETAILS.values()))


def test_in_english_an_error_speaks_for_itself():
    """What is wrong is told exactly where it can be."""
    assert in_words(BadParameter("q", "a name of at most 200 characters"), language("en")).startswith("a name of")


def sentences(page: str) -> list[str]:
    """The heading and the paragraphs of what a page is about, but for the number of its status."""
    main = page[page.index("<main") : page.index("</main>")]
    found = re.findall(r"<(?:h1|p)\b.*?</(?:h1|p)>", main, re.DOTALL)
    return [text for one in found if not (text := re.sub(r"<[^>]+>", "", one).strip()).startswith("Status ")]


WRONG = [
    "/nowhere",
    "/forecast/91,0",
    "/search?q=" + "x" * 201,
    "/search?q=Qwrtzpxyz",
    "/search?q=%00",
    "/" + "x" * 9000,
    "/docs/nothing",
]


@pytest.mark.slow
@pytest.mark.anyio
@pytest.mark.parametrize("code", OTHERS)
async def test_no_error_page_has_an_english_sentence(upstream, clock, code):
    """Whatever goes wrong on a page: nothing that stands there is the same as in English (B5)."""
    async with running(upstream, clock, WEATHER_CALLS_PER_MINUTE="3") as site:
        upstream.fails(500)
        for path in [*WRONG, "/forecast/2,2", "/forecast/3,3", "/forecast/4,4"]:
            pages = [(await site.get(path, headers={"Accept-Language": one})) for one in (SOURCE, code)]
            assert pages[0].status_code >= 400
            assert not set(sentences(pages[0].text)) & set(sentences(pages[1].text)), path
        for method, wrong in (("PUT", "/"), ("POST", "/places")):
            told = [await site.request(method, wrong, headers={"Accept-Language": one}) for one in (SOURCE, code)]
            assert not set(sentences(told[0].text)) & set(sentences(told[1].text)), wrong


@pytest.mark.anyio
async def test_spent_calls_are_told_in_the_readers_language(upstream, clock):
    """A 429 and a 503 for spent calls, which were English on every page (B5)."""
    for settings in ({"WEATHER_CALLS_PER_MINUTE": "6"}, {"WEATHER_CALLS_PER_MONTH": "3"}):
        async with running(upstream, clock, **settings) as site:
            for n in range(6):
                answer = await site.get(f"/forecast/{n},1", headers={"Accept-Language": "de"})
            assert answer.status_code in (429, 503)
            english = await site.get("/forecast/7,1", headers={"Accept-Language": "en"})
            assert not set(sentences(answer.text)) & set(sentences(english.text))


def test_the_words_of_a_point_without_data_are_its_own():
    """That no place has such a name is not said of a point (B6)."""
    spoken = language("de")
    told = in_words(errors.PlaceNotFound("OpenWeatherMap has no data for this place."), spoken)
    assert spoken.say(told).startswith("OpenWeatherMap hat ")
