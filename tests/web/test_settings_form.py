"""`POST /settings`: a plain form on every page keeps what a reader prefers, and leads back to the clean address."""

import pytest
from fakes import running
from hypothesis import given
from hypothesis import strategies as st
from markup import parsed

from weather.i18n.language import LANGUAGES
from weather.web.pages.settings_form import local

pytestmark = pytest.mark.anyio

PAGE = "/forecast/51.51,-0.13"
YEAR = 365 * 24 * 60 * 60
CHOICES = {
    "units": ["metric", "si", "us", "uk"],
    "temperature": ["c", "f"],
    "wind": ["kmh", "ms", "mph", "kn", "bft"],
    "precipitation": ["mm", "in"],
    "pressure": ["hpa", "inhg", "mmhg", "kpa"],
    "distance": ["km", "mi"],
    "clock": ["24", "12"],
    "lang": list(LANGUAGES),
    "scheme": ["light", "dark"],
}


def form_of(text: str) -> tuple[str, dict[str, list[str]], dict[str, str]]:
    """The form of the settings: where it goes, what each field offers, and what each holds."""
    tree = parsed(text)
    form = next(one for one in tree.iter("form") if one.get("action", "").endswith("/settings"))
    assert form.get("method") == "post"
    offered, held = {}, {one.get("name"): one.get("value") for one in form.iter("input")}
    for field in form.iter("select"):
        options = list(field.iter("option"))
        chosen = [one for one in options if one.get("selected") is not None] or options[:1]
        offered[field.get("name")] = [one.get("value") for one in options]
        (held[field.get("name")],) = [one.get("value") for one in chosen]
    return form.get("action"), offered, held


def pressed(text: str) -> dict[str, dict[str, bool]]:
    """The choices that are a button each, and which of them hold."""
    tree = parsed(text)
    form = next(one for one in tree.iter("form") if one.get("action", "").endswith("/settings"))
    buttons: dict[str, dict[str, bool]] = {}
    for one in (button for part in form.iter("fieldset") for button in part.iter("button")):
        buttons.setdefault(one.get("name"), {})[one.get("value")] = one.get("aria-pressed") == "true"
    return buttons


def cookies_of(answer) -> dict[str, tuple[str, set[str]]]:
    """The cookies that an answer sets: value and attributes by name."""
    found = {}
    for line in answer.headers.get_list("set-cookie"):
        first, *rest = (part.strip() for part in line.split(";"))
        name, _, value = first.partition("=")
        found[name] = (value, {part.lower() for part in rest})
    return found


@pytest.mark.slow
async def test_the_form_offers_every_choice_and_holds_what_is_kept(site):
    """Each field begins with the choice of none; what a link asks for is not offered as if it were kept. Temperature
    and wind, which are changed most, are buttons that send the form."""
    headers = {"Cookie": "units=us; wind=kn; lang=de; scheme=dark; pressure=bad"}
    text = (await site.get(f"{PAGE}?units=si&pressure=kpa", headers=headers)).text
    _, offered, held = form_of(text)
    buttons = pressed(text)
    assert offered | {name: [*states] for name, states in buttons.items()} == {
        name: ["auto", *values] for name, values in CHOICES.items()
    }
    assert {name: [value for value, holds in states.items() if holds] for name, states in buttons.items()} == {
        "temperature": ["auto"],
        "wind": ["kn"],
    }
    kept = {"units": "us", "lang": "de", "scheme": "dark"}
    assert held == dict.fromkeys(CHOICES.keys() - buttons.keys(), "auto") | kept | {"page": PAGE}


@pytest.mark.slow
async def test_what_the_form_chose_holds_on_every_page(site):
    """°C from a form of a page in °F, knots, 12 hours, French, dark: on the page it leads back to, and on others."""
    chosen = {"units": "us", "temperature": "c", "wind": "kn", "clock": "12", "lang": "fr", "scheme": "dark"}
    action, _, held = form_of((await site.get(f"{PAGE}?units=si&lang=ar&name=Home+%26+%22x%22")).text)
    answer = await site.post(action, data=held | chosen)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?name=Home+%26+%22x%22")
    page = await site.get(answer.headers["location"])
    assert "<title>12° Home &amp; &#34;x&#34;</title>" in page.text
    assert '<html lang="fr" dir="ltr" data-scheme="dark">' in page.text
    assert "10\u00a0nd" in page.text  # 5 m/s
    assert "29,88\u00a0inHg" in page.text
    assert "11:55 AM" in " ".join(page.text.split())
    assert '<html lang="fr"' in (await site.get("/nowhere")).text


async def test_automatic_forgets_what_was_kept(site):
    """The cookie goes, and the browser's own languages and region speak again."""
    await site.post("/settings", data={"units": "si", "lang": "ar", "wind": "bft"})
    assert "3\u00a0بوفورت" in (await site.get(PAGE)).text  # 5 m/s
    answer = await site.post("/settings", data={"units": "auto", "lang": "auto", "wind": "auto"})
    assert {name: attributes & {"max-age=0"} for name, (_, attributes) in cookies_of(answer).items()} == {
        "units": {"max-age=0"},
        "lang": {"max-age=0"},
        "wind": {"max-age=0"},
    }
    assert '<html lang="en-GB"' in (await site.get(PAGE)).text
    assert not site.cookies


async def test_a_choice_that_the_form_does_not_name_stays(site):
    """One field alone may be sent."""
    await site.post("/settings", data={"units": "us"})
    assert set(cookies_of(await site.post("/settings", data={"clock": "12"}))) == {"clock"}
    assert "<title>54°" in (await site.get(PAGE)).text


