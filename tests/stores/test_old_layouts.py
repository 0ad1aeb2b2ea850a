"""The folders of older layouts go, once nobody has used them for long."""

import os

import pytest
from fakes import Clock

from weather.upstream.stores.disk import ANSWERS, DiskStore

pytestmark = pytest.mark.anyio

DAY = 86400


def store_of(folder, name: str, age: float) -> None:
    """A store's folder that was last written so long ago."""
    (folder / name).mkdir()
    database = folder / name / "cache.db"
    database.write_bytes(b"old")
    written = (folder / ANSWERS / "cache.db").stat().st_mtime - age
    os.utime(database, (written, written))


async def begun(folder) -> None:
    """Open and close the store of answers."""
    store = DiskStore(folder, 2**20, Clock(), Clock())
    await store.open()
    await store.close()


async def test_an_older_layout_that_nobody_writes_any_more_is_removed(tmp_path):
    """After 30 days; never a newer one, one still in use, another store's, or what is no store."""
    await begun(tmp_path)
    store_of(tmp_path, "weather-1", 31 * DAY)
    store_of(tmp_path, "weather-0", 29 * DAY)
    store_of(tmp_path, "weather-9", 400 * DAY)
    store_of(tmp_path, "weather-x", 400 * DAY)
    store_of(tmp_path, "photos-1", 400 * DAY)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "weather-01").mkdir()
    await begun(tmp_path)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {ANSWERS, "weather-0", "weather-9", "weather-x", "photos-1", "elsewhere", "weather-01"}
