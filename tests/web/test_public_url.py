"""The site's address for others: where a page, or an answer for programs, has to name the host."""

import html
import re

import pytest
from fakes import running

pytestmark = pytest.mark.anyio

ADDRESS = "https://w.example/sky"
PUBLIC = {"WEATHER_PUBLIC_URL": ADDRESS, "WEATHER_ROOT_PATH": "/sky"}
PAGE = "/forecast/51.51,-0.13"


async def test_a_page_names_its_own_address(upstream, clock):
    """Of the preview with the reader's name for the place; for search engines without; of the calendar; in snippets."""
    async with running(upstream, clock, **PUBLIC) as site:
        text = (await site.get(f"/sky{PAGE}?name=My+hut&units=us")).text
    assert f'<meta property="og:url" content="{ADDRESS}{PAGE}?name=My%20hut">' in text
    assert f'<link rel="canonical" href="{ADDRESS}{PAGE}">' in text
    assert f'type="text/calendar" href="{ADDRESS}{PAGE}/calendar.ics?name=My%20hut">' in text
    snippets = [html.unescape(html.unescape(one)) for one in re.findall(r"<textarea[^>]*>(.*?)</textarea>", text)]
    assert [re.findall(r'(?:src|href)="([^?]+)', one) for one in snippets] == [
        [f"{ADDRESS}{PAGE}/card"],
        [f"{ADDRESS}{PAGE}", f"{ADDRESS}{PAGE}/badge.svg"],
    ]
    assert "<noscript>" not in text


async def test_answers_for_programs_name_it_too(upstream, clock):
    """The help of the terminal, the documentation and its text for language models."""
    async with running(upstream, clock, **PUBLIC) as site:
        assert f"curl {ADDRESS}/London " in (await site.get("/sky/:help")).text
        assert f"{ADDRESS}/api/v1/" in (await site.get("/sky/llms.txt")).text


async def test_without_it_a_page_names_no_host(site):
    """It is one for all who reach the site by whatever name; programs are told the name that they asked."""
    text = (await site.get(f"{PAGE}?name=London")).text
    assert "og:url" not in text and "canonical" not in text
    assert f'type="text/calendar" href="{PAGE}/calendar.ics' in text
    assert (
        "curl http://elsewhere.example/London "
        in (await site.get("/:help", headers={"Host": "elsewhere.example"})).text
    )
