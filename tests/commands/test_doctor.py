"""`weather doctor`: each state that it names is made, and found."""

import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from fakes import KEY, NOON, Clock, Upstream, no_wait
from meteo import Both
from redises import REDIS, Server
from serving import free_port

from weather.backend import Clocks
from weather.commands.doctor import FAIL, NOTE, OK, Finding, diagnose, reach_of, room_at, time_zones
from weather.settings import load
from weather.settings.origins import setting_origins
from weather.upstream.stores.disk import ANSWERS

pytestmark = pytest.mark.anyio

NOBODY = Path("/nonexistent")
HAS_NO_KEY = {"OPENWEATHERMAP_API_KEY": "", "WEATHER_PROVIDER": "openweathermap"}
INVALID = b'{"cod":401, "message": "Invalid API key."}'


def well(origin: str) -> tuple[float | None, str]:
    """A network in which everything is reached, and clocks agree."""
    return NOON, ""


@pytest.fixture
def examine(tmp_path):
    """Findings by subject, of these settings and this upstream."""

    async def run(upstream=None, reach=well, **environment: str) -> dict[str, Finding]:
        texts = {
            "OPENWEATHERMAP_API_KEY": KEY,
            "WEATHER_CACHE_URL": f"disk://{tmp_path}/cache",
            "WEATHER_DATABASE_URL": f"sqlite:///{tmp_path}/data/places.sqlite",
            "WEATHER_PROVIDER": "openweathermap",
        }
        settings = load(texts | environment, NOBODY)
        clocks = Clocks(wall=Clock(), sleep=no_wait)
        wire = httpx.ASGITransport(app=upstream or Upstream())
        findings = await diagnose(settings, setting_origins(texts | environment, NOBODY), clocks, reach, wire)
        assert KEY not in "\n".join(map(str, findings))
        return {finding.subject: finding for finding in findings}

    return run


async def test_all_is_well(examine):
    """No FAIL; each setting that was given stands with where it came from, secrets hidden."""
    found = await examine()
    assert not [finding for finding in found.values() if finding.level == FAIL]
    assert found["OPENWEATHERMAP_API_KEY"].text == "…, from the environment"
    assert found["WEATHER_PROVIDER"].text == "'openweathermap', from the environment"
    assert found["key"].text.startswith("works, last seen at 2026-11-24T12:00:00Z")
    assert found["plan"] == Finding(OK, "plan", "One Call 3.0")


async def test_a_second_look_costs_no_call(examine):
    """What is kept and fresh is not asked again."""
    upstream = Upstream()
    await examine(upstream)
    count = upstream.count
    await examine(upstream)
    assert upstream.count == count == 2


async def test_a_wrong_key(examine):
    upstream = Upstream()
    upstream.fails(401, INVALID, "application/json")
    found = await examine(upstream)
    assert found["key"].level == FAIL and "two hours" in found["key"].text


async def test_a_key_without_one_call(examine):
    """No fault, but worth knowing: there will be no warnings."""
    upstream = Upstream()
    upstream.fails(401, INVALID, "application/json", paths=("/data/3.0",))
    found = await examine(upstream)
    assert (found["key"].level, found["plan"].level) == (OK, NOTE) and "no warnings" in found["plan"].text


async def test_a_key_over_its_quota(examine):
    upstream = Upstream()
    upstream.fails(429, b"{}", "application/json")
    found = await examine(upstream)
    assert found["key"].level == FAIL and "429" in found["key"].text


async def test_a_key_whose_calls_are_paused(examine):
    """The look before was told 429: it is not asked again until the pause is over."""
    upstream = Upstream()
    upstream.fails(429, b"{}", "application/json")
    await examine(upstream)
    count = upstream.count
    found = await examine(upstream)
    assert found["key"].level == FAIL and found["key"].text.startswith("not tried, calls are paused")
    assert upstream.count == count


async def test_calls_that_are_used_up(examine):
    """One call is left: it tries the key, and the plan is not known."""
    upstream = Upstream()
    found = await examine(upstream, WEATHER_CALLS_PER_MINUTE="1")
    assert (found["key"].level, found["plan"].level, upstream.count) == (OK, NOTE, 1)
    assert found["plan"].text.startswith("not known: ")


