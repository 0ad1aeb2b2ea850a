"""What an installation brings with it."""

from importlib.metadata import distribution, requires

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

MOST_DIRECT, MOST_INSTALLED, MOST_MEGABYTES = 12, 20, 50


def needed(name: str) -> set[str]:
    """The requirements of a distribution that hold here, extras left out."""
    told = (Requirement(text) for text in requires(name) or [])
    return {canonicalize_name(one.name) for one in told if one.marker is None or one.marker.evaluate({"extra": ""})}


def everything() -> set[str]:
    """All distributions that an installation without extras brings."""
    found, waiting = set(), {"weatherglass"}
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= needed(name) - found
    return found


def test_the_dependencies_stay_few():
    """At most twelve direct ones, twenty installed in all."""
    assert len(needed("weatherglass")) <= MOST_DIRECT
    assert len(everything() - {"weatherglass"}) <= MOST_INSTALLED


def test_the_dependencies_stay_small():
    """At most 50 MB of files, ours included."""
    files = {file.locate() for name in everything() for file in distribution(name).files or []}
    size = sum(file.stat().st_size for file in files if file.is_file() and "__pycache__" not in str(file))
    assert size <= MOST_MEGABYTES * 2**20
