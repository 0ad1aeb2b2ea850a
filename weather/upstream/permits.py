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
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append(turn)
        try:
            await asyncio.wait({turn}, timeout=patience)
        except asyncio.CancelledError:
            self._leave(client, turn)
            raise
        if not turn.done():
            self._leave(client, turn)
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

    def _leave(self, client: str, turn: asyncio.Future[None]) -> None:
        """Wait no longer; a permit that has come in this very moment is given back."""
        if turn.done():
            self.release()
            return
        queue = self._waiting[client]
        queue.remove(turn)
        if not queue:
            del self._waiting[client]