@pytest.mark.parametrize(("root", "path"), [("", "/"), ("/weather", "/weather")])
async def test_the_cookies_are_nobody_elses_business(upstream, clock, root, path):
    """Out of reach of scripts and other sites, for this path alone, for a year; never in the clear over TLS."""
    async with running(upstream, clock, WEATHER_ROOT_PATH=root) as site:
        action, _, held = form_of((await site.get(f"{root}{PAGE}")).text)
        plain = await site.post(action, data=held | {"wind": "kn"})
        site.base_url = "https://test"
        safe = await site.post(f"{root}/settings", data={"wind": "kn"})
    assert plain.headers["location"] == f"{root}{PAGE}"
    attributes = {"httponly", "samesite=lax", f"path={path}", f"max-age={YEAR}"}
    assert cookies_of(plain)["wind"] == ("kn", attributes)
    assert cookies_of(safe)["wind"] == ("kn", attributes | {"secure"})


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
)
async def test_another_site_changes_no_setting(site, headers):
    """403, and no cookie."""
    answer = await site.post("/settings", data={"lang": "ar"}, headers=headers)
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)
    assert "Settings are changed from a page of this site" in answer.text


@pytest.mark.slow
@pytest.mark.parametrize("name", CHOICES)
@pytest.mark.parametrize("value", ["x", "", "US", "kn\r\nSet-Cookie: a=b"])
async def test_what_is_no_choice_is_refused_whole(site, name, value):
    """400, and not even the good fields beside it are kept."""
    good = {"clock": "12"} if name != "clock" else {"lang": "de"}
    answer = await site.post("/settings", data=good | {name: value})
    assert (answer.status_code, "set-cookie" in answer.headers) == (400, False)


async def test_what_is_no_form_is_refused(site):
    """Other fields 400, another media type 415, another method 405."""
    assert (await site.post("/settings", data={"colour": "red"})).status_code == 400
    assert (await site.post("/settings", json={"lang": "de"})).status_code == 415
    assert (await site.get("/settings")).status_code == 405


EVIL = [
    "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "",
    "evil.example", "/a\r\nSet-Cookie: x=y", "/ /evil.example", "/\t/evil.example", "/" + "a" * 3000, "/\u2028",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("address", EVIL)
async def test_the_way_back_never_leads_off_the_site(site, address):
    """An address that is not plainly one of ours leads to the home page."""
    fields = {"lang": "de", "page": address} if address else {"lang": "de"}
    answer = await site.post("/settings", data=fields)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


@given(st.text(max_size=30) | st.text(alphabet="/\\.:@?#a", max_size=12))
def test_whatever_is_sent_as_the_way_back_stays_here(address):
    """One slash, and neither a second nor a backslash behind it; nothing that a header may not hold."""
    found = local(address)
    assert found[0] == "/"
    assert found[1:2] not in ("/", "\\")
    assert found.isascii()
    assert found.isprintable()


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/", "/search?q=Springfield", "/places", "/status", "/docs", "/nowhere"])
async def test_every_page_has_the_form_and_is_led_back_to(site, path):
    """Also pages of errors; a search keeps what was searched for."""
    answer = await site.get(path)
    assert answer.status_code == (404 if path == "/nowhere" else 200)
    action, _, held = form_of(answer.text)
    assert (await site.post(action, data=held)).headers["location"] == path


async def test_the_page_for_the_time_offline_has_no_form_that_cannot_be_sent(site):
    """It is fetched with the first visit, and shown without a network."""
    text = (await site.get("/offline")).text
    assert "You are offline" in text and 'action="/settings"' not in text


async def test_an_error_page_never_brings_markup_into_the_form(site):
    """The address in the form is escaped."""
    text = (await site.get('/x"><script>alert(1)</script>?name="><b>')).text
    assert "<script>alert" not in text
    assert "<b>" not in text.split("<footer>")[1]


@pytest.mark.slow
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
async def test_settings_are_posted_alone(site, method):
    """Any other method is 405, and `Allow` names none that would be 405 too (RFC 9110, 15.5.6)."""
    answer = await site.request(method, "/settings")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


async def test_the_form_of_a_page_that_cannot_be_shown_leads_home(site):
    """`/settings` cannot be opened: whoever lands there, by reloading or by a bad form, is not led there again."""
    pages = [
        await site.get("/settings"),
        await site.post("/settings", data={"units": "bad"}),
        await site.put("/places"),
    ]
    assert [page.status_code for page in pages] == [405, 400, 405]
    assert [form_of(page.text)[2]["page"] for page in pages] == ["/", "/", "/"]


async def test_an_error_page_has_the_operators_units_too(upstream, clock):
    """What the button of the settings says is the same on every page."""
    async with running(upstream, clock, WEATHER_UNITS="us") as site:
        buttons = [
            (await site.get(path)).text.partition("<summary>")[2].partition("</summary>")[0]
            for path in ("/", "/nowhere")
        ]
    assert "°F" in buttons[0]
    assert buttons[0] == buttons[1]


async def test_another_programs_cookie_at_the_host_changes_nothing(upstream, clock):
    """Below a path prefix: of two cookies of one name a browser sends that of the longer path, ours, first (RFC 6265,
    5.4), and the one for the whole host behind it."""
    async with running(upstream, clock, WEATHER_ROOT_PATH="/weather") as site:
        answer = await site.get("/weather/", headers={"Cookie": "lang=fr; units=si; lang=de; units=us"})
    assert '<html lang="fr"' in answer.text
    assert form_of(answer.text)[2].items() >= {"lang": "fr", "units": "si"}.items()
