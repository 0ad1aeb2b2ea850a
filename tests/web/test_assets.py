"""What browsers get of the static files."""

from pathlib import Path

import pytest

import weather
from weather.web.http.assets import light

STATIC = Path(weather.__file__).parent / "static"
SCRIPTS = sorted(STATIC.glob("*.js"))


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_a_script_is_served_without_the_lines_that_are_comments(file):
    """Every other line is there in its order, but for its indentation."""
    lines = [line.strip() for line in file.read_text("utf-8").splitlines()]
    told = [line for line in lines if line and not line.startswith("//")]
    served = light(file).decode("utf-8").splitlines()
    assert [line.rstrip() for line in served if line] == told
    assert len(told) < len([line for line in lines if line])


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_no_text_of_a_script_goes_over_lines(file):
    """Or what looks like a comment, or an indentation, might be a part of it."""
    for line in file.read_text("utf-8").splitlines():
        code = "" if line.lstrip().startswith("//") else line
        assert code.count("`") % 2 == 0, line


def test_a_style_is_served_without_its_indentation():
    """Every line is there, its comments too: by two of them the drawing finds its rules."""
    lines = [line.strip() for line in (STATIC / "style.css").read_text("utf-8").splitlines()]
    assert light(STATIC / "style.css").decode("utf-8").splitlines() == lines


def test_other_files_are_served_as_they_are():
    """A picture is no text."""
    assert light(STATIC / "icon.svg") == (STATIC / "icon.svg").read_bytes()
