"""How a request for weather came out: "hit", "stale", "miss" or "error"; "" for any other request. Pure."""

from weather.web.http.responses import surface

BESIDE = ("/api/v1/places", "/api/v1/search")
"""Of the API what asks for no weather."""


def result_of(path: str, status: int, cache: str) -> str:
    """The result by the Cache-Status of the response. `cache` is "" where nothing was given, or nothing was asked."""
    if cache:
        return "stale" if "ttl=-" in cache else "miss" if "fwd=" in cache else "hit"
    return "error" if status >= 400 and asks_for_weather(path) else ""


def asks_for_weather(path: str) -> bool:
    """Whether a path is of the routes that answer with weather."""
    shape = surface(path)
    if shape == "api":
        return path.startswith("/api/v1/") and not path.startswith(BESIDE)
    return shape == "owm" or path.startswith("/forecast/")
