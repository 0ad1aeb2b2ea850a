"""How many calls may be under way at once, and who is next: clients take turns, so that none crowds out the others."""

import asyncio
from collections import OrderedDict, deque


class Permits:
    """So many permits. Each client has one place in the queue; what else it wants waits behind that, for its next turn.

    (Round-robin fair queueing: J. Nagle, RFC 970.)
    """

    def __init__(self, count: int) -> None:
        self._free = count
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    async def acquire(self, client: str, patience: float) -> None:
        """Take one, at once or when it is this client's turn. Raises TimeoutError after so many seconds."""
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
        """Give one back, to whose turn it is."""
        if not self._waiting:
            self._free += 1
            return
        client, queue = self._waiting.popitem(last=False)
        queue.popleft().set_result(None)
        if queue:
            self._waiting[client] = queue  # at the end

    def _give_up(self, client: str, waiter: asyncio.Future[None]) -> None:
        """Wait no longer; a permit that has come in this very moment is given back."""
        if waiter.done():
            self.release()
            return
        queue = self._waiting[client]
        queue.remove(waiter)
        if not queue:
            del self._waiting[client]
