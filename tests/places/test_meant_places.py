"""What people type who never saw our list: cases, codes, kana, marks; each kind leads to the place that is meant."""

import asyncio

import pytest

from weather.errors import PlaceNotFound
from weather.places.gazetteer.lookup import Gazetteer
from weather.places.gazetteer.ranking import Area
from weather.places.names.kana import romanized
from weather.places.names.landscapes import landscapes
from weather.places.search.place_search import CLOSE, Found, Hints, PlaceSearch
from weather.places.search.question_words import names_in_question, whole_names
from weather.upstream.types import Requester


def find(gazetteer: Gazetteer, text: str) -> Found:
    return asyncio.run(PlaceSearch(gazetteer).find(text, Requester(), Hints("en")))


def first(gazetteer: Gazetteer, text: str) -> tuple[str | None, str | None]:
    place = find(gazetteer, text).places[0]
    return place.name, place.country


@pytest.mark.parametrize(
    ("text", "country", "near"),
    [
        ("Philadelphia", "US", (40, -75)),
        ("Buenos Aires", "AR", (-35, -58)),
        ("Brasília", "BR", (-16, -48)),
        ("Niš", "RS", (43, 22)),
        ("LAX", "US", (34, -118)),
        ("YYZ", "CA", (44, -80)),
    ],
)
def test_a_name_is_not_doubtful_by_what_is_merely_called_so(gazetteer, text, country, near):
    """An ancient name, the province around a town, its country's byname, a code of its airport: taken at once."""
    found = find(gazetteer, text)
    place = found.places[0]
    assert found.is_clear
    assert (place.country, (round(place.latitude), round(place.longitude))) == (country, near)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Dili", "Dili"),
        ("Pueblo", "Pueblo"),
        ("Waterloo", "Waterloo"),
        ("New Delhi", "New Delhi"),
        ("Bethlehem", "Bethlehem"),
        ("Calcutta", "Kolkata"),
        ("Colonia", "Köln"),
    ],
)
def test_a_town_s_own_name_comes_before_a_larger_one_s_nickname(gazetteer, text, name):
    """Belém, Puebla, Austin and Delhi are called so somewhere: programs, which get the first, would get those."""
    assert find(gazetteer, text).places[0].name == name


def test_a_state_that_is_called_like_a_town_far_away_stands_beside_it(gazetteer):
    """Washington is a state, too, and not around the capital."""
    found = find(gazetteer, "Washington")
    assert not found.is_clear
    assert [place.matched for place in found.places[:2]] == [None, "Washington"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("QLD", "Brisbane"),
        ("NSW", "Sydney"),
        ("WA", "Perth"),
        ("DF", "Brasília"),
        ("BA", "Salvador"),
    ],
)
def test_letters_that_are_a_state_too_are_asked_back(gazetteer, text, expected):
    """Blida's airport has Queensland's letters, a town of Ghana Western Australia's."""
    found = find(gazetteer, text)
    assert not found.is_clear
    assert expected in [place.name for place in found.places[:10]]


@pytest.mark.parametrize("text", ["Wa", "Ulm", "FRA", "LHR"])
def test_a_short_name_and_an_airport_s_code_are_none(gazetteer, text):
    """Written as a name, or no region's letters: taken."""
    assert find(gazetteer, text).is_clear


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Åre", ("Åre", "SE")), ("Gördes", ("Gördes", "TR")), ("Siwa", ("Sīwah", "EG")), ("Siwah", ("Sīwah", "EG"))],
)
def test_who_types_marks_means_them_and_who_leaves_out_a_letter_is_understood(gazetteer, text, expected):
    """Åre before the airport with the code ARE; the oasis before a village of its short name."""
    assert first(gazetteer, text) == expected


@pytest.mark.parametrize(
    ("kana", "latin"),
    [
        ("とうきょう", "tokyo"),
        ("さっぽろ", "sapporo"),
        ("しんじゅく", "shinjuku"),
        ("ふくつ", "fukutsu"),
        ("にっちょう", "nitcho"),
        ("チヂミ", "chijimi"),
        ("東京", "東京"),
        ("Tokyo", "Tokyo"),
    ],
)
def test_kana_are_written_as_hepburn_does(kana, latin):
    """By the tables of the romanization; nothing else changes."""
    assert romanized(kana) == latin


def test_kana_lead_to_the_town_and_are_completed(gazetteer):
    """As an input method writes them before they become other letters."""
    assert first(gazetteer, "おおさか") == ("Osaka", "JP")
    assert [place.name for place in PlaceSearch(gazetteer).autocomplete("さっぽ")][:1] == ["Sapporo"]


@pytest.mark.parametrize("text", ["D-Hamburg", "D-20095 Hamburg"])
def test_letters_of_number_plates_name_the_country(gazetteer, text):
    """As they are written before towns and codes."""
    assert first(gazetteer, text)[1] == "DE"


