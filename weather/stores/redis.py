"""One Redis (7 or later, or what speaks like it) for many machines. A fault of it is a miss, once in a while noticed.

redis-py retries a refused connection for seconds, and waits for a hung server for ever (8.1): here it does neither.
After a fault the server is left alone for a second, doubling to a quarter of a minute, and nobody waits. Time is kept
here and not by redis-py, which drops an answer that came while the loop was busy.
"""

import asyncio
import logging
import struct
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

import redis.asyncio as redis

from weather.exchange import sealed, unsealed
from weather.quota import Draw, Refused, Row, settle
from weather.store import Unkept

T = TypeVar("T")
log = logging.getLogger(__name__)

PREFIX = "weather:2:"
WAIT_SECONDS, OPEN_SECONDS = 0.09, 1.0
"""For one answer, which is what a request is slower once; and at the start, when nobody waits."""

LAST_LOOKS = 5
"""Turns of the loop in which an answer may still be read that has come while it was busy."""

FIRST_REST, LONGEST_REST = 1.0, 15.0
CONNECTIONS = 8
"""Few, for each costs more to make than many answers to read; who is in excess waits here, not at the server."""
STAMP = struct.Struct(">d")
CONTESTED = 50
"""Attempts at a ledger that others write too; one of them wins each time."""

PUT = """
local kept = redis.call('GETRANGE', KEYS[1], 0, 7)
if #kept == 8 then
  local at = struct.unpack('>d', kept)
  if at > tonumber(ARGV[2]) and at <= tonumber(ARGV[3]) then return 0 end
end
redis.call('SET', KEYS[1], struct.pack('>d', ARGV[2]) .. ARGV[1], 'PX', ARGV[4])
return 1
"""
CLAIM = """
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""
RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end"
SWAP = """
for i, key in ipairs(KEYS) do
  if (redis.call('GET', key) or '') ~= ARGV[3 * i - 2] then return 0 end
end
for i, key in ipairs(KEYS) do
  redis.call('SET', key, ARGV[3 * i - 1], 'PX', ARGV[3 * i])