@pytest.mark.parametrize(
    ("free", "wanted", "level", "words"),
    [
        (63 * 2**20, 0, FAIL, "63 MB free at /var: make room"),
        (100 * 2**20, 512 * 2**20, NOTE, "100 MB free at /var: less than its limit of 512 MB"),
        (513 * 2**20, 512 * 2**20, OK, "513 MB free at /var"),
    ],
)
def test_a_disk_that_is_full(free, wanted, level, words):
    """Below 64 MB nothing may be kept; below the cache's limit it cannot grow to it."""
    found = room_at("cache", Path("/var"), free, wanted)
    assert found.level == level and found.text.startswith(words)


async def test_a_key_that_hides_the_file_of_another(examine, tmp_path):
    """A new key in the file would never be used: it is told which of the two counts."""
    found = await examine(OPENWEATHERMAP_API_KEY_FILE=str(tmp_path / "key"))
    assert found["OPENWEATHERMAP_API_KEY_FILE"].level == NOTE
    assert "OPENWEATHERMAP_API_KEY counts" in found["OPENWEATHERMAP_API_KEY_FILE"].text


async def test_an_upstream_that_fails_was_tried(examine):
    """That the key was not tried is said only where it was not."""
    upstream = Upstream()
    upstream.fails(500)
    assert (await examine(upstream))["key"].text == "not known: upstream answered 500"


async def test_a_folder_of_somebody_else(examine, tmp_path):
    """Root looks at what belongs to the service's user: nothing may be wrong, and it is told how to look."""
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / ANSWERS).symlink_to(tmp_path)
    found = await examine()
    assert found["cache"].level == FAIL
    assert found["cache"].text.endswith("PermissionError; run this as the user who serves (weather deploy command)")


async def test_a_proxy_that_refuses_is_named():
    """With its address, and without its password: not the origin refuses, which was not reached."""
    nobody = free_port()
    settings = load({"WEATHER_PROXY": f"http://user:secret@127.0.0.1:{nobody}"}, NOBODY)
    assert reach_of(settings)("http://api.example.org")[1].startswith(f"by the proxy 127.0.0.1:{nobody}, ")


@pytest.mark.slow
@pytest.mark.needs(REDIS)
@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("redis://127.0.0.1:{port}/0", "redis refuses the user or password in WEATHER_CACHE_URL: AuthenticationError"),
        (
            "redis://:wrong@127.0.0.1:{port}/0",
            "redis refuses the user or password in WEATHER_CACHE_URL: AuthenticationError",
        ),
        ("redis://:sesame@127.0.0.1:{port}/77", "redis refuses the database number in WEATHER_CACHE_URL, or"),
        ("redis://127.0.0.1:{nobody}/0", "redis does not answer: ConnectionRefusedError"),
        ("unix:///nowhere/redis.sock", "redis does not answer: FileNotFoundError"),
    ],
)
async def test_a_redis_that_says_no(examine, url, words):
    """What it refuses is told apart from its silence, and silence by its cause."""
    server = Server("--requirepass", "sesame")
    try:
        found = await examine(WEATHER_CACHE_URL=url.format(port=server.port, nobody=free_port()))
    finally:
        server.stop()
    assert found["cache"].level == FAIL and found["cache"].text.startswith(words)


async def test_no_network(examine):
    """The origin, and why it cannot be reached."""
    found = await examine(reach=lambda origin: (None, "the name cannot be looked up"))
    assert found["openweathermap"].level == FAIL
    assert found["openweathermap"].text.startswith("https://api.openweathermap.org cannot be reached: the name")


@pytest.mark.parametrize(("theirs", "words"), [(NOON - 3600, "3600 s ahead of"), (NOON + 120, "120 s behind")])
async def test_a_clock_that_is_wrong(examine, theirs, words):
    found = await examine(reach=lambda origin: (theirs, ""))
    assert found["clock"].level == FAIL and words in found["clock"].text


async def test_a_clock_that_is_nearly_right(examine):
    assert "clock" not in await examine(reach=lambda origin: (NOON + 30, ""))


async def test_a_cache_that_cannot_be_written(examine, tmp_path):
    """A file where the folder should be."""
    (tmp_path / "cache").write_text("")
    found = await examine()
    assert found["cache"].level == FAIL


@pytest.fixture
def redis(request, tmp_path):
    """A Redis with these options, told these commands; it ends with the test."""
    options, commands = request.param
    server = Server(*options, "--dir", str(tmp_path))
    server.do(*commands)
    yield server.url
    server.stop()


