"""From a wheel to staging and production by the steps of the workflow: two servers behind nginx, under load."""

import os
import re
import signal
import subprocess
import sys
import tarfile
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
import starlette
import yaml
from serving import free_port, nginx, wait_until
from visitors import load

import weather

ROOT = Path(__file__).parents[2]
RELEASE = ROOT / ".ci" / "release"
pytestmark = [pytest.mark.slow, pytest.mark.needs(RELEASE)]

NGINX = """upstream weatherglass {{ {servers} keepalive 8; }}
server {{ listen 127.0.0.1:PORT;
location / {{ proxy_pass http://weatherglass; proxy_http_version 1.1; proxy_set_header Connection "";
proxy_set_header Host $http_host; proxy_next_upstream error timeout; proxy_connect_timeout 2s; }} }}
"""


def release(*arguments: object) -> subprocess.CompletedProcess:
    """The script, with this environment's packages for what the wheel needs, and no index."""
    packages = Path(starlette.__file__).parents[1]
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("WEATHER_", "OPENWEATHERMAP_"))}
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    more = {"PIP_NO_DEPS": "1", "PIP_NO_INDEX": "1", "PYTHONPATH": str(packages), "PATH": path}
    command = [RELEASE, *map(str, arguments)]
    return subprocess.run(command, env=plain | more, capture_output=True, text=True, cwd=ROOT, timeout=300)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    built = release("build", folder)
    assert built.returncode == 0, built.stderr
    (one,) = folder.glob("*.whl")
    return one


def contents(wheel: Path) -> dict[str, int]:
    """The files of a wheel, with their check sums."""
    with zipfile.ZipFile(wheel) as archive:
        return {one.filename: one.CRC for one in archive.infolist()}


def other(wheel: Path, version: str, is_broken: bool = False) -> Path:
    """The same wheel under another version; a broken one cannot show a page."""
    old = weather.__version__
    new = wheel.with_name(wheel.name.replace(old, version))
    with zipfile.ZipFile(wheel) as source, zipfile.ZipFile(new, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith(("/METADATA", "/RECORD", "weather/__init__.py")):
                content = content.replace(old.encode(), version.encode())
            if is_broken and name.endswith("templates/forecast.html"):
                content = b"{{ nonsense.of.nothing }}"
            target.writestr(name.replace(f"-{old}.", f"-{version}."), content)
    return new


def environment(folder: Path, ports: int) -> Path:
    folder.mkdir()
    numbers = [str(free_port()) for _ in range(ports)]
    (folder / "ports").write_text(" ".join(numbers) + "\n")
    kept = f"WEATHER_CACHE_URL=disk://{folder}/cache\nWEATHER_DATABASE_URL=sqlite:///{folder}/places.sqlite\n"
    (folder / "settings").write_text(f"WEATHER_PROVIDER=demo\n{kept}")
    return folder


@pytest.fixture
def environments(tmp_path):
    """Staging with one server, production with two; their servers end with the test."""
    made = environment(tmp_path / "staging", 1), environment(tmp_path / "production", 2)
    yield made
    for file in tmp_path.glob("*/run/*.pid"):
        with suppress(ProcessLookupError):
            os.kill(int(file.read_text()), signal.SIGTERM)


def runs(folder: Path) -> str:
    """The version that an environment runs."""
    command = [folder / "current/bin/python", "-m", "weather", "--version"]
    packages = {"PYTHONPATH": str(Path(starlette.__file__).parents[1])}
    return subprocess.run(command, env=packages, capture_output=True, text=True, cwd=folder).stdout.split()[-1]


def test_the_sdist_holds_what_the_wheel_is_built_of(wheel):
    """Beside the wheel lies an archive of the same version; whoever unpacks it builds the same files from it."""
    (archive,) = wheel.parent.glob("*.tar.gz")
    folder = wheel.parent / "unpacked"
    with tarfile.open(archive) as whole:
        whole.extractall(folder, filter="data")
    (root,) = folder.iterdir()
    assert root.name == archive.name.removesuffix(".tar.gz") == "-".join(wheel.name.split("-")[:2])
    more = os.environ | {"PYTHONPATH": str(Path(starlette.__file__).parents[1])}
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder / "dist"]
    built = subprocess.run(command, env=more, capture_output=True, text=True, cwd=root)
    assert built.returncode == 0, built.stderr
    assert contents(folder / "dist" / wheel.name) == contents(wheel)


@pytest.mark.needs("nginx")
def test_from_staging_to_production_and_back(wheel, environments, tmp_path):
    """A version is tried at staging, promoted, and taken back, while visitors of production lose no request; one that
    does not work never leaves staging, which is taken back by itself."""
    staging, production = environments
    first, second = weather.__version__, "9.8.7"
    for step in (("deploy", staging, wheel), ("promote", staging, production)):
        done = release(*step)
        assert done.returncode == 0, done.stdout + done.stderr
    ports = (production / "ports").read_text().split()
    servers = " ".join(f"server 127.0.0.1:{one} max_fails=0;" for one in ports)
    with nginx(tmp_path, NGINX.format(servers=servers)) as port, load(port) as came:
        wait_until(lambda: came[200] > 50)
        assert release("deploy", staging, other(wheel, second)).returncode == 0
        assert (runs(staging), runs(production)) == (second, first)
        done = release("promote", staging, production)
        assert (done.returncode, runs(production)) == (0, second), done.stdout + done.stderr
        done = release("deploy", staging, other(wheel, "9.9.9", is_broken=True))
        assert (done.returncode, runs(staging), runs(production)) == (1, second, second), done.stdout
        assert re.search("FAIL  page", done.stdout) and "back at weatherglass-9.8.7" in done.stderr
        done = release("rollback", production)
        assert (done.returncode, runs(production)) == (0, first), done.stdout + done.stderr
    assert came.keys() == {200}, came


def test_the_workflow_has_the_same_steps():
    """Each job of the workflow runs a step of the script: one wheel is built, staging tries it, production gets it."""
    told = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text("utf-8"))
    steps = {
        name: [re.search(r"\.ci/release (\w+)", step.get("run", "")) for step in job["steps"]]
        for name, job in told["jobs"].items()
    }
    found = {name: [match[1] for match in matches if match] for name, matches in steps.items()}
    assert found == {"build": ["build"], "staging": ["deploy"], "production": ["promote"], "rollback": ["rollback"]}
    assert (told["jobs"]["staging"]["needs"], told["jobs"]["production"]["needs"]) == ("build", "staging")
    assert release("nonsense").returncode == 2
