"""The gazetteer, against the file that is installed."""

import logging
import math
import runpy
import sqlite3
import threading
import unicodedata
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weather.domain.model import PLACE_KINDS, Coordinates, Place
from weather.places.gazetteer.borders import countries_by_zone
from weather.places.gazetteer.cells import distance
from weather.places.gazetteer.file import DEFAULT_PATH
from weather.places.gazetteer.folding import normalize_name
from weather.places.gazetteer.lookup import Gazetteer
from weather.places.gazetteer.ranking import Area, is_clear, rank
from weather.places.time_zones import zone_at

NOWHERE = Coordinates(-48.88, -123.39)  # Point Nemo, 2,700 km from any land

latitudes = st.floats(-90, 90) | st.sampled_from([-90.0, -89.99, 0.0, 89.99, 90.0])
longitudes = st.floats(-180, 180) | st.sampled_from([-180.0, -179.99, 0.0, 179.99, 180.0])
points = st.builds(Coordinates, latitudes, longitudes)


@pytest.fixture(scope="module")
def places() -> list[Place]:
    """All towns and districts of the file."""
    with closing(sqlite3.connect(f"{DEFAULT_PATH.as_uri()}?mode=ro", uri=True)) as file:
        rows = file.execute(
            "SELECT name, country, region, latitude / 1000.0, longitude / 1000.0, kind, id FROM place"
            " JOIN unit ON number = unit WHERE kind < 2 ORDER BY id"
        )
        return [Place(*row[:5], "", PLACE_KINDS[row[5]], id=row[6]) for row in rows]


@pytest.fixture(scope="module")
def vectors(places: list[Place]) -> list[tuple[float, float, float]]:
    return [vector(place.coordinates) for place in places]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    path = tmp_path / "gazetteer.sqlite"
    path.write_bytes(DEFAULT_PATH.read_bytes())
    return path


def vector(point: Coordinates) -> tuple[float, float, float]:
    """A point on the unit sphere: a way to measure that shares nothing with the haversine formula."""
    latitude, longitude = math.radians(point.latitude), math.radians(point.longitude)
    level = math.cos(latitude)
    return level * math.cos(longitude), level * math.sin(longitude), math.sin(latitude)


def chord(a: tuple[float, float, float], b: tuple[float, float, float]) -> float:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2


def where(place: Place) -> tuple[str | None, str | None]:
    return place.name, place.country


# Folding


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  São   Paulo ", "sao paulo"),
        ("ZÜRICH", "zurich"),
        ("Łódź", "lodz"),
        ("Tromsø", "tromso"),
        ("İstanbul", "istanbul"),
        ("Diyarbakır", "diyarbakir"),
        ("Gießen", "giessen"),
        ("Þorlákshöfn", "thorlakshofn"),
        ("St. John's", "st johns"),
        ("Saint-Denis", "saint denis"),
        ("Nuku\u02bbalofa", "nukualofa"),
        ("Αθήνα", "αθηνα"),
        ("القُدس", "القدس"),
        ("ירוּשָׁלַיִם", "ירושלים"),
        ("Ｔｏｋｙｏ", "tokyo"),
        ("", ""),
        (" .,-' ", ""),
        ("\ud800\x00", ""),
    ],
)
def test_folds_case_accents_and_punctuation(text: str, folded: str) -> None:
    """Spellings that differ in case, accents, apostrophes or spacing fold to one key."""
    assert normalize_name(text) == folded


@pytest.mark.parametrize(
    ("one", "other"), [("が", "か"), ("मुंबई", "मबई"), ("กรุงเทพ", "กรงเทพ"), ("বাংলা", "বল"), ("މާލެ", "މލ")]
)
def test_keeps_the_marks_that_carry_a_word(one: str, other: str) -> None:
    """In kana, Indic scripts, Thai and Thaana words that differ in their marks stay different."""
    assert normalize_name(one) != normalize_name(other)


def test_folds_hangul_so_that_half_a_syllable_is_a_prefix() -> None:
    """What a Korean keyboard shows halfway through 서울 is a prefix of its key."""
    assert normalize_name("서울").startswith(normalize_name("서우"))


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    """A folded text is its own key."""
    assert normalize_name(normalize_name(text)) == normalize_name(text)


