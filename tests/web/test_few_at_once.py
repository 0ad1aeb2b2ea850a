"""A request that is made of many small pieces lets others go in between: a long list of places is one."""

import asyncio
import gc
import time

import pytest
from fakes import running

from weather.web.http.few_at_once import AT_ONCE, few_at_once

pytestmark = pytest.mark.anyio

PIECES, PLACES = 100, 50


async def test_a_few_pieces_are_done_in_each_turn_of_the_loop():
    """All results, in their order; whoever else is there has a turn after each few."""
    done, between = 0, []

    async def piece(number: int) -> int:
        nonlocal done
        done += 1
        return number

    async def somebody_else() -> None:
        seen = 0
        while done < PIECES:
            await asyncio.sleep(0)
            between.append(done - seen)
            seen = done

    other = asyncio.create_task(somebody_else())
    assert await few_at_once([piece(number) for number in range(PIECES)]) == list(range(PIECES))
    await other
    assert max(between) <= 2 * AT_ONCE


async def test_a_piece_that_fails_is_told():
    async def fails() -> None:
        raise ValueError("this one")

    with pytest.raises(ValueError, match="this one"):
        await few_at_once([fails()])


async def longest_turn(site, path: str) -> float:
    """The longest time without a turn for anybody else, as a share of what the whole request takes."""
    turns = [time.thread_time()]

    async def somebody_else() -> None:
        while True:
            await asyncio.sleep(0)
            turns.append(time.thread_time())

    gc.disable()  # whose time is that of all that was made before
    other = asyncio.create_task(somebody_else())
    try:
        assert (await site.get(path)).status_code == 200
    finally:
        other.cancel()
        gc.enable()
    gaps = [after - before for before, after in zip(turns, turns[1:], strict=False)]
    busy = [gap for gap in gaps if gap > 0.0002]  # a turn in which nothing was done takes less
    return max(busy) / sum(busy)


@pytest.mark.slow
async def test_a_long_list_of_kept_places_is_made_bit_by_bit(upstream, clock):
    """No turn takes a third of it: times of one thread and one run are compared, the least of a few looks."""
    async with running(upstream, clock) as site:
        for number in range(PLACES):
            place = {"name": f"No. {number}", "latitude": str(number / 2), "longitude": str(number)}
            assert (await site.post("/places", data=place)).status_code == 303
            await site.get(f"/api/v1/forecast?lat={number / 2:.2f}&lon={number:.2f}")
        await site.get("/places")  # what is made once is made before
        assert min([await longest_turn(site, "/places") for _ in range(3)]) < 1 / 3
