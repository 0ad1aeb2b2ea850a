"""The store on disk: what it keeps, what it believes, and what happens when its folder is not as it should be."""

import asyncio
import logging
import os
import pickle
import resource
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

import diskcache
import pytest
from fakes import NOON, Clock, looked, until

from weather.upstream.cache import Cache
from weather.upstream.quota import Charge
from weather.upstream.stores.base import LedgerUnavailable, StoreLate
from weather.upstream.stores.disk import ANSWERS as FOLDER
from weather.upstream.stores.disk import BATCH_BYTES, LEAST_WAITING, STAMP, DiskStore
from weather.upstream.stores.sqlite import SAMPLE, Corrupt, SqliteTable
from weather.upstream.types import CacheEntry

pytestmark = pytest.mark.anyio

MB = 2**20
NOBODY = 65534
ENTRY = CacheEntry(200, "application/json", b'{"dt": 1}', 1_795_521_600.0)


KEYS = "SELECT key FROM Cache ORDER BY key"


@asynccontextmanager
async def at(folder: Path, limit: int = 64 * MB, steady: Clock | None = None) -> AsyncIterator[DiskStore]:
    store = DiskStore(folder, limit, steady or Clock(), Clock())
    await store.open()
    try:
        yield store
    finally:
        await store.close()


async def keep(folder: Path, **values: bytes) -> None:
    """Put these in a folder, and close it."""
    async with at(folder) as store:
        for key, value in values.items():
            await store.put(key, value, 3600)


def database(folder: Path) -> Path:
    return folder / FOLDER / "cache.db"