@pytest.mark.needs(REDIS)
@pytest.mark.parametrize(
    ("redis", "words"),
    [
        (((), ()), "can be read and written"),
        ((("--cluster-enabled", "yes"), ("CLUSTER ADDSLOTSRANGE 0 16383",)), "part of a Redis Cluster"),
        ((("--cluster-enabled", "yes"), ()), "part of a Redis Cluster"),
        (((), ("REPLICAOF 127.0.0.1 1",)), "refuses writes: ReadOnlyError"),
    ],
    indirect=["redis"],
    ids=["alone", "cluster", "cluster without slots", "replica"],
)
async def test_which_redis_is_of_use(examine, redis, words):
    """One that can be written; not one of many between which the keys are divided, nor a copy."""
    found = await examine(WEATHER_CACHE_URL=redis)
    level = OK if words.startswith("can") else FAIL
    assert {found[name].level for name in ("cache", "quota")} == {level}
    assert words in found["cache"].text and words in found["quota"].text


async def test_a_redis_that_is_not_there(examine):
    assert (await examine(WEATHER_CACHE_URL="redis://127.0.0.1:1/0"))["cache"].level == FAIL


async def test_a_database_that_cannot_be_opened(examine, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "places.sqlite").write_bytes(b"no database at all, but long enough to be looked at" * 50)
    found = await examine()
    assert found["database"].level == FAIL


async def test_a_database_of_a_newer_version(examine, tmp_path):
    await examine()
    with closing(sqlite3.connect(tmp_path / "data" / "places.sqlite")) as connection, connection:
        connection.execute("UPDATE saved_schema SET version = 999")
    found = await examine()
    assert found["database"].level == FAIL and "newer version" in found["database"].text


async def test_a_source_that_has_nothing(examine):
    """It answers, and no weather is in it."""
    both = Both(Clock())
    both.fails(200, b'{"latitude": 51.5, "longitude": 0.0}', "application/json", paths=("/v1/forecast",))
    assert (await examine(both, WEATHER_PROVIDER="open-meteo"))["open-meteo"].level == FAIL


async def test_settings_that_fight_each_other(examine):
    """No key for the only source; a key that nobody uses; a demo that nobody should take for weather; a prefix without
    a proxy that is believed."""
    assert (await examine(**HAS_NO_KEY))["key"].level == FAIL
    assert (await examine(Both(Clock()), WEATHER_PROVIDER="open-meteo"))["open-meteo"].level == OK
    assert (await examine(WEATHER_PROVIDER="demo"))["WEATHER_PROVIDER"].level == FAIL
    assert (await examine(WEATHER_ROOT_PATH="/w"))["WEATHER_TRUSTED_PROXIES"].level == NOTE
    assert (await examine(WEATHER_FRESH_FOR="5s"))["WEATHER_FRESH_FOR"].level == NOTE


async def test_an_access_key_that_can_be_guessed(examine):
    """Of 16 characters or more it is well; one that is shorter is worth a note, which does not tell it."""
    told = (await examine(WEATHER_ACCESS_KEYS="alice:0123456789abcdef,bob:geheim"))["access keys"]
    assert told.level == NOTE and "geheim" not in str(told)
    assert "access keys" not in await examine(WEATHER_ACCESS_KEYS="alice:0123456789abcdef")


async def test_a_source_without_a_key_that_fails(examine):
    both = Both(Clock())
    both.fails(500, paths=("/v1/",))
    assert (await examine(both, WEATHER_PROVIDER="open-meteo"))["open-meteo"].level == FAIL


async def test_offline_nothing_is_asked(examine):
    upstream = Upstream()
    found = await examine(upstream, WEATHER_OFFLINE="yes")
    assert upstream.count == 0 and found["WEATHER_OFFLINE"].level == NOTE


@pytest.mark.parametrize(("edition", "level"), [("2026.3 (tzdata)", OK), ("2026f", OK), ("2025b", OK), ("2024a", NOTE)])
def test_old_rules_of_time_zones(edition, level):
    """Of last year's edition nothing is said: a year may pass without one that matters."""
    assert time_zones(edition, NOON).level == level


def test_the_origin_of_a_setting_is_told(tmp_path):
    """The environment wins over `.env`; what is left at its default is not listed; a password is not shown."""
    (tmp_path / ".env").write_text("WEATHER_UNITS=us\nWEATHER_LOG=json\n")
    url = "redis://me:secret@cache:6379/0"
    told = setting_origins({"WEATHER_UNITS": "uk", "WEATHER_CACHE_URL": url}, tmp_path)
    assert {(one.name, one.place) for one in told} == {
        ("WEATHER_UNITS", "environment"),
        ("WEATHER_CACHE_URL", "environment"),
        ("WEATHER_LOG", ".env"),
    }
    assert "secret" not in str(told)
