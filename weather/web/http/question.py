"""Which requests get the same response: by the path, the query and what the headers of its `Vary` mean."""

from starlette.types import Scope

from weather.settings.access_keys import AccessKey
from weather.web.api.table import TABLES, wants_csv
from weather.web.http.clients import cookies
from weather.web.http.clients.access import admitted
from weather.web.http.clients.place_list_token import token_in
from weather.web.http.preferences import preferences
from weather.web.http.responses import surface, takes_gzip
from weather.web.terminal.clients import depends_on_client, kind

LONGEST_REMEMBERED, MOST_REMEMBERED = 500, 256
"""Bytes of headers whose reading is remembered: those of ordinary browsers are shorter; and of how many."""

OF_PROGRAMS = ("/api/", "/data/", "/geo/", "/map/")
OF_PICTURES = (".svg", ".png")
"""How paths begin or end where no cookie and no language changes an answer."""

Key = tuple[str, bytes, object]
"""Path, query, and what else the response there depends on."""


class Question:
    """What a response depends on beside path and query: the headers of its `Vary`, as far as they make a difference."""

    def __init__(self, access_keys: tuple[AccessKey, ...]) -> None:
        self._access_keys = access_keys
        self._known: dict[tuple[bytes | None, ...], tuple[object, ...]] = {}

    def of(self, scope: Scope, headers: dict[bytes, bytes]) -> Key:
        """The same for all requests that get the same answer."""
        path: str = scope["path"]
        values: tuple[bytes | None, ...] = (headers.get(b"accept-encoding"),)
        if not path.startswith(OF_PROGRAMS) and not path.endswith(OF_PICTURES):
            values += (headers.get(b"cookie"), headers.get(b"accept-language"))
        elif self._access_keys:
            values += (headers.get(b"x-api-key"),)
        meaning: object = self._known.get(values) or self._learn(values)
        if depends_on_client(path):
            texts = (headers.get(name, b"").decode("latin-1") for name in (b"user-agent", b"accept"))
            meaning = (meaning, kind(*texts))
        elif path in TABLES:
            meaning = (meaning, wants_csv(headers.get(b"accept", b"").decode("latin-1")))
        return path, scope["query_string"], meaning

    def _learn(self, values: tuple[bytes | None, ...]) -> tuple[object, ...]:
        """What comes of these headers; remembered, so that the next who sends them costs little."""
        texts = [None if text is None else text.decode("latin-1") for text in values]
        meaning = (
            takes_gzip(texts[0] or ""),
            *(self._of_page(*texts[1:]) if len(texts) == 3 else self._of_key(texts[1:])),
        )
        if sum(len(text or "") for text in texts) <= LONGEST_REMEMBERED:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            self._known[values] = meaning
        return meaning

    def _of_page(self, cookie: str | None, languages: str | None) -> tuple[object, ...]:
        sent = cookies.read(cookie or "")
        return preferences({}, sent, languages or "", None), token_in(sent)

    def _of_key(self, key: list[str | None]) -> tuple[object, ...]:
        return tuple(admitted(self._access_keys, text) for text in key if text is not None)


DEPENDS = {
    "page": frozenset({"accept-encoding", "accept-language", "cookie"}),
    "api": frozenset({"accept-encoding", "x-api-key"}),
    "owm": frozenset({"accept-encoding", "x-api-key"}),
}
"""By surface: the headers that a `Question` reads. A response that varies with more is not stored."""


def depends(path: str) -> frozenset[str]:
    """The headers that a `Question` reads for a path."""
    more = {"user-agent", "accept"} if depends_on_client(path) else {"accept"} if path in TABLES else set[str]()
    return DEPENDS[surface(path)] | more
