"""What a first visit weighs to a place that is told by the hour, on a day of which there is much to tell."""

import re

import pytest
from fakes import NOON, Clock, running
from meteo import Both
from storms import MET_ALERTS, pollen, storm, warnings

pytestmark = [pytest.mark.anyio, pytest.mark.virtual_time]

SETTINGS = {"WEATHER_PROVIDER": "open-meteo", "WEATHER_ALERTS": "metalerts", "WEATHER_CONTACT": "ops@weather.example"}
MOST = 32 * 1024 * 0.95
"""What is asked for, and a twentieth to spare."""

BESIDE = r'/static/(?:style|weather)[^"]*|/static/icon[^"]*svg'
HOURS = 3600


async def weight(site, address: str, lang: str) -> int:
    """The bytes of a body as they cross the network."""
    answer = await site.get(address, headers={"Accept-Language": lang, "Accept-Encoding": "gzip"})
    return int(answer.headers["content-length"])


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "de", "fr", "ar"])
async def test_a_first_visit_in_a_storm_is_light_at_any_hour(lang):
    """With warnings and pollen, whenever it is opened: page, script, style, picture, worker and what that fetches."""
    clock = Clock(NOON)
    both = Both(clock)
    both.bodies["/v1/forecast"] = lambda query: storm(query, clock())
    both.bodies["/v1/air-quality"] = lambda query: pollen(query, clock())
    both.bodies[MET_ALERTS] = lambda _: warnings(clock())
    address, sizes = "/forecast/59.91,10.74?name=Oslo", {}
    async with running(both, clock, key=None, **SETTINGS) as site:
        page = (await site.get(address)).text
        assert 'class="alert' in page and "Pollen" in page
        beside = [*set(re.findall(BESIDE, page)), "/sw.js", "/offline"]
        assert len(beside) == 5
        others = sum([await weight(site, one, lang) for one in beside])
        for hour in range(0, 24, 2):
            clock.now = NOON + hour * HOURS + 120
            sizes[hour] = others + await weight(site, address, lang)
    assert max(sizes.values()) <= MOST, sizes
