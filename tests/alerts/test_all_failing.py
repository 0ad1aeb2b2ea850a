"""With every source of warnings failing nothing reads as "no warnings" anywhere, and the forecasts stay as they are."""

import html
import json
import re

import httpx
import pytest
from fakes import NOON, Clock, no_wait, running
from meteo import Both

from weather.backend import Clocks
from weather.commands.now import Question, answer
from weather.i18n.language import LANGUAGES, language
from weather.settings import load
from weather.web.terminal.options import Options
from weather.web.view.labels import ALERTS_UNKNOWN

pytestmark = [pytest.mark.anyio, pytest.mark.virtual_time]

OPEN = {"WEATHER_PROVIDER": "open-meteo", "WEATHER_CONTACT": "ops@weather.example", "WEATHER_ALERTS": "auto"}
PLACES = {
    "nws": "47.61,-122.33",
    "brightsky": "52.52,13.4",
    "metalerts": "59.91,10.75",
    "eccc": "43.65,-79.38",
    "geosphere": "48.21,16.37",
    "meteoalarm": "46.95,7.45",
}
WARNERS = ("/alerts", "/weatherapi/metalerts", "/collections/weather-alerts", "/wsapp", "/api/v1/warnings")
ONE_CALL = ("/data/3.0", "/data/2.5/onecall", "/data/4.0")
WAYS = {
    "trouble": (500, b"", "text/html"),
    "blocked": (403, b"", "text/html"),
    "gone": (404, b"{}", "application/json"),
    "moved": (301, b"", "text/html"),
    "a page under 200": (200, b"<p>Maintenance</p>", "text/html"),
    "another shape": (200, b'{"alerts": {}, "features": null, "warnings": 0}', "application/json"),
    "nothing that can be read": (
        200, b'{"alerts": [7], "features": [7], "warnings": [7], "properties": {"warnings": [7]}}', "application/json",
    ),
}  # fmt: skip
NONE = [re.escape(language(code).say("No alerts.")) for code in LANGUAGES]
READS_AS_NONE = re.compile("|".join([*NONE, r"no (?:official )?(?:alerts|warnings)", r'"alerts": ?\[']), re.IGNORECASE)


class Failing(Both):
    """Open-Meteo and OpenWeatherMap, which refuses One Call; all who warn answer so."""

    def __init__(self, clock, status: int = 500, body: bytes = b"", kind: str = "text/html") -> None:
        super().__init__(clock)
        self.answers = {WARNERS: (status, body, kind), ONE_CALL: (401, b'{"cod": 401}', "application/json")}

    async def __call__(self, scope, receive, send) -> None:
        told = next((one for paths, one in self.answers.items() if scope["path"].startswith(paths)), None)
        self.status, self.body, self.content_type = told or (200, None, "application/json")
        await super().__call__(scope, receive, send)


def addresses(at: str, lang: str) -> dict[str, str]:
    """What is made of a place's report, by its form."""
    lat, lon = at.split(",")
    query = f"lat={lat}&lon={lon}"
    return {
        "page": f"/forecast/{at}",
        "card": f"/forecast/{at}/card?lang={lang}",
        "badge": f"/forecast/{at}/badge.svg?lang={lang}",
        "calendar": f"/forecast/{at}/calendar.ics",
        "drawing": f"/forecast/{at}/meteogram.svg",
        "API": f"/api/v1/forecast?{query}",
        "API, alerts": f"/api/v1/alerts?{query}",
        "CSV": f"/api/v1/hourly?{query}&format=csv",
        "terminal": f"/{at}?T",
        "terminal, a line": f"/{at}?format=3",
        "terminal, JSON": f"/{at}?format=j1",
    }


async def given(site, at: str, *names: str, lang: str = "en") -> dict[str, str]:
    """The texts of these forms, or of all."""
    wanted = {name: path for name, path in addresses(at, lang).items() if name in names or not names}
    headers = {"Accept-Language": lang, "User-Agent": "curl/8.5.0"}
    answers = {name: await site.get(path, headers=headers) for name, path in wanted.items()}
    assert {one.status_code for one in answers.values()} == {200}
    return {name: one.text for name, one in answers.items()}


def reads_as_none(told: dict[str, str]) -> list[str]:
    return [name for name, text in told.items() if READS_AS_NONE.search(text)]


