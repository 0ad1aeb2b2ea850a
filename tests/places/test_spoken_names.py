"""What towns and regions are called to a reader: as people say it, never by an old name or another place's."""

import sqlite3
import unicodedata
from contextlib import closing

import pytest
from fakes import running
from meteo import Both

from weather.places.gazetteer.file import DEFAULT_PATH

pytestmark = pytest.mark.anyio
LATIN = ("en", "de", "fr")


@pytest.mark.parametrize(
    ("text", "language", "name"),
    [
        ("Casablanca", "en", "Casablanca"),
        ("Odesa", "en", "Odesa"),
        ("Agadir", "en", "Agadir"),
        ("Dubai", "en", "Dubai"),
        ("Jiangmen", "en", "Jiangmen"),
        ("Mykolayiv", "en", "Mykolayiv"),
        ("Köln", "en", "Cologne"),
        ("Sevilla", "en", "Seville"),
        ("Hannover", "en", "Hanover"),
        ("Luzern", "en", "Lucerne"),
        ("Vitebsk", "de", "Vitebsk"),
        ("Bratislava", "de", "Bratislava"),
        ("Zagreb", "de", "Zagreb"),
        ("Buenos Aires", "de", "Buenos Aires"),
        ("Genève", "de", "Genf"),
        ("Beijing", "de", "Peking"),
        ("Mersin", "fr", "Mersin"),
        ("Lubumbashi", "fr", "Lubumbashi"),
        ("Oświęcim", "fr", "Oświęcim"),
        ("Beijing", "fr", "Pékin"),
        ("Seoul", "fr", "Séoul"),
        ("Aachen", "fr", "Aix-la-Chapelle"),
        ("Astana", "ar", "Astana"),
        ("Cairo", "ar", "القاهرة"),
    ],
)
def test_a_town_is_called_as_people_call_it(gazetteer, text, language, name):
    """Casablanca is no White House, Bratislava not its region, Vitebsk not Brest; Cologne and Genf are known so."""
    assert gazetteer.in_language(gazetteer.named(text)[0], language).name == name


@pytest.mark.parametrize("text", ["臺北", "台北", "Taipei"])
def test_taipei_is_found_by_either_letter(gazetteer, text):
    """Taiwan writes one letter in two ways, and both mean the city before the county around it."""
    assert [place.name for place in gazetteer.named(text)] == ["Taipei"]


@pytest.mark.parametrize("language", LATIN)
@pytest.mark.parametrize("text", ["Tabriz", "Zahedan", "Sanandaj", "Bushehr"])
def test_no_region_of_iran_is_called_as_another(gazetteer, text, language):
    """Their codes were given anew in 2020: East Azerbaijan is not Gilan, Kurdistan not Ilam."""
    place = gazetteer.named(text)[0]
    assert gazetteer.in_language(place, language).state == place.state


def test_names_are_of_their_languages_script_and_are_names():
    """No Latin letters for Arabic, and none of the remarks that stand in the packages."""
    with closing(sqlite3.connect(f"file:{DEFAULT_PATH}?mode=ro", uri=True)) as file:
        rows = file.execute("SELECT l.language, l.name, p.name, p.kind FROM local l JOIN place p ON p.id = l.place")
        for language, name, own, kind in rows:
            letter = next(unicodedata.name(c) for c in name if c.isalpha())
            assert letter.startswith("ARABIC" if language == "ar" else "LATIN") or kind == 3, name
            assert kind == 3 or "(" not in name, name
            assert any(c.isdigit() for c in own) or not any(c.isdigit() for c in name), name


@pytest.mark.parametrize(
    ("language", "heading", "near"), [("de", "Wien", "Wien, Innere Stadt"), ("fr", "Vienne", "Vienne, Innere Stadt")]
)
async def test_a_town_is_called_so_where_its_point_lies_in_a_district(clock, language, heading, near):
    """The middle of Vienna is the Inner City's; who looked for the town reads its name, in the own language."""
    async with running(Both(clock), clock, key=None, WEATHER_PROVIDER="auto") as site:
        found = await site.get(f"/search?q=Wien&lang={language}")
        page = await site.get(f"{found.headers['location']}&lang={language}")
        bare = await site.get(f"/forecast/48.21,16.37?lang={language}")
    assert f'<h1 id="place"><bdi>{heading}</bdi></h1>' in page.text
    assert f"<bdi>{near}</bdi>" in page.text
    assert f'<h1 id="place"><bdi>{near}</bdi></h1>' in bare.text
