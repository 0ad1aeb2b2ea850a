"""What is kept: the entry as stored, the level in memory, and both levels together."""

from dataclasses import replace
from hashlib import blake2b

import msgspec
import pytest
from fakes import NOON, Clock, looked
from hypothesis import given
from hypothesis import strategies as st

from weather.upstream.cache import MEMORY_LIMIT, Cache, new_memory
from weather.upstream.codec import SCHEMA
from weather.upstream.stores.disk import DiskStore
from weather.upstream.stores.memory import MemoryStore
from weather.upstream.types import CacheEntry, unpack

ENTRY = CacheEntry(200, "application/json", b'{"dt": 1}', NOON)
ENTRIES = st.builds(
    CacheEntry,
    status=st.integers(100, 599),
    content_type=st.text(),
    body=st.binary(max_size=4096),
    fetched_at=st.floats(allow_nan=False),
)


def entry(size: int, body: bytes = b"x") -> CacheEntry:
    """An entry that counts as so many bytes."""
    made = replace(ENTRY, body=b"")
    return replace(ENTRY, body=body * (size - made.size))


def checked(packed: bytes) -> bytes:
    """Anything, with the schema and checksum that we would give it."""
    return SCHEMA + blake2b(packed, digest_size=16).digest() + packed


@given(ENTRIES)
def test_an_entry_comes_back_as_it_was(kept):
    """Packing and unpacking changes nothing."""
    assert unpack(kept.pack()) == kept