@pytest.mark.slow
@pytest.mark.parametrize("word", PLACES)
async def test_no_form_of_an_answer_reads_as_none(clock, word):
    """For a place of each source, in each language: the page, the card and the others say that it is not known."""
    async with running(Failing(clock), clock, key=None, **OPEN) as site:
        answers = {lang: await given(site, PLACES[word], lang=lang) for lang in LANGUAGES}
    for lang, told in answers.items():
        assert reads_as_none(told) == []
        reader = language(lang)
        assert reader.say(ALERTS_UNKNOWN) in told["page"] and reader.say(ALERTS_UNKNOWN)[:20] in told["terminal"]
        for name in ("card", "badge"):
            assert reader.say("Whether there are official warnings is not known here.") in html.unescape(told[name])


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
async def test_however_they_fail_it_could_not_be_asked(clock, way):
    """For a place of each source the API has null and the reason `upstream`; the page says that there may be some."""
    names = ("API", "API, alerts", "page")
    async with running(Failing(clock, *WAYS[way]), clock, key=None, **OPEN) as site:
        answers = {word: await given(site, at, *names) for word, at in PLACES.items()}
    for word, told in answers.items():
        assert reads_as_none(told) == [] and "There may be some in force" in told["page"]
        for body in (json.loads(told[name]) for name in names[:2]):
            assert body["alerts"] is None, word
            if (word, way) != ("brightsky", "gone"):  # whose 404 says that it does not warn for the place
                assert [gap["reason"] for gap in body["missing"] if gap["section"] == "alerts"] == ["upstream"], word


@pytest.mark.slow
async def test_the_forecasts_are_as_without_them(clock):
    """Drawing, CSV, calendar and lines byte for byte, and of the API's answer every other section."""
    answers = []
    for alerts in ("auto", "none"):
        async with running(Failing(clock), clock, key=None, **OPEN | {"WEATHER_ALERTS": alerts}) as site:
            answers.append({word: await given(site, at) for word, at in PLACES.items()})
    for word in PLACES:
        ours, theirs = (one[word] for one in answers)
        for name in ("drawing", "CSV", "calendar", "terminal, a line", "terminal, JSON"):
            assert ours[name] == theirs[name]
        ours, theirs = (json.loads(one["API"]) for one in (ours, theirs))
        sections = ("place", "units", "current", "hourly", "daily", "air")
        assert [ours[name] for name in sections] == [theirs[name] for name in sections]


async def test_one_calls_shape_says_that_warnings_are_missing(clock):
    """Where it is answered here; and the routes that are passed on are as they came."""
    upstream = Failing(clock)
    settings = {"WEATHER_ONECALL": "answer", "WEATHER_ALERTS": "auto", "WEATHER_CONTACT": "ops@weather.example"}
    async with running(upstream, clock, **settings) as site:
        for at in PLACES.values():
            lat, lon = at.split(",")
            told = await site.get(f"/data/3.0/onecall?lat={lat}&lon={lon}")
            plain = await site.get(f"/data/2.5/weather?lat={lat}&lon={lon}")
            assert told.status_code == 200 and "alerts" not in told.json() and "current" in told.json()
            assert "alerts" in told.headers["x-weather-missing"].split(", ")
            assert plain.json()["main"]["temp"] == 285.15
    assert all(any(path.startswith(one) for path in upstream.calls) for one in WARNERS)


@pytest.mark.slow
async def test_weather_now_says_that_it_is_not_known(tmp_path):
    """On the command line, in words, in a line and as JSON."""
    for word, at in PLACES.items():
        texts = OPEN | {"WEATHER_ALERTS": word, "WEATHER_CACHE_URL": "memory:"}
        settings = load(texts | {"WEATHER_DATABASE_URL": f"sqlite:///{tmp_path}/{word}"}, tmp_path)
        clocks = Clocks(wall=Clock(NOON), sleep=no_wait)
        for as_json, options in ((False, {}), (False, {"format": "3"}), (True, {})):
            wire = httpx.ASGITransport(app=Failing(clocks.wall))
            _, text = await answer(settings, Question((at,), Options(**options), as_json), clocks, wire)
            assert text and not READS_AS_NONE.search(text)
            assert options or "There may be some in" in text or json.loads(text)["alerts"] is None