@given(st.text())
def test_folded_text_is_words(text: str) -> None:
    """A key holds letters, marks and digits, and single spaces between them."""
    words = normalize_name(text).split(" ")
    assert words == [""] or all(words)
    assert {unicodedata.category(letter)[0] for word in words for letter in word} <= set("LMN")


# Exact names


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("München", "Munich", "DE"),
        ("Munich", "Munich", "DE"),
        ("munchen", "Munich", "DE"),
        ("東京", "Tokyo", "JP"),
        ("Москва", "Moscow", "RU"),
        ("São Paulo", "São Paulo", "BR"),
        ("sao paulo", "São Paulo", "BR"),
        ("New York", "New York City", "US"),
        ("NYC", "New York City", "US"),
        ("北京", "Beijing", "CN"),
        ("Αθήνα", "Athens", "GR"),
        ("القاهرة", "Cairo", "EG"),
        ("ירושלים", "Jerusalem", "IL"),
        ("서울", "Seoul", "KR"),
        ("กรุงเทพ", "Bangkok", "TH"),
        ("मुंबई", "Mumbai", "IN"),
        ("თბილისი", "Tbilisi", "GE"),
        ("Bombay", "Mumbai", "IN"),
        ("Kiev", "Kyiv", "UA"),
        ("Wien", "Vienna", "AT"),
        ("Den Haag", "The Hague", "NL"),
        ("lodz", "Łódź", "PL"),
        ("tromso", "Tromsø", "NO"),
        ("Reykjavik", "Reykjavík", "IS"),
        ("Xian", "Xi’an", "CN"),
        ("Washington DC", "Washington", "US"),
    ],
)
def test_knows_a_city_by_any_of_its_names(gazetteer: Gazetteer, text: str, name: str, country: str) -> None:
    """A city is found by its own name and by others, in any script, and the one that is meant stands first."""
    assert where(gazetteer.named(text)[0]) == (name, country)


@pytest.mark.parametrize(
    "text",
    ["Tokyo", "Reykjavík", "Nairobi", "Longyearbyen", "Ushuaia", "München", "東京", "Helsinki", "London", "Paris",
     "Sydney", "New York", "Singapore", "Zermatt", "Hallstatt", "Calcutta", "Luxembourg", "JFK", "Heathrow"],
)  # fmt: skip
def test_a_clear_name_is_one_place(gazetteer: Gazetteer, text: str) -> None:
    """A name that only one place bears, or one twenty times as large as the next, gives one place."""
    assert len(gazetteer.named(text)) == 1


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("Hyderabad", ["IN", "PK"]),
        ("Birmingham", ["GB", "US"]),
        ("Odessa", ["UA", "US"]),
        ("Whitby", ["CA", "GB"]),
        ("Georgia", ["GE", "US"]),
        ("Mexico", ["MX"]),
    ],
)
def test_an_ambiguous_name_is_several_places(gazetteer: Gazetteer, text: str, countries: list[str]) -> None:
    """A name that several places of like weight bear gives all of them, the largest first."""
    found = gazetteer.named(text)
    assert len(found) > 1
    assert [place.country for place in found[: len(countries)]] == countries


def test_springfield_is_told_apart_by_state(gazetteer: Gazetteer) -> None:
    """Places of one name in one country differ by their region."""
    states = [place.state for place in gazetteer.named("Springfield")]
    assert {"Illinois", "Missouri", "Massachusetts", "Oregon", "Ohio"} <= set(states)


@pytest.mark.parametrize(
    ("text", "first", "country"),
    [
        ("Ireland", "Dublin", "IE"),
        ("India", "New Delhi", "IN"),
        ("Egypt", "Cairo", "EG"),
        ("Deutschland", "Berlin", "DE"),
        ("Malta", "Valletta", "MT"),
        ("日本", "Tokyo", "JP"),
        ("Sicily", "Palermo", "IT"),
        ("Bayern", "Munich", "DE"),
        ("Scotland", "Edinburgh", "GB"),
        ("California", "Sacramento", "US"),
        ("UK", "London", "GB"),
    ],
)
def test_a_country_or_region_leads_to_its_towns(gazetteer: Gazetteer, text: str, first: str, country: str) -> None:
    """The name of a country or region gives a pick list of its towns, its capital first, that says whose they are."""
    found = gazetteer.named(text)
    assert len(found) == 10
    assert where(found[0]) == (first, country)
    assert {place.country for place in found} == {country}
    assert {place.matched for place in found} == {found[0].matched} != {None}