def sql(folder: Path, statement: str, *values: object) -> list[tuple]:
    """As somebody else who writes in our database."""
    with closing(sqlite3.connect(database(folder))) as connection, connection:
        return connection.execute(statement, values).fetchall()


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """The write lock is somebody else's."""
    with closing(sqlite3.connect(database(folder), isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


def warnings(caplog) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


def open_files(folder: Path) -> list[Path]:
    """Files below a folder that this process has open; none where the system does not tell."""
    links = Path("/proc/self/fd")
    return [link for link in links.glob("*") if str(folder) in str(link.resolve())]


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("weather-disk")]


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


class Bomb:
    """Makes a file when it is unpickled."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self):
        return Path.touch, (self.marker,)


@pytest.mark.slow
async def test_keeps_bytes_under_a_key(tmp_path):
    """What was put is got, another key is a miss, a second value replaces the first, and a restart changes nothing."""
    async with at(tmp_path) as store:
        assert store.problem is None
        await store.put("k", b"first", 3600)
        await store.put("k", b"\x00\xff second", 3600)
        await store.put("large", bytes(2 * MB), 3600)
    async with at(tmp_path) as store:
        assert await store.get("k") == b"\x00\xff second"
        assert await store.get("large") == bytes(2 * MB)
        assert await store.get("K") is None


async def test_keeps_nothing_beyond_its_time(tmp_path):
    """An entry whose hard limit has passed is not given."""
    async with at(tmp_path) as store:
        await store.put("k", b"old", -1)
    async with at(tmp_path) as store:
        assert await store.get("k") is None


async def test_gives_what_another_process_wrote(tmp_path):
    """An empty store is open too: what somebody writes meanwhile is found."""
    async with at(tmp_path) as empty:
        assert await empty.get("k") is None
        await keep(tmp_path, k=b"v")
        assert await empty.get("k") == b"v"


async def test_a_folder_named_from_here(tmp_path, monkeypatch):
    """A relative folder stays where it was at the start, wherever the process goes."""
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    await keep(Path("cache"), k=b"v")
    async with at(Path("cache")) as store:
        monkeypatch.chdir(tmp_path / "elsewhere")
        assert await store.get("k") == b"v"


@pytest.mark.slow
async def test_an_entry_is_one_row(tmp_path):
    """Nothing is kept in files, which a kill would orphan: an answer of 8 MB is a row too."""
    await keep(tmp_path, k=bytes(8 * MB))
    assert [path.name for path in (tmp_path / FOLDER).rglob("*")] == ["cache.db"]
    assert sql(tmp_path, "SELECT mode, filename, size FROM Cache") == [(1, None, 0)]


async def test_leaves_no_thread_and_no_file_open(tmp_path):
    """After close the writer thread has ended and every connection is closed, after an open that failed too."""
    (tmp_path / "file").touch()
    async with at(tmp_path) as store, at(tmp_path / "file"):
        await store.get("k")
        assert threads()
    await until(lambda: not threads())
    assert open_files(tmp_path) == []


async def test_the_folder_is_for_us_alone(tmp_path):
    """The folder is 0700 and all in it 0600, under any umask (statement 83)."""
    umask = os.umask(0)
    try:
        async with at(tmp_path) as store:
            await store.put("k", b"v", 3600)
            await until(lambda: sql(tmp_path, "SELECT 1 FROM Cache"))
            modes = {path.name: mode(path) for path in (tmp_path / FOLDER).iterdir()}
    finally:
        os.umask(umask)
    assert mode(tmp_path / FOLDER) == 0o700
    assert modes == {"cache.db": 0o600, "cache.db-wal": 0o600, "cache.db-shm": 0o600}


async def test_rights_that_were_widened_are_narrowed(tmp_path):
    """A folder and a database that others may read are made private again at the next start (statement 83)."""
    await keep(tmp_path, k=b"v")
    (tmp_path / FOLDER).chmod(0o755)
    database(tmp_path).chmod(0o644)
    async with at(tmp_path) as store:
        assert await store.get("k") == b"v"
        assert (mode(tmp_path / FOLDER), mode(database(tmp_path))) == (0o700, 0o600)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
async def test_a_folder_of_somebody_else_is_refused(tmp_path):
    """A folder with another owner is not used, and the store says so (statement 83)."""
    (tmp_path / FOLDER).mkdir(mode=0o777)
    os.chown(tmp_path / FOLDER, NOBODY, NOBODY)
    async with at(tmp_path) as store:
        assert store.problem == "the cache folder does not open: PermissionError"
    assert list((tmp_path / FOLDER).iterdir()) == []


@pytest.mark.parametrize("name", ["", "cache.db"])
async def test_links_are_refused(tmp_path, name):
    """A folder or database that is a link elsewhere is not followed: what it names stays as it was (statement 83)."""
    victim = tmp_path / "victim"
    victim.touch() if name else victim.mkdir()
    victim.chmod(0o755)
    (tmp_path / "cache" / FOLDER / name).parent.mkdir(parents=True)
    (tmp_path / "cache" / FOLDER / name).symlink_to(victim)
    async with at(tmp_path / "cache") as store:
        assert store.problem.startswith("the cache folder does not open: ")
    assert (mode(victim), victim.stat().st_size if name else list(victim.iterdir())) == (0o755, 0 if name else [])


@pytest.mark.parametrize("name", ["$HOME", "${TMPDIR}x"])
async def test_a_name_that_diskcache_would_change_is_refused(tmp_path, name, monkeypatch):
    """diskcache replaces variables in a folder's name: such a folder is refused, and none made elsewhere."""
    monkeypatch.setenv("HOME", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "elsewhere"))
    async with at(tmp_path / name) as store:
        assert store.problem == "the cache folder does not open: NotADirectoryError"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("folder", ["file/cache", "file", "/proc/weather"])
async def test_starts_without_a_folder(tmp_path, caplog, folder):
    """Where no folder can be made the store says so in one line, and everything goes on in memory (33, 75)."""
    (tmp_path / "file").touch()
    async with at(tmp_path / folder) as store:
        assert store.problem.startswith("the cache folder does not open: ")
        assert len(warnings(caplog)) == 1
        cache = Cache(store)
        await cache.put("k", ENTRY, 3600, persist=True)
        assert await looked(cache, "k") == ENTRY
        assert await store.get("k") is None
    assert len(warnings(caplog)) == 1


@pytest.fixture
def own(tmp_path) -> Iterator[Path]:
    """A folder of an ordinary user, who is bound by rights, as root is not."""
    root = os.geteuid() == 0
    if root:
        os.setegid(NOBODY)
        os.seteuid(NOBODY)
    folder = Path(tempfile.mkdtemp())
    try:
        yield folder
    finally:
        if root:
            os.seteuid(0)
            os.setegid(0)
        shutil.rmtree(folder)


