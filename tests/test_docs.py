"""README, .env.example and the program say the same."""

import json
import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from serving import free_port, served

from weather.commands.cli import parser
from weather.settings import Settings
from weather.web.routes import routes

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
EXAMPLE = (ROOT / ".env.example").read_text("utf-8")
NAMES = {field.metadata["name"]: field.metadata["text"] for field in fields(Settings)}


def table(heading: str) -> list[list[str]]:
    """The rows of the table under a heading."""
    part = README.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("|").split(" | ") for line in part.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row] for row in rows[1:]]


def test_readme_and_example_list_every_setting_with_its_default():
    """Settings, README and .env.example: the same names, the same defaults."""
    listed = {row[0].strip("`"): row[1].strip("`") for row in table("Settings")}
    exampled = dict(re.findall(r"^#? ?([A-Z_]+)=(.*)$", EXAMPLE, re.M))
    assert listed.keys() == exampled.keys() == NAMES.keys() | {"OPENWEATHERMAP_API_KEY_FILE"}
    for name, default in NAMES.items():
        assert listed[name] == (default or "none"), name
        assert exampled[name] == (default or ""), name


def test_the_readme_names_every_route():
    """Each address of the URL map stands in the README's table."""
    told = " ".join(row[0] for row in table("Routes"))
    from unittest.mock import MagicMock

    for route in routes(MagicMock()):
        shown = route.path.replace("{rest:path}", "…").replace("{point}", "{lat},{lon}")
        is_told = f"`{shown}`" in told or f"`{shown}/…`" in told
        assert is_told or shown in ("/static/{name}", "//…") or shown[1:].endswith("/"), shown


def test_the_readme_names_every_option():
    """Each option of `weather serve` stands in the README."""
    serve = parser()._subparsers._group_actions[0].choices["serve"]
    for action in serve._actions:
        option = action.option_strings[-1]
        assert option == "--help" or f"`{option}" in README or f" {option}" in README, option


def test_the_five_files_to_read_first_exist():
    """The files that the README points a reader to are there."""
    part = README.split("## Read the code\n")[1].split("\n## ")[0]
    named = re.findall(r"`(weather/[a-z_/]+\.py)`", part)
    assert len(named) == 5
    assert all((ROOT / name).is_file() for name in named)


@pytest.mark.slow
@pytest.mark.needs("curl")
@pytest.mark.parametrize("shell", ["bash", pytest.param("zsh", marks=pytest.mark.needs("zsh"))])
def test_the_outage_block_does_what_it_says(tmp_path, shell):
    """The README's outage, run as it stands: the same request later, with upstream off, is `"state":"stale"`."""
    block = README.split("### An outage\n")[1].split("```")[1].removeprefix("sh")
    port, program = free_port(), f"{sys.executable} -m weather"
    block = block.replace(".venv/bin/weather serve", f"{program} serve --port {port}").replace(":8000", f":{port}")
    settings = {"WEATHER_CACHE_URL": f"disk://{tmp_path}/c", "WEATHER_DATABASE_URL": f"sqlite:///{tmp_path}/places"}
    ended = subprocess.run([shell, "-c", block], capture_output=True, check=True, env=os.environ | settings, cwd=ROOT)
    told = [line for line in ended.stdout.decode().splitlines() if line.startswith('"state"')]
    assert told == ['"state":"demo"', '"state":"stale"']


@pytest.mark.slow
@pytest.mark.needs("curl")
def test_the_api_block_does_what_it_says(tmp_path):
    """The commands of the README's API section, run as they stand: fields, units and lengths, a mistake, a place."""
    block = README.split("### The API\n")[1].split("```")[1].removeprefix("sh")
    with served(tmp_path / "c", "--demo") as (_, base):
        commands = block.strip().replace("http://localhost:8000", base).splitlines()
        outputs = [subprocess.run(["bash", "-c", one], capture_output=True, check=True).stdout for one in commands]
    few, whole, problem, place = map(json.loads, outputs)
    assert list(few) == ["place", "units", "freshness", "current", "missing", "attributions"]
    assert list(few["current"]) == ["temperature"]
    assert (whole["units"]["system"], len(whole["hourly"]), len(whole["daily"])) == ("us", 8, 3)
    assert (problem["parameter"], problem["detail"].endswith("did you mean units?")) == ("untis", True)
    assert place["token"]
