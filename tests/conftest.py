"""The fixtures: a clock, an upstream, and the real app between them; and what to leave out where a need is not met."""

import shutil
from collections import Counter
from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path

import httpx
import pytest
from fakes import Clock, Upstream, running

LEFT_OUT = pytest.StashKey[Counter]()


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "needs(what): a program, a path or a package; where it is not there the test is left out"
    )
    config.stash[LEFT_OUT] = Counter()


def is_there(what) -> bool:
    is_package = str(what).isidentifier() and find_spec(what) is not None
    return is_package or Path(what).exists() or shutil.which(what) is not None


def pytest_collection_modifyitems(config, items):
    """Deselect, rather than skip: a test that cannot run here says nothing, and one line says so."""
    lacking = {
        item: mark.args[0] for item in items for mark in item.iter_markers("needs") if not is_there(mark.args[0])
    }
    items[:] = [item for item in items if item not in lacking]
    config.hook.pytest_deselected(items=list(lacking))
    config.stash[LEFT_OUT].update(map(str, lacking.values()))


def pytest_terminal_summary(terminalreporter, config):
    for what, count in sorted(config.stash[LEFT_OUT].items()):
        terminalreporter.write_line(f"deselected: {count} tests need {what}")


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