@pytest.mark.parametrize("made", [False, True])
async def test_a_read_only_folder_at_start(own, made):
    """A read-only folder, empty or with a cache in it: what is there is read, and its rights are kept (33, 75, 110)."""
    if made:
        await keep(own, k=b"v")
        database(own).chmod(0o400)
        (own / FOLDER).chmod(0o500)
    own.chmod(0o500)
    async with at(own) as store:
        assert store.problem == "the cache folder does not open: PermissionError"
        await store.put("k", b"w", 3600)
        assert await store.get("k") == (b"v" if made else None)
        assert await store.claim("k", "me", 1)
        with pytest.raises(LedgerUnavailable):
            await store.charge([Charge("b", 1, NOON + 60, 9)], NOON)
    assert mode(own) == 0o500
    if made:
        assert (mode(own / FOLDER), mode(database(own))) == (0o500, 0o400)
        (own / FOLDER).chmod(0o700)


async def test_a_folder_that_can_be_written_again(own):
    """Tried again each minute, without a restart; what is kept in it is read all the time (statement 110)."""
    await keep(own, k=b"v")
    (own / FOLDER).chmod(0o500)
    database(own).chmod(0o400)
    steady = Clock(0.0)
    async with at(own, steady=steady) as store:
        (own / FOLDER).chmod(0o700)
        database(own).chmod(0o600)
        steady.now = 59
        assert (await store.get("k"), store.problem) == (b"v", "the cache folder does not open: PermissionError")
        steady.now = 60
        assert await store.get("k") == b"v"
        await until(lambda: store.problem is None)
        await store.put("k", b"w", 3600)
        assert await store.claim("the write before it", "me", 1)
        assert await store.get("k") == b"w"


async def test_a_folder_that_stays_unwritable_is_tried_once_a_minute(own, caplog):
    """A line for each try, and one try a minute, whatever is asked of it meanwhile."""
    own.chmod(0o500)
    steady = Clock(0.0)
    async with at(own, steady=steady) as store:
        for second in range(0, 181, 10):
            steady.now = second
            for _ in range(5):
                await store.get("k")
                await store.put("k", b"v", 60)
                await store.claim("k", "me", 1)
            await asyncio.wrap_future(store._writer.submit(lambda: None))
    assert len(warnings(caplog)) == 4


@pytest.mark.parametrize("log", [b"", b"frames"])
async def test_what_a_killed_process_left_is_read_where_nothing_can_be_written(own, log):
    """A database without a log is read as it is; with a log that cannot be read it is left alone, for it lacks the
    end (statements 71 and 110)."""
    await keep(own, k=b"v")
    (own / FOLDER / "cache.db-wal").write_bytes(log)
    for path in (own / FOLDER).iterdir():
        path.chmod(0o400)
    (own / FOLDER).chmod(0o500)
    async with at(own) as store:
        assert await store.get("k") == (None if log else b"v")
    (own / FOLDER).chmod(0o700)


async def test_a_disk_that_takes_no_more(tmp_path, caplog):
    """A write that fails is dropped with one line and told in `trouble`; reads and later writes go on (75, 76)."""
    await keep(tmp_path, k=b"v")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    async with at(tmp_path) as store:
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (2**16, hard))
            await store.put("large", bytes(2**18), 3600)
            await until(lambda: store.problem)
            assert await store.get("k") == b"v"
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert store.problem == "the cache folder cannot be written to"
        await store.put("later", b"w", 3600)
        await until(lambda: store.problem is None)
        assert await store.get("later") == b"w"
    assert warnings(caplog) == ["cache folder, write: SQLITE_IOERR_WRITE (disk I/O error)"]


async def test_a_disk_that_takes_nothing_at_start(tmp_path):
    """A folder that cannot be written to is not taken for corrupt: what it keeps is there later (33, 76)."""
    await keep(tmp_path, k=b"v")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
        async with at(tmp_path) as store:
            assert store.problem == "the cache folder does not open: OperationalError"
            assert await store.get("k") == b"v"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    async with at(tmp_path) as store:
        assert await store.get("k") == b"v"


async def test_a_folder_removed_while_running(tmp_path):
    """The folder vanishes: no exception; after a restart there is another (statement 74)."""
    async with at(tmp_path) as store:
        await store.put("k", b"v", 3600)
        await until(lambda: sql(tmp_path, "SELECT 1 FROM Cache"))
        shutil.rmtree(tmp_path / FOLDER)
        await store.get("k")
        await store.put("k", b"v", 3600)
    await keep(tmp_path, k=b"w")
    async with at(tmp_path) as store:
        assert await store.get("k") == b"w"


