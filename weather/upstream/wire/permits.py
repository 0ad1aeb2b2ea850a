"""Bounds the number of calls under way at once. Waiting clients are served in turn, so that none crowds out others."""

import asyncio
from collections import OrderedDict, deque


class Permits:
    """A number of permits. Each client has one place in the queue; its further calls wait behind that one.

    (Round-robin fair queueing: J. Nagle, RFC 970.)
    """

    def __init__(self, count: int) -> None:
        self._free = count
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    async def acquire(self, client: str, patience: float) -> None:
        """Acquire one, at once or when it is this client's turn. Raises TimeoutError after so many seconds."""
        if self._free:
            self._free -= 1
            return
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append(waiter)
        try:
            await asyncio.wait({waiter}, timeout=patience)
        except asyncio.CancelledError:
            self._give_up(client, waiter)
            raise
        if not waiter.done():
            self._give_up(client, waiter)
            raise TimeoutError

    def release(self) -> None:
        """Release one, to the client that is next."""
        if not self._waiting:
            self._free += 1
            return
        client, queue = self._waiting.popitem(last=False)
        queue.popleft().set_result(None)
        if queue:
            self._waiting[client] = queue  # at the end

    def _give_up(self, client: str, waiter: asyncio.Future[None]) -> None:
        """Leave the queue; a permit that was granted at this very moment is released."""
        if waiter.done():
            self.release()
            return
        queue = self._waiting[client]
        queue.remove(waiter)
        if not queue:
            del self._waiting[client]
