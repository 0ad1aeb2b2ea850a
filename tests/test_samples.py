"""Every recorded answer of OpenWeatherMap, through the whole app: its own route, the JSON door and the page.

The site asks for kelvin and m/s. A sample that was recorded in other units is read as if it were in those: the
arithmetic is the same.
"""

import csv
import json
import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import cos, pi, radians, sin
from pathlib import Path

import pytest
from fakes import Clock, running
from markup import parsed, words

FOLDER = Path(__file__).parent.parent.parent / "shared" / "owm" / "samples"

pytestmark = [pytest.mark.anyio, pytest.mark.needs(FOLDER)]

WEATHER, FORECAST, AIR = "/data/2.5/weather", "/data/2.5/forecast", "/data/2.5/air_pollution"
DIRECT, REVERSE, ZIP = "/geo/1.0/direct", "/geo/1.0/reverse", "/geo/1.0/zip"
AIR_ROUTES = {AIR: "", f"{AIR}/forecast": "", f"{AIR}/history": "&start=1&end=2"}
PLAYED = {WEATHER, FORECAST, *AIR_ROUTES, DIRECT, REVERSE, ZIP}
DAY = 86400

# Where a body does not tell its offset from UTC: hours by the town's clock in the month of the recording. Moscow was
# four hours ahead until October 2014.
CLOCKS = {
    **dict.fromkeys(["London", "Bethnal Green"], 1),  # all recorded in summer
    **dict.fromkeys(["Cochin", "Kochi"], 5.5),
    "Moscow": 3,
    "Moscow 2014": 4,
    "Kiev": 3,
    "Paris": 1,
    **dict.fromkeys(["Berlin 2014", "Muenchen", "Altstadt", "Nuremberg"], 2),
    "Munich": 1,
}


@dataclass(frozen=True)
class Sample:
    """One recorded answer: where it came from, as which status, and its bytes."""

    name: str
    path: str
    status: int
    raw: bytes

    @property
    def body(self):
        return json.loads(self.raw)

    @property
    def at(self) -> tuple[float, float]:
        """Its point, on the grid on which upstream is asked."""
        spot = self.body.get("coord") or self.body.get("city", {}).get("coord") or {"lat": 51.51, "lon": -0.13}
        return round(spot["lat"], 2) + 0.0, round(spot["lon"], 2) + 0.0

    @property
    def shift(self) -> int:
        """The offset of its place from UTC, in seconds: as told, else by its town's clock."""
        told = self.body.get("timezone", self.body.get("city", {}).get("timezone"))
        if told is not None:
            return told
        name = self.body.get("name") or self.body["city"]["name"]
        then = f"{name} 2014" if "-2014" in self.name else name
        return int(CLOCKS.get(then, CLOCKS.get(name, 0)) * 3600)


def status_of(name: str) -> int:
    word = name.split("-")[1]
    return int(word) if name.startswith("error-") and word.isdigit() else 200


def recorded() -> list[Sample]:
    """Those of the endpoints that are played here; what answers "any" of them is played as current weather."""
    if not FOLDER.exists():
        return []
    rows = csv.DictReader((FOLDER / "SOURCES.tsv").read_text().splitlines(), delimiter="\t")
    played = ((row["file"], WEATHER if row["endpoint"] == "any" else row["endpoint"]) for row in rows)
    return [
        Sample(name, path, status_of(name), (FOLDER / name).read_bytes()) for name, path in played if path in PLAYED
    ]


SAMPLES = recorded()


def of(*paths: str):
    """A test for each good sample of some endpoints."""
    good = [one for one in SAMPLES if one.path in paths and not one.name.startswith("error-")]
    return pytest.mark.parametrize("sample", good, ids=lambda one: one.name.removesuffix(".json"))


refused = pytest.mark.parametrize(
    "sample", [one for one in SAMPLES if one.name.startswith("error-")], ids=lambda one: one.name
)


