"""The whole site on MET Norway: what visitors see, what it costs, and whom it names."""

from datetime import UTC, datetime

import pytest
from fakes import NOON, Upstream, running

from weather.announcements import warnings
from weather.settings import SettingsError, load

pytestmark = [pytest.mark.anyio, pytest.mark.virtual_time]

HERE = "lat=59.91&lon=10.75"
PATH = "/weatherapi/locationforecast/2.0/complete"
MET = {"WEATHER_PROVIDER": "met-norway", "WEATHER_CONTACT": "ops@weather.example", "WEATHER_ALERTS": "none"}
LAST_MODIFIED, EXPIRES = "Tue, 24 Nov 2026 11:44:31 GMT", "Tue, 24 Nov 2026 12:20:00 GMT"


def body(begin: float = NOON - 3600) -> dict:
    """60 hours, then six days of six-hour steps: every temperature another, 0.5 mm in the hour from 14:00 to 15:00."""
    moments = [begin + 3600 * n for n in range(60)]
    moments += [moments[-1] + 6 * 3600 * n for n in range(1, 25)]
    series = []
    for n, moment in enumerate(moments):
        details = {"air_temperature": 5 - n / 10, "relative_humidity": 80, "wind_speed": 3, "cloud_area_fraction": 60}
        data = {"instant": {"details": details}}
        rain = 0.5 if moment == NOON + 2 * 3600 else 0.0
        span = {
            "summary": {"symbol_code": "lightrain" if rain else "cloudy"},
            "details": {"precipitation_amount": rain},
        }
        if n < 59:
            data["next_1_hours"] = span
        if n < len(moments) - 1:
            data["next_6_hours"] = span
        series.append({"time": f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%SZ}", "data": data})
    return {"type": "Feature", "properties": {"meta": {"updated_at": "2026-11-24T08:00:00Z"}, "timeseries": series}}


class Met(Upstream):
    """MET Norway at the wire: an answer with its headers, a 304 to who has it."""

    def __init__(self) -> None:
        super().__init__()
        self.bodies[PATH] = lambda query: body()
        self.answers(200)

    def answers(self, status: int, expires: str = EXPIRES) -> None:
        """From now on answer so."""
        raw = None if status == 200 else b""
        headers = {"last_modified": LAST_MODIFIED, "expires": expires}
        self.fails(status, raw, "application/json", (PATH,), **headers)


@pytest.fixture
def met():
    return Met()


async def test_one_call_gives_a_report(met, clock):
    """Now, hours and days from one call, with a contact in the User-Agent, a credit, and what is not given said so."""
    async with running(met, clock, key=None, **MET) as site:
        report = (await site.get(f"/api/v1/forecast?{HERE}&units=si")).json()
        page = await site.get("/forecast/59.91,10.75?units=si")
    assert met.calls == [PATH] and met.queries == [{"lat": "59.91", "lon": "10.75"}]
    assert "(ops@weather.example)" in met.headers[0]["user-agent"]
    assert report["freshness"]["source"] == "met-norway"
    assert report["current"]["temperature"] == 4.9 and report["current"]["basis"] == "forecast"
    assert {gap["section"] for gap in report["missing"]} >= {"alerts", "air"}
    assert report["alerts"] is None
    assert "MET Norway" in page.text and "https://api.met.no/" in page.text
    assert "There may be some in force" in page.text


async def test_it_is_not_asked_before_its_answer_expires_and_then_conditionally(met, clock):
    """Fresh until `Expires`; then If-Modified-Since with the very words of Last-Modified; a 304 renews the answer."""
    async with running(met, clock, key=None, **MET) as site:
        await site.get(f"/api/v1/current?{HERE}")
        clock.now = NOON + 20 * 60 - 1
        await site.get(f"/api/v1/current?{HERE}")
        assert met.count == 1
        clock.now += 2
        met.answers(304, "Tue, 24 Nov 2026 12:50:00 GMT")
        again = await site.get(f"/api/v1/current?{HERE}")
        assert met.count == 2 and met.headers[1]["if-modified-since"] == LAST_MODIFIED
        assert again.json()["freshness"]["state"] == "fresh"
        clock.now = NOON + 50 * 60 - 1
        await site.get(f"/api/v1/current?{HERE}")
    assert met.count == 2


async def test_operators_see_it_by_its_name(met, clock):
    """Its quota on the page of the status."""
    async with running(met, clock, key=None, **MET) as site:
        await site.get(f"/api/v1/current?{HERE}")
        page = (await site.get("/status")).text
    assert "MET Norway: calls per minute" in page


@pytest.mark.parametrize(("settings", "names"), [
    ({"WEATHER_PROVIDER": "auto"}, "MET Norway, NWS, MetAlerts"),
    ({"WEATHER_PROVIDER": "open-meteo"}, "NWS, MetAlerts"),
    ({"WEATHER_PROVIDER": "auto", "WEATHER_ALERTS": "none"}, "MET Norway"),
    ({"WEATHER_PROVIDER": "demo"}, ""),
    ({"WEATHER_PROVIDER": "auto", "WEATHER_CONTACT": "ops@weather.example"}, ""),
])  # fmt: skip
def test_the_start_names_in_one_line_who_asks_for_a_contact(settings, names, tmp_path):
    """Those that would be asked with one, and none that would not."""
    lines = [line for line in warnings(load(settings, tmp_path), "127.0.0.1") if "WEATHER_CONTACT" in line]
    assert [line.rpartition(": ")[2] for line in lines] == ([names] if names else [])


async def test_a_block_is_left_alone(met, clock):
    """403: not asked again for an hour, for any place."""
    met.fails(403, b"<h1>Forbidden</h1>", "text/html")
    async with running(met, clock, key=None, **MET) as site:
        assert (await site.get(f"/api/v1/current?{HERE}")).status_code == 503
        clock.now += 1800
        refused = await site.get("/api/v1/current?lat=1&lon=2")
    assert refused.status_code == 503 and int(refused.headers["retry-after"]) > 1700
    assert met.count == 1


async def test_it_stands_behind_open_meteo(met, clock):
    """Keyless with a contact: Open-Meteo first; when that fails MET Norway answers, and nothing is invented."""
    met.fails(500, paths=("/v1/",))
    async with running(met, clock, key=None, WEATHER_PROVIDER="auto", WEATHER_CONTACT="ops@weather.example") as site:
        report = (await site.get(f"/api/v1/current?{HERE}")).json()
    assert report["freshness"]["source"] == "met-norway"


async def test_without_a_contact_it_is_not_asked(met, clock):
    """Its terms ask for one: `auto` leaves it out, and naming it stops the start."""
    met.fails(500, paths=("/v1/",))
    async with running(met, clock, key=None, WEATHER_PROVIDER="auto") as site:
        await site.get(f"/api/v1/current?{HERE}")
    assert PATH not in met.calls
    with pytest.raises(SettingsError, match="WEATHER_CONTACT"):
        load({"WEATHER_PROVIDER": "met-norway"})
