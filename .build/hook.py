"""Unpack the gazetteer where the package is built, so that what is installed can be read only."""

import lzma
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class GazetteerHook(BuildHookInterface[Any]):
    """For wheels and editable installations; the source distribution carries the packed file alone."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name == "wheel":
            unpack(Path(self.root) / "weather" / "data" / "gazetteer.sqlite.xz")


def unpack(packed: Path) -> None:
    """Put the file beside its packed form, whole or not at all: a server may have the old one open."""
    content = lzma.decompress(packed.read_bytes())
    part = packed.with_suffix(".part")
    part.write_bytes(content)
    part.replace(packed.with_suffix(""))


if __name__ == "__main__":
    unpack(Path(__file__).parent.parent / "weather" / "data" / "gazetteer.sqlite.xz")
