"""Official warnings that are kept do not vanish because another source stands in for the one that told them."""

import re
from html import unescape

import pytest
from fakes import NOON, onecall_body, running
from meteo import Both

pytestmark = [pytest.mark.anyio, pytest.mark.virtual_time]

FULL, PAGE = "/api/v1/forecast?lat=51.51&lon=-0.13", "/forecast/51.51,-0.13"
OWM = "/data/"
AUTO = {"WEATHER_PROVIDER": "auto", "WEATHER_PLAN": "onecall3", "WEATHER_ALERTS": "none"}


@pytest.fixture
def both(clock):
    told = Both(clock)
    told.bodies["/data/3.0/onecall"] = lambda query: onecall_body()  # a warning until 14:00
    return told


def words(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())


async def test_a_warning_in_force_stays_under_the_source_that_stands_in(both, clock, tmp_path):
    """With its age and whose it is, credited, for no call of its own; when it has ended, nobody knows of any."""
    async with running(both, clock, tmp_path, **AUTO) as site:
        await site.get(FULL)
        both.fails(401, b'{"cod":401, "message": "Invalid API key."}', "application/json", paths=(OWM,))
        clock.now = NOON + 3600
        body = (await site.get(FULL)).json()
        page = words((await site.get(PAGE)).text)
        clock.now = NOON + 7260
        ended = (await site.get(FULL)).json()
    age = body["freshness"]["sections"]["alerts"]
    assert (body["freshness"]["source"], age["source"], age["state"]) == ("open-meteo", "openweathermap", "stale")
    assert age["fetched_at"] == "2026-11-24T12:00:00Z"
    assert [alert["event"] for alert in body["alerts"]] == ["Yellow warning of wind"]
    assert "Yellow warning of wind" in page and "Last known: 12:00. There may be newer ones." in page
    assert {credit["url"] for credit in body["attributions"]} >= {
        "https://openweathermap.org/",
        "https://open-meteo.com/",
    }
    assert both.calls.count("/data/3.0/onecall") == 3  # once well, then rejected, once for each ten minutes
    assert ended["alerts"] is None and "alerts" in {gap["section"] for gap in ended["missing"]}


async def test_nothing_kept_is_nothing_told(both, clock, tmp_path):
    """Without a warning on file the section says why it is missing, as before."""
    both.fails(401, b'{"cod":401, "message": "Invalid API key."}', "application/json", paths=(OWM,))
    async with running(both, clock, tmp_path, **AUTO) as site:
        body = (await site.get(FULL)).json()
    assert body["alerts"] is None
    assert "There may be some in force" in next(gap["detail"] for gap in body["missing"] if gap["section"] == "alerts")
