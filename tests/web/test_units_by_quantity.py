"""Units chosen per quantity, at every door; and the same number, rounded once, wherever it stands."""

import re
from fractions import Fraction

import pytest
from fakes import running
from hypothesis import given
from hypothesis import strategies as st
from states import NOW, current, hours, report
from test_rounding import EXACT, READ, half_up

from weather.domain.unit_choice import CHOICES, FIELDS, refined
from weather.domain.units import SYSTEMS, convert
from weather.i18n.formatting import Formatter
from weather.i18n.language import language
from weather.web.view.forecast import forecast_page

API, PAGE = "/api/v1/forecast?lat=51.51&lon=-0.13", "/forecast/51.51,-0.13"
DRAWING = f"{PAGE}/meteogram.svg"
MEMBERS = {"temperature": "temperature", "wind_speed": "wind_speed", "pressure": "pressure", "distance": "visibility"}

# What upstream's 12 °C, 5 m/s, 1012 hPa, 10 km and 0.4 mm are, by the definitions of the units.
VALUES = [
    ("temperature", "c", "°C", 12.0), ("temperature", "f", "°F", 53.6),
    ("wind", "kmh", "km/h", 18.0), ("wind", "ms", "m/s", 5.0), ("wind", "mph", "mph", 11.18),
    ("wind", "kn", "kn", 9.72), ("wind", "bft", "Bft", 3.0),
    ("precipitation", "mm", "mm", 0.4), ("precipitation", "in", "in", 0.016),
    ("pressure", "hpa", "hPa", 1012.0), ("pressure", "inhg", "inHg", 29.88), ("pressure", "mmhg", "mmHg", 759.06),
    ("pressure", "kpa", "kPa", 101.2), ("distance", "km", "km", 10.0), ("distance", "mi", "mi", 6.21),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.anyio
@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize(("parameter", "word", "symbol", "value"), VALUES)
async def test_one_parameter_refines_the_system(site, system, parameter, word, symbol, value):
    """The value is in that unit, `units` names it, and all other quantities are the system's."""
    told = (await site.get(f"{API}&units={system}&{parameter}={word}")).json()
    plain = (await site.get(f"{API}&units={system}")).json()
    field = FIELDS[parameter]
    follows = (
        {"snowfall": {"mm": "cm", "in": "in"}[symbol], "precipitation_rate": f"{symbol}/h"}
        if field == "precipitation"
        else {}
    )
    assert told["units"] == plain["units"] | {field: symbol} | follows
    assert told["current"][MEMBERS.get(field, field)] == value
    others = [name for name in MEMBERS.values() if name != MEMBERS.get(field)]
    assert [told["current"][name] for name in others] == [plain["current"][name] for name in others]


@pytest.mark.slow
@pytest.mark.anyio
@pytest.mark.parametrize("parameter", CHOICES)
@pytest.mark.parametrize("wrong", ["kelvin", "KMH", "°C", "in,mm"])
async def test_another_unit_is_refused_with_those_that_there_are(site, parameter, wrong):
    """400 with the name of the parameter and all of its values."""
    answer = await site.get(API, params={"lat": 51.51, "lon": -0.13, parameter: wrong})
    problem = answer.json()
    assert (answer.status_code, problem["parameter"]) == (400, parameter)
    assert all(word in problem["detail"] for word in CHOICES[parameter])


@pytest.mark.slow
@pytest.mark.anyio
@pytest.mark.parametrize("route", ["forecast", "current", "hourly", "daily", "nowcast", "alerts", "air"])
async def test_every_route_of_weather_takes_and_documents_them(site, route):
    """In the answer and in the OpenAPI description, with the same values."""
    chosen = {"temperature": "f", "wind": "bft", "precipitation": "in", "pressure": "mmhg", "distance": "mi"}
    answer = await site.get(f"/api/v1/{route}", params={"lat": 51.51, "lon": -0.13, **chosen})
    units = ["metric", "°F", "Bft", "in", "in", "in/h", "mmHg", "mi", "µg/m³", "grains/m³"]
    assert list(answer.json()["units"].values()) == units
    described = (await site.get("/openapi.json")).json()["paths"][f"/api/v1/{route}"]["get"]["parameters"]
    enums = {one["name"]: one["schema"].get("enum") for one in described if one.get("name") in CHOICES}
    assert enums == {name: list(units) for name, units in CHOICES.items()}


@pytest.mark.anyio
async def test_the_sentences_are_in_the_chosen_units(site):
    """What the summary says of the wind is in Beaufort too: 5 m/s is force 3."""
    told = (await site.get(f"{API}&wind=bft")).json()["summary"]
    assert "Wind from the south-west, 3\u00a0Bft" in told["now"]


@pytest.mark.anyio
async def test_a_page_is_in_the_units_that_are_asked_for_or_kept(upstream, clock):
    """By the address, and by the cookies; table, tiles, sentence and drawing alike."""
    async with running(upstream, clock) as site:
        asked = await site.get(f"{PAGE}?wind=bft&temperature=f&precipitation=in&pressure=mmhg&distance=mi")
        cookie = "wind=bft; temperature=f; precipitation=in; pressure=mmhg; distance=mi"
        kept = await site.get(PAGE, headers={"Cookie": cookie})
    for text in (asked.text, kept.text):
        assert "Wind from the south-west, 3\u00a0Bft." in text
        assert ">Wind, Bft</span>" in text
        assert "759\u00a0mmHg" in text
        assert "6.2\u00a0mi" in text
        assert "<title>54°" in text
        assert re.search(r"wind (from [^,]+, )?\d\u00a0Bft", text)  # what the drawing tells of a step
        assert "km/h" not in re.sub('<form method="post" action="/settings">.*?</form>', "", text, flags=re.DOTALL)


@pytest.mark.anyio
async def test_the_drawing_by_its_own_address_takes_them(site):
    """And no cookie changes it, for anyone may keep it."""
    plain = (await site.get(DRAWING)).text
    assert "km/h" in plain
    refined_one = (await site.get(f"{DRAWING}?wind=kn&temperature=f")).text
    assert "kn" in refined_one
    assert "°F" in refined_one
    assert "km/h" not in refined_one
    assert (await site.get(DRAWING, headers={"Cookie": "wind=kn; units=us"})).text == plain


@pytest.mark.anyio
async def test_a_drawing_is_kept_once_for_all_readers(upstream, clock):
    """It is made once a minute for each address, whatever cookies and languages a reader sends."""
    async with running(upstream, clock) as site:
        bodies = set()
        for n in range(5):
            headers = {"Cookie": f"units=us; wind=kn; a={n}", "Accept-Language": f"de;q=0.{n}"}
            bodies.add((await site.get(f"{DRAWING}?wind=kn", headers=headers)).text)
        assert (len(bodies), len(site.app._stored)) == (1, 1)
        clock.now += 60
        assert (await site.get(f"{DRAWING}?wind=kn")).text not in bodies


@pytest.mark.anyio
async def test_whoever_reads_in_the_same_units_gets_the_same_kept_page(upstream, clock):
    """Order, junk and strange values of cookies make no other page; another unit does."""
    async with running(upstream, clock) as site:
        for cookie in ("wind=kn; units=si", "units=si;wind=kn; x=1", "wind=kn; units=si; pressure=x; wind=bft"):
            assert "Wind, kn" in (await site.get(PAGE, headers={"Cookie": cookie})).text
        assert len(site.app._stored) == 1
        for cookie in ("units=si; wind=bft", "units=si; wind=mph"):
            await site.get(PAGE, headers={"Cookie": cookie})
        assert len(site.app._stored) == 3


def test_gusts_of_the_same_written_number_are_not_told_beside_the_wind():
    """Wind and gusts of one force are one number in Beaufort; in finer units they are two."""
    blow = current(wind_speed=17.2, wind_gust=20.7)
    told = {
        word: forecast_page(report(current=blow), "", reader(word), NOW.timestamp()).now.wind_words
        for word in ("bft", "ms")
    }
    assert told["bft"] == "Wind from the south-west, 8\u00a0Bft."
    assert told["ms"] == "Wind from the south-west, 17.2\u00a0m/s, gusts up to 20.7\u00a0m/s."


def reader(wind: str) -> Formatter:
    return Formatter(language("en"), refined(SYSTEMS["metric"], {"wind": wind}))


hundredths = st.integers(-4500, 4500).map(lambda n: n / 100)
systems = st.builds(
    lambda name, chosen: refined(SYSTEMS[name], chosen),
    st.sampled_from(sorted(SYSTEMS)),
    st.fixed_dictionaries({}, optional={name: st.sampled_from(sorted(units)) for name, units in CHOICES.items()}),
)


# Where forces 1 to 12 of Beaufort's scale begin, in metres a second.
FORCES = (0.3, 1.6, 3.4, 5.5, 8, 10.8, 13.9, 17.2, 20.8, 24.5, 28.5, 32.7)


def expected(ours: float, symbol: str) -> tuple[str, float]:
    """What stands in words and what in an answer of the API: the exact value, rounded once for each."""
    if symbol == "Bft":
        force = sum(ours >= least for least in FORCES)
        return str(force), float(force)
    factor, more = EXACT[symbol]
    exact = Fraction(str(ours)) * factor + more
    rounded = half_up(exact, READ.get(symbol, 0))
    told = f"{rounded:f}".rstrip("0").rstrip(".") if "." in f"{rounded:f}" else f"{rounded:f}"
    return "0" if rounded == 0 else told.replace("-", "−"), float(half_up(exact, 3 if symbol == "in" else 2))


@pytest.mark.slow
@given(systems, hundredths, hundredths.map(abs), st.integers(26, 4500).map(lambda n: n / 100))  # less is "traces"
def test_a_number_is_rounded_once_and_the_same_wherever_it_stands(system, degrees, speed, depth):
    """Page, table, drawing and API tell the exact value rounded once, halves up, for all units."""
    told = Formatter(language("en"), system)
    steps = hours(NOW.tzinfo, temperature=degrees, wind_speed=speed, precipitation=depth)
    page = forecast_page(report(hourly=steps, current=current(temperature=degrees)), "", told, NOW.timestamp())
    written = {}
    for name, ours in {"temperature": degrees, "wind_speed": speed, "precipitation": depth}.items():
        written[name], in_answer = expected(ours, getattr(system, name))
        assert getattr(convert(steps[0], system), name) == in_answer
    row, title = page.hours.steps[0], page.hours.chart.targets[0].title
    fallen = row.precipitation.split("\u00a0")[0]  # of snow the unit and "as water" stand behind it
    assert (row.temperature, fallen) == (f"{written['temperature']}°", written["precipitation"])
    assert row.wind.words.split()[0] == written["wind_speed"]
    for name in ("temperature", "wind_speed", "precipitation"):
        assert f"{written[name]}\u00a0{getattr(system, name)}" in title
    assert page.hours.chart.speeds[0].text == written["wind_speed"]