def playing(sample: Sample):
    """An upstream that knows one answer, and says 404 to all else."""

    async def app(scope, receive, send):
        hit = scope["path"] == sample.path
        status, body = (sample.status, sample.raw) if hit else (404, b'{"cod":"404","message":"city not found"}')
        headers = [(b"content-type", b"application/json; charset=utf-8")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app


async def gets(sample: Sample, *paths: str, now: float | None = None) -> list:
    """What the app answers, five minutes after the sample's own time."""
    body = sample.body
    times = [] if isinstance(body, list) else [step["dt"] for step in body.get("list", [])] or [body.get("dt", 0)]
    async with running(playing(sample), Clock(now or min(times or [0]) + 300)) as site:
        return [await site.get(path) for path in paths]


def own_route(sample: Sample) -> str:
    """How a program of OWM asks for it."""
    lat, lon = sample.at if isinstance(sample.body, dict) and "zip" not in sample.body else (51.51, -0.13)
    query = {DIRECT: "q=somewhere", ZIP: "zip=1000-001,PT"}.get(sample.path, f"lat={lat}&lon={lon}")
    return f"{sample.path}?{query}{AIR_ROUTES.get(sample.path, '')}"


def doors(sample: Sample, sections: str) -> tuple[str, str]:
    lat, lon = sample.at
    return f"/api/v1/{sections}?lat={lat}&lon={lon}", f"/forecast/{lat},{lon}?units=metric"


def near(number, decimals: int = 2):
    """That number, rounded to some decimals; None is None."""
    return None if number is None else pytest.approx(float(number), abs=0.5 * 10**-decimals + 1e-6)


def exact(number) -> Decimal | None:
    return None if number is None else Decimal(str(number))


def scaled(number, times: str, plus: str = "0") -> Decimal | None:
    return None if number is None else exact(number) * Decimal(times) + Decimal(plus)


def celsius(kelvin, least: int = -95, most: int = 65) -> Decimal | None:
    """In degrees Celsius; None beyond what air can have: some bodies are metric, and are played as kelvin."""
    value = scaled(kelvin, "1", "-273.15")
    return value if value is not None and least <= value <= most else None


def fallen(told: dict, span: str) -> Decimal | None:
    """Rain and snow over a span; unknown when only another span is told, or when it is wet and nothing is."""
    parts = [told[name] for name in ("rain", "snow") if told.get(name)]
    amounts = [exact(part[span]) for part in parts if span in part]
    if amounts:
        return sum(amounts)
    return None if parts or told["weather"][0]["id"] // 100 in (2, 3, 5, 6) else Decimal(0)


def sine_of_the_sun(dt: int, lat: float, lon: float) -> float:
    """Of its altitude, good to two degrees (NOAA's short form, without the equation of time)."""
    tilt = radians(-23.44) * cos(2 * pi * (dt / 86400 + 10.5) / 365.2422)
    hour = 2 * pi * (dt % 86400 / 86400 - 0.5) + radians(lon)
    return sin(radians(lat)) * sin(tilt) + cos(radians(lat)) * cos(tilt) * cos(hour)


def is_code_of(shown: dict, code: int) -> bool:
    """Whether that is upstream's code; a dry one yields to water that has fallen (issue 14, 1)."""
    yields = code // 100 in (7, 8) and (shown["precipitation"] or 0) > 0
    return shown["condition"]["code"] == code or (yields and shown["condition"]["code"] // 100 in (3, 5, 6))


def check_instant(shown: dict, told: dict, sample: Sample, span: str) -> None:
    """What is shown of a moment is what upstream told of it, in metric units and in the place's own time."""
    main, wind = told["main"], told.get("wind", {})
    time = datetime.fromisoformat(shown["time"])
    assert (time.timestamp(), time.utcoffset()) == (told["dt"], timedelta(seconds=sample.shift))
    assert shown["temperature"] == near(celsius(main["temp"]))
    assert shown["feels_like"] == near(celsius(main.get("feels_like"), -150, 110))
    assert (shown["humidity"], shown["pressure"]) == (near(main["humidity"]), near(main["pressure"]))
    assert shown["wind_speed"] == near(scaled(wind.get("speed"), "3.6"))
    assert shown["wind_gust"] == near(scaled(wind.get("gust"), "3.6"))
    assert shown["wind_direction"] == near(wind.get("deg"))
    assert shown["cloud_cover"] == near(told["clouds"]["all"])
    assert shown["visibility"] == near(scaled(told.get("visibility"), "0.001"))
    assert shown["precipitation"] == near(fallen(told, span))
    assert is_code_of(shown, told["weather"][0]["id"])
    icon, sine = told["weather"][0]["icon"], sine_of_the_sun(told["dt"], *sample.at)
    by_day = sine > 0 if abs(sine) > 0.06 else shown["is_day"]  # our sun, never upstream's letter
    number = icon[:-1] if shown["condition"]["code"] == told["weather"][0]["id"] else shown["condition"]["icon"][:-1]
    assert shown["condition"]["icon"] == number + ("d" if by_day else "n")
    assert shown["is_day"] is by_day
    assert shown["uv_index"] is None


def tree_of(page):
    """The page as a tree. Raises ParseError where HTML's own rules are broken."""
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    return parsed(page.text)


def day_list(tree) -> dict[str, object]:
    """The days' items by date."""
    items = tree.find(".//ol[@class='days']").findall("li")
    return {item.find(".//summary//time").get("datetime"): item for item in items}


def rows(tree) -> list[list[str]]:
    """The steps in the tables of all days, one after the other: the clock that each row begins with, and its cells.

    Tonight tells the first hours of tomorrow, too, which stand there once more.
    """
    tables = [
        [[words(cell) for cell in (row.find("th"), *row.findall("td"))] for row in item.findall(".//tbody/tr")]
        for item in day_list(tree).values()
    ]
    tonight, tomorrow = [*tables, [], []][:2]
    return [row for row in tonight if row not in tomorrow] + [row for table in tables[1:] for row in table]


def summary(item, name: str) -> str:
    """A part of a day's line, without the word that only a screen reader tells; empty if it is not there."""
    found = (words(part) for part in item.find(".//summary").iter("span") if part.get("class") == name)
    return next(found, "").removeprefix("Low ").removeprefix("High ")


def named(tree) -> dict[str, str]:
    """Terms with what stands beside them."""
    pairs = (pair for pair in tree.iter("div") if pair.find("dt") is not None)
    return {words(pair.find("dt")): words(pair.find("dd")) for pair in pairs}


def read(text: str) -> float:
    """The number at the start of a text that people read, or behind an arrow there."""
    return float(re.match(r"[←-↙\ufe0e]*([−-]?[\d.]+)", text)[1].replace("−", "-"))


def same(text: str, number, decimals: int) -> bool:
    """Whether a text shows a number, rounded from the two decimals of every door; a dash: it is not known."""
    if number is None:
        return text.startswith("–")
    return read(text) == pytest.approx(float(number), abs=0.5 * 10**-decimals + 0.005 + 1e-6)


def same_water(text: str, number) -> bool:
    """The same of an amount of water, of which hardly any is told as traces, and from ten on whole millimetres."""
    if text == "traces":
        return 0 < number < Decimal("0.2")
    return same(text, number, 0 if number is not None and number >= Decimal("9.95") else 1)


def assert_visibility(text: str, metres) -> None:
    """Kilometres, below one metres; ten of them are all that the source tells."""
    assert (text == "10 km or more") is (metres == 10000)
    if metres is not None and metres < 1000:
        assert (read(text), text.split()[1]) == (pytest.approx(metres, abs=5), "m")
    else:
        assert same(text, scaled(metres, "0.001"), 1)


def test_every_sample_of_these_endpoints_is_played():
    """Each line of the list is a file that holds JSON, and no endpoint is without one."""
    assert {one.path for one in SAMPLES} == PLAYED
    assert len({one.name for one in SAMPLES}) == len(SAMPLES) >= 70
    assert all(json.loads(one.raw) is not None for one in SAMPLES)


@pytest.mark.slow
@of(*PLAYED)
async def test_its_own_route_is_byte_for_byte(sample):
    """The OWM route relays status, type and bytes of any good sample."""
    (answer,) = await gets(sample, own_route(sample))
    assert (answer.status_code, answer.content) == (sample.status, sample.raw)
    assert answer.headers["content-type"] == "application/json; charset=utf-8"


@pytest.mark.slow
@of(WEATHER)
async def test_current_weather(sample):
    """Current conditions at the JSON door and on the page are those of the sample; the other parts say they lack."""
    answer, page = await gets(sample, *doors(sample, "current"))
    assert (answer.status_code, page.status_code) == (200, 200)
    shown, body = answer.json()["current"], sample.body
    check_instant(shown, body, sample, "1h")
    tree = tree_of(page)
    pairs = named(tree)
    assert_felt(words(tree), body["main"])
    assert same(pairs["Humidity"], body["main"]["humidity"], 0)
    assert same(pairs["Pressure"], body["main"]["pressure"], 0)
    gust = re.search(r"gusts (\d+) km/h", pairs.get("Wind", ""))
    wind = body.get("wind", {})
    is_told = (wind.get("gust") or 0) >= (wind.get("speed") or 0)  # a gust that is weaker than the mean is none
    assert same(gust[1] if gust else "–", scaled(wind.get("gust"), "3.6") if is_told else None, 0)
    assert_visibility(pairs.get("Visibility", "–"), body.get("visibility"))
    amount = next((text for name, text in pairs.items() if name.endswith(" in the last hour")), "–")
    assert same_water(amount, fallen(body, "1h"))
    title, warm = words(tree.find(".//title")), celsius(body["main"]["temp"])
    assert "°" not in title if warm is None else same(title, warm, 0)
    assert not rows(tree)


def assert_felt(text: str, main: dict) -> None:
    """Told if it differs by two degrees or more; within a hair of that, either will do."""
    felt, warm = main.get("feels_like"), main["temp"]
    if celsius(warm) is None or celsius(felt, -150, 110) is None:
        felt = None
    apart = Decimal(0) if felt is None else abs(exact(felt) - exact(warm))
    if abs(apart - 2) > Decimal("0.01"):
        assert ("feels like" in text) is (apart > 2)
    if "feels like" in text:
        assert same(text.partition("feels like ")[2], celsius(felt, -150, 110), 0)


@pytest.mark.slow
@of(FORECAST)
async def test_forecast_hours(sample):
    """Every step of the sample is there, in order of time, with its own numbers."""
    answer, page = await gets(sample, *doors(sample, "hourly"))
    assert (answer.status_code, page.status_code) == (200, 200)
    shown, told = answer.json()["hourly"] or [], sorted(sample.body["list"], key=lambda step: step["dt"])
    told = [step for step in told if step["dt"] > min(one["dt"] for one in told) + 300]  # the first is over by now
    assert len(shown) == len(told)
    for one, step in zip(shown, told, strict=True):
        check_instant(one, step, sample, "3h")
        assert one["interval_hours"] == 3
        assert one["precipitation_probability"] == near(scaled(step.get("pop"), "100"), 0)
    for row, one, step in zip(rows(tree_of(page)), shown, told, strict=True):  # a day's table lists what is to come
        clock, temperature, amount, chance, wind, _ = row
        assert clock.split(" to ")[-1] == one["time"][11:16]
        assert same(temperature, celsius(step["main"]["temp"]), 0)
        assert same_water(amount, fallen(step, "3h"))
        assert same(chance, scaled(step.get("pop"), "100"), 0)
        assert same(wind, scaled(step["wind"]["speed"], "3.6"), 0)


def by_local_date(sample: Sample, moment) -> dict[str, list]:
    """The steps by the date that the town's clock and calendar show at a moment of each."""
    found = defaultdict(list)
    for step in sample.body["list"]:
        days = (moment(step) + sample.shift) // DAY
        found[str(date(1970, 1, 1) + timedelta(days=days))].append(step)
    return found


@pytest.mark.slow
@of(FORECAST)
async def test_forecast_days(sample):
    """The days are the place's own: highs, lows and sums of the steps, grouped by the local date."""
    answer, page = await gets(sample, *doors(sample, "daily"))
    assert (answer.status_code, page.status_code) == (200, 200)
    steps_of = by_local_date(sample, lambda step: step["dt"] - 5400)
    now = by_local_date(sample, lambda _: min(step["dt"] for step in sample.body["list"]) + 300)
    shown = {day["date"]: day for day in answer.json()["daily"] or []}
    table = day_list(tree_of(page))
    told = [name for name in sorted(steps_of) if name >= min(now)]
    assert list(shown) == sorted({*now, *told})  # the API's days begin today, even if no step of today is left
    assert list(table) == told  # the page has no line for a day of which it knows nothing
    for name, day in shown.items():
        steps = steps_of[name]
        if not steps:  # a today of which nothing is forecast any more is there, and makes nothing up
            assert {day[key] for key in ("temperature_min", "temperature_max", "precipitation", "condition")} == {None}
            assert (day["wind_speed_max"], day["partial"]) == (None, True)
            continue
        sums = [fallen(step, "3h") for step in steps]
        low, high = (celsius(pick(step["main"]["temp"] for step in steps)) for pick in (min, max))
        total = None if None in sums or not sums else sum(sums)
        windiest = max(steps, key=lambda step: step["wind"]["speed"])
        assert (day["temperature_min"], day["temperature_max"]) == (near(low), near(high))
        assert day["precipitation"] == near(total)
        assert day["wind_speed_max"] == near(scaled(windiest["wind"]["speed"], "3.6"))
        assert day["partial"] is (len(steps) < 8)
        if "Tonight" in words(table[name].find(".//summary")):
            continue
        assert same(summary(table[name], "low"), low, 0)
        assert same(summary(table[name], "high"), high, 0)
        amount = re.search(r"([\d.]+) mm|traces", summary(table[name], "wet"))
        assert same_water(amount[0] if amount else "–", day["precipitation"] or None)


@of(*AIR_ROUTES)
async def test_air(sample):
    """The latest entry speaks; an index outside 1 to 5 is not known."""
    played = Sample(sample.name, AIR, 200, sample.raw)
    latest = max(sample.body["list"], key=lambda entry: entry["dt"])
    answer, page = await gets(played, *doors(played, "air"), now=latest["dt"] + 300)
    assert (answer.status_code, page.status_code) == (200, 200)
    air, told = answer.json()["air"], latest["components"]
    assert datetime.fromisoformat(air["time"]).timestamp() == latest["dt"]
    assert [one["value"] for one in air["indexes"]] == [aqi for aqi in [latest["main"]["aqi"]] if aqi]
    assert set(air["pollutants"]) == {"pm2_5", "pm10", "o3", "no2", "so2", "co", "nh3", "no"}
    assert {name: amount for name, amount in air["pollutants"].items() if amount is not None} == told
    tree, index = tree_of(page), latest["main"]["aqi"]
    told_index = f"({index} of 5; 1 is best) Scale: OpenWeatherMap 1-5" if index else "the index is not known Scale:"
    assert told_index in words(tree)
    assert ("of 5; 1 is best" in words(tree)) is bool(index)
    pairs = named(tree)
    assert same(pairs["fine particles (PM2.5)"], told["pm2_5"], 1)
    assert same(pairs["ozone"], told["o3"], 1)


def check_place(place: dict, told: dict) -> None:
    assert (place["name"], place["country_code"], place["region"]) == (told["name"], told["country"], told.get("state"))
    assert (place["latitude"], place["longitude"]) == (near(told["lat"]), near(told["lon"]))


@of(DIRECT)
async def test_geocoding(sample):
    """A name that the gazetteer does not know is looked up: what is called otherwise is a choice, be it one place."""
    answer, page = await gets(sample, "/api/v1/search?q=Xyzzyqx", "/search?q=Xyzzyqx")
    assert answer.status_code == 200
    for place, told in zip(answer.json()["results"], sample.body, strict=True):
        check_place(place, told)
    assert page.status_code == 200
    chosen = [link for link in tree_of(page).iter("a") if link.get("href").startswith("/forecast/")]
    assert [words(link) for link in chosen] == [told["name"] for told in sample.body]


@of(ZIP)
async def test_postal_codes(sample):
    """A postal code's place is the sample's; as nothing else is known there, the answer is a clean 404."""
    both = {"lat": sample.body["lat"], "lon": sample.body["lon"]}
    raw = json.dumps({"coord": both, "dt": 1_795_521_300, "main": {"temp": 285.15}, "timezone": 0, "cod": 200})
    weather = Sample("", WEATHER, 200, raw.encode())

    async def upstream(scope, receive, send):
        await playing(sample if scope["path"] == ZIP else weather)(scope, receive, send)

    async with running(upstream, Clock()) as site:
        answer = await site.get("/api/v1/current?zip=1000-001,PT")
    assert answer.status_code == 200
    check_place(answer.json()["place"], sample.body)


FAILURES = {
    401: (401, 503, "key_rejected"),
    404: (404, 404, "place_not_found"),
    429: (503, 503, "upstream_unavailable"),
    200: (502, 502, "upstream_failed"),
}


@refused
async def test_refusals(sample):
    """An error of upstream's, one under a 200 too, fails cleanly in the shape of each door, and is never a 500."""
    relayed, told, code = FAILURES[sample.status]
    api, page = ("/api/v1/current?zip=1000-001,PT", None) if sample.path == ZIP else doors(sample, "forecast")
    # Each door by itself: asked again at once, a key that has just failed is left alone for a second.
    answers = [(await gets(sample, path))[0] for path in filter(None, [own_route(sample), api, page])]
    assert [answer.status_code for answer in answers] == [relayed, told, told][: len(answers)]
    if relayed == sample.status:
        assert answers[0].content == sample.raw
    else:
        assert answers[0].json()["cod"] == relayed
    assert answers[1].headers["content-type"] == "application/problem+json"
    assert answers[1].json()["code"] == code
    assert all(answer.headers.get("retry-after") for answer in answers[1:] if told >= 500)
    if page:
        assert f"Error {told}" in words(tree_of(answers[2]))
