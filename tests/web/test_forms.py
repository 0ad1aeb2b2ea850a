"""Forms of pages: what is far longer than any of ours is not read."""

import pytest
from fakes import running

pytestmark = pytest.mark.anyio

FORMS = ["/places", "/places/x/remove", "/settings", "/sign-in"]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize("path", FORMS)
async def test_a_form_longer_than_any_of_ours_is_413(upstream, clock, path):
    """60,000 escapes, which take more than 30 ms to read, are refused before anybody reads them; 8 KB are read."""
    async with running(upstream, clock, WEATHER_ACCESS_KEYS="one") as site:
        long = await site.post(path, content="%" * 60_000, headers=FORM)
        read = await site.post(path, content="x=" + "y" * 8000, headers=FORM)
    assert (long.status_code, long.headers["content-type"]) == (413, "text/html; charset=utf-8")
    assert read.status_code == 400


async def test_the_longest_name_fits_into_a_form(site):
    """A hundred letters of three bytes each, all escaped."""
    answer = await site.post("/places", data={"name": "\u6771" * 100, "latitude": "1", "longitude": "1"})
    assert answer.status_code == 303