def test_any_flipped_bit_is_a_miss():
    """Each single bit of a stored entry, flipped, makes it unreadable (statement 78)."""
    stored = ENTRY.pack()
    for bit in range(8 * len(stored)):
        flipped = bytearray(stored)
        flipped[bit // 8] ^= 1 << bit % 8
        assert unpack(bytes(flipped)) is None


@given(ENTRIES, st.data())
def test_a_flipped_bit_in_any_entry_is_a_miss(kept, data):
    """One bit flipped anywhere in any entry makes it unreadable, never wrong (statement 78)."""
    stored = bytearray(kept.pack())
    stored[data.draw(st.integers(0, len(stored) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert unpack(bytes(stored)) is None


@given(ENTRIES, st.data())
def test_a_truncated_entry_is_a_miss(kept, data):
    """An entry that lost its end is unreadable (statement 78)."""
    stored = kept.pack()
    assert unpack(stored[: data.draw(st.integers(0, len(stored) - 1))]) is None


@given(st.binary(max_size=200))
def test_what_is_no_entry_is_a_miss(garbage):
    """Neither garbage nor garbage with a true checksum is an entry, or an exception (statement 77)."""
    assert unpack(garbage) is None
    assert unpack(checked(garbage)) is None


@pytest.mark.parametrize(
    "fields",
    [
        {"status": 200},
        [],
        [200, "application/json", NOON],
        ["200", "application/json", NOON, b""],
        [200, "application/json", NOON, "text"],
        [200, None, NOON, b""],
    ],
)
def test_other_fields_are_a_miss(fields):
    """Other fields under our schema and a true checksum are a miss (statements 15 and 77)."""
    assert unpack(checked(msgspec.msgpack.encode(fields))) is None


def test_text_that_is_not_utf_8_is_a_miss():
    """A content type that is not UTF-8, under a true checksum, is a miss (statement 77)."""
    packed = msgspec.msgpack.encode((200, "aa", NOON, b""))
    assert unpack(checked(packed)).content_type == "aa"
    assert unpack(checked(packed.replace(b"aa", b"a\xff"))) is None


@pytest.mark.anyio
async def test_another_schema_is_a_miss(tmp_path, caplog):
    """After a restart with another schema what is kept is a miss, without a word, and is replaced (statement 15)."""
    for expected in (None, ENTRY):
        store = DiskStore(tmp_path, 2**24, Clock(), Clock())
        await store.open()
        if expected is None:
            await store.put("k", b"wg0\n" + ENTRY.pack()[4:], 3600)
            await store.claim("the write before it", "", 1)
        cache = Cache(store)
        assert await looked(cache, "k") == expected
        await cache.put("k", ENTRY, 3600, persist=True)
        await store.close()
    assert caplog.records == []


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(300, 1000)), max_size=60))
def test_memory_keeps_to_its_bytes(puts):
    """Whatever is put, what is there takes no more than the limit, and the last one is there (statement 81)."""
    memory, last = new_memory(3000), {}
    for key, size in puts:
        memory.put(str(key), entry(size))
        last[str(key)] = size
        there = [key for key in last if memory.get(key)]
        assert sum(last[key] for key in there) <= 3000
        assert str(puts[0][0]) in last
        assert memory.get(str(key)) == entry(size)


def test_memory_is_used_to_its_limit():
    """An entry that is put again counts once: ten that fit stay, however often they are replaced (statement 81)."""
    memory = new_memory(5000)
    for _ in range(100):
        for key in range(10):
            memory.put(str(key), entry(500))
    assert all(memory.get(str(key)) for key in range(10))


def test_memory_drops_what_was_used_longest_ago():
    """Reading counts as using, and so does replacing."""
    memory = new_memory(1500)
    for key in "abc":
        memory.put(key, entry(500))
    memory.get("a")
    memory.put("b", entry(500, b"y"))
    memory.put("d", entry(500))
    assert [key for key in "abcd" if memory.get(key)] == ["a", "b", "d"]


def test_memory_keeps_nothing_larger_than_itself():
    """An entry above the limit is not kept, and does not raise."""
    memory = new_memory(1000)
    memory.put("a", entry(1001))
    assert memory.get("a") is None
    memory.put("b", entry(1000))
    assert memory.get("b")


def test_memory_has_room_for_the_largest_answers():
    """The real limit holds 10,000 distinct entries of 16 KB no better than 32 MB can (statement 81)."""
    memory = new_memory()
    for key in range(10_000):
        memory.put(str(key), entry(2**14))
    assert sum(memory.get(str(key)) is not None for key in range(10_000)) == MEMORY_LIMIT // 2**14


class Faulty(MemoryStore):
    """A store that gives these bytes, and counts who asks."""

    def __init__(self, kept: bytes | None = None) -> None:
        super().__init__(Clock())
        self.kept, self.asked, self.put_there = kept, 0, []

    async def get(self, key: str) -> bytes | None:
        self.asked += 1
        return self.kept

    async def put(self, key: str, value: bytes, seconds: float, at: float = 0.0) -> None:
        self.put_there.append((key, value, seconds, at))


@pytest.mark.anyio
async def test_what_was_read_once_is_in_memory():
    """The store is asked once; after that the entry comes from memory (statement 14)."""
    store = Faulty(ENTRY.pack())
    cache = Cache(store)
    assert cache.get_local("k", NOON) is None
    assert [await looked(cache, "k"), cache.get_local("k", NOON)] == [ENTRY, ENTRY]
    assert store.asked == 1


@pytest.mark.anyio
@pytest.mark.parametrize("stored", [b"", b"garbage", ENTRY.pack()[:-1], checked(b"\xc1")])
async def test_what_is_unreadable_is_a_miss(stored):
    """Bytes that are not an entry are a miss, and do not get into memory (statement 78)."""
    store = Faulty(stored)
    cache = Cache(store)
    assert [await looked(cache, "k"), await looked(cache, "k"), cache.get_local("k", NOON)] == [None, None, None]
    assert store.asked == 2


@pytest.mark.anyio
async def test_what_may_not_persist_stays_in_memory():
    """An entry is given to the store with its hard limit, unless upstream said not to keep it (statement 12)."""
    store = Faulty()
    cache = Cache(store)
    await cache.put("private", ENTRY, 60, persist=False)
    await cache.put("k", ENTRY, 3600, persist=True)
    assert store.put_there == [("k", ENTRY.pack(), 3600, ENTRY.fetched_at)]
    assert cache.get_local("private", NOON) == ENTRY
