"""Every other recorded answer of OpenWeatherMap through its own route, and those of One Call through the JSON door."""

import csv
import json
from datetime import date, datetime, timedelta

import pytest
from fakes import Clock, running
from test_samples import FOLDER, PLAYED, Sample, celsius, is_code_of, near, playing, scaled, status_of

pytestmark = [pytest.mark.anyio, pytest.mark.needs(FOLDER)]

POINT, THREE, FOUR = "lat=51.51&lon=-0.13", "/data/3.0/onecall", "/data/4.0/onecall"
QUERIES = {
    "/data/2.5/group": "id=524901,703448,2643743",
    "/data/2.5/box/city": "bbox=12,32,15,37,10",
    "/data/2.5/onecall/timemachine": f"{POINT}&dt=1586468027",
    f"{THREE}/timemachine": f"{POINT}&dt=1589217411",
    f"{THREE}/day_summary": f"{POINT}&date=2023-01-01",
}
ROUTES = {
    *(f"/data/2.5/{name}" for name in "forecast/daily forecast/hourly forecast/climate find group box/city".split()),
    *(f"/data/2.5/{name}" for name in "onecall onecall/timemachine uvi".split()),
    *(f"{THREE}{name}" for name in ("", "/timemachine", "/day_summary", "/overview")),
    *(f"{FOUR}/{name}" for name in ("current", "timeline/1day")),
}


def recorded() -> list[Sample]:
    """The samples of the routes that `test_samples` does not play; whole bodies, not fragments."""
    if not FOLDER.exists():
        return []
    rows = csv.DictReader((FOLDER / "SOURCES.tsv").read_text().splitlines(), delimiter="\t")
    found = ((row["file"], row["endpoint"].partition(" (")[0]) for row in rows if "fragment" not in row["endpoint"])
    return [
        Sample(name, path, status_of(name), (FOLDER / name).read_bytes())
        for name, path in found
        if path.startswith("/") and path not in PLAYED and path in ROUTES
    ]


SAMPLES = recorded()
WHOLE = [one for one in SAMPLES if one.path in (THREE, "/data/2.5/onecall") and one.status == 200]


def each(samples):
    return pytest.mark.parametrize("sample", samples, ids=lambda one: one.name.removesuffix(".json"))


def test_every_sample_of_these_routes_is_played():
    """No route is without one."""
    assert {one.path for one in SAMPLES} == ROUTES
    assert len(SAMPLES) >= 60


@pytest.mark.slow
@each(SAMPLES)
async def test_its_own_route_is_byte_for_byte(sample):
    """Status, type and bytes as recorded; an error under a 200 fails; of 4.0 only the links are turned."""
    async with running(playing(sample), Clock()) as site:
        answer = await site.get(f"{sample.path}?{QUERIES.get(sample.path, POINT)}")
    if "legacy200" in sample.name:
        assert (answer.status_code, answer.json()["cod"]) == (502, 502)
        return
    assert (answer.status_code, answer.headers["content-type"]) == (sample.status, "application/json; charset=utf-8")
    turned = sample.raw.replace(b"https://api.openweathermap.org", b"http://test").replace(b"&appid=REDACTED", b"")
    assert answer.content == (turned if sample.path.startswith(FOUR) else sample.raw)


async def told(sample: Sample, path: str, plan: str, now: float) -> dict:
    async with running(playing(sample), Clock(now), WEATHER_PLAN=plan) as site:
        answer = await site.get(f"/api/v1/{path}?lat={sample.body['lat']}&lon={sample.body['lon']}&units=si")
    assert answer.status_code == 200
    return answer.json()


