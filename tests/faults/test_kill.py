"""Two processes write into one folder, and are killed."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from fakes import Clock

import weather
from weather.upstream.stores.disk import ANSWERS as FOLDER
from weather.upstream.stores.disk import DiskStore
from weather.upstream.types import CacheEntry, unpack

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

ROUNDS = 15
WRITER = Path(__file__).with_name("writer.py")
SPEC = spec_from_file_location("writer", WRITER)
writer = module_from_spec(SPEC)
SPEC.loader.exec_module(writer)


def start(folder: Path, name: str, told: Path) -> subprocess.Popen:
    """A writer, once it writes."""
    environment = os.environ | {"PYTHONPATH": str(Path(weather.__file__).parents[1])}
    with told.open("wb") as out:
        return subprocess.Popen([sys.executable, WRITER, folder, name], stdout=out, env=environment)


def kill(process: subprocess.Popen) -> None:
    """End it as a power cut would."""
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL


def said(told: Path) -> tuple[list[str], list[str]]:
    """The keys that it has put, and those of them that need not be written yet: what came after the last that is."""
    lines = [line.split() for line in told.read_text().splitlines(keepends=True) if line.endswith("\n")]
    last = max((i for i, (word, _) in enumerate(lines) if word == "written"), default=-1)
    return [key for word, key in lines if word == "put"], [key for word, key in lines[last + 1 :] if word == "put"]


async def kept(folder: Path, keys: list[str]) -> dict[str, CacheEntry | None]:
    """What another process reads after the kill: an entry, or None if its bytes are not one. Misses are left out."""
    store = DiskStore(folder, 2**30, Clock(), Clock())
    await store.open()
    assert store.problem is None
    found = {key: await store.get(key) for key in keys}
    await store.close()
    return {key: unpack(value) for key, value in found.items() if value is not None}


async def test_killed_while_two_write(tmp_path, caplog):
    """kill -9 at any moment, again and again: nothing corrupt is read, and all that was written before is
    there (statements 32 and 71)."""
    chance, folder, keys, late = random.Random(71), tmp_path / "cache", [], []
    for turn in range(ROUNDS):
        told = [tmp_path / f"{turn}{name}" for name in "ab"]
        processes = [start(folder, path.name, path) for path in told]
        while not all(path.stat().st_size for path in told):
            assert [process.poll() for process in processes] == [None, None]
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.3) + (turn % 3 == 0) / 2)  # now and then for long, to have written a lot
        for process, path in zip(processes, told, strict=True):
            kill(process)
            for all_of_it, more in zip((keys, late), said(path), strict=True):
                all_of_it += more
        await check(folder, keys, late)
    assert len(keys) > len(late) > 0
    assert [path.name for path in folder.iterdir()] == [FOLDER]
    assert caplog.records == []
    with closing(sqlite3.connect(folder / FOLDER / "cache.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


async def check(folder: Path, keys: list[str], late: list[str]) -> None:
    found = await kept(folder, keys)
    assert [key for key, entry in found.items() if entry != writer.entry_of(key)] == []
    assert set(keys) - set(found) <= set(late)
