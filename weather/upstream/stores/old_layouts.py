"""Folders of older layouts of a store, which no version of this program reads any more."""

import re
import shutil
from contextlib import suppress
from pathlib import Path

DATABASE = "cache.db"
UNUSED_SECONDS = 30 * 86400.0
"""By so much later this layout was written than the older one: in an upgrade both may be in use for a while."""


def remove_old_layouts(folder: Path) -> None:
    """Remove the folders beside this one whose layout is older and which nobody writes any more. Never raises."""
    name, _, layout = folder.name.rpartition("-")
    with suppress(OSError, ValueError):
        written = (folder / DATABASE).stat().st_mtime
        for other in folder.parent.iterdir():
            match = re.fullmatch(rf"{re.escape(name)}-(\d{{1,4}})", other.name)
            if match and int(match[1]) < int(layout) and not other.is_symlink() and is_unused(other, written):
                shutil.rmtree(other, ignore_errors=True)


def is_unused(folder: Path, written: float) -> bool:
    """Whether a store's folder was last written long before `written`; one that is no store is none of ours."""
    database = folder / DATABASE
    return database.is_file() and written - database.stat().st_mtime > UNUSED_SECONDS
