"""Access keys with names, and with shares of the quota."""

from pathlib import Path

import pytest
from fakes import running

from weather.settings import SettingsError, load

pytestmark = pytest.mark.anyio

NOWHERE = Path("/nonexistent")


def path(number: int) -> str:
    return f"/data/2.5/weather?lat={number}&lon=9"


async def statuses(site, numbers, **headers) -> list[int]:
    return [(await site.get(path(number), headers=headers)).status_code for number in numbers]


async def test_a_name_may_use_its_share_of_the_quota(upstream, clock):
    """20% of 20 calls are four, whatever the address, by each of the name's keys; the other name still has its own."""
    keys = "alice:one:20%,alice:two:20%,bob:three:50%"
    async with running(
        upstream, clock, WEATHER_ACCESS_KEYS=keys, WEATHER_CALLS_PER_MINUTE="20", WEATHER_TRUSTED_PROXIES="127.0.0.1"
    ) as site:
        first = await statuses(site, range(3), **{"X-API-Key": "one", "X-Forwarded-For": "198.51.100.7"})
        second = await statuses(site, range(3, 6), **{"X-API-Key": "two", "X-Forwarded-For": "198.51.100.8"})
        other = await statuses(site, range(10, 21), **{"X-API-Key": "three"})
    assert first + second == [200] * 4 + [429] * 2
    assert other == [200] * 10 + [429]
    assert upstream.count == 14


async def test_what_is_kept_is_free_for_who_has_spent_its_share(upstream, clock):
    """A spent share refuses calls upstream, and nothing else."""
    async with running(upstream, clock, WEATHER_ACCESS_KEYS="alice:one:1%", WEATHER_CALLS_PER_MINUTE="100") as site:
        assert await statuses(site, [1, 2, 1], **{"X-API-Key": "one"}) == [200, 429, 200]


async def test_a_name_without_a_share_is_one_client(upstream, clock):
    """As any client it may use two thirds of the quota, from all its addresses together."""
    async with running(
        upstream, clock, WEATHER_ACCESS_KEYS="a:one", WEATHER_CALLS_PER_MINUTE="9", WEATHER_TRUSTED_PROXIES="127.0.0.1"
    ) as site:
        found = [
            (await statuses(site, [n], **{"X-API-Key": "one", "X-Forwarded-For": f"198.51.100.{n}"}))[0]
            for n in range(8)
        ]
    assert found == [200] * 6 + [429] * 2


def test_names_and_shares_are_read():
    """`key`, `name:key`, `name:key:20%`; and the key of each is in no repr."""
    found = load({"WEATHER_ACCESS_KEYS": "plain, alice:one ,bob:two:2.5%"}, NOWHERE)
    assert [(one.key, one.name, one.share) for one in found.access_keys] == [
        ("plain", "", None),
        ("one", "alice", None),
        ("two", "bob", 0.025),
    ]
    assert "two" not in repr(found) + repr(found.access_keys[2])


@pytest.mark.parametrize(
    "text",
    ["a:", ":k", "a b:k", "a:k:", "a:k:0%", "a:k:101%", "a:k:20", "a:k:x%", "a:k:1%:2", "a:k,b:k", "a:k:1%,a:l:2%"],
)
def test_a_malformed_key_stops_the_start_without_telling_it(text):
    """One line that says what is allowed, and not what was given."""
    with pytest.raises(SettingsError, match="WEATHER_ACCESS_KEYS is …; allowed: keys") as told:
        load({"WEATHER_ACCESS_KEYS": text}, NOWHERE)
    assert "\n" not in str(told.value)