def to_come(body: dict, now: float) -> list[dict]:
    """The hours that are not over by the whole minute."""
    return [hour for hour in body.get("hourly", []) if hour["dt"] >= now // 60 * 60]


def check(shown: dict, one: dict) -> None:
    """A moment's numbers are upstream's."""
    assert datetime.fromisoformat(shown["time"]).timestamp() == one["dt"]
    assert shown["temperature"] == near(celsius(one["temp"]))
    assert shown["feels_like"] == near(celsius(one["feels_like"], -150, 110))
    assert "dew_point" not in one or shown["dew_point"] == near(celsius(one["dew_point"], -110, 45))
    assert (shown["humidity"], shown["pressure"]) == (near(one["humidity"]), near(one["pressure"]))
    assert (shown["wind_speed"], shown["wind_direction"]) == (near(one["wind_speed"]), near(one["wind_deg"]))
    assert shown["wind_gust"] == near(one.get("wind_gust"))
    assert shown["visibility"] == near(scaled(one.get("visibility"), "0.001"))
    assert (shown["uv_index"], shown["cloud_cover"]) == (one.get("uvi"), near(one["clouds"]))
    assert is_code_of(shown, one["weather"][0]["id"])
    fallen = [one[kind]["1h"] for kind in ("rain", "snow") if one.get(kind)]
    dry = 0.0 if one["weather"][0]["id"] // 100 in (7, 8) else None
    assert shown["precipitation"] == (near(sum(fallen)) if fallen else dry)


def with_minutes(one: dict, body: dict, now: float) -> dict:
    """An hour of which nothing is told to fall, with what its minutes to come bring, if one of them is wet."""
    within = [m for m in body.get("minutely", []) if one["dt"] - 3600 <= m["dt"] < one["dt"] and m["dt"] + 60 > now]
    rates = [minute.get("precipitation") or 0 for minute in within]
    is_dry = not (one.get("rain") or one.get("snow"))
    return one | {"rain": {"1h": sum(rates) / 60}} if is_dry and max(rates, default=0) >= 0.1 else one


def falls_now_in(one: dict, body: dict, now: float) -> bool:
    """Whether an hour that is told dry holds now, while water falls now: how much falls in it is not known."""
    falling = [amount["1h"] for kind in ("rain", "snow") if (amount := body.get("current", {}).get(kind))]
    is_dry = not (one.get("rain") or one.get("snow")) and one["weather"][0]["id"] // 100 in (7, 8)
    return is_dry and one["dt"] - 3600 <= now < one["dt"] and sum(falling) >= 0.1


@pytest.mark.slow
@each(WHOLE)
async def test_one_call_at_the_json_door(sample):
    """Each part that the sample holds is there with its own numbers; what it lacks is a gap, but for alerts: none."""
    body = sample.body
    moment = body.get("current", {}).get("dt") or (body.get("hourly") or body["daily"])[0]["dt"]
    three = Sample(sample.name, THREE, 200, sample.raw)
    shown = await told(three, "forecast", "onecall3", moment + 60)
    assert shown["place"]["timezone"] == body["timezone"]
    if "current" in body:
        check(shown["current"], body["current"])
    for hour, one in zip(shown["hourly"] or [], to_come(body, moment + 60), strict=True):
        wet = with_minutes(one, body, moment + 60)
        if wet == one and falls_now_in(one, body, moment + 60):
            assert (hour["condition"]["code"], hour["precipitation"]) == (shown["current"]["condition"]["code"], None)
            continue
        check(hour, wet)
        assert hour["interval_hours"] == 1
        is_denied = wet != one and one.get("pop", 1) < 0.2  # a chance that denies what falls is not known
        assert hour["precipitation_probability"] == (None if is_denied else near(scaled(one.get("pop"), "100"), 0))
    minutes = [minute["precipitation_rate"] for minute in shown["nowcast"] or []]
    coming = [minute for minute in body.get("minutely", []) if minute["dt"] >= (moment + 60) // 60 * 60]
    assert minutes == [near(minute.get("precipitation")) for minute in coming]
    offset, coming = body.get("timezone_offset", -18000), to_come(body, moment + 60)
    wetted = {(one["dt"] + offset) // 86400 for one in coming if with_minutes(one, body, moment + 60) != one}
    for day, one in zip(shown["daily"] or [], body.get("daily", []), strict=True):
        local = date(1970, 1, 1) + timedelta(days=(one["dt"] + offset) // 86400)
        assert day["date"] == str(local)
        assert day["temperature_min"] == near(celsius(one["temp"]["min"]))
        assert day["temperature_max"] == near(celsius(one["temp"]["max"]))
        assert day["uv_index_max"] == one.get("uvi")
        code = day["condition"]["code"]
        if is_dry_by_day(body, one):  # what falls in the dark alone is told in words
            assert 800 <= code <= 804
        elif one["weather"][0]["id"] >= 700 and (one["dt"] + offset) // 86400 in wetted:
            assert code == 500
        else:
            assert code == one["weather"][0]["id"]
        assert day["wind_speed_max"] == near(one["wind_speed"])
        if "rain" in one or "snow" in one:
            assert day["precipitation"] == near(one.get("rain", 0) + one.get("snow", 0))
    lasting = [one["event"] for one in body.get("alerts", []) if one["end"] > moment + 60]
    assert [alert["event"] for alert in shown["alerts"]] == lasting
    gaps = {gap["section"] for gap in shown["missing"]}
    ours = {"current": "current", "minutely": "nowcast", "hourly": "hourly", "daily": "daily"}
    left = body | {"hourly": to_come(body, moment + 60)}
    assert gaps == {name for part, name in ours.items() if not left.get(part)} | {"air"}


def is_dry_by_day(body: dict, day: dict) -> bool:
    """Whether a day that is said to be wet has all its hours in the sample, dry from sunrise to sunset."""
    midnight = day["dt"] - (day["dt"] + body.get("timezone_offset", -18000)) % 86400
    hours = [one for one in body.get("hourly", []) if midnight < one["dt"] <= midnight + 86400]
    if len(hours) < 24 or day["weather"][0]["id"] >= 700:
        return False
    light = [one for one in hours if day["sunrise"] < one["dt"] < day["sunset"] + 3600]
    return all(one["weather"][0]["id"] >= 700 and not {"rain", "snow"} & one.keys() for one in light)


@each([one for one in SAMPLES if one.path == f"{FOUR}/current"])
async def test_current_of_4_at_the_json_door(sample):
    """The documentation's record: its numbers; its alerts' texts are not to be had here, and that is said."""
    record = sample.body["data"][0]
    shown = await told(sample, "current", "onecall4", record["dt"] + 60)
    check(shown["current"], record)
    shown = await told(sample, "alerts", "onecall4", record["dt"] + 60)
    assert (shown["alerts"], [gap["section"] for gap in shown["missing"]]) == (None, ["alerts"])


FRAGMENTS = {"current": "current-20240425-metric", "hourly": "hourly-20240426-metric-lightrain-no-rain-key"}


@pytest.mark.parametrize("part", FRAGMENTS)
async def test_fragments_of_one_call(part):
    """A record by itself, within a body of its part alone."""
    record = json.loads((FOLDER / f"fragment-onecall30-{FRAGMENTS[part]}.json").read_bytes())
    one = record[0] if isinstance(record, list) else record
    body = {"lat": 51.51, "lon": -0.13, "timezone": "Europe/London", part: [one] if part == "hourly" else one}
    now = one["dt"] if part == "hourly" else one["dt"] + 60  # a minute later that hour is no more to come
    shown = await told(Sample("", THREE, 200, json.dumps(body).encode()), part, "onecall3", now)
    check(shown[part][0] if part == "hourly" else shown[part], one)