@pytest.mark.parametrize(
    ("text", "first", "country"),
    [
        ("Bali", "Denpasar", "ID"),
        ("Tuscany", "Florence", "IT"),
        ("Wyoming", "Cheyenne", "US"),
        ("Banjul", "Banjul", "GM"),
    ],
)
def test_a_region_comes_before_a_town_of_its_name_elsewhere(
    gazetteer: Gazetteer, text: str, first: str, country: str
) -> None:
    """Bali is the island, not a suburb of Kolkata; but a town comes before a region that is merely called so, too."""
    assert where(gazetteer.named(text)[0]) == (first, country)


@pytest.mark.parametrize(
    ("text", "name", "matched"),
    [("Calcutta", "Kolkata", "Calcutta"), ("München", "Munich", "München"), ("Bombay", "Mumbai", "Bombay")],
)
def test_another_name_that_matched_is_told(gazetteer: Gazetteer, text: str, name: str, matched: str) -> None:
    """A place that was found by another name than its own says by which."""
    place = gazetteer.named(text)[0]
    assert (place.name, place.matched) == (name, matched)
    assert gazetteer.named(name)[0].matched is None


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("LHR", "London Heathrow Airport", "airport"),
        ("EGLL", "London Heathrow Airport", "airport"),
        ("Charles de Gaulle Airport", "Charles de Gaulle International Airport", "airport"),
        ("Frankfurt Airport", "Frankfurt am Main International Airport", "airport"),
        ("Kreuzberg", "Kreuzberg", "district"),
        ("Zermatt", "Zermatt", "city"),
        ("Banff", "Banff", "city"),
    ],
)
def test_every_kind_of_place_is_found(gazetteer: Gazetteer, text: str, name: str, kind: str) -> None:
    """Small towns, districts, and airports by either code and by name are there, and say what they are."""
    assert (gazetteer.named(text)[0].name, gazetteer.named(text)[0].kind) == (name, kind)


def test_four_letters_that_are_also_an_airports_are_not_taken_for_it(gazetteer: Gazetteer) -> None:
    """SYLT is the ICAO code of Lethem in Guyana: who types Sylt is not taken there."""
    assert not is_clear(rank(gazetteer.places_named("sylt")))


@pytest.mark.parametrize(
    ("language", "name", "state", "country"),
    [
        ("de", "München", "Bayern", "Deutschland"),
        ("fr", "Munich", "Bavière", "Allemagne"),
        ("ar", "ميونخ", None, "ألمانيا"),
        ("en", "Munich", "Bavaria", "Germany"),
    ],
)
def test_a_place_is_called_as_its_reader_calls_it(
    gazetteer: Gazetteer, language: str, name: str, state: str | None, country: str
) -> None:
    """Names of towns, regions and countries are there in the languages of the pages."""
    place = gazetteer.in_language(gazetteer.named("Munich")[0], language)
    assert (place.name, gazetteer.area_name(Area("DE"), language)) == (name, country)
    assert state in (None, place.state)


@pytest.mark.parametrize(
    ("english", "language", "name"),
    [
        ("Cairo", "ar", "القاهرة"), ("Cairo", "de", "Kairo"), ("Cairo", "fr", "Le Caire"), ("Moscow", "de", "Moskau"),
        ("London", "fr", "Londres"), ("London", "de", "London"), ("Rome", "de", "Rom"), ("Geneva", "de", "Genf"),
    ],
)  # fmt: skip
def test_exonyms(gazetteer: Gazetteer, english: str, language: str, name: str) -> None:
    """Large towns abroad have the name that a language has for them."""
    assert gazetteer.in_language(gazetteer.named(english)[0], language).name == name


def test_own_names_hide_the_names_that_others_have_too(gazetteer: Gazetteer) -> None:
    """Where a place's own name is asked for, places that merely may be called so are left out."""
    assert {place.name for place in gazetteer.named("Vienna")} == {"Vienna"}


