"""Unpack the gazetteer where the package is built, so that what is installed can be read only."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.append(str(Path(__file__).parent / "gazetteer"))

import gazetteer_file

PACKED = Path("weather", "data", "gazetteer.json.xz")


class GazetteerHook(BuildHookInterface[Any]):
    """For wheels and editable installations; the source distribution carries the packed file alone."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name == "wheel":
            unpack(Path(self.root) / PACKED)


def unpack(packed: Path) -> None:
    """Make the file beside its packed form, whole or not at all: a server may have the old one open."""
    part = packed.with_name("gazetteer.part")
    part.unlink(missing_ok=True)
    gazetteer_file.write(part, gazetteer_file.unpack(packed.read_bytes()))
    part.replace(packed.with_name("gazetteer.sqlite"))


if __name__ == "__main__":
    unpack(Path(__file__).parent.parent / PACKED)