def test_endings_for_a_town_are_taken_for_one_another(gazetteer):
    """Offered, not taken."""
    found = find(gazetteer, "Edinborough")
    assert (found.note, found.places[0].name, found.is_clear) == (CLOSE, "Edinburgh", False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("weather Gary IN", ("Gary", "US")),
        ("weather in Dover DE", ("Dover", "US")),
        ("weather Chiang Mai", ("Chiang Mai", "TH")),
        ("weather in chiang mai", ("Chiang Mai", "TH")),
        ("thời tiết sa pa", ("Sa Pa", "VN")),
        ("clima Santo Domingo", ("Santo Domingo", "DO")),
        ("weather London Friday", ("London", "GB")),
        ("il meteo di sabato a Bologna", ("Bologna", "IT")),
        ("oras Klaipėdoje", ("Klaipėda", "LT")),
        ("laiks Daugavpilī", ("Daugavpils", "LV")),
        ("ilm Tallinnas", ("Tallinn", "EE")),
        ("pogoda w Zielonej Górze", ("Zielona Góra", "PL")),
        ("vreme u Novom Sadu", ("Novi Sad", "RS")),
        ("sää Lahdessa", ("Lahti", "FI")),
        ("milyen az idő Debrecenben", ("Debrecen", "HU")),
        ("prognoza pogody Gdańsk", ("Gdańsk", "PL")),
        ("hali ya hewa Nairobi", ("Nairobi", "KE")),
        ("大阪 天気 10日間", ("Osaka", "JP")),
        ("내일 인천 날씨 어때", ("Incheon", "KR")),
        ("kakvo je vrijeme u Splitu", ("Split", "HR")),
        ("चेन्नई हवामान", ("Chennai", "IN")),
        ("ამინდი ქუთაისში", ("Kutaisi", "GE")),
    ],
)
def test_questions_of_many_languages_lead_to_their_town(gazetteer, text, expected):
    """By its name in the case that stands there, with the words behind it that belong to it."""
    assert first(gazetteer, text) == expected


def test_a_case_of_a_name_that_is_another_town_s_is_asked_back(gazetteer):
    """Tartus lies in Syria and is "in Tartu" in Estonian."""
    found = find(gazetteer, "ilm Tartus")
    assert not found.is_clear
    assert {place.country for place in found.places} == {"SY", "EE"}


@pytest.mark.parametrize("text", ["panahon sa Maynila", "weather splendid Manila", "weather Manila quickly"])
def test_a_question_with_words_that_are_not_known_offers_its_town(gazetteer, text):
    """Offered, not taken; programs, which ask for one place, get none."""
    search = PlaceSearch(gazetteer)
    found = find(gazetteer, text)
    assert (found.note, found.is_clear, found.places[0].name) == (CLOSE, False, "Manila")
    with pytest.raises(PlaceNotFound):
        asyncio.run(search.resolve("weather Manila quickly", Requester()))


@pytest.mark.parametrize("text", ["Skiurlaub Innsbruck", "il fait combien à Innsbruck", "what's it like in Innsbruck"])
def test_a_town_among_other_words_is_offered(gazetteer, text):
    """Where nothing bears the whole name; it is not taken."""
    found = find(gazetteer, text)
    assert (found.note, found.is_clear, found.places[0].name) == (CLOSE, False, "Innsbruck")


@pytest.mark.parametrize("text", ["Plovdiv Japan", "Berlin Thailand", "Paris in Germany", "Innsbruck, Xyzzy"])
def test_a_town_beside_an_area_where_it_does_not_lie_is_not_even_offered(gazetteer, text):
    """The words say where it lies."""
    with pytest.raises(PlaceNotFound):
        find(gazetteer, text)


@pytest.mark.parametrize(
    ("text", "expected"), [("Freiburg Schweiz", ("Fribourg", "CH")), ("Corinth, Greece", ("Kórinthos", "GR"))]
)
def test_a_town_of_another_name_is_known_by_its_first_word_in_its_country(gazetteer, text, expected):
    """Freiburg im Üechtland, as it is told from Freiburg im Breisgau."""
    assert first(gazetteer, text) == expected


def test_a_lake_offers_the_town_of_its_name(gazetteer):
    """Not taken: it may be another lake."""
    found = find(gazetteer, "Lake Bled")
    assert (found.note, found.places[0].name) == (CLOSE, "Bled")


TOWNS_IN_SCRIPTS = sorted({town for towns in landscapes("world_cities").values() for town in towns})


@pytest.mark.parametrize(("town", "country"), TOWNS_IN_SCRIPTS)
def test_a_town_with_names_in_other_scripts_is_known(gazetteer, town, country):
    """The names lead somewhere, and all of them to that town's country."""
    candidates = gazetteer.places_named(town, [{Area(country)}])
    assert [one for one in candidates if one.place.kind == "city"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("维也纳", ("Vienna", "AT")),
        ("温哥华", ("Vancouver", "CA")),
        ("الخرطوم", ("Khartoum", "SD")),
        ("كابول", ("Kabul", "AF")),
        ("오사카", ("Osaka", "JP")),
        ("హైదరాబాద్", ("Hyderabad", "IN")),
        ("కోల్‌కతా", ("Kolkata", "IN")),
        ("Битола, Македонија", ("Bitola", "MK")),
        ("لندن، بريطانيا", ("London", "GB")),
        ("Londra, Gran Bretagna", ("London", "GB")),
        ("Бостон, САЩ", ("Boston", "US")),
        ("Novi Sad", ("Novi Sad", "RS")),
        ("ශ්‍රී ලංකාව", ("Colombo", "LK")),
        ("نجف‌آباد", ("Najafābād", "IR")),
    ],
)
def test_large_towns_and_countries_are_known_in_the_scripts_of_many_languages(gazetteer, text, expected):
    """Some have signs between their letters that show nothing; a hamlet in Israel is no Kabul."""
    assert first(gazetteer, text) == expected


def test_letters_of_a_state_behind_the_name_belong_to_it():
    """They may be prepositions as well, written small or where all is in capitals."""
    assert names_in_question("weather Gary IN")[0] == "Gary IN"
    assert names_in_question("weather Gary in")[0] == "Gary"
    assert whole_names("weather Paris") == []