@pytest.mark.parametrize(
    ("text", "state", "country"),
    [
        ("Paris, Texas", "Texas", "US"),
        ("Paris,US", "Texas", "US"),
        ("paris , tx, us", "Texas", "US"),
        ("Paris, USA", "Texas", "US"),
        ("Paris, France", "Île-de-France", "FR"),
        ("Paris, ile de france", "Île-de-France", "FR"),
        ("London, United Kingdom", "England", "GB"),
        ("London, UK", "England", "GB"),
        ("London, England", "England", "GB"),
        ("London, Ontario", "Ontario", "CA"),
        ("London, ON", "Ontario", "CA"),
        ("Springfield, Illinois, US", "Illinois", "US"),
        ("Perth, Scotland", "Scotland", "GB"),
        ("Perth, WA", "Western Australia", "AU"),
        ("Vancouver, WA", "Washington", "US"),
        ("Washington, D.C.", "District of Columbia", "US"),
        ("東京、JP", "Tokyo", "JP"),
    ],
)
def test_what_follows_a_comma_narrows(gazetteer: Gazetteer, text: str, state: str, country: str) -> None:
    """Countries and regions, by name or by letters, leave the places that lie there."""
    found = gazetteer.named(text)
    assert (found[0].state, found[0].country) == (state, country)
    assert {place.country for place in found} == {country}


@pytest.mark.parametrize(
    "text", ["", ",", "Lodnon", "Paris, Germany", "Paris, Nowhere", "Tokyo, Texas, JP", "\ud800", "x" * 9999]
)
def test_an_unknown_name_is_no_place(gazetteer: Gazetteer, text: str) -> None:
    """What the gazetteer does not hold, or not there, it does not find."""
    assert gazetteer.named(text) == []


@pytest.mark.slow
def test_every_place_is_found_by_its_own_name(gazetteer: Gazetteer, places: list[Place]) -> None:
    """No place is out of reach by the name it is shown with (every hundredth one is tried)."""

    def is_found(place: Place) -> bool:
        return any(one.place.id == place.id for one in gazetteer.places_named(normalize_name(str(place.name))))

    assert [place for place in places[::100] if not is_found(place)] == []


# Typing


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("lo", "London"),
        ("par", "Paris"),
        ("Mün", "Munich"),
        ("reyk", "Reykjavík"),
        ("new y", "New York City"),
        ("моск", "Moscow"),
        ("東", "Tokyo"),
        ("서우", "Seoul"),
        ("san fr", "San Francisco"),
        ("são p", "São Paulo"),
    ],
)
def test_the_beginning_of_a_name_finds_the_city(gazetteer: Gazetteer, text: str, name: str) -> None:
    """The city most people mean is among the first few for the beginning of its name."""
    assert name in [place.name for place in gazetteer.search(text)[:3]]


def test_exact_names_stand_before_longer_ones(gazetteer: Gazetteer) -> None:
    """A small place of just that name stands before a large one whose name goes on."""
    names = [place.name for place in gazetteer.search("York", limit=50)]
    assert names[0] == "York"
    assert names.index("York") < names.index("Yorkton")


def test_a_few_letters_are_no_exact_other_name(gazetteer: Gazetteer) -> None:
    """Codes and transcriptions of two or three letters do not outrank the names that begin so."""
    names = [place.name for place in gazetteer.search("pa")]
    assert "Paris" in names[:5]
    assert "Chongqing" not in names[:5]


@pytest.mark.parametrize("text", ["s", "sa", "ha", "mo", "san", "nan"])
@pytest.mark.parametrize("limit", [1, 10, 50])
def test_a_crowded_beginning_fills_the_list(gazetteer: Gazetteer, text: str, limit: int) -> None:
    """However many names of one city begin alike, the list is as long as it may be and holds each place once."""
    found = gazetteer.search(text, limit)
    assert len(found) == len(set(found)) == limit


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("Paris, Te", "Texas"),
        ("paris, t", "Texas"),
        ("par, texas", "Texas"),
        ("Springfield, Ill", "Illinois"),
        ("London, cana", "Ontario"),
    ],
)
def test_a_half_typed_qualifier_narrows(gazetteer: Gazetteer, text: str, state: str) -> None:
    """The last word after a comma need not be finished."""
    assert state in {place.state for place in gazetteer.search(text)}
    assert "Île-de-France" not in {place.state for place in gazetteer.search(text)}