async def test_somebody_else_holds_the_write_lock(tmp_path):
    """Under another process's lock reads and puts wait for nothing, and what was put is kept after it (79)."""
    await keep(tmp_path, k=b"v")
    async with at(tmp_path) as store:
        with locked(tmp_path):
            assert await store.get("k") == b"v"
            await store.put("later", b"w", 3600)
            assert not sql(tmp_path, "SELECT 1 FROM Cache WHERE key = 'later'")
        await until(lambda: sql(tmp_path, "SELECT 1 FROM Cache WHERE key = 'later'"))


async def test_a_claim_under_a_lock_is_nobodys(tmp_path):
    """Two processes, and the write lock a third one's: neither has the claim; when it is gone one has (101)."""
    one, other = (DiskStore(tmp_path, MB, Clock(), Clock(), patience=0.2) for _ in range(2))
    await one.open()
    await other.open()
    with locked(tmp_path):
        assert await asyncio.gather(one.claim("k", "one", 60), other.claim("k", "other", 60)) == [False, False]
    await one.close()
    await other.close()
    async with at(tmp_path) as store, at(tmp_path) as second:
        claims = await asyncio.gather(store.claim("k", "a third", 60), second.claim("k", "a fourth", 60))
    assert sorted(claims) == [False, True]  # and that of none who had given up


@pytest.mark.slow
async def test_a_lock_at_the_start_grants_nothing(tmp_path):
    """Locked for longer than it takes to give up opening: what is kept is read, nothing is granted; then it is (79)."""
    await keep(tmp_path, k=b"v")
    store = DiskStore(tmp_path, MB, Clock(), Clock(), patience=0.2)
    with locked(tmp_path):
        await store.open()
        assert store.problem == "the cache folder does not open: Timeout"
        assert await store.get("k") == b"v"
        assert not await store.claim("k", "me", 60)
        with pytest.raises(StoreLate):
            await store.charge([Charge("b", 1, NOON + 60, 9)], NOON)
    store._patience = 20
    assert await store.claim("k", "me", 60)
    assert (store.problem, await store.get("k")) == (None, b"v")
    await store.close()


@pytest.mark.slow
async def test_what_was_put_under_a_lock_comes_before_the_claim_of_another(tmp_path):
    """An answer that lands while the database is locked, longer than its claim lasts: the next finds it (101)."""
    async with at(tmp_path) as store, at(tmp_path) as other:
        assert await store.claim("k", "me", 0.3)
        with locked(tmp_path):
            await store.put("k", b"v", 3600)
            await store.release("k", "me")
            await until(lambda: store.problem)  # a second: it has been tried, and is tried again
            claiming = asyncio.ensure_future(other.claim("k", "another", 0.3))
            await asyncio.sleep(0)
        while not await claiming:
            claiming = asyncio.ensure_future(other.claim("k", "another", 0.3))
        assert await other.get("k") == b"v"


@pytest.mark.slow
async def test_a_lock_that_stays_does_not_keep_the_store(tmp_path, caplog):
    """Locked for ever: open gives up, and so does close with much to write (75, 79, 100)."""
    await keep(tmp_path, k=b"v")
    store = DiskStore(tmp_path, 64 * MB, Clock(), Clock())
    await store.open()
    with locked(tmp_path):
        async with at(tmp_path) as second:
            assert second.problem == "the cache folder does not open: Timeout"
        for i in range(100):
            await store.put(f"{i}", b"w", 3600)
        await store.close()
    assert "cache folder, open: SQLITE_BUSY (database is locked)" in warnings(caplog)
    await until(lambda: not threads() and not open_files(tmp_path))
    at_once = BATCH_BYTES // LEAST_WAITING  # what was waiting for the lock as it ended
    assert sql(tmp_path, "SELECT count(*) FROM Cache")[0][0] <= 1 + at_once


@pytest.mark.slow
async def test_a_lock_that_ends_while_opening(tmp_path):
    """Locked for a second and more when it starts: the store waits, and opens (statement 79)."""
    await keep(tmp_path, k=b"v")
    store = DiskStore(tmp_path, 64 * MB, Clock(), Clock())
    with locked(tmp_path):
        opening = asyncio.create_task(store.open())
        await asyncio.sleep(1.3)  # real time, for it is SQLite that waits: longer than for one statement
        assert store.problem == "the cache folder is not open yet"
    await opening
    assert (store.problem, await store.get("k")) == (None, b"v")
    await store.close()


