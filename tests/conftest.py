"""The fixtures: a clock, an upstream, and the real app between them."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fakes import Clock, Upstream, running


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def upstream() -> Upstream:
    return Upstream()


@pytest.fixture
async def site(upstream, clock, tmp_path) -> AsyncIterator[httpx.AsyncClient]:
    """The app with a cache on disk, and the upstream of this test."""
    async with running(upstream, clock, tmp_path / "cache") as client:
        yield client