def test_a_comma_may_be_part_of_a_name(gazetteer: Gazetteer) -> None:
    """Where no area is called so, what follows the comma belongs to the name."""
    assert where(gazetteer.search("Washington, D.C.")[0]) == ("Washington", "US")


@pytest.mark.parametrize("text", ["", " ", ",", ", US", "\ud800", "qqqq", "x" * 9999])
def test_nothing_typed_finds_nothing(gazetteer: Gazetteer, text: str) -> None:
    """Nothing, and what begins no name, finds no place."""
    assert gazetteer.search(text) == []


@given(st.text(max_size=12), st.integers(1, 30))
def test_any_text_may_be_typed(gazetteer: Gazetteer, text: str, limit: int) -> None:
    """No text raises, and the list never is longer than its limit."""
    assert len(gazetteer.search(text, limit)) <= limit


# Slips


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Lodnon", "London"),
        ("Pariss", "Paris"),
        ("Berlln", "Berlin"),
        ("Munchin", "Munich"),
        ("Reykjavic", "Reykjavík"),
        ("San Fransisco", "San Francisco"),
        ("Philidelphia", "Philadelphia"),
        ("Istambul, Turkey", "Istanbul"),
        ("Маскава", "Moscow"),
    ],
)
def test_a_slip_of_the_pen_is_understood(gazetteer: Gazetteer, text: str, name: str) -> None:
    """The first suggestion for a name spelt nearly right is the city that is meant."""
    assert gazetteer.suggestions(text)[0].name == name


@pytest.mark.parametrize("text", ["", "zzzzzzzz", "?", "\ud800", "x" * 9999])
def test_what_is_like_nothing_gets_no_suggestion(gazetteer: Gazetteer, text: str) -> None:
    """Where no name is near, none is suggested."""
    assert gazetteer.suggestions(text) == []


# Numbers


def test_finds_a_place_by_its_number(gazetteer: Gazetteer) -> None:
    """GeoNames numbers, which OpenWeatherMap uses too, name places."""
    place = gazetteer.by_id(2643743)
    assert place is not None
    assert (place.name, place.state, place.country, place.timezone) == ("London", "England", "GB", "Europe/London")
    assert distance(place.coordinates, Coordinates(51.507, -0.128)) < 5


@pytest.mark.parametrize("number", [-1, 0, 2**31, 2**63 - 1, 2**63, 10**30, -(10**30)])
def test_a_number_that_no_place_has_finds_nothing(gazetteer: Gazetteer, number: int) -> None:
    """Any whole number may be asked for."""
    assert gazetteer.by_id(number) is None


# Positions


def test_distance_of_known_cities() -> None:
    """Paris and London lie 344 km apart; the poles half a circumference."""
    assert distance(Coordinates(48.8566, 2.3522), Coordinates(51.5074, -0.1278)) == pytest.approx(344, abs=1)
    assert distance(Coordinates(90, 0), Coordinates(-90, 0)) == pytest.approx(20015, abs=1)


@pytest.mark.slow
@given(points)
@settings(max_examples=40, deadline=None)
def test_nearest_is_the_nearest_of_all(
    gazetteer: Gazetteer, places: list[Place], vectors: list[tuple[float, float, float]], point: Coordinates
) -> None:
    """Everywhere, the poles and the antimeridian included, no place on this side of the border is nearer."""
    found = gazetteer.nearest(point, limit_km=200)
    here = vector(point)
    near = [place for place, there in zip(places, vectors, strict=True) if chord(here, there) < (199.9 / 6371) ** 2]
    zone = zone_at(point)
    country = countries_by_zone().get(zone)
    mine = [place for place in near if country in (None, place.country) or zone_at(place.coordinates) == zone]
    least = min((chord(here, vector(place.coordinates)) for place in mine), default=math.inf)
    assert (math.inf if found is None else chord(here, vector(found.coordinates))) <= least + 1e-12


