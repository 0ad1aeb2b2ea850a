"""A page of an error leads on: again, to the start, to the saved places; and says when it is tried again."""

import re

import pytest

pytestmark = pytest.mark.anyio

TRIES = re.compile(r"An open page tries again by itself in \w")


async def test_a_page_that_is_not_there_has_a_way_on(site):
    """Links to the start and to what is saved; trying again would not help."""
    answer = await site.get("/nowhere")
    assert answer.status_code == 404
    text = answer.text
    assert '<a href="/">Start page</a>' in text
    assert '<a href="/places">Saved places</a>' in text
    assert "Try again" not in text
    assert "data-retry" not in text


async def test_who_typed_into_the_search_has_typed_no_address(site):
    """A point that is none is told as an entry to look at, as in any form."""
    answer = await site.get("/search?q=95,200")
    assert answer.status_code == 400 and "<h1>Please check what you entered</h1>" in answer.text
    assert (await site.get("/forecast/95,200")).text.count("<h1>This address is not valid</h1>") == 1


async def test_a_fault_of_the_source_is_tried_again(site, upstream):
    """In plain words, with the seconds of `Retry-After` for the script, a minute at least, and a link without it."""
    upstream.fails(503)
    answer = await site.get("/forecast/10,10")
    assert answer.status_code in (502, 503)
    wait = max(60, int(answer.headers["retry-after"]))
    assert f'data-retry="{wait}"' in answer.text
    assert '<a href="">Try again</a>' in answer.text
    assert TRIES.search(re.sub("[\u2066-\u2069]", "", answer.text))


async def test_what_was_written_is_not_sent_again(site):
    """A form that failed is not repeated by a page that renews itself."""
    answer = await site.post("/places", data={"name": "x"})
    assert answer.status_code == 400
    assert "data-retry" not in answer.text
