"""Every header and parameter that a visitor may fill, with what has ever made a reader of headers slow."""

import gc
import time
from collections.abc import Iterator
from urllib.parse import quote

HEADERS = """If-None-Match Cookie Accept-Language Accept-Encoding X-Forwarded-For X-Forwarded-Proto Forwarded Host
    Cache-Control X-API-Key Authorization Content-Type Content-Length Origin Sec-Fetch-Site Accept User-Agent Range
    If-Modified-Since Referer X-Forwarded-Host""".split()
DOORS = {
    "page": "/offline",
    "api": "/api/v1/current?lat=51.51&lon=-0.13&appid=alpha",
    "owm": "/data/2.5/weather?lat=51.51&lon=-0.13&appid=alpha",
    "error": "/nowhere",
    "docs": "/docs",
    "place": "/London",
    "card": "/forecast/51.51,-0.13/card",
    "table": "/api/v1/daily?lat=51.51&lon=-0.13&appid=alpha",
    "metrics": "/metrics",
}
PARAMETERS = {
    "/search": ("q", "begins", "name", "lang", "units", "clock", "x"),
    "/offline": ("name", "q", "units", "lang", "x"),
    "/forecast/51.51,-0.13": ("name",),
    "/London": ("format", "lang", "x"),
    "/forecast/51.51,-0.13/card": ("name", "theme"),
    "/forecast/51.51,-0.13/badge.svg": ("name",),
    "/forecast/51.51,-0.13/calendar.ics": ("name", "clock"),
    "/forecast/51.51,-0.13/map": ("name", "layer", "zoom"),
    "/metrics": ("appid",),
    "/api/v1/current": ("q", "lat", "at", "zip", "id", "fields", "units", "lang", "appid", "x"),
    "/api/v1/hourly": ("hours",),
    "/api/v1/search": ("q", "limit"),
    "/data/2.5/weather": ("q", "lat", "zip", "id", "units", "lang", "mode", "cnt", "appid", "callback", "x"),
    "/data/2.5/group": ("id",),
    "/geo/1.0/direct": ("q", "limit"),
}
FILLERS = ["a", " ", ",", ", ", "\\", '"', "-", "a-", "a,", "1,", "a;", ";q=", "=", "for=1,", '"a",', '"a" ', "[", "1."]
FILLERS += ["::", "de,", "W/", "%", "current.time,", "\xe9", "."]
FRAMES = {"If-None-Match": ('"a"', "x"), "Cookie": ('a="', '"'), "Accept-Language": ("", "a")}
"""What stands before and after it, where it is not looked at otherwise."""

LARGEST_HEADER, LARGEST_QUERY = 28_000, 7_500


def filled(filler: str, size: int, frame: tuple[str, str] = ("", "")) -> str:
    """So many characters of it, inside a frame."""
    return frame[0] + (filler * size)[:size] + frame[1]


def header_walk() -> Iterator[tuple[str, str, str, tuple[str, str]]]:
    """Door, header, filler and frame of each request."""
    for name in HEADERS:
        for filler in FILLERS:
            for door in ("page", "api", "owm") if name in FRAMES else ("page",):
                for frame in {("", ""), FRAMES.get(name, ("", ""))}:
                    yield door, name, filler, frame
        for door in DOORS:
            yield door, name, ",", ("", "")
    for filler in FILLERS:  # what these two read decides the form of the answer there
        yield "place", "User-Agent", filler, ("curl/8 ", "")
        yield "place", "Accept", filler, ("text/plain,", "")
        yield "table", "Accept", filler, ("text/csv,", "")


def parameter_walk() -> Iterator[tuple[str, str, str]]:
    """Path, parameter and filler of each request."""
    for path, names in PARAMETERS.items():
        for name in names:
            for filler in FILLERS:
                yield path, name, filler


def target(path: str, name: str, value: str) -> str:
    """An address with that value in it, as long as an address may be."""
    return f"{path}?{name}={quote(value, safe=',')}"[: LARGEST_QUERY + 100]


async def cost(app, path: str, headers: dict[str, str]) -> float:
    """The seconds of processor time that the loop's thread spends on one request."""
    path, _, query = path.partition("?")
    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in ({"Host": "test"} | headers).items()]
    scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "headers": raw}
    scope |= {"scheme": "http", "http_version": "1.1", "client": ("127.0.0.1", 1), "server": ("test", 80)}

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message) -> None:
        pass

    gc.disable()  # whose time is that of all that was made before
    try:
        began = time.thread_time()
        await app(dict(scope), receive, send)
        return time.thread_time() - began
    finally:
        gc.enable()
