"""Landmarks, airports and regions by what people call them; and names that are borne by chance, which are offered."""

import asyncio

import pytest

from weather.errors import PlaceNotFound
from weather.places.gazetteer.borders import countries_by_zone
from weather.places.gazetteer.folding import normalize_name
from weather.places.gazetteer.lookup import Gazetteer
from weather.places.names.airports import CODES, name_of_airport
from weather.places.names.cases import nominatives
from weather.places.names.landmarks import LANDMARKS, landmarks
from weather.places.names.regions import OTHER_NAMES, other_names_of
from weather.places.names.variants import close_names, is_short_for, is_told_apart, same_names, stem
from weather.places.search.place_search import Found, Hints, PlaceSearch
from weather.places.time_zones import zone_at
from weather.upstream.types import Requester

ON_BORDERS = {"Mont Blanc", "Zugspitze", "Brenner Pass", "Rysy", "Mount Everest", "Victoria Falls"}


def find(gazetteer: Gazetteer, text: str, lang: str = "en") -> Found:
    return asyncio.run(PlaceSearch(gazetteer).find(text, Requester(), Hints(lang)))


@pytest.mark.parametrize("landmark", sorted({mark for marks in LANDMARKS.values() for mark in marks}, key=str), ids=str)
def test_a_landmark_lies_in_its_country(gazetteer, landmark):
    """By the zone of its point and the nearest place, which know nothing of the table."""
    near = gazetteer.nearest(landmark.at, 100)
    countries = {near.country if near else landmark.country, countries_by_zone().get(zone_at(landmark.at))}
    assert landmark.country in countries | {"VN", "AU"} or landmark.name in ON_BORDERS
    if near and landmark.name not in ON_BORDERS:
        assert near.country == landmark.country


@pytest.mark.parametrize("name", sorted(OTHER_NAMES))
def test_another_name_of_a_region_leads_to_one_that_is_known(gazetteer, name):
    """The file has what the table says, and the name is normalized, as it is looked up."""
    assert gazetteer.areas_of(OTHER_NAMES[name])
    assert name == normalize_name(name)


@pytest.mark.parametrize("name", sorted(CODES))
def test_an_airport_by_name_has_a_code_that_is_known(gazetteer, name):
    """The gazetteer has the code."""
    assert [one for one in gazetteer.places_named(CODES[name]) if one.place.kind == "airport"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Flughafen München", "munchen"),
        ("aéroport d'Orly", "orly"),
        ("成田空港", "成田"),
        ("JFK International Airport", "jfk"),
        ("Schiphol", "schiphol"),
        ("Munich", None),
        ("airport", None),
        ("Airportville", None),
    ],
)
def test_the_name_beside_a_word_for_airport(text, name):
    """What stands beside the word; None without one, or without a name."""
    assert name_of_airport(text) == name


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Flughafen Berlin", "Berlin Brandenburg Airport"),  # Tegel, which has its name too, is closed
        ("Munich airport", "Munich International Airport"),
        ("Flughafen BER", "Berlin Brandenburg Airport"),
        ("Ben Nevis, Scotland", "Ben Nevis"),
        ("Mt Fuji", "Mount Fuji"),
        ("Ottowa", "Ottawa"),  # not Illinois', which alone has it for another name
    ],
)
def test_a_known_place_is_taken_at_once(gazetteer, text, first):
    """There is no doubt which is meant."""
    found = find(gazetteer, text)
    assert (found.is_clear, found.places[0].name) == (True, first)


def test_a_landmark_lies_where_the_words_say(gazetteer):
    """No other one is taken for it."""
    with pytest.raises(PlaceNotFound):
        find(gazetteer, "Eiffel Tower, Texas")


