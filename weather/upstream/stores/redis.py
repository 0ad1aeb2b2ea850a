"""The store in one Redis (7 or later, or a server that speaks its protocol) for many machines.

redis-py retries a refused connection for seconds, and waits for a hung server for ever (8.1): here it does neither.
The rules:

1. Reads for which a visitor waits have 90 ms.
2. Claims and charges, and the reads that decide with them, wait for a slow server. Only when it has not answered for
   seconds, or is gone, is each worker on its own.
3. A server that refuses writes is still read.
4. After a fault the server is left alone for a while, and nobody waits.

Timeouts are kept here and not by redis-py, which drops an answer that came while the loop was busy.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

import redis.asyncio as redis

from weather.upstream.freshness import AHEAD
from weather.upstream.quota import Charge, QuotaRefusal, try_charge
from weather.upstream.stores.backoff import Backoff, Patience, in_time
from weather.upstream.stores.base import LedgerUnavailable, StoreLate, grace
from weather.upstream.stores.redis_faults import cause_of, problem_of
from weather.upstream.stores.redis_usages import STAMP, changes, milliseconds, usages_of
from weather.upstream.stores.scripts import CLAIM, PUT, RELEASE, SWAP

T = TypeVar("T")
log = logging.getLogger(__name__)

PREFIX = "weather:2:"
OPEN_SECONDS = 1.0
"""For the first answer: at the start nobody waits."""

CONNECTIONS = 8
"""Few, for to make one costs more than to read many answers; calls in excess wait here, not at the server. As many
again for calls that may wait long, so that no read waits for them."""

MOST_WAITING, LEAST_WAITING = 16 * 2**20, 2**15
"""Bytes that may wait to be written, and what a small value counts."""

TRIAL = ("trial 1", "trial 2")
"""Keys of nothing, by which a server is tried at the start."""

CLOSE_SECONDS = 1.0
Write = tuple[str, str, Sequence[Any]]
"""A script, its key and its arguments."""

FAULTS = (redis.RedisError, OSError, ValueError)
CONTESTED = 50
"""Attempts at a usage that others write too; each time one of them succeeds."""


class RedisStore:
    """Responses, claims and usages under plain keys; what must be atomic is one script.

    `server`: the back-off of another store of the same server, so that nobody waits twice.
    """

    is_contended = True
    """Of concurrent charges one succeeds, and the others are tried again."""

    def __init__(
        self,
        url: str,
        steady: Callable[[], float],
        wall: Callable[[], float],
        namespace: str = "",
        patience: Patience | None = None,
        server: Backoff | None = None,
    ) -> None:
        self._redis = redis.Redis(
            connection_pool=redis.ConnectionPool.from_url(
                url, socket_timeout=None, socket_connect_timeout=None, retry=None, protocol=2
            )
        )
        patience = patience or Patience()
        self._patience, self._longest = patience.read, max(patience.read, patience.charge)
        self._fast_slots, self._patient_slots = asyncio.Semaphore(CONNECTIONS), asyncio.Semaphore(CONNECTIONS)
        self._claim, self._swap = map(self._redis.register_script, (CLAIM, SWAP))
        self._wall, self._prefix = wall, PREFIX + namespace
        self.server, self._reads, self._writes = server or Backoff(steady), Backoff(steady), Backoff(steady)
        self._waiting, self._queue = 0, list[Write]()
        self._writing: asyncio.Future[None] | None = None
        self._trial: asyncio.Future[None] | None = None

    @property
    def problem(self) -> str | None:
        return self.server.problem or self._reads.problem or self._writes.problem

    async def open(self) -> None:
        """Connect; if that fails, log it and go on."""
        try:
            await in_time(self._make_ready(), max(self._patience, OPEN_SECONDS))
        except FAULTS as error:
            self._fault("open", error, self._reads)
            if not isinstance(error, TimeoutError):  # it may only be slow
                self.server.fail(problem_of(error))

    async def _make_ready(self) -> None:
        """Make the connections and load the scripts, so that from now on everything is one round trip; and try them."""
        await asyncio.gather(*(self._redis.ping() for _ in range(CONNECTIONS)))
        for script in (self._claim, self._swap):
            await self._redis.script_load(script.script)
        await self._mget(TRIAL)
        names = [self._prefix + key for key in TRIAL]
        refusal = await response_or_error(lambda: self._swap(names, (b"", b"", 1) * len(TRIAL)))
        if isinstance(refusal, redis.ResponseError):
            self._fault("open", refusal, self._writes)

    async def get(self, key: str) -> bytes | None:
        return (await self.get_many([key])).get(key)

    async def get_many(self, keys: Sequence[str], *, patient: bool = False) -> dict[str, bytes]:
        stored: Any = None
        with suppress(LedgerUnavailable):
            stored = await (self._patiently if patient else self._quickly)("read", lambda: self._mget(keys))
        return {key: bytes(row[8:]) for key, row in zip(keys, stored or (), strict=False) if row is not None}

    async def _mget(self, keys: Sequence[str]) -> list[bytes | None]:
        rows: list[Any] = await self._redis.mget([self._prefix + key for key in keys])
        return rows

    async def put(self, key: str, value: bytes, seconds: float, at: float = 0.0) -> None:
        arguments = (value, repr(at), repr(self._wall() + AHEAD), milliseconds(seconds))
        self._enqueue(len(value), (PUT, self._prefix + key, arguments))

    async def claim(self, key: str, holder: str, seconds: float) -> bool:
        arguments = (holder, milliseconds(seconds), milliseconds(grace(seconds)))
        if self._writing:
            await asyncio.wait({self._writing}, timeout=self._longest)  # earlier writes are done before
        try:
            return bool(
                await self._write_patiently("claim", lambda: self._claim([f"{self._prefix}claim {key}"], arguments))
            )
        except StoreLate:
            return False
        except LedgerUnavailable:
            return True

    async def release(self, key: str, holder: str) -> None:
        self._enqueue(0, (RELEASE, f"{self._prefix}claim {key}", (holder,)))

    async def charge(self, charges: Sequence[Charge], now: float) -> QuotaRefusal | None:
        budgets = [charge.budget for charge in charges]
        for _ in range(CONTESTED):
            stored = await self._patiently("charge", lambda: self._mget(budgets))
            result = try_charge(usages_of(charges, stored), charges, now)
            if isinstance(result, QuotaRefusal):
                return result
            if await self._swap_usage(budgets, changes(charges, stored, result, now)):
                return None
        raise StoreLate

    async def _swap_usage(self, budgets: Sequence[str], arguments: Sequence[Any]) -> bool:
        names = [self._prefix + budget for budget in budgets]
        return bool(await self._write_patiently("charge", lambda: self._swap(names, arguments)))

    async def sample(self, most: int) -> list[tuple[str, float]]:
        return await self._quickly("sample", lambda: self._scan(most)) or []

    async def _scan(self, most: int) -> list[tuple[str, float]]:
        scanned: Any = await self._redis.scan(match=f"{self._prefix}/*", count=10 * most)
        stamps: list[Any] = await asyncio.gather(*(self._redis.getrange(key, 0, 7) for key in scanned[1][:most]))
        named = zip((key.decode("utf-8", "replace") for key in scanned[1]), stamps, strict=False)
        return [(key.removeprefix(self._prefix), STAMP.unpack(stamp)[0]) for key, stamp in named if len(stamp) == 8]

    async def _quickly(self, what: str, act: Callable[[], Awaitable[T]]) -> T | None:
        """The act's result; None if it fails, is not there in time, or while the server is left alone."""
        async with self._fast_slots:
            if self._reads.is_on:
                return None
            is_trial = self._reads.try_again()  # one request tries, and nobody waits with it
            try:
                result = await in_time(with_one_retry(act), self._patience)
            except FAULTS as error:
                if is_trial or self._reads.problem is None:  # of many that fail at once the first counts
                    self._fault(what, error, self._reads)
                return None
            if is_trial:
                log.warning("redis: back again")
            self._reads.end()
            self.server.end()
            return result

    async def _patiently(self, what: str, act: Callable[[], Awaitable[T]]) -> T:
        """The act's result, however slow. Raises StoreLate if it is not there in time, LedgerUnavailable without a
        server."""
        async with self._patient_slots:
            if self.server.problem is not None:
                self._try_again()
                raise LedgerUnavailable
            try:
                return await in_time(with_one_retry(act), self._longest)
            except FAULTS as error:
                if self.server.problem is None:
                    self._fault(what, error, self.server)
                raise (StoreLate if isinstance(error, TimeoutError) else LedgerUnavailable) from None

    def _try_again(self) -> None:
        """Check whether the server is there again; nobody waits for its answer."""
        if not self.server.is_on and (self._trial is None or self._trial.done()):
            self.server.try_again()
            self._trial = asyncio.ensure_future(self._ping())

    async def _ping(self) -> None:
        try:
            await in_time(self._redis.ping(), self._longest)
            self.server.end()
        except FAULTS as error:
            self._fault("ping", error, self.server)

    async def _write_patiently(self, what: str, act: Callable[[], Awaitable[T]]) -> T:
        """Like `_patiently`, for writes. Raises LedgerUnavailable also while the server refuses writes."""
        if self._writes.is_on:
            raise LedgerUnavailable
        is_trial = self._writes.try_again()
        result = await self._patiently(what, lambda: response_or_error(act))
        if isinstance(result, redis.ResponseError):
            if is_trial or self._writes.problem is None:
                self._fault(what, result, self._writes)
            raise LedgerUnavailable
        self._writes.end()
        return result

    def _enqueue(self, size: int, write: Write) -> None:
        """Add to the writes that are waiting; in excess of a bound it is dropped."""
        if self._waiting + max(size, LEAST_WAITING) > MOST_WAITING:
            return
        self._waiting += max(size, LEAST_WAITING)
        self._queue.append(write)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.ensure_future(self._write())

    async def _write(self) -> None:
        while self._queue:
            writes, self._queue, self._waiting = self._queue, [], 0
            with suppress(StoreLate, LedgerUnavailable):
                await self._write_patiently("write", partial(self._pipeline, writes))

    async def _pipeline(self, writes: Sequence[Write]) -> None:
        """All of these writes in one round trip, in their order."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for script, name, arguments in writes:
                pipe.eval(script, 1, name, *arguments)
            await pipe.execute()

    def _fault(self, what: str, error: Exception, backoff: Backoff) -> None:
        """Leave the server alone for a while, and log it if it worked before."""
        if self.problem is None or backoff.problem is not None:
            log.warning("redis, %s: %s", what, type(cause_of(error)).__name__)
        backoff.fail(problem_of(error, is_write=backoff is self._writes))

    async def close(self) -> None:
        """Write what is waiting, for a second at most."""
        if self._writing:
            await asyncio.wait({self._writing}, timeout=CLOSE_SECONDS)
        for task in (self._writing, self._trial):
            if task:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        await self._redis.aclose(close_connection_pool=True)


async def with_one_retry(act: Callable[[], Awaitable[T]]) -> T:
    """The act's result, with one retry if the connection breaks: the server may have closed only that one."""
    try:
        return await act()
    except (redis.ConnectionError, ConnectionError):
        return await act()


async def response_or_error(act: Callable[[], Awaitable[T]]) -> T | redis.ResponseError:
    """The act's result, or the server's error: then the server is there, and can be read."""
    try:
        return await act()
    except redis.ResponseError as error:
        return error
