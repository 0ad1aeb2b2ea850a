"""Many small pieces of work for one request, of which the loop does a few in each of its turns.

`asyncio.gather` begins all of them in one turn: a hundred that take a millisecond each would hold up everybody else for
a tenth of a second.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

T = TypeVar("T")

AT_ONCE = 3


async def few_at_once(work: Sequence[Coroutine[Any, Any, T]], at_once: int = AT_ONCE) -> list[T]:
    """The results in the same order. Whoever waits for a store makes room for nobody, so that it is for short work.

    `at_once`: fewer where a piece takes longer than a few milliseconds.
    """
    room = asyncio.Semaphore(at_once)

    async def in_turn(piece: Coroutine[Any, Any, T]) -> T:
        async with room:
            result = await piece
            await asyncio.sleep(0)  # also after a piece that waited for nothing
            return result

    return await asyncio.gather(*map(in_turn, work))
