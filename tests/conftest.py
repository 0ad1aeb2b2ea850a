"""The fixtures: a clock, an upstream, and the real app between them; and what to leave out where a need is not met."""

import gc
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import bytecode  # noqa: F401, before all that it keeps
import httpx
import jinja2
import pytest
from fakes import Clock, Upstream, running
from hypothesis import settings
from virtual import VIRTUAL

from weather.places.gazetteer.lookup import Gazetteer
from weather.places.time_zones import use_newest

LEFT_OUT = pytest.StashKey[Counter]()

settings.register_profile("unbounded", deadline=None)  # no test depends on how fast the machine is
settings.load_profile("unbounded")
use_newest()  # before any test module makes a zone, as the app does before it makes any


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "needs(what): a program, a path or a package; where it is not there the test is left out"
    )
    config.addinivalue_line("markers", 'slow: a third of a second or more in all; `-m "not slow"` is the run for work')
    config.addinivalue_line("markers", "virtual_time: the loop's time passes when all else is done (see virtual.py)")
    config.stash[LEFT_OUT] = Counter()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config):
    """Workers are for the whole; to start them takes longer than most single files do."""
    return None if config.args_source is config.ArgsSource.TESTPATHS else 0


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """All that is made here stays to the end: to look for garbage in it takes half of the time, and finds none."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def is_module(name: str) -> bool:
    try:
        return all(part.isidentifier() for part in name.split(".")) and find_spec(name) is not None
    except ModuleNotFoundError:  # the package of a module
        return False


@cache
def is_there(what) -> bool:
    return is_module(str(what)) or Path(what).exists() or shutil.which(what) is not None


def pytest_collection_modifyitems(config, items):
    """Deselect, rather than skip: a test that cannot run here says nothing, and one line says so."""
    lacking = {
        item: mark.args[0] for item in items for mark in item.iter_markers("needs") if not is_there(mark.args[0])
    }
    items[:] = [item for item in items if item not in lacking]
    config.hook.pytest_deselected(items=list(lacking))
    config.stash[LEFT_OUT].update(map(str, lacking.values()))


def pytest_sessionfinish(session):
    """A worker of xdist tells who started it what it left out."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left out"] = dict(session.config.stash[LEFT_OUT])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """Every worker collects all tests, so that what one has left out all have."""
    node.config.stash[LEFT_OUT] |= Counter(getattr(node, "workeroutput", {}).get("left out", {}))


def pytest_terminal_summary(terminalreporter, config):
    for what, count in sorted(config.stash[LEFT_OUT].items()):
        terminalreporter.write_line(f"deselected: {count} tests need {what}")


@pytest.fixture(scope="session", autouse=True)
def templates_are_compiled_once() -> Iterator[None]:
    """Each app has a Jinja of its own; all make the same code of one source, which is most of what a page costs."""
    with pytest.MonkeyPatch.context() as patch:
        compile_once, known = jinja2.Environment.compile, {}

        def compiled(self, source, *told):
            key = (source, *told, self.autoescape, self.undefined)
            if key not in known:
                known[key] = compile_once(self, source, *told)
            return known[key]

        patch.setattr(jinja2.Environment, "compile", compiled)
        yield


@pytest.fixture(scope="session")
def postgres():
    """One server for all tests that do no harm to it: to make one takes longer than they do."""
    from postgres import Postgres

    server = Postgres()
    server.start()
    server.warm()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def gazetteer() -> Iterator[Gazetteer]:
    with closing(Gazetteer()) as gazetteer:
        yield gazetteer


@pytest.fixture
def anyio_backend(request):
    return VIRTUAL if request.node.get_closest_marker("virtual_time") else "asyncio"


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