@pytest.mark.parametrize(
    ("text", "lang", "wanted", "country"),
    [
        ("Wein", "de", "Vienna", "AT"),  # Buhodle in Somalia has it for another name
        ("Mancester", "en", "Manchester", "GB"),
        ("Addis", "en", "Addis Ababa", "ET"),  # a town in Louisiana
        ("Sankt Anton", "de", "Sankt Anton im Montafon", "AT"),
        ("St Wolfgang", "de", "Sankt Wolfgang im Salzkammergut", "AT"),
        ("Rothenburg", "de", "Rothenburg ob der Tauber", "DE"),
        ("Yosemite", "en", "Yosemite", "US"),  # Fresno's airport has its name
        ("El Dorado", "en", "El Dorado", "US"),  # Bogotá's airport is called so
        ("Orange County", "en", "Anaheim", "US"),  # as has an airport in New York
        ("Snowdon", "en", "Snowdon", "GB"),  # a part of Montreal
        ("Columbia", "en", "Columbia", "US"),  # Colombia, too, in some languages
        ("La Gomera", "es", "San Sebastián de la Gomera", "ES"),  # a town in Guatemala
        ("Lyon (69)", "fr", "Lyon", "FR"),
    ],
)
def test_a_name_that_may_be_borne_by_chance_is_offered(gazetteer, text, lang, wanted, country):
    """Nothing is taken; what may be meant stands in the list."""
    found = find(gazetteer, text, lang)
    assert not found.is_clear
    assert (wanted, country) in [(place.name, place.country) for place in found.places[:10]]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("г. Москва", "Москва"),
        ("city of Chicago", "Chicago"),
        ("Glasgow City", "Glasgow"),
        ("Paris in France", "Paris, France"),
        ("Val d Isere", "Val dIsere"),
        ("Bad Toelz", "Bad Tolz"),
    ],
)
def test_a_name_written_otherwise(text, form):
    """The usual way is among the forms, and the text itself is not."""
    assert form in list(same_names(text))
    assert text not in list(same_names(text))


def test_what_a_text_may_have_been_meant_to_be():
    """Without a district's number, without the river; and by the keys of another keyboard."""
    assert "Dublin" in list(close_names("Dublin 2"))
    assert "Lech" in list(close_names("Lech am Arlberg"))
    assert "москва" in list(close_names("Vjcrdf"))


@pytest.mark.parametrize(
    ("text", "name", "fits"),
    [
        ("Freiburg i. Br.", "freiburg im breisgau", True),
        ("Rothenburg o.d.T.", "rothenburg ob der tauber", True),
        ("Neustadt Weinstraße", "neustadt an der weinstrasse", True),
        ("San Franc", "san francisco", False),  # the beginning of a name is no short form
        ("Frankfurt a", "frankfurt am main", False),
    ],
)
def test_a_short_form_accounts_for_every_word(text, name, fits):
    """Small words may be left out, others shortened to two letters."""
    assert is_short_for(text, name) is fits


def test_towns_that_people_call_by_their_first_words():
    """Behind the name stands where the town lies; Palm Beach is no Palm."""
    assert is_told_apart("rothenburg", "Rothenburg ob der Tauber")
    assert not is_told_apart("palm", "Palm Beach")


@pytest.mark.parametrize(
    ("name", "words", "nominative"),
    [
        ("Москве", ["погода", "в", "Москве"], "Москва"),
        ("Krakowie", ["pogoda", "w", "Krakowie"], "Kraków"),
        ("Brně", ["počasí", "v", "Brně"], "Brno"),
        ("Helsingin", ["Helsingin", "sää"], "Helsinki"),
        ("Нижнем Новгороде", ["погода", "в"], "нижний новгород"),
        ("בירושלים", ["מזג", "האוויר"], "ירושלים"),
    ],
)
def test_an_inflected_name(name, words, nominative):
    """The name itself is among those that it may come from."""
    assert nominative in list(nominatives(name, words))


def test_regions_with_and_without_the_word_for_their_kind():
    """愛知県 is 愛知, 广东 is 广东省; New York State is New York."""
    assert "愛知" in other_names_of("愛知県")
    assert "广东省" in other_names_of("广东")
    assert "new york" in other_names_of("new york state")
    assert other_names_of("london") == []


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("Eiff", "Eiffel Tower"),
        ("Matterh", "Matterhorn"),
        ("Mallor", "Palma"),
        ("Schwarzw", "Freiburg"),
        ("Köl", "Köln"),
    ],
)
def test_landmarks_and_landscapes_are_offered_while_typing(gazetteer, typed, offered):
    """Among the first three; towns that are spelled as typed come first."""
    assert offered in [place.name for place in PlaceSearch(gazetteer).autocomplete(typed)[:3]]


