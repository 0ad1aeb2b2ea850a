"""What was typed, read as a name and its areas: signs, order, questions, short forms, postal codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weather.places.gazetteer.ranking import Area
from weather.places.names.short_forms import FORMS, spellings
from weather.places.search.postal_text import postal_query
from weather.places.search.query_text import Reading, as_typed, readings
from weather.places.search.question_words import asks_of_no_place, names_in_question

TEXAS, FRANCE, CHINA = Area("US", "Texas"), Area("FR"), Area("CN")
AREAS = {
    "texas": {TEXAS},
    "tx": {TEXAS},
    "france": {FRANCE},
    "usa": {Area("US")},
    "中国": {CHINA},
    "in": {Area("IN"), Area("US", "Indiana")},
    "costa rica": {Area("CR")},
    "rica": {Area("XX")},
}
GREATER_CHINA = frozenset({CHINA, Area("HK"), Area("MO"), Area("TW")})


def areas_of(folded: str) -> set[Area]:
    """The areas of a small world."""
    return AREAS.get(folded, set())


def with_areas(text: str) -> list[tuple[str, set[str]]]:
    """The names and the countries of the readings that name an area, of a text or of the name in a question."""
    texts = names_in_question(text) or [text]
    return [
        (reading.name, {area.country for area in reading.areas[0] if area.country in ("US", "FR", "CN", "CR")})
        for one in texts
        for reading in readings(one, areas_of)
        if reading.areas
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Paris, Texas", "Paris Texas", "Paris - Texas", "Paris – Texas", "Paris/Texas", "Paris (Texas)", "Paris; Texas",
        "Paris: Texas", "Texas, Paris", "Texas Paris", "Paris، Texas", "Paris TX", "paris tx", "weather in Paris, TX",
        "Paris | Texas", "Paris. Texas", "TX-Paris", "Wetter Paris (Texas)?",
    ],
)  # fmt: skip
def test_any_sign_and_either_order_name_the_area(text):
    """Comma, dash, slash, parentheses, semicolon, colon or nothing; the area first or last."""
    assert with_areas(text)[0] == ("paris", {"US"})


def test_every_reading_accounts_for_every_word():
    """No word is lost in a text without a question: what is not the name is an area, or what it is near."""
    for reading in readings("Soho, London, France", areas_of):
        assert "soho" in (reading.name, *reading.near) or "soho" in reading.name
        assert reading.areas or "france" in (*reading.near, *reading.name.split())


def test_a_part_that_is_no_area_is_a_place_nearby():
    """Soho, London: the name that lies near a London; the whole as one name comes before."""
    assert readings("Soho, London", areas_of) == [
        Reading("soho london"),
        Reading("soho", (), ("london",)),
        Reading("london", (), ("soho",)),
    ]


def test_several_areas_follow_one_another():
    """Paris Texas USA lies in Texas and in the USA."""
    assert Reading("paris", (frozenset({TEXAS}), frozenset(areas_us()))) in [
        Reading(one.name, tuple(sorted(one.areas, key=len)), one.near) for one in readings("Paris Texas USA", areas_of)
    ]


def areas_us() -> set[Area]:
    """The country and the territories with codes of their own (ISO 3166)."""
    return {Area(code) for code in "US AS GU MP PR UM VI".split()}


def test_the_longest_area_comes_first():
    """San Jose Costa Rica ends in a country of two words."""
    assert with_areas("San Jose Costa Rica")[0] == ("san jose", {"CR"})


def test_ideographs_need_no_space():
    """中国北京 begins with a country."""
    assert Reading("北京", (GREATER_CHINA,)) in readings("中国北京", areas_of)


def test_a_small_word_at_the_beginning_is_no_code():
    """in Paris is not Paris, Indiana; IN Paris may be."""
    assert not with_areas("in Paris")
    assert with_areas("IN Paris") == [("paris", {"US"})]


@given(st.text(max_size=200))
def test_no_text_has_very_many_readings(text):
    """What look-ups cost is bounded, whatever is typed."""
    assert len(readings(text, lambda _: {FRANCE})) <= 400


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("weather in Paris", "Paris"),
        ("what's the weather like in La Paz?", "La Paz"),
        ("météo La Rochelle", "La Rochelle"),
        ("weer De Bilt", "De Bilt"),
        ("Wie wird das Wetter morgen in Bad Ems?", "Bad Ems"),
        ("el tiempo en El Paso mañana", "El Paso"),
        ("東京の天気", "東京"),
        ("北京天气预报", "北京"),
        ("Bursa'da hava durumu", "Bursa"),
        ("pogoda Łódź", "Łódź"),
        ("दिल्ली का मौसम", "दिल्ली"),
        ("будет ли дождь в Казани", "Казани"),
    ],
)
def test_a_question_is_read_as_the_name_in_it(text, name):
    """The words around it are dropped; an article that is a part of the name stays."""
    assert name in names_in_question(text)


def test_a_russian_name_is_tried_in_the_nominative():
    """After "in" a name has another ending."""
    assert "Москва" in names_in_question("погода в Москве")
    assert "Казань" in names_in_question("погода в Казани")


@pytest.mark.parametrize("text", ["Paris", "Snow Hill, UK", "Hot Springs", "Sunny Isles Beach", "In Salah", "Regen"])
def test_a_name_is_no_question(text):
    """Words of the weather are parts of names, too."""
    assert names_in_question(text) == []
    assert not asks_of_no_place(text)


def test_a_question_without_a_name_asks_of_no_place():
    """Nobody has to be asked where "weather today" lies."""
    assert asks_of_no_place("weather today")
    assert asks_of_no_place("Wie wird das Wetter?")


def test_short_words_are_tried_in_full():
    """St. is Saint and Sankt; the spelling that was typed comes first, and there are never many."""
    assert list(spellings("st gallen")) == ["st gallen", "saint gallen", "sankt gallen", "sint gallen"]
    assert "fort worth" in spellings("ft worth")
    assert len(list(spellings(" ".join(["st"] * 50)))) <= FORMS


def test_a_name_keeps_its_own_spelling_for_a_geocoder():
    """Geocoders are asked with the marks that were typed."""
    assert as_typed("Übersee, Deutschland", "ubersee") == "Übersee"
    assert as_typed("weather in Übersee", "ubersee") == "Übersee"
    assert as_typed("something else", "ubersee") == "ubersee"


@pytest.mark.parametrize(
    ("text", "code", "country", "rest"),
    [
        ("10115 Berlin", "10115", "DE", "Berlin"),
        ("Berlin 10115", "10115", "DE", "Berlin"),
        ("D-20095", "20095", "DE", ""),
        ("CH-8001 Zürich", "8001", "CH", "Zürich"),
        ("1012 AB Amsterdam", "1012 AB", "NL", "Amsterdam"),
        ("〒100-0001", "100-0001", "JP", ""),
        ("１００-０００１", "100-0001", "JP", ""),
        ("sw1a 1aa", "SW1A 1AA", "GB", ""),
        ("London SW1A 1AA", "SW1A 1AA", "GB", "London"),
        ("110 00 Praha", "110 00", "CZ", "Praha"),
        ("PLZ 10115", "10115", "DE", ""),
        ("01001-000", "01001-000", "BR", ""),
    ],
)
def test_a_postal_code_stands_beside_its_town(text, code, country, rest):
    """Before or after it, with a country's letters, a label, or alone."""
    query = postal_query(text)
    assert (query.code, query.rest) == (code, rest)
    assert country in query.countries
    assert query.is_sure


@pytest.mark.parametrize("text", ["London", "Area 51", "100 Mile House", "Route 66", "Halle 12", ""])
def test_a_name_with_a_number_is_no_postal_code(text):
    """Only the forms that countries use count."""
    assert postal_query(text) is None


def test_four_digits_alone_may_be_anything():
    """1770 is a town in Queensland, too."""
    assert not postal_query("1770").is_sure
