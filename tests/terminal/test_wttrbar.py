"""wttrbar, read strictly: every value that its source unwraps is there, of the type and form that it parses.

(github.com/bjesus/wttrbar, src/main.rs and src/format.rs. A value that it cannot read ends it, and the bar is empty.)
"""

import json
from datetime import datetime

import msgspec
import pytest
from states import NOW, STATES

from weather.domain.units import SYSTEMS
from weather.i18n.formatting import Formatter
from weather.i18n.language import language
from weather.web.terminal.j1 import body
from weather.web.terminal.view import view_of

CODES = {
    113, 116, 119, 122, 143, 176, 179, 182, 185, 200, 227, 230, 248, 260, 263, 266, 281, 284, 293, 296, 299, 302, 305,
    308, 311, 314, 317, 320, 323, 326, 329, 332, 335, 338, 350, 353, 356, 359, 362, 365, 368, 371, 374, 377, 386, 389,
    392, 395,
}  # fmt: skip
WORDS = {"en": "weatherDesc", "de": "lang_de", "fr": "lang_fr"}
"""Where it looks for the words of a condition, by its option --lang."""

NEVER = {"No sunrise", "No sunset"}
"""What wttr.in itself says where the sun does not rise or set; wttrbar reads it with --ampm alone."""


def text(value: object) -> str:
    assert isinstance(value, str)
    return value


def read(answer: dict, words: str) -> None:
    """Go through an answer as wttrbar does."""
    now, area = answer["current_condition"][0], answer["nearest_area"][0]
    for name in ("FeelsLikeC", "FeelsLikeF", "temp_C", "temp_F", "windspeedMiles", "windspeedKmph", "humidity"):
        text(now[name])
    assert int(now["weatherCode"]) in CODES
    assert text(now[words][0]["value"])
    for name in ("areaName", "region", "country"):
        text(area[name][0]["value"])
    if now["observation_time"]:
        datetime.strptime(now["observation_time"], "%I:%M %p")
    for day in answer["weather"]:
        read_day(day, words)


def read_day(day: dict, words: str) -> None:
    datetime.strptime(day["date"], "%Y-%m-%d")
    for name in ("maxtempC", "mintempC", "maxtempF", "mintempF"):
        text(day[name])
    for name in ("sunrise", "sunset"):
        assert day["astronomy"][0][name] in NEVER or datetime.strptime(day["astronomy"][0][name], "%I:%M %p")
    for hour in day["hourly"]:
        assert 0 <= int(hour["time"].replace("00", "")) < 24
        assert int(hour["time"][:-2] or "0") < 24
        assert int(hour["weatherCode"]) in CODES
        for name in ("FeelsLikeC", "FeelsLikeF"):
            text(hour[name])
        text(hour[words][0]["value"])


SKY_UNKNOWN = {
    "now unknown", "a sky without a picture", "hours unknown", "hours gone by", "nowcast alone", "daily alone",
    "alerts alone", "air alone",
}  # fmt: skip
"""States in which nobody knows the sky of now, or of some hour: wttr.in has no code for that, and a guess is none."""


def answer_of(state: str, lang: str) -> dict:
    view = view_of(STATES[state], Formatter(language(lang), SYSTEMS["metric"]), NOW.timestamp())
    return json.loads(msgspec.json.encode(body(view)))


@pytest.mark.slow
@pytest.mark.parametrize("lang", WORDS)
@pytest.mark.parametrize("state", sorted(STATES.keys() - SKY_UNKNOWN))
def test_wttrbar_reads_every_state_whose_sky_is_known(state, lang):
    read(answer_of(state, lang), WORDS[lang])


@pytest.mark.parametrize("state", sorted(SKY_UNKNOWN))
def test_a_sky_that_is_not_known_has_no_code(state):
    """Never that of another weather: rather no answer in the bar than a wrong one."""
    answer = answer_of(state, "en")
    hours = [hour for day in answer["weather"] for hour in day["hourly"]]
    assert "" in {one["weatherCode"] for one in [answer["current_condition"][0], *hours]}
