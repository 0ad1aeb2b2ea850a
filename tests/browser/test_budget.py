"""What a visit weighs, and whom it asks. `visitor` sees to it that it is nobody but us."""

import gzip
from subprocess import DEVNULL
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest
from looks import OUTSIDE, UNFOLD
from serving import listening, served
from staging import NAMES, TONGUES
from storms import Storm

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.slow]

KILOBYTE = 1024
PLACES = ("51.51,-0.13?name=London", "35.69,139.69?name=Tokyo", "78.22,15.65", "1.29,103.85")


def loaded(context, url: str) -> set[str]:
    """The addresses of all that a visit loads, worker and manifest included."""
    asked = set()
    context.on("request", lambda request: asked.add(request.url))
    page = context.new_page()
    page.goto(url)
    page.wait_for_function("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_load_state("networkidle")
    return asked


def weight(url: str, lang: str = "en") -> int:
    """Bytes of a body as they cross the network."""
    with urlopen(Request(url, headers={"Accept-Encoding": "gzip", "Accept-Language": lang})) as answer:
        return len(answer.read())


@pytest.fixture(scope="module")
def keyless(tmp_path_factory):
    """The real server without a key, over an Open-Meteo and a MetAlerts in whose every place a storm blows."""
    with listening(Storm) as origin:
        names = ("OPENMETEO", "OPENMETEO_AIR", "OPENMETEO_GEOCODING", "METALERTS")
        settings = {f"WEATHER_{name}_URL": origin for name in names} | {"WEATHER_PROVIDER": "open-meteo"}
        settings |= {"WEATHER_ALERTS": "metalerts", "WEATHER_CONTACT": "ops@weather.example"}
        with served(tmp_path_factory.mktemp("keyless") / "c", errors=DEVNULL, **settings) as (_, site):
            yield site


@pytest.mark.parametrize("place", PLACES)
def test_a_first_visit_is_light(site, visitor, place):
    """The document at most 16 KB, script and style 5 KB each; all of it 32 KB in 6 requests, the worker's included."""
    asked = loaded(visitor(), f"{site}/forecast/{place}")
    sizes = {url: weight(url) for url in asked}
    assert max(sizes.values()) <= 16 * KILOBYTE
    assert all(0 < size <= 5 * KILOBYTE for url, size in sizes.items() if url.endswith((".js", ".css")))
    assert sum(sizes.values()) <= 32 * KILOBYTE
    assert len(sizes) <= 6


@pytest.mark.parametrize("lang", ["en", "de", "ar"])
@pytest.mark.parametrize("place", ["51.51,-0.13?name=London", "59.91,10.74?name=Oslo", "69.65,18.96?name=Troms%C3%B8"])
def test_a_first_visit_by_the_hour_is_light(keyless, visitor, place, lang):
    """Hours, wind and rain that never repeat, pollen, and in Norway warnings: all of it 32 KB in 6 requests."""
    asked = loaded(visitor(locale=lang), f"{keyless}/forecast/{place}")
    sizes = {url: weight(url, lang) for url in asked}
    assert sum(sizes.values()) <= 32 * KILOBYTE, sizes
    assert len(sizes) <= 6


@pytest.mark.parametrize("lang", ["en", "de", "fr", "ar"])
def test_a_storm_fits_the_smallest_screen(keyless, visitor, lang):
    """Tables by the hour, long words, amounts and gusts, with everything open, at 240 pixels."""
    page = visitor(locale=lang, viewport={"width": 240, "height": 800}).new_page()
    page.goto(f"{keyless}/forecast/59.91,10.74?name=Oslo&clock=12")
    page.evaluate(UNFOLD)
    assert page.evaluate(OUTSIDE) == [0]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lang", TONGUES)
def test_every_document_is_light(stage, name, lang):
    """In every state, in letters of two bytes too: at most 16 KB."""
    with urlopen(f"{stage}/{quote(name)}/{lang}") as answer:
        assert len(gzip.compress(answer.read(), 9)) <= 16 * KILOBYTE
