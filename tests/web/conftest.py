"""The doors are tested twice: with answers that are ready, and with every answer made anew. Nothing may differ."""

import pytest
from fakes import running


@pytest.fixture(params=["ready", "made anew"])
async def site(request, upstream, clock, tmp_path):
    """The app and the upstream of this test; the cache on disk, or in memory, which costs a third of the time."""
    is_ready = request.param == "ready"
    async with running(upstream, clock, tmp_path / "cache" if is_ready else None, ready=is_ready) as client:
        yield client