@given(points, st.floats(1, 300))
@settings(max_examples=40, deadline=None)
def test_nearest_keeps_its_limit(gazetteer: Gazetteer, point: Coordinates, limit: float) -> None:
    """A place is found if and only if the nearest one lies within the limit."""
    nearest = gazetteer.nearest(point, 300)
    expected = nearest if nearest and distance(point, nearest.coordinates) <= limit else None
    assert gazetteer.nearest(point, limit) == expected


@pytest.mark.parametrize(
    ("latitude", "longitude", "name"),
    [
        (-1.286, 36.817, "Nairobi"),
        (-18.14, 178.44, "Suva"),
        (78.22, 15.63, "Longyearbyen"),
        (-54.8, -68.3, "Ushuaia"),
        (64.73, 177.5, "Anadyr"),
    ],
)
def test_knows_where_it_is(gazetteer: Gazetteer, latitude: float, longitude: float, name: str) -> None:
    """A point in a city is named after it."""
    found = gazetteer.nearest(Coordinates(latitude, longitude))
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    ("latitude", "longitude", "country"),
    [
        (47.5925, 7.583, "FR"),
        (47.57, 7.61, "CH"),
        (48.57, 7.815, "DE"),
        (48.985, -123.05, "US"),
        (32.545, -117.03, "US"),
    ],
)
def test_no_town_beyond_the_border(gazetteer: Gazetteer, latitude: float, longitude: float, country: str) -> None:
    """Near a border the nearest town of the point's own country counts, were another one's nearer."""
    found = gazetteer.nearest(Coordinates(latitude, longitude))
    assert found is not None
    assert found.country == country


def test_a_point_outside_of_a_town_says_how_far(gazetteer: Gazetteer) -> None:
    """Far from the middle of a town the distance stands beside its name; in the town it does not."""
    inside, outside = gazetteer.nearest(Coordinates(69.727, 30.045)), gazetteer.nearest(Coordinates(69.6, 30.4))
    assert inside is not None
    assert (inside.name, inside.distance) == ("Kirkenes", None)
    assert outside is not None
    assert outside.distance == pytest.approx(distance(outside.coordinates, Coordinates(69.6, 30.4)), abs=0.06)


def test_a_district_knows_its_town(gazetteer: Gazetteer) -> None:
    """Of a part of a town the town is known, by which it is named."""
    wall_street = gazetteer.nearest(Coordinates(40.707, -74.011))
    assert wall_street is not None
    assert wall_street.kind == "district"
    assert (town := gazetteer.town_of(wall_street)) is not None
    assert town.name == "New York City"
    assert gazetteer.town_of(town) is None


def test_looks_across_the_antimeridian(gazetteer: Gazetteer) -> None:
    """East of 180 degrees Labasa, Fiji, on its western side is seen."""
    found = gazetteer.nearest(Coordinates(-16.43, -179.95), 100)
    assert found is not None
    assert where(found) == ("Labasa", "FJ")


def test_the_open_sea_has_no_place(gazetteer: Gazetteer) -> None:
    """Far from land there is nothing within 50 km."""
    assert gazetteer.nearest(NOWHERE) is None


# The file


@pytest.mark.slow
def test_the_file_holds_the_world(places: list[Place]) -> None:
    """There are hundreds of thousands of places in nearly all countries, nearly all with a region."""
    assert len(places) > 230_000
    assert len({place.country for place in places}) > 240
    assert sum(place.state is not None for place in places) > 0.99 * len(places)


@pytest.mark.slow
def test_the_file_is_the_one_committed() -> None:
    """What is unpacked is what the repository holds: after a new one, install again."""
    packed = DEFAULT_PATH.with_name("gazetteer.json.xz")
    if not packed.exists():
        pytest.skip("not in a repository")
    forms = runpy.run_path(str(Path(__file__).parent.parent / ".build" / "gazetteer" / "gazetteer_file.py"))
    whole = {table: list(map(tuple, rows)) for table, rows in forms["unpack"](packed.read_bytes()).items()}
    assert forms["read"](DEFAULT_PATH) == whole


def test_the_packed_file_stays_small() -> None:
    """At most 8 MB, of which every checkout has one."""
    assert DEFAULT_PATH.with_name("gazetteer.json.xz").stat().st_size <= 8_000_000


