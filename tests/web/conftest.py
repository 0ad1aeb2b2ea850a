"""The doors are tested twice: with answers that are ready, and with every answer made anew. Nothing may differ."""

import pytest
from fakes import running


@pytest.fixture(params=["ready", "made anew"])
async def site(request, upstream, clock, tmp_path):
    """The app with a cache on disk, and the upstream of this test."""
    async with running(upstream, clock, tmp_path / "cache", ready=request.param == "ready") as client:
        yield client
