"""Postal codes as people write them."""

import re

import pytest
from fakes import running
from hypothesis import given
from hypothesis import strategies as st

from weather.places.postal_codes import WITH_COUNTRY, canonical_code, first_half


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("94040,us", "94040,US"),
        (" 94040 , us ", "94040,US"),
        ("94040,usa", "94040,US"),
        ("94040,", "94040"),
        ("94040", "94040"),
        ("sw1a  1aa,uk", "SW1A 1AA,GB"),
        ("1000-001,PT", "1000-001,PT"),
        ("94040,us,x", None),
        ("94040,u1", None),
        (",US", None),
        ("", None),
        ("<b>,US", None),
        ("-1,US", None),
        ("1234567890123,US", None),
        ("ﬀ,US", None),
        ("94040\n,US", None),
    ],
)
def test_spaces_and_case_cost_nothing(text, code):
    """One spelling for all; what is no code is none."""
    assert canonical_code(text) == code


@pytest.mark.parametrize(
    ("code", "first"),
    [
        ("K0A 1K0,CA", "K0A,CA"),
        ("SW1A1AA,GB", "SW1A,GB"),
        ("M1 1AE,GB", "M1,GB"),
        ("1012AB,NL", "1012,NL"),
        ("D6W XY00,IE", "D6W,IE"),
        ("K0A,CA", None),
        ("94040,US", None),
        ("K0A 1K0,US", None),
        ("K0A 1K0", None),
    ],
)
def test_the_first_half_of_two(code, first):
    """Of the countries of which the geocoder has no more."""
    assert first_half(code) == first


@pytest.mark.slow
@given(st.from_regex(rf"\A{WITH_COUNTRY}\Z") | st.text("A1- ,uUsSaAgb", max_size=16))
def test_the_pattern_that_is_told_is_what_is_taken(text):
    """A code with its country is taken if and only if `/openapi.json` says so."""
    code = canonical_code(text)
    assert (code is not None and "," in code) == bool(re.fullmatch(WITH_COUNTRY, text))


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("name", "asked", "country", "region"),
    [
        ("90210", "90210,US", "US", "en-US"),
        ("94040, us", "94040,US", "US", "de"),
        ("SW1A 1AA", "SW1A 1AA,GB", "GB", "de"),
        ("CH-8001", "8001,CH", "CH", "de"),
        ("10115", "10115,DE", "DE", "de-DE"),
    ],
)
async def test_a_code_in_place_of_a_name_asks_the_postal_route(upstream, clock, name, asked, country, region):
    """In the country that was typed, the only one with such codes, or the reader's; no geocoding of names besides."""
    upstream.bodies["/geo/1.0/zip"] = lambda _: {"lat": 51.5, "lon": -0.14, "name": "There", "country": country}
    async with running(upstream, clock) as site:
        page = await site.get("/search", params={"q": name}, headers={"Accept-Language": region})
    assert (page.status_code, page.headers["location"]) == (303, "/forecast/51.5,-0.14?name=There")
    assert (upstream.calls, upstream.queries[0]["zip"]) == (["/geo/1.0/zip"], asked)


@pytest.mark.anyio
async def test_a_code_that_nobody_knows_is_a_404_after_two_calls(upstream, clock):
    """The whole and its half; geocoding is not asked besides."""
    upstream.fails(404, b'{"cod":"404","message":"not found"}', "application/json")
    async with running(upstream, clock) as site:
        assert (await site.get("/search?q=NW8 9AY")).status_code == 404
    assert [query["zip"] for query in upstream.queries] == ["NW8 9AY,GB", "NW8,GB"]


@pytest.mark.anyio
async def test_a_code_that_many_countries_have_is_a_list_for_who_names_none(upstream, clock):
    """The geocoder looks in one country only: its place is offered, and not taken for sure."""
    upstream.bodies["/geo/1.0/zip"] = lambda _: {"lat": 34.09, "lon": -118.41, "name": "Beverly Hills", "country": "US"}
    async with running(upstream, clock) as site:
        results = (await site.get("/api/v1/search?q=90210")).json()["results"]
        page = await site.get("/search?q=90210", headers={"Accept-Language": "de"})
    assert [place["name"] for place in results] == ["Beverly Hills"]
    assert (page.status_code, upstream.count) == (200, 1)
    assert "/forecast/34.09,-118.41" in page.text
