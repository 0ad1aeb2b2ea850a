"""Who is behind a request: the name of its access key, else its address. For quotas, the log and the metrics.

What was found is remembered by all that it depends on, so that the next request of the same visitor costs a look-up.
"""

from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import Scope

from weather.settings import Settings
from weather.upstream.quota import named
from weather.web.http.clients.access import holder, holder_by_cookie, key_sent
from weather.web.http.clients.client_ip import client_of

READ = frozenset({b"x-forwarded-for", b"forwarded", b"x-api-key", b"cookie"})
LONGEST_REMEMBERED, MOST_REMEMBERED = 500, 1024
"""Bytes of one request, and number of visitors, that are remembered."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """`client`: whose quota is charged. `shown`: what the log says, which needs no quotes. `name`: of the access key,
    "" if it has none."""

    client: str
    shown: str
    name: str


class Visitors:
    """Finds the visitor of a request."""

    def __init__(self, settings: Settings) -> None:
        self._keys, self._trusted = settings.access_keys, settings.trusted_proxies
        self._known: dict[tuple[object, ...], Visitor] = {}

    def of(self, scope: Scope) -> Visitor:
        peer = scope["client"][0] if scope.get("client") else ""
        read = self._read(scope)
        facts = (peer, scope["query_string"] if self._keys else b"", *read)
        if visitor := self._known.get(facts):
            return visitor
        visitor = self._learn(peer, scope["query_string"], read)
        if len(scope["query_string"]) + sum(len(value) for _, value in read) <= LONGEST_REMEMBERED:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            self._known[facts] = visitor
        return visitor

    def _read(self, scope: Scope) -> tuple[tuple[bytes, bytes], ...]:
        if not self._keys and not self._trusted:
            return ()
        return tuple([header for header in scope["headers"] if header[0] in READ])

    def _learn(self, peer: str, query: bytes, read: tuple[tuple[bytes, bytes], ...]) -> Visitor:
        headers = Headers(raw=list(read))
        key = holder(self._keys, key_sent(headers, query)) or holder_by_cookie(self._keys, headers)
        if key and key.name:
            return Visitor(named(key.name), key.name, key.name)
        client = client_of(peer, headers, self._trusted)
        return Visitor(client, client or "-", "")
