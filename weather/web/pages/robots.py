"""`/robots.txt` (RFC 9309): crawlers may read forecasts and docs, each once, and cost no more calls than that."""

from starlette.requests import Request
from starlette.responses import Response

from weather.domain.unit_choice import CHOICES
from weather.settings import Settings

NOT_FOR_CRAWLERS = (
    "/api/",
    "/data/",
    "/geo/",
    "/map/",
    "/search",
    "/places",
    "/status",
    "/readyz",
    "/metrics",
    "/forecast/*/map",
)
"""Programs' routes, pages that are of one moment or of one visitor, and maps, which lead on to others without end."""

VARIANTS = ("lang", "units", "clock", "name", *CHOICES)
"""Parameters that show one page in another way: its address without them is the one to be found."""


class Robots:
    """The file is of the host; below a path prefix the operator puts its lines into the host's own."""

    def __init__(self, settings: Settings) -> None:
        self._text = robots(settings.root_path, is_private=settings.private)

    async def answer(self, request: Request) -> Response:
        return Response(
            self._text, headers={"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "max-age=86400"}
        )


def robots(root: str, *, is_private: bool) -> str:
    """The text; a private server has nothing for crawlers."""
    paths = ["/"] if is_private else [*NOT_FOR_CRAWLERS, *(f"/*?*{name}=" for name in VARIANTS)]
    return "".join(["User-agent: *\n", *(f"Disallow: {root}{path}\n" for path in paths)])
