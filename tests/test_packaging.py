"""What an installation brings with it."""

import re
from importlib.metadata import distribution, requires

MOST_DIRECT, MOST_INSTALLED, MOST_MEGABYTES = 10, 20, 50


def plain(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9_.-]", requirement)[0].lower().replace("_", "-")


def needed(name: str) -> set[str]:
    """The requirements of a distribution that hold here, extras left out."""
    found = set()
    for requirement in requires(name) or []:
        marker = requirement.partition(";")[2]
        if "extra" in marker or ("python_version" in marker and not holds(marker)) or "platform" in marker:
            continue
        found.add(plain(requirement))
    return found


def holds(marker: str) -> bool:
    """Whether a marker such as `python_version < "3.13"` holds here."""
    import sys

    match = re.search(r'python_version\s*(<=|>=|<|>|==)\s*"([0-9.]+)"', marker)
    here, there = sys.version_info[:2], tuple(int(part) for part in match[2].split("."))
    return {"<": here < there, "<=": here <= there, ">": here > there, ">=": here >= there, "==": here == there}[
        match[1]
    ]


def everything() -> set[str]:
    """All distributions that an installation without extras brings."""
    found, waiting = set(), {"weatherglass"}
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= needed(name) - found
    return found


def test_the_dependencies_stay_few():
    """At most ten direct ones, twenty installed in all."""
    assert len(needed("weatherglass")) <= MOST_DIRECT
    assert len(everything() - {"weatherglass"}) <= MOST_INSTALLED


def test_the_dependencies_stay_small():
    """At most 50 MB of files, ours included."""
    files = [file.locate() for name in everything() for file in distribution(name).files or []]
    size = sum(file.stat().st_size for file in files if file.is_file() and "__pycache__" not in str(file))
    assert size <= MOST_MEGABYTES * 2**20
