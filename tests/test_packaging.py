"""What an installation brings with it: the built wheel, and all that it asks for."""

import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import distribution, requires
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
MOST_DIRECT, MOST_INSTALLED, MOST_MEGABYTES = 12, 22, 74.4
PARTS = ("weather", "templates", ".build", "pyproject.toml", "README.md", "LICENSE")


def needed(name: str) -> set[str]:
    """The requirements of a distribution that hold here, extras left out."""
    told = (Requirement(text) for text in requires(name) or [])
    return {canonicalize_name(one.name) for one in told if one.marker is None or one.marker.evaluate({"extra": ""})}


def everything() -> set[str]:
    """All distributions that an installation without extras brings, but for our own."""
    found, waiting = set(), needed("weatherglass")
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= needed(name) - found
    return found


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """Our own part as pip puts it into an empty environment: the wheel, built from a copy and unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    for part in PARTS:
        source, there = ROOT / part, folder / "source" / part
        if source.is_dir():
            shutil.copytree(source, there, ignore=shutil.ignore_patterns("__pycache__", "gazetteer.sqlite"))
        else:
            shutil.copy(source, there)
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=folder / "source", check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_the_dependencies_stay_few():
    """At most twelve direct ones, 22 installed in all."""
    assert len(needed("weatherglass")) <= MOST_DIRECT
    assert len(everything()) <= MOST_INSTALLED


def weight(files) -> float:
    """Megabytes of those files, without what Python compiles at the first start."""
    sizes = (Path(file).stat().st_size for file in files if Path(file).is_file() and "__pycache__" not in str(file))
    return sum(sizes) / 2**20


@pytest.mark.slow
def test_an_installation_stays_small(installed):
    """57 MB without places and zones, 17 for those, 0.4 for the map; where it is more, the test says what weighs."""
    weights = {name: weight(file.locate() for file in distribution(name).files or []) for name in everything()}
    weights["weatherglass"] = weight(installed.rglob("*"))
    table = "\n".join(f"{mb:6.1f} MB  {name}" for name, mb in sorted(weights.items(), key=lambda item: -item[1]))
    print(table)
    assert weights["weatherglass"] > 5, "the wheel holds the gazetteer"
    assert sum(weights.values()) <= MOST_MEGABYTES, table


@pytest.mark.slow
def test_the_wheel_is_whole(installed):
    """Pages, texts, pictures, places and the mark of a typed package (PEP 561) are in it; sources of those are not."""
    package = installed / "weather"
    for name in ("py.typed", "templates/home.html", "static/style.css", "data/gazetteer.sqlite"):
        assert (package / name).is_file(), name
    assert list(package.glob("locale/**/*.mo"))
    assert not [*package.rglob("*.po"), *package.rglob("*.xz"), *installed.rglob("tests")]


def test_no_release_that_changes_what_is_used_comes_in():
    """httpx 1.0 is another library under the same name, and near; what is installed here is within every bound."""
    told = {one.name: one for one in map(Requirement, requires("weatherglass")) if "extra" not in str(one.marker)}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    bounds = {one.name: one.specifier for one in map(Requirement, project["dependencies"])}
    assert bounds.keys() == told.keys()
    assert not bounds["httpx"].contains(Version("1.0.dev6"), prereleases=True)
    assert not bounds["httpx"].contains("1.0")
    assert bounds["httpx"].contains("0.28.1")
    assert all(bound.contains(distribution(name).version) for name, bound in bounds.items())