def test_geonames_is_credited() -> None:
    """The licence asks for the source, the licence's address and word of the changes."""
    credit = DEFAULT_PATH.with_name("LICENSE-geonames.txt").read_text()
    for words in ("https://www.geonames.org/", "https://creativecommons.org/licenses/by/4.0/", "changed"):
        assert words in credit


def assert_finds_nothing(gazetteer: Gazetteer) -> None:
    london = Coordinates(51.5, -0.12)
    assert gazetteer.search("London") == gazetteer.named("London, UK") == gazetteer.suggestions("Lodnon") == []
    assert gazetteer.by_id(2643743) is gazetteer.nearest(london) is None


@pytest.mark.parametrize("content", [None, b"", b"not a database" * 999])
def test_a_missing_or_foreign_file_finds_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes | None
) -> None:
    """Without a sound file every look-up finds nothing, and the log says so once, at the start."""
    path = tmp_path / "gazetteer.sqlite"
    if content is not None:
        path.write_bytes(content)
    with closing(Gazetteer(path)) as gazetteer:
        assert len(caplog.records) == 1
        assert_finds_nothing(gazetteer)
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


def test_damaged_pages_find_nothing(copy: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Where every page but the first is rubbish no look-up raises, and the log says so once."""
    content = copy.read_bytes()
    copy.write_bytes(content[:4096] + b"\xa5" * (len(content) - 4096))
    with closing(Gazetteer(copy)) as gazetteer:
        assert_finds_nothing(gazetteer)
    assert len(caplog.records) == 1


def test_a_file_cut_short_never_raises(copy: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Half a file finds what it finds."""
    content = copy.read_bytes()
    copy.write_bytes(content[: len(content) // 2])
    with closing(Gazetteer(copy)) as gazetteer:
        for text in ("London", "Paris", "Zürich", "東京", "s"):
            gazetteer.search(text), gazetteer.named(text), gazetteer.suggestions(text)
        for latitude in range(-90, 91, 10):
            gazetteer.nearest(Coordinates(latitude, latitude * 2), 1000)
    assert len(caplog.records) == 1


def test_the_file_is_only_read(copy: Path) -> None:
    """Looking up writes nothing, neither in the file nor beside it."""
    before = copy.read_bytes()
    copy.chmod(0o444)
    with closing(Gazetteer(copy)) as gazetteer:
        assert gazetteer.search("London")
        assert list(copy.parent.iterdir()) == [copy]
    assert copy.read_bytes() == before


def test_a_path_may_hold_anything(tmp_path: Path) -> None:
    """Signs that mean something in an address are part of the path."""
    path = tmp_path / "a b?c#d%20é.sqlite"
    path.write_bytes(DEFAULT_PATH.read_bytes())
    with closing(Gazetteer(path)) as gazetteer:
        assert gazetteer.named("Tokyo")


def test_other_threads_may_look_up(gazetteer: Gazetteer) -> None:
    """A look-up is not bound to the thread that opened the file."""
    found: list[Place] = []
    thread = threading.Thread(target=lambda: found.extend(gazetteer.named("Tokyo")))
    thread.start()
    thread.join()
    assert len(found) == 1


def test_a_closed_gazetteer_finds_nothing() -> None:
    """After closing, which may be done twice, look-ups find nothing."""
    gazetteer = Gazetteer()
    gazetteer.close()
    gazetteer.close()
    assert_finds_nothing(gazetteer)


@given(st.text(st.characters(max_codepoint=127), max_size=20))
def test_a_name_in_ascii_is_normalized_as_one_with_a_mark_is(text):
    """The short way for ASCII and the whole way, which another letter asks for, give the same."""
    assert f"{normalize_name(text)} e".strip() == normalize_name(f"{text} é")


@pytest.mark.parametrize("text", ["S", "Sa", "s"])
def test_what_follows_few_letters_is_kept_and_stays_the_same(gazetteer, text):
    """By whatever limit it was asked before."""
    with closing(Gazetteer()) as fresh:
        whole = fresh.search(text, 8)
    assert gazetteer.search(text, 3) == whole[:3]
    assert gazetteer.search(text, 8) == gazetteer.search(text, 8) == whole
