"""Geocoding: from OpenWeatherMap's entries to places."""

import json

import msgspec
import pytest

from weather.providers.openweathermap.geocoding import read_many, read_one, to_model


def place(**more):
    told = {"name": "Portland", "lat": 45.5202471, "lon": -122.674194, "country": "US", "state": "Oregon"} | more
    spot = read_one(json.dumps({name: value for name, value in told.items() if value is not ...}).encode())
    return to_model(spot, lambda at: f"zone of {at}")


def test_an_entry():
    """Name, country, state, and the point on the grid of upstream's cache; the zone is asked for that point."""
    found = place()
    assert (found.name, found.country, found.state) == ("Portland", "US", "Oregon")
    assert (found.latitude, found.longitude, found.timezone) == (45.52, -122.67, "zone of 45.52,-122.67")


@pytest.mark.parametrize("state", [..., None, "", "\u202e"])
def test_a_state_may_be_missing(state):
    """Most countries have none."""
    assert place(state=state).state is None


def test_names_in_other_languages_are_not_needed():
    """`local_names` holds from 2 to 108 of them, and two that are no languages."""
    assert place(local_names={"ascii": "Portland", "feature_name": "Portland", "ja": "ポートランド"}) == place()


@pytest.mark.parametrize(("lat", "lon"), [(91, 0), (-90.01, 0), (0, 180.5), (1e300, 0)])
def test_a_point_off_the_earth_is_no_place(lat, lon):
    """Such an entry is left out, the others stand."""
    assert place(lat=lat, lon=lon) is None


def test_names_are_made_fit_to_be_shown():
    """No control or direction marks, no country that is not two letters."""
    found = place(name="Port\u202eland\x00" + "x" * 10**6, country="none")
    assert found.name == "Portland " + "x" * 71
    assert found.country is None


def test_no_match_is_an_empty_list():
    """Under 200."""
    assert read_many(b"[]") == []


@pytest.mark.parametrize("text", ["{}", '{"lat": null, "lon": 1}', '{"lat": 1e999, "lon": 1}', "[]"])
def test_other_shapes_are_refused(text):
    """A place without a point is none."""
    with pytest.raises(msgspec.DecodeError):
        read_one(text.encode())


def test_an_odd_entry_costs_itself():
    """One of which the point is not known is left out of the list; degrees as text are degrees."""
    raw = '[{"lat": nan, "lon": 1}, null, {"lat": "45.5", "lon": 1, "name": 7, "state": "Here"}]'
    assert [(spot.lat, spot.name, spot.state) for spot in read_many(raw.encode())] == [(45.5, None, "Here")]
