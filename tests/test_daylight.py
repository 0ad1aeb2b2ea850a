"""Day and night of the pictures: in polar night no output shows a sun, in polar day none shows a moon."""

from datetime import datetime

import pytest
from fakes import Clock, Upstream, forecast_body, onecall_body, running, weather_body

pytestmark = pytest.mark.anyio

SKIES = {"polar night": ("2026-12-21T12:00Z", "01d", False), "polar day": ("2026-06-21T00:00Z", "01n", True)}


def upstream_at(now: int, icon: str) -> Upstream:
    """One that has clear skies at all times, without a cloud, each with that icon."""
    upstream, sky = Upstream(), {"weather": [{"id": 800, "icon": icon}]}
    clear = {"clouds": {"all": 0}}
    free = forecast_body(now + 10800)
    free["list"] = [step | sky | clear | {"rain": {}, "pop": 0} for step in free["list"]]
    whole = onecall_body(now)
    parts = {
        name: [one | sky | {"clouds": 0, "rain": 0, "pop": 0} for one in whole[name]] for name in ("hourly", "daily")
    }
    upstream.bodies |= {
        "/data/2.5/weather": lambda q: weather_body(78.22, 15.65, dt=now, rain={}, **sky, **clear),
        "/data/2.5/forecast": lambda q: free,
        "/data/3.0/onecall": lambda q: whole | parts | {"current": whole["current"] | sky, "minutely": []},
    }
    return upstream


@pytest.mark.parametrize("plan", ["free", "onecall3"])
@pytest.mark.parametrize("name", SKIES)
async def test_all_pictures_of_polar_night_and_day_follow_our_own_sun(name, plan):
    """Longyearbyen at midwinter noon and at midsummer midnight, with upstream's letter the wrong way round."""
    at, icon, is_day = SKIES[name]
    now = int(datetime.fromisoformat(at).timestamp())
    async with running(upstream_at(now, icon), Clock(now), WEATHER_PLAN=plan) as client:
        told = (await client.get("/api/v1/forecast?lat=78.22&lon=15.65")).json()
        page = (await client.get("/forecast/78.22,15.65")).text
    steps = [told["current"], *told["hourly"]]
    assert {step["is_day"] for step in steps} == {is_day}
    assert {one["condition"]["icon"] for one in [*steps, *told["daily"]]} == {"01d" if is_day else "01n"}
    assert f"#i-clear-{'day' if is_day else 'night'}" in page
    assert f"#i-clear-{'night' if is_day else 'day'}" not in page