async def test_only_the_thread_that_opened_waits_for_a_lock(tmp_path):
    """A lock that even readers meet is a miss at once on the loop, never a pause of it (statements 75 and 79)."""
    await keep(tmp_path, k=b"v")
    with ThreadPoolExecutor(1) as home:
        cache = home.submit(SqliteTable, tmp_path / FOLDER, MB).result()
        home.submit(cache.close).result()
    with closing(sqlite3.connect(database(tmp_path), isolation_level=None)) as connection:
        connection.execute("PRAGMA locking_mode = exclusive")
        connection.execute("BEGIN IMMEDIATE")
        assert cache._sql("PRAGMA busy_timeout").fetchone() == (0,)
        with pytest.raises(diskcache.Timeout):
            cache.get("k")
    cache.close()


async def test_what_waits_to_be_written_is_bounded(tmp_path, caplog):
    """While the disk does not keep up 16 MB wait, large and small; the rest is dropped with one line (statement 81)."""
    for size, most in ((2 * MB, 8), (10, 512)):
        async with at(tmp_path / str(size)) as store:
            body = bytes(size)
            with locked(tmp_path / str(size)):
                for i in range(most + 8):  # in much less than the second for which the writer waits for a lock
                    await store.put(f"{i}", body, 3600)
        assert sql(tmp_path / str(size), "SELECT count(*) FROM Cache") == [(most,)]
        async with at(tmp_path / str(size)) as store:
            await store.put("later", b"w", 3600)
        assert sql(tmp_path / str(size), "SELECT count(*) FROM Cache") == [(most + 1,)]
    assert warnings(caplog) == ["cache folder, write: TimeoutError (too much is waiting)"] * 2


async def test_what_nobody_waits_for_is_written_together(tmp_path):
    """An answer, a breaker's state and the end of a claim: others see all of it at once, or nothing (24)."""
    async with at(tmp_path) as store:
        assert await store.claim("k", "me", 60)
        assert sql(tmp_path, KEYS) == [("claim k",)]
        await store.put("gate", b"open", 3600)
        await store.put("k", b"v", 3600)
        await store.release("k", "me")
        seen = []
        await until(lambda: seen.append(sql(tmp_path, KEYS)) or seen[-1] != seen[0])
        assert (seen[0], seen[-1]) == ([("claim k",)], [("gate",), ("k",)])


async def test_a_claim_comes_after_what_was_before_it(tmp_path):
    """Nothing overtakes: a turn that was given back can be taken again at once."""
    async with at(tmp_path) as store:
        for i in range(20):
            assert await store.claim("k", str(i), 60)
            await store.release("k", str(i))


@pytest.mark.slow
async def test_the_folder_keeps_to_its_limit(tmp_path):
    """10,000 distinct entries of 16 KB: never above 1.1 times the limit, nor far below; the newest stay (81)."""
    limit, peak = 32 * MB, 0
    async with at(tmp_path, limit) as store:
        for i in range(10_000):
            await store.put(f"{i}", i.to_bytes(4, "big") * 4096, 3600)
            if i % 200 == 199:
                await until(lambda i=i: sql(tmp_path, "SELECT 1 FROM Cache WHERE key = ?", str(i)))
                peak = max(peak, sum(path.stat().st_size for path in (tmp_path / FOLDER).iterdir()))
        assert [await store.get(f"{i}") for i in range(9000, 10_000)].count(None) == 0
    assert 0.7 * limit < peak < 1.1 * limit


async def test_a_smaller_limit_shrinks_the_folder(tmp_path):
    """Started again with a smaller limit, the folder gets as small while it is written to (statement 81)."""
    await keep(tmp_path, **{f"k{i}": bytes(100_000) for i in range(100)})
    async with at(tmp_path, limit=MB) as store:
        for i in range(20):
            await store.put(f"new{i}", b"v", 3600)
    assert database(tmp_path).stat().st_size < MB
    assert sql(tmp_path, "SELECT count(*) FROM Cache WHERE key LIKE 'new%'") == [(20,)]