def test_two_towns_then_three_landmarks_then_the_other_towns(gazetteer):
    """Of many that begin so neither kind hides the other; and too few letters begin too much to offer landmarks."""
    kinds = [place.kind == "landmark" for place in PlaceSearch(gazetteer).autocomplete("mont")]
    assert kinds[:6] == [False, False, True, True, True, False]
    assert not any(kinds[6:])
    assert "landmark" not in [place.kind for place in PlaceSearch(gazetteer).autocomplete("Eif")]


@pytest.mark.parametrize(
    ("typed", "name", "matched"),
    [
        ("monte cerv", "Matterhorn", "Monte Cervino"),
        ("matterh", "Matterhorn", None),
        ("Mallor", "Palma", "Mallorca"),
        ("Köl", "Köln", None),
    ],
)
def test_what_is_offered_says_by_which_name(gazetteer, typed, name, matched):
    """Its other name stands beside its own, or nobody would know why it is offered; and it is one of the first two."""
    offered = [(place.name, place.matched) for place in PlaceSearch(gazetteer).autocomplete(typed)]
    assert (name, matched) in offered[: 1 if typed == "Köl" else 2]


@pytest.mark.parametrize("text", ["Florenz airport", "Flughafen Venedig"])
def test_an_airport_of_a_namesake_far_away_is_none_of_the_town_s(gazetteer, text):
    """Florence in South Carolina and Venice in Florida have airports; the towns are offered, they are not."""
    found = find(gazetteer, text)
    assert not found.is_clear
    assert (found.places[0].kind, found.places[0].country) == ("city", "IT")
    assert ("airport", "US") not in {(place.kind, place.country) for place in found.places}


@pytest.mark.parametrize("text", ["Milan airport", "Moscow airport", "London airport"])
def test_of_several_airports_none_is_taken(gazetteer, text):
    """As long as none is far larger than the next."""
    found = find(gazetteer, text)
    assert not found.is_clear
    assert len({place.name for place in found.places}) > 1


@pytest.mark.parametrize(("text", "closed"), [("Athen airport", "Helenikon"), ("Manchester airport", "Woodford")])
def test_an_airport_that_is_closed_is_not_offered(gazetteer, text, closed):
    """Ellinikon closed in 2001, Woodford in 2011; the file of places has them still."""
    assert not any(closed in (place.name or "") for place in find(gazetteer, text).places)


def test_a_name_that_a_landmark_has_twice_leads_to_it_once():
    """Its own name may stand among its others."""
    table = landmarks([("Mount Fuji JP 35.36,138.73", ["Mount Fuji", "Mt Fuji", "mount fuji"])])
    assert {name: len(marks) for name, marks in table.items()} == {"mount fuji": 1, "mt fuji": 1}
    assert max(len(marks) - len(set(marks)) for marks in LANDMARKS.values()) == 0


def test_what_is_too_short_or_too_long_is_no_other_name():
    """Three letters typed on the wrong keys, one word without more to shorten, many words, one letter of a region."""
    assert list(close_names("kjy")) == []
    assert list(close_names("kjyljy")) == ["лондон"]
    assert [stem(text) for text in ("Berlin", "Bad Toelz", "one two three four five six seven")] == [None, "bad ", None]
    assert [other_names_of(name) for name in ("省", "京", "京" * 9)] == [[], [], []]
    assert list(nominatives("Берлин", ["в"])) == []


@pytest.mark.parametrize(
    ("name", "nominative"), [("Ростове-на-Дону", "ростов на дону"), ("Нижнем Новгороде", "нижний новгород")]
)
def test_a_name_of_several_words_is_inflected_whole(name, nominative):
    """With hyphens or spaces; it comes before what its last word alone would give."""
    assert next(nominatives(name, ["погода", "в"])) == nominative


def test_a_slip_in_a_question_is_suggested(gazetteer):
    """The words around the name are no part of it."""
    assert PlaceSearch(gazetteer).suggestions("weather in Londn")[0].name == "London"