end
return 1
"""


class RedisStore:
    """Answers, claims and budgets by plain keys; what must be one step is one script."""

    def __init__(
        self,
        url: str,
        steady: Callable[[], float],
        wall: Callable[[], float],
        room: str = "",
        patience: float = WAIT_SECONDS,
    ) -> None:
        self._redis = redis.Redis(
            connection_pool=redis.ConnectionPool.from_url(
                url, socket_timeout=None, socket_connect_timeout=None, retry=None, protocol=2
            )
        )
        self._patience, self._turns = patience, asyncio.Semaphore(CONNECTIONS)
        self._put, self._claim, self._release, self._swap = map(
            self._redis.register_script, (PUT, CLAIM, RELEASE, SWAP)
        )
        self._steady, self._wall, self._prefix = steady, wall, PREFIX + room
        self._rest, self._until = 0.0, 0.0
        self.trouble: str | None = None

    async def open(self) -> None:
        """See whether it is there; if not, say so and go on."""
        self._patience, patience = max(self._patience, OPEN_SECONDS), self._patience
        await self._guarded("open", self._make_ready)
        self._patience = patience

    async def _make_ready(self) -> None:
        """Make the connections and load the scripts, so that from now on all takes one answer."""
        await asyncio.gather(*(self._redis.ping() for _ in range(CONNECTIONS)))
        for script in (self._put, self._claim, self._release, self._swap):
            await self._redis.script_load(script.script)

    async def get(self, key: str) -> bytes | None:
        return (await self.several([key])).get(key)

    async def several(self, keys: Sequence[str]) -> dict[str, bytes]:
        stored: Any = await self._guarded("read", lambda: self._redis.mget([self._prefix + key for key in keys]))
        return {key: bytes(row[8:]) for key, row in zip(keys, stored or (), strict=False) if row is not None}

    async def put(self, key: str, value: bytes, seconds: float, at: float = 0.0) -> None:
        arguments = (value, repr(at), repr(self._wall()), milliseconds(seconds))
        await self._guarded("write", lambda: self._put([self._prefix + key], arguments))

    async def claim(self, key: str, holder: str, seconds: float) -> bool:
        name = f"{self._prefix}claim {key}"
        claimed = await self._guarded("claim", lambda: self._claim([name], (holder, milliseconds(seconds))))
        return claimed is None or bool(claimed)

    async def release(self, key: str, holder: str) -> None:
        await self._guarded("release", lambda: self._release([f"{self._prefix}claim {key}"], (holder,)))

    async def spend(self, taken: Sequence[Draw], now: float) -> Refused | None:
        names = [self._prefix + draw.budget for draw in taken]
        for _ in range(CONTESTED):
            kept: Any = await self._guarded("spend", lambda: self._redis.mget(names))
            if kept is None:
                break
            settled = settle(rows_of(taken, kept), taken, now)
            if isinstance(settled, Refused):
                return settled
            arguments = changes(taken, kept, settled, now)
            swapped = await self._guarded("spend", partial(self._swap, names, arguments))
            if swapped:
                return None
        raise Unkept

    async def sample(self, most: int) -> list[tuple[str, float]]:
        return await self._guarded("sample", lambda: self._sampled(most)) or []

    async def _sampled(self, most: int) -> list[tuple[str, float]]:
        found: Any = await self._redis.scan(match=f"{self._prefix}/*", count=10 * most)
        stamps: list[Any] = await asyncio.gather(*(self._redis.getrange(key, 0, 7) for key in found[1][:most]))
        named = zip((key.decode("utf-8", "replace") for key in found[1]), stamps, strict=False)
        return [(key.removeprefix(self._prefix), STAMP.unpack(stamp)[0]) for key, stamp in named if len(stamp) == 8]

    async def _guarded(self, what: str, act: Callable[[], Awaitable[T]]) -> T | None:
        """What the act gives; None if it fails, or while the server is left alone."""
        async with self._turns:
            if (now := self._steady()) < self._until:
                return None
            is_trial = self.trouble is not None
            if is_trial:
                self._until = now + self._rest  # one tries, and nobody waits with it
            try:
                given = await self._in_time(act())
            except (redis.RedisError, OSError, ValueError) as error:
                if is_trial or self.trouble is None:  # of many that fail at once the first counts
                    self._failed(what, error)
                return None
            if is_trial:
                log.warning("redis: back again")
            self._rest, self._until, self.trouble = 0.0, 0.0, None
            return given

    async def _in_time(self, act: Awaitable[T]) -> T:
        """What the act gives, if it does so in time."""
        task = asyncio.ensure_future(act)
        try:
            await asyncio.wait({task}, timeout=self._patience)
            for _ in range(LAST_LOOKS):
                if not task.done():
                    await asyncio.sleep(0)
            if not task.done():
                raise TimeoutError
            return task.result()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def _failed(self, what: str, error: Exception) -> None:
        """Leave it alone for a while, and say so."""
        self._rest = min(LONGEST_REST, max(FIRST_REST, 2 * self._rest))
        self._until = self._steady() + self._rest
        self.trouble = f"redis does not answer: {type(error).__name__}"
        log.warning("redis, %s: %s", what, type(error).__name__)

    async def close(self) -> None:
        await self._redis.aclose(close_connection_pool=True)


def rows_of(taken: Sequence[Draw], kept: Sequence[bytes | None]) -> dict[str, Row]:
    """The budgets as they were read."""
    return {draw.budget: unsealed((row or b"")[8:], Row) or [] for draw, row in zip(taken, kept, strict=True)}


def changes(taken: Sequence[Draw], kept: Sequence[bytes | None], settled: Mapping[str, Row], now: float) -> list[Any]:
    """For each budget what it must still be, what it becomes, and for how long."""
    told: list[Any] = []
    for draw, row in zip(taken, kept, strict=True):
        new = settled[draw.budget]
        told += [row or b"", STAMP.pack(now) + sealed(new), milliseconds(new[-1][0] - now)]
    return told


def milliseconds(seconds: float) -> int:
    return max(1, int(seconds * 1000))