CORRUPTIONS = {
    "half": lambda content: content[: len(content) // 2],
    "1000 bytes": lambda content: content[:1000],
    "zeroed": lambda content: bytes(len(content)),
    "another head": lambda content: os.urandom(4096) + content[4096:],
    "garbage": lambda content: os.urandom(len(content)),
    "text": lambda content: b"not a database",
}


@pytest.mark.parametrize("how", CORRUPTIONS)
async def test_a_corrupt_folder_is_moved_aside(tmp_path, caplog, how):
    """A database that cannot be read: one line, one old folder kept whatever lies there, and a new one (72)."""
    (tmp_path / f"{FOLDER}.corrupt" / "some" / "folder").mkdir(parents=True)
    (tmp_path / f"{FOLDER}.corrupt" / "some" / "folder" / "file").touch()
    await keep(tmp_path, **{f"k{i}": bytes(5000) for i in range(50)})
    content = CORRUPTIONS[how](database(tmp_path).read_bytes())
    database(tmp_path).write_bytes(content)
    async with at(tmp_path) as store:
        assert store.problem is None
        assert await store.get("k1") is None
        await store.put("k1", b"new", 3600)
    async with at(tmp_path) as store:
        assert await store.get("k1") == b"new"
    assert {path.name for path in tmp_path.iterdir()} == {FOLDER, f"{FOLDER}.corrupt"}
    assert [path.read_bytes() for path in (tmp_path / f"{FOLDER}.corrupt").glob("cache.db")] == [content]
    assert len(warnings(caplog)) == 1


async def test_garbage_beside_the_database_is_harmless(tmp_path, caplog):
    """A write-ahead log or shared memory of garbage is left out: what is in the database is there (statement 72)."""
    await keep(tmp_path, k=b"v")
    for name in ("cache.db-wal", "cache.db-shm", "cache.db-journal"):
        (tmp_path / FOLDER / name).write_bytes(os.urandom(40_000))
    async with at(tmp_path) as store:
        assert (store.problem, await store.get("k"), warnings(caplog)) == (None, b"v", [])


async def test_a_corrupt_folder_that_cannot_be_moved(tmp_path):
    """Something in the way of moving it aside: memory only, and said so (statements 33 and 72)."""
    await keep(tmp_path, k=b"v")
    database(tmp_path).write_bytes(b"not a database")
    (tmp_path / f"{FOLDER}.corrupt").touch()
    async with at(tmp_path) as store:
        assert store.problem == "the cache folder does not open: NotADirectoryError"


async def test_corrupt_while_running(tmp_path, caplog):
    """A database that becomes unreadable is a miss and one line a minute; what is in memory goes on (73)."""
    await keep(tmp_path, **{f"k{i}": bytes(5000) for i in range(50)})
    steady = Clock()
    async with at(tmp_path, steady=steady) as store:
        cache = Cache(store)
        await cache.put("kept", ENTRY, 3600, persist=False)
        with database(tmp_path).open("r+b") as file:
            file.seek(8192)
            file.write(os.urandom(database(tmp_path).stat().st_size - 8192))
        for later in (0, 30, 59, 60):
            steady.now = Clock().now + later
            assert [await looked(cache, f"k{i}") for i in range(50)] == [None] * 50
            assert await looked(cache, "kept") == ENTRY
    assert warnings(caplog) == ["cache folder, read: SQLITE_CORRUPT (database disk image is malformed)"] * 2


POISON = {
    "pickle in a row": "mode = 4, value = :bomb",
    "pickle in a file": "mode = 4, value = NULL, filename = :pickle",
    "file by a whole path": "mode = 2, value = NULL, filename = :victim",
    "file by dots": "mode = 2, value = NULL, filename = '../victim'",
    "text file": "mode = 3, value = NULL, filename = :victim",
    "a file and bytes": "filename = :victim",
    "mode of another version": "mode = 99",
    "no mode": "mode = NULL",
    "no mode, of a later time": f"mode = NULL, value = x'{STAMP.pack(NOON - 1).hex()}'",
    "mode in words": "mode = 'raw'",
    "text": "value = 'v'",
    "number": "value = 7",
    "nothing": "value = NULL",
}


@pytest.mark.slow
@pytest.mark.parametrize("poison", POISON)
async def test_poisoned_rows(tmp_path, poison):
    """A row made by somebody else: a miss; nothing is unpickled, and no file it names is read or deleted (77)."""
    marker, victim = tmp_path / "marker", tmp_path / "victim"
    victim.write_bytes(b"private")
    (tmp_path / "pickle").write_bytes(pickle.dumps(Bomb(marker)))
    await keep(tmp_path, k=b"v")
    named = {"bomb": pickle.dumps(Bomb(marker)), "pickle": str(tmp_path / "pickle"), "victim": str(victim)}
    with closing(sqlite3.connect(database(tmp_path))) as connection, connection:
        connection.execute(f"UPDATE Cache SET {POISON[poison]} WHERE key = 'k'", named)
    async with at(tmp_path) as store:
        assert await store.get("k") is None
        await store.put("k", b"new", 3600)
    async with at(tmp_path) as store:
        assert await store.get("k") == b"new"
    assert (marker.exists(), victim.read_bytes()) == (False, b"private")


async def test_poisoned_rows_that_are_deleted(tmp_path):
    """Rows that have expired or are the oldest are deleted without the files they name, or their pickled keys (77)."""
    marker, victim = tmp_path / "marker", tmp_path / "victim"
    victim.write_bytes(b"private")
    await keep(tmp_path, **{f"k{i}": bytes(100_000) for i in range(30)})
    sql(tmp_path, "UPDATE Cache SET filename = ?, expire_time = 1 WHERE rowid % 2", str(victim))
    sql(tmp_path, "UPDATE Cache SET filename = ?", str(victim))
    sql(tmp_path, "UPDATE Cache SET key = ?, raw = 0 WHERE key = 'k1'", pickle.dumps(Bomb(marker)))
    async with at(tmp_path, limit=MB) as store:
        for i in range(10):
            await store.put(f"new{i}", b"new", 3600)
    assert sql(tmp_path, "SELECT count(*) FROM Cache WHERE filename IS NOT NULL")[0][0] < 10
    assert (marker.exists(), victim.read_bytes()) == (False, b"private")


async def test_a_pickled_key(tmp_path):
    """A row with a pickle for a key is no row of any key, and to go through all keys is refused (statement 77)."""
    marker = tmp_path / "marker"
    await keep(tmp_path, k=b"v")
    sql(tmp_path, "UPDATE Cache SET key = ?, raw = 0", pickle.dumps(Bomb(marker)))
    async with at(tmp_path) as store:
        assert await store.get("k") is None
    with closing(SqliteTable(tmp_path / FOLDER, MB)) as cache, pytest.raises(Corrupt):
        list(cache)
    assert not marker.exists()


async def test_a_cache_that_does_not_open_leaves_no_file_open(tmp_path):
    """Its connection is closed, not left until it is collected."""
    (tmp_path / FOLDER).mkdir()
    sql(tmp_path, "CREATE TABLE Cache (a)")
    with pytest.raises(sqlite3.OperationalError) as raised:  # and kept, with all that its traceback holds
        SqliteTable(tmp_path / FOLDER, MB)
    assert raised.traceback
    assert open_files(tmp_path) == []


@pytest.mark.parametrize("size", [2**62, -(2**62), "many"])
async def test_sizes_that_rows_claim_are_not_believed(tmp_path, size):
    """A row that claims to be huge, or less than nothing, does not empty the cache, nor let it grow (77, 81)."""
    await keep(tmp_path, **{f"k{i}": b"v" for i in range(30)})
    sql(tmp_path, "UPDATE Cache SET size = ? WHERE key = 'k7'", size)
    async with at(tmp_path, limit=MB) as store:
        for i in range(5):
            await store.put(f"new{i}", b"v", 3600)
    assert sql(tmp_path, "SELECT count(*) FROM Cache") == [(35,)]
    async with at(tmp_path, limit=MB) as store:
        for i in range(50):
            await store.put(f"large{i}", bytes(100_000), 3600)
    assert database(tmp_path).stat().st_size < 1.1 * MB


FOREIGN = {
    "an attribute": ("'get'", "'x'"),
    "a method of the disk": ("'disk_fetch'", "'x'"),
    "another pragma": ("'sqlite_writable_schema'", "1"),
    "a statement": ("'sqlite_cache_size'", "'1; DROP TABLE Cache'"),
    "bytes": ("x'6869'", "1"),
    "no UTF-8": ("CAST(x'ff' AS TEXT)", "1"),
    "no key": ("7", "1"),
}


@pytest.mark.parametrize("foreign", FOREIGN)
async def test_settings_that_are_not_ours(tmp_path, foreign):
    """diskcache applies all settings it finds: a database with foreign ones is moved aside (statement 77)."""
    await keep(tmp_path, k=b"v")
    key, value = FOREIGN[foreign]
    sql(tmp_path, f"INSERT OR REPLACE INTO Settings VALUES ({key}, {value})")
    async with at(tmp_path) as store:
        assert store.problem is None
        assert await store.get("k") is None
        await store.put("k", b"w", 3600)
    async with at(tmp_path) as store:
        assert await store.get("k") == b"w"
    assert (tmp_path / f"{FOLDER}.corrupt").is_dir()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("size", 2**60),
        ("size", "many"),
        ("count", None),
        ("size_limit", 0),
        ("cull_limit", 10**6),
        ("eviction_policy", "none"),
        ("statistics", 1),
        ("disk_min_file_size", 0),
        ("sqlite_journal_mode", "off"),
        ("sqlite_cache_size", -(10**9)),
    ],
)
async def test_settings_with_other_values(tmp_path, key, value):
    """The values of our settings are ours, whatever the database says (statement 77)."""
    await keep(tmp_path, k=b"v")
    sql(tmp_path, "UPDATE Settings SET value = ? WHERE key = ?", value, key)
    async with at(tmp_path) as store:
        assert await store.get("k") == b"v"
        for i in range(30):
            await store.put(f"new{i}", b"v", 3600)
    assert sql(tmp_path, "SELECT count(*), count(filename) FROM Cache") == [(31, 0)]
    assert sql(tmp_path, "PRAGMA journal_mode") == [("wal",)]


