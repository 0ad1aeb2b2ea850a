"""The README's recipes, as they are printed: the block that follows a program's name."""

import re
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"


def recipe(program: str, language: str, host: str, key: str) -> str:
    """The block of that language under "Programs of OpenWeatherMap" which tells of a program, for this host and key."""
    part = README.read_text("utf-8").split("## Programs of OpenWeatherMap\n")[1].split("\n## ")[0]
    blocks = [block for kind, block in re.findall(r"```(\w+)\n(.*?)```", part, re.S) if kind == language]
    (found,) = [block for block in blocks if program in block]
    return found.replace("localhost:8000", host.removeprefix("http://")).replace("mine", key)