async def test_a_database_that_is_only_begun(tmp_path):
    """Killed, or overtaken, before its tables were made: it is finished, not moved aside (statement 71)."""
    (tmp_path / FOLDER).mkdir()
    sql(tmp_path, "PRAGMA journal_mode = wal")
    assert database(tmp_path).stat().st_size
    await keep(tmp_path, k=b"v")
    assert [path.name for path in tmp_path.iterdir()] == [FOLDER]


async def test_a_database_of_another_program(tmp_path):
    """Tables of the same names and another make are moved aside."""
    (tmp_path / FOLDER).mkdir()
    sql(tmp_path, "CREATE TABLE Cache (a)")
    await keep(tmp_path, k=b"v")
    async with at(tmp_path) as store:
        assert await store.get("k") == b"v"
    assert (tmp_path / f"{FOLDER}.corrupt").is_dir()


async def test_a_flipped_bit_in_a_row_is_a_miss(tmp_path):
    """One bit of a kept row is another: the entry is a miss, and the others are there (statement 78)."""
    await keep(tmp_path, k=ENTRY.pack(), other=ENTRY.pack())
    value = bytearray(ENTRY.pack())
    value[len(value) // 2] ^= 1
    sql(tmp_path, "UPDATE Cache SET value = ? WHERE key = 'k'", bytes(8) + bytes(value))
    async with at(tmp_path) as store:
        assert (await looked(Cache(store), "k"), await looked(Cache(store), "other")) == (None, ENTRY)


async def test_a_sample_is_cheap_however_much_is_kept(tmp_path):
    """The newest keys come by the index of time, none is sorted: the same work for ten rows and for a million (105)."""
    await keep(tmp_path, **{f"/{i}": b"v" for i in range(30)}, other=b"v")
    async with at(tmp_path) as store:
        assert sorted(await store.sample(40)) == sorted((f"/{i}", 0.0) for i in range(30))
        assert len(await store.sample(5)) == 5
    plan = " ".join(row[3] for row in sql(tmp_path, f"EXPLAIN QUERY PLAN {SAMPLE}", 5))
    assert "Cache_store_time" in plan
    assert "TEMP B-TREE" not in plan


async def test_a_sample_of_what_can_only_be_read(own):
    """A folder that cannot be written to is told of all the same."""
    await keep(own, **{"/k": b"v"})
    database(own).chmod(0o400)
    async with at(own) as store:
        assert await store.sample(5) == [("/k", 0.0)]
